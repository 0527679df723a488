import json
from datetime import date
from pathlib import Path

import pytest

from data import load_evidence
from data.errors import BadInput, DamagedArtefact
from models import contest_store
from models.cli import DEFAULT_SEED
from models.contest_answer import NEW_LEADER_SD, Answer, answer, chosen_rules, contest_on
from models.contest_input import CandidateInput, ContestInput, read_candidates
from models.contest_shipped import learning_days, made_from
from models.contest_store import CONTESTS, FOLDER, SURVIVAL, lasting_by, learned_by
from models.contest_text import contest_json, contest_text, headline, limits
from tests.views.synthetic import AS_OF, synthetic_forecast

TABLES = load_evidence(own=False)
SUMMER = date(2016, 8, 22)


@pytest.fixture(scope="module")
def summer() -> Answer:
    """The contest of 2016 without seats."""
    case = contest_on(TABLES, "lab", SUMMER)
    return answer(TABLES, case, chosen_rules(TABLES, "lab", SUMMER, []), SUMMER, n_draws=1000, seed=1)


def own(*, favourability: tuple[float, float] | None = None, **ranges: tuple[float, float]) -> ContestInput:
    one = CandidateInput(name="Andy Burnham")
    other = CandidateInput(name="Somebody Else", favourability=favourability, **ranges)
    return ContestInput(candidates=[one, other])


def test_the_summer_of_2016(summer: Answer) -> None:
    """Members are likelier to choose Corbyn, MPs hardly would, and fewer than half of the MPs stand behind him."""
    table = {row["rule"]: row for row in summer.rules.to_dicts()}
    assert table["lab-2014"]["winner"] == "Jeremy Corbyn"
    assert table["lab-2014"]["p_winner"] > 0.65
    assert table["lab-1922"]["winner"] == "Owen Smith"
    assert table["lab-1922"]["p_winner"] > 0.9
    assert table["lab-2014"]["car_crash"] > 0.6
    assert table["lab-1922"]["car_crash"] == 0.0
    assert "Jeremy Corbyn wins" in headline(summer)
    assert "Owen Smith would win" in headline(summer)


def test_it_says_what_it_does_not_know(summer: Answer) -> None:
    """Polls were known, a ballot of MPs between the two was not; without a forecast no seat is claimed."""
    said = " ".join(limits(summer))
    assert "No poll of members" not in said
    assert "nominations are lent" in said
    assert "No vote of MPs" not in said
    assert "seats" not in headline(summer)


def test_text_and_json_hold_the_same(summer: Answer) -> None:
    """Both name every rule and candidate, and the JSON can be written down."""
    data = json.loads(json.dumps(contest_json(summer)))
    text = contest_text(summer)
    assert [row["rule"] for row in data["rules"]] == list(summer.held.rules)
    assert all(rule in text for rule in summer.held.rules)
    assert all(name in text for name in data["candidates"])
    assert data["headline"] in text
    assert sum(one["p_win"]["lab-2014"] for one in data["candidates"].values()) == pytest.approx(1.0, abs=1e-3)


def test_candidates_of_ones_own_lead_the_party() -> None:
    """On a day without a contest the user's candidates make one, and her ranges move its outcome and the seats."""
    found = []
    for members in ((0.1, 0.2), (0.8, 0.9)):
        given = own(favourability=(30.0, 40.0), members=members)
        case = contest_on(TABLES, "lab", AS_OF, given)
        assert case.incumbent == "Andy Burnham"
        rules = chosen_rules(TABLES, "lab", AS_OF, ["lab-1922"])
        found.append(
            answer(
                TABLES, case, rules, AS_OF, forecast=synthetic_forecast(), given=given.candidates, n_draws=400, seed=1
            )
        )
    chance = [one.rules["p_winner"][0] if one.rules["winner"][0] == "Somebody Else" else 0.0 for one in found]
    assert chance[0] < 0.3 < chance[1]
    table = {row["candidate"]: row for row in found[1].leaderships.to_dicts()}
    assert table["Somebody Else"]["favourability"] == pytest.approx(35.0, abs=1.0)
    assert table["Somebody Else"]["seats"] > table["Andy Burnham"]["seats"]
    assert 0.0 < table["Andy Burnham"]["p_lasts"] < 1.0
    assert 0.0 < table["Andy Burnham"]["p_gone"] < 1.0
    assert "Ranges of your own" in " ".join(limits(found[1]))
    text = contest_text(found[1])
    assert all(word in text for word in ("with MPs", "lasts", "gone if lost"))


