import base64
import hashlib
import zlib
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import BadInput
from models.leader_events import EVENT_KINDS
from models.scenario import PartyScenario, Scenario
from models.scenario_link import MAX_JSON, MAX_LINK, ForecastName, read_link, write_link

MADE_WITH = ForecastName(data="3f2a91c0", as_of=date(2026, 8, 17), election_date=date(2029, 5, 3))
HEAD = '{"forecast":{"as_of":"2026-08-17","data":"3f2a91c0","election_date":"2029-05-03"},"scenario":'
codes = st.text(max_size=6)


def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False)


changes = st.builds(
    PartyScenario,
    leader=st.none() | st.text(min_size=1, max_size=20),
    favourability=st.none() | numbers(-100, 100),
    mp_support=st.none() | numbers(0, 1),
    event=st.none() | st.sampled_from(EVENT_KINDS),
    event_date=st.none() | st.dates(),
    share_shift=st.none() | numbers(-0.3, 0.3),
)
scenarios = st.builds(
    Scenario,
    name=st.none() | st.text(max_size=20),
    election_date=st.none() | st.dates(),
    parties=st.dictionaries(codes, changes, max_size=4),
    regional_swing=st.dictionaries(codes, st.dictionaries(codes, numbers(-1e9, 1e9), max_size=3), max_size=3),
    tactical=numbers(0, 1.5),
    stand_downs=st.dictionaries(codes, st.lists(codes, max_size=4), max_size=3),
    turnout=st.dictionaries(codes, numbers(-0.5, 0.5), max_size=3),
    seats=st.dictionaries(codes, codes, max_size=4),
)


def packed(plain: bytes, after: bytes = b"") -> str:
    """A link around any bytes, with the right sum."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    raw = deflate.compress(plain) + deflate.flush() + after
    return summed(base64.urlsafe_b64encode(raw).rstrip(b"=").decode())


def summed(body: str) -> str:
    return f"1.{body}.{hashlib.sha256(body.encode()).hexdigest()[:8]}"


@given(scenarios)
@settings(deadline=None)
def test_link_gives_the_scenario_back(scenario: Scenario) -> None:
    """Any scenario comes out of its link as it went in, with the forecast it was made with."""
    link = write_link(scenario, MADE_WITH)
    assert len(link) <= MAX_LINK
    assert read_link(link) == (scenario, MADE_WITH)


def test_equal_scenarios_have_one_link() -> None:
    """The order in which things were set makes no other link."""
    one = Scenario(turnout={"lab": 0.1, "con": 0.2}, seats={"a": "lab", "b": "con"})
    two = Scenario(turnout={"con": 0.2, "lab": 0.1}, seats={"b": "con", "a": "lab"})
    assert write_link(one, MADE_WITH) == write_link(two, MADE_WITH)


def test_longest_link_is_refused_when_written() -> None:
    """A scenario that no link can hold is sent to a file, whether it is long packed or long unpacked."""
    spread = {hashlib.sha256(bytes([i])).hexdigest(): "lab" for i in range(128)}
    for seats in (spread, {f"{i:05d}": "lab" for i in range(2000)}):
        with pytest.raises(BadInput, match="Save it as a file"):
            write_link(Scenario(seats=seats), MADE_WITH)


GOOD = write_link(Scenario(tactical=0.5), MADE_WITH)


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ("", 'version ""'),
        ("2" + GOOD[1:], 'version "2"'),
        ("x" * (MAX_LINK + 1), "4,097 characters"),
        (GOOD[:-1], "sum does not match"),
        (GOOD[:10], "cut short"),
        (GOOD + ".1", "cut short"),
        ("1..e3b0c442", "cut short"),
        ("1.ab+/.00000000", "cut short"),
        (GOOD[:5] + ("A" if GOOD[5] != "A" else "B") + GOOD[6:], "sum does not match"),
        (summed("A"), "no text"),
        (summed("____"), "no text"),
        (packed(b"\xff\xfe"), "no text"),
        (packed(b"{}", b"more"), "does not end"),
        (summed(GOOD.split(".")[1][:-8]), "does not end"),
        (packed(b" " * (MAX_JSON + 1)), "more than 16,384 bytes"),
        (packed(b"0" * 2_000_000), "more than 16,384 bytes"),
        (packed(b""), "not JSON"),
        (packed(b"[1, 2"), "not JSON"),
        (packed(b"[" * 500 + b"]" * 500), "nested"),
        (packed(b"3"), "only these"),
        (packed(b'{"scenario": {}}'), "only these"),
        (packed(b'{"forecast": {}, "scenario": {}}'), "which forecast"),
        (packed(HEAD.replace("3f2a91c0", "nonsense").encode() + b"{}}"), "which forecast"),
        (packed(HEAD.encode() + b'{"tactical": NaN}}'), "holds NaN"),
        (packed(HEAD.encode() + b'{"tactical": 1e999}}'), "Infinity"),
        (packed(HEAD.encode() + b'{"tactical": 1, "tactical": 0}}'), "twice"),
        (packed(HEAD.encode() + b'{"tactical": 4}}'), "tactical"),
        (packed(HEAD.encode() + b'{"partys": {}}}'), 'Unknown setting "partys"'),
        (packed(HEAD.encode() + b'{"name": "\\ud800"}}'), "not allowed"),
        (packed(HEAD.encode() + b'{"a\\n\\ud800": 1, "a\\n\\ud800": 1}}'), "twice"),
        (packed(HEAD.encode() + b'{"name": "' + b"x" * 9_000 + b'"}}'), "name"),
        (packed(HEAD.encode() + b"[]}"), "not allowed"),
    ],
)
def test_bad_links_get_one_sentence(link: str, sentence: str) -> None:
    """Whatever is wrong with a link, the error says so in one short line that can be shown."""
    with pytest.raises(BadInput) as caught:
        read_link(link)
    said = str(caught.value)
    assert sentence in said
    assert "\n" not in said
    assert len(said.encode()) <= 310


@given(st.text(max_size=60) | st.binary(max_size=80).map(packed) | st.text(max_size=60).map(lambda t: f"1.{t}"))
@settings(deadline=None)
def test_no_link_breaks_the_reader(link: str) -> None:
    """Any text is read or refused, never more."""
    with suppress(BadInput):
        read_link(link)


@given(st.integers(0, len(GOOD) - 1), st.sampled_from("Aa0.-_~é"))
@settings(deadline=None)
def test_one_changed_sign_is_noticed(at: int, sign: str) -> None:
    """A link with one sign changed is refused."""
    if GOOD[at] != sign:
        with pytest.raises(BadInput):
            read_link(GOOD[:at] + sign + GOOD[at + 1 :])
