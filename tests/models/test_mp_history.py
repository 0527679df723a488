from datetime import date

import pytest

from data import Evidence, load_evidence
from models import mps
from models.mp_filter import MpHabits
from models.mp_history import backing_history, facts_on
from models.shipped_links import shipped_links

LAST, CUT = date(2024, 7, 4), date(2026, 9, 30)


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load_evidence(own=False).as_of(CUT)


@pytest.fixture(scope="module")
def habits(evidence: Evidence) -> MpHabits:
    return shipped_links(evidence, LAST).habits


@pytest.mark.parametrize("party", ["con", "lab"])
def test_path_is_the_chains_own(evidence: Evidence, habits: MpHabits, party: str) -> None:
    """On every tenth day the mean is the support that the chain gives for that day, inside its bands."""
    path = backing_history(evidence, habits, party, LAST).path
    some = path.gather_every(10)
    own = mps.history(evidence, habits, some["day"].to_list(), [party])
    for row, support in zip(some.iter_rows(named=True), own["support"], strict=True):
        assert row["mean"] == pytest.approx(support, abs=0.004)
        assert 0 < row["lo95"] < row["lo80"] < row["lo50"] < row["hi50"] < row["hi80"] < row["hi95"] < 1
    assert path["day"][-1] == CUT


def test_a_vote_moves_the_path(evidence: Evidence, habits: MpHabits) -> None:
    """On the day of the vote of 2016 support falls to what the vote said, and is known closely."""
    path = backing_history(evidence, habits, "lab").path.filter(leader="Jeremy Corbyn")
    before = path.filter(path["day"] < date(2016, 6, 26)).row(-1, named=True)
    then = path.filter(day=date(2016, 6, 28)).row(0, named=True)
    assert before["mean"] > 0.35
    assert then["mean"] == pytest.approx(40 / 229, abs=0.03)
    assert then["hi95"] - then["lo95"] < 0.5 * (before["hi95"] - before["lo95"])


def test_facts_have_their_counts(evidence: Evidence) -> None:
    """Votes and acts come with the number of MPs and of those entitled, by day."""
    facts = facts_on(evidence, "con").filter(leader="Kemi Badenoch")
    vote, *acts = facts.iter_rows(named=True)
    assert (vote["mps"], vote["entitled"], vote["what"], vote["vote"]) == (42, 121, "ballot", True)
    assert [act["what"] for act in acts] == ["defection"] * 4
    assert sum(act["unverified"] for act in acts) == 1


def test_what_is_before_the_first_day_is_kept_apart(habits: MpHabits) -> None:
    """Votes from before the days that are drawn are not among them, but known still: Starmer's of 2020 in 2024."""
    early = load_evidence(own=False).as_of(date(2024, 11, 1))
    found = backing_history(early, habits, "lab", LAST)
    assert found.facts["day"].min() == date(2024, 7, 23)
    votes = found.whole.filter(leader="Keir Starmer", vote=True)
    assert votes["day"].to_list() == [date(2020, 1, 13)]


@pytest.mark.parametrize(("party", "few"), [("grn", 4), ("snp", 9), ("lib", None)])
def test_no_evidence_is_none(evidence: Evidence, habits: MpHabits, party: str, few: int | None) -> None:
    """Parties with few MPs, or without a vote or an act in this Parliament, have no path, and it is said which."""
    found = backing_history(evidence, habits, party, LAST)
    assert found.path.is_empty()
    assert found.few == few