def test_a_live_contest_is_held_with_its_evidence() -> None:
    """With nothing known later, the summer of 2016 is answered as a replay answers it, with the user's names."""
    then = TABLES.as_of(SUMMER)
    given = ContestInput(candidates=[CandidateInput(name=name) for name in ("Jeremy Corbyn", "Owen Smith")])
    for case in (contest_on(then, "lab", SUMMER, given), contest_on(TABLES, "lab", SUMMER, given)):
        assert {reading.kind for reading in case.readings} == {"confidence", "nominations", "poll"}
        assert case.incumbent == "Jeremy Corbyn"
        rules = chosen_rules(TABLES, "lab", SUMMER, ["lab-1922"])
        table = answer(TABLES, case, rules, SUMMER, n_draws=500, seed=1).rules
        assert table["winner"].to_list() == ["Jeremy Corbyn", "Owen Smith"]


def test_a_vote_of_confidence_counts_without_a_contest() -> None:
    """Two weeks after 211 to 148, candidates of the user's own are held with that vote."""
    day = date(2022, 6, 20)
    given = ContestInput(candidates=[CandidateInput(name=name) for name in ("Boris Johnson", "Jeremy Hunt")])
    case = contest_on(TABLES, "con", day, given)
    assert [reading.kind for reading in case.readings] == ["confidence"]
    found = answer(TABLES, case, chosen_rules(TABLES, "con", day, []), day, n_draws=500, seed=1)
    assert "No vote of MPs" not in " ".join(limits(found))


def test_rules_of_ones_own_keep_apart() -> None:
    """Two rules without a code get one each; a known code is refused; a party without rules takes the user's."""
    rule = json.dumps({"stages": [{"sections": [{"who": ["members"]}]}]})
    assert [r.rule for r in chosen_rules(TABLES, "lab", SUMMER, [], [rule, rule])] == ["lab-2014", "own-1", "own-2"]
    with pytest.raises(BadInput, match='cannot be called "lab-2014"'):
        chosen_rules(TABLES, "lab", SUMMER, [], [rule[:-1] + ', "rule": "lab-2014"}'])
    assert [r.rule for r in chosen_rules(TABLES, "grn", AS_OF, [], [rule])] == ["own"]


def test_new_leaders_start_as_widely_as_said() -> None:
    """The spread of new leaders is that of the leaders model on the record of today."""
    from models.config import ChainConfig
    from models.leaders import new_leader
    from models.links import learn_links
    from models.stages import Run

    record = TABLES.as_of(date(2024, 7, 5))
    scale = learn_links(record, ChainConfig().links, Run(DEFAULT_SEED, False)).scale
    assert new_leader(scale)[1] == pytest.approx(NEW_LEADER_SD, abs=1.0)


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["Andy Burnham"], "Only Andy Burnham stands, so there is no contest to hold"),
        (["A", "A"], 'Candidate "A" is named twice'),
    ],
)
def test_no_contest_is_told(names: list[str], sentence: str) -> None:
    """One candidate, or one twice, is no contest."""
    given = ContestInput(candidates=[CandidateInput(name=name) for name in names])
    case = contest_on(TABLES, "lab", AS_OF, given)
    with pytest.raises(BadInput, match=sentence):
        answer(TABLES, case, chosen_rules(TABLES, "lab", AS_OF, []), AS_OF, n_draws=50, seed=1)


