import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import BadInput
from models.scenario import Scenario, read_scenario, scenario_json


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "not JSON"),
        ("[1, 2", "not JSON"),
        ('{"tactical": NaN}', "NaN"),
        ('{"tactical": Infinity}', "Infinity"),
        ('{"tactical": -Infinity}', "-Infinity"),
        ('{"tactical": 1, "tactical": 0}', 'sets "tactical" twice'),
        ('{"parties": {"lab": {"share_shift": 0.1, "share_shift": 0.2}}}', 'sets "share_shift" twice'),
        ('{"tactica": 1}', 'Unknown setting "tactica"'),
        ('{"parties": {"lab": {"favour": 1}}}', 'Unknown setting "parties.lab.favour"'),
        ('{"tactical": 4}', "tactical"),
        ('{"tactical": "1"}', "tactical"),
        ('{"parties": {"lab": {"mp_support": 1.2}}}', "mp_support"),
        ('{"parties": {"lab": {"favourability": 1e999}}}', "favourability"),
        ('{"election_date": "soon"}', "election_date"),
        ("[" * 100_000, "nested"),
        ('{"name": "' + "x" * 1_000_001 + '"}', "bytes long"),
        ("3", "not allowed"),
    ],
)
def test_bad_scenarios_get_one_sentence(text: str, sentence: str) -> None:
    """Whatever is wrong with a scenario, the error names it in one line."""
    with pytest.raises(BadInput) as caught:
        read_scenario(text)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


@settings(max_examples=2000, deadline=None)
@given(st.text(max_size=200) | st.recursive(st.floats() | st.text(max_size=5), st.lists, max_leaves=10).map(json.dumps))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text at all makes the reader fail in any other way than by refusing it."""
    with suppress(BadInput):
        assert isinstance(read_scenario(text), Scenario)


def test_a_scenario_survives_writing_and_reading() -> None:
    """What is written is read back the same."""
    party = '{"mp_support": 0.4, "share_shift": -0.02}'
    text = f'{{"election_date": "2028-10-05", "parties": {{"lab": {party}}}, "tactical": 0.5}}'
    scenario = read_scenario(text)
    assert read_scenario(scenario_json(scenario)) == scenario
