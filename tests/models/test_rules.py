import json
from datetime import date

import pytest

from data import load_evidence
from data.errors import BadInput
from models.rules import check_rule, known_rules, read_rule, rule_on

THIRDS = {
    "name": "thirds",
    "nomination": 0.125,
    "stages": [{"sections": [{"who": [group], "weight": 0.333} for group in ("mps", "members", "affiliates")]}],
}


@pytest.mark.parametrize(
    ("party", "day", "rule"),
    [
        ("lab", date(1976, 4, 5), "lab-1922"),
        ("lab", date(1983, 10, 2), "lab-1981"),
        ("lab", date(2010, 9, 25), "lab-1993"),
        ("lab", date(2016, 8, 22), "lab-2014"),
        ("con", date(1990, 11, 20), "con-1975"),
        ("con", date(2022, 9, 4), "con-2022a"),
        ("lib", date(2020, 8, 26), "lib-2006"),
    ],
)
def test_the_rule_of_a_day_is_the_last_to_start(party: str, day: date, rule: str) -> None:
    """Each party's rule in force on days of known contests."""
    assert rule_on(load_evidence(own=False), party, day).rule == rule


def test_rules_are_read_with_their_parts() -> None:
    """Weights, pooled groups, shortlists, leads and thresholds come out of the tables as they went in."""
    known = known_rules(load_evidence(own=False))
    assert [(s.who, s.weight) for s in known["lab-1981"].stages[0].sections] == [
        (["mps"], 0.3),
        (["members"], 0.3),
        (["affiliates"], 0.4),
    ]
    assert known["lab-2014"].stages[0].sections[0].who == ["members", "affiliates", "supporters"]
    assert known["lab-2021"].stages[0].sections[0].who == ["members", "affiliates"]
    assert [stage.advance for stage in known["con-1998"].stages] == [2, None]
    assert known["con-1975"].lead == 0.15
    assert known["con-1998"].lead is None
    assert known["lab-2014"].incumbent_stands


def test_a_rule_of_ones_own_is_read() -> None:
    """Thirds written as 0.333 are near enough to one."""
    rule = read_rule(json.dumps(THIRDS))
    assert rule.groups == {"mps", "members", "affiliates"}
    assert rule.rule == "own"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"stages": []}, 'Rule setting "stages" = [] is not allowed'),
        ({"stages": [{"sections": [{"who": ["mps"], "weight": 0.5}]}]}, "sum to 0.500; they must sum to 1"),
        ({"stages": [{"sections": [{"who": ["mps", "mps"]}]}]}, "mps vote twice in one stage"),
        ({"stages": [{"sections": [{"who": ["bishops"]}]}]}, "bishops"),
        ({"stages": [{"sections": [{"who": ["mps"]}], "advance": 2}]}, "the last stage decides, so it has no advance"),
        ({"stages": [{"sections": [{"who": ["mps"]}]}, {"sections": [{"who": ["members"]}]}]}, "needs advance"),
        ({"nomination": 1.5}, 'Rule setting "nomination" = 1.5 is not allowed'),
        ({"threshold": 0.1}, 'Unknown setting "threshold" in the rule. Allowed: rule, name, nomination'),
    ],
)
def test_bad_rules_get_one_sentence(change: dict[str, object], sentence: str) -> None:
    """What cannot be is told with the place, the value and what is allowed."""
    with pytest.raises(BadInput) as told:
        read_rule(json.dumps(THIRDS | change))
    assert sentence in str(told.value)
    assert "\n" not in str(told.value)


def test_no_party_votes_with_groups_it_has_not() -> None:
    """Conservatives have no affiliates, and no rule is known of a party that is not in the tables."""
    with pytest.raises(BadInput, match="gives a vote to affiliates"):
        check_rule(read_rule(json.dumps(THIRDS)), "con")
    with pytest.raises(BadInput, match='No rule of selection is known for "snp"'):
        rule_on(load_evidence(own=False), "snp", date(2024, 1, 1))