def test_a_threshold_nobody_meets_is_told() -> None:
    """Nominations by all MPs but a few are asked for, and nobody gets them."""
    rule = json.dumps({"nomination": 0.999, "stages": [{"sections": [{"who": ["members"]}]}]})
    case = contest_on(TABLES, "lab", AS_OF, own())
    rules = chosen_rules(TABLES, "lab", AS_OF, [], [rule])
    with pytest.raises(BadInput, match="none of the candidates"):
        answer(TABLES, case, rules, AS_OF, n_draws=50, seed=1)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"candidates": []}', "candidates"),
        ('{"candidates": [{"name": "A", "members": [0.6, 0.4]}]}', "runs from 0.6 down to 0.4"),
        ('{"candidates": [{"name": "A", "members": [0.6, 1.4]}]}', "candidates.0.members.1"),
        ('{"candidates": [{"name": "A", "peers": [0.6, 0.7]}]}', 'Unknown setting "candidates.0.peers"'),
        ("[1", "list of candidates"),
        ('{"candidates": [{"name": " "}]}', "candidates.0.name"),
        ('{"candidates": [{"name": "A", "mps": [0.9, 1]}, {"name": "B", "mps": [0.8, 0.9]}]}', "cannot sum to 1"),
        ('{"candidates": [{"name": "A", "mps": [0, 0.1]}, {"name": "B", "mps": [0, 0.2]}]}', "cannot sum to 1"),
    ],
)
def test_bad_candidates_get_one_sentence(text: str, sentence: str) -> None:
    """What cannot be is told with its place."""
    with pytest.raises(BadInput) as told:
        read_candidates(text)
    assert sentence in str(told.value)


def test_an_unknown_rule_is_told() -> None:
    """A code that is no rule is answered with those that are."""
    with pytest.raises(BadInput, match=r'No rule "lab-1066"\. Known: '):
        chosen_rules(TABLES, "lab", SUMMER, ["lab-1066"])


def test_what_is_kept_is_of_these_contests_and_this_code() -> None:
    """The files in data/contests were made from the tables and the code at hand, a day for every contest that ended."""
    now = made_from(TABLES)
    for name, of in ((CONTESTS, ("contest", "record")), (SURVIVAL, ("survival", "tenure"))):
        told = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        assert {key: told[key] for key in of} == {key: now[key] for key in of}, "make contests"
    days = contest_store._kept(CONTESTS, FOLDER)["day"].values.astype("datetime64[D]").tolist()
    assert days == learning_days(TABLES)


def test_nothing_is_learned_from_later_contests() -> None:
    """A day before a result sees what the contest before it taught, and too early a day is refused."""
    eve, after = learned_by(date(2016, 9, 23))[0], learned_by(date(2016, 9, 24))[0]
    assert (eve.rho == learned_by(date(2016, 7, 7))[0].rho).all()
    assert (eve.rho != after.rho).any()
    assert lasting_by(date(2016, 8, 22)).support.shape == (400,)
    with pytest.raises(BadInput, match="No contest can be held on 1970-01-01"):
        learned_by(date(1970, 1, 1))


def test_a_damaged_file_is_found_before_it_is_opened(tmp_path: Path) -> None:
    """A changed byte, or no file at all, ends with what to do."""
    with pytest.raises(DamagedArtefact, match="make contests"):
        learned_by(SUMMER, tmp_path)
    for name in ("contests.nc", "contests.json"):
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    whole = bytearray((tmp_path / "contests.nc").read_bytes())
    whole[len(whole) // 2] ^= 1
    (tmp_path / "contests.nc").write_bytes(bytes(whole))
    contest_store._kept.cache_clear()
    with pytest.raises(DamagedArtefact, match=r"checksum of contests\.nc"):
        learned_by(SUMMER, tmp_path)
