from datetime import date, timedelta

import numpy as np
import pytest

from data import load_evidence
from models.contest_record import contest_case, contest_cases
from models.contest_replay import case_on, open_contest, outcome, replayed, rules_beside

TABLES = load_evidence(own=False)


def test_what_is_known_of_the_contest_of_2016() -> None:
    """Corbyn led and stood; 172 to 40, 162 nominations and polls of members were known on 22 August, no result."""
    case = case_on(TABLES, "lab2016", date(2016, 8, 22))
    assert case.paper == ("Jeremy Corbyn", "Owen Smith")
    assert case.incumbent == "Jeremy Corbyn"
    told = {(r.kind, r.group) for r in case.readings}
    assert told == {("confidence", "mps"), ("nominations", "mps"), ("poll", "members")}
    (vote,) = (r for r in case.readings if r.kind == "confidence")
    assert vote.share.tolist() == [40.0, 172.0]
    assert vote.entitled == 229
    (signed,) = (r for r in case.readings if r.kind == "nominations")
    assert signed.who == ("Owen Smith",)
    assert signed.share == pytest.approx([162.5, 68.5])


@pytest.mark.parametrize("contest_id", replayed(TABLES))
def test_nothing_is_known_before_its_day(contest_id: str) -> None:
    """On the eve of a result no reading of the case is of a later day, and the group that decides has not voted."""
    whole = contest_case(TABLES, contest_id)
    eve = whole.result_day - timedelta(days=1)
    case = case_on(TABLES, contest_id, eve)
    assert all(reading.day <= eve for reading in case.readings)
    assert case.result("members") is None
    if whole.result("members") is None:
        assert len(case.readings) < len(whole.readings)
    assert set(case.paper) == set(whole.paper)
    assert case.result_day == whole.result_day


def test_while_mps_vote_the_paper_is_that_of_their_next_ballot() -> None:
    """In July 2022 five were left before the fourth ballot, and nobody knew yet who the two would be."""
    case = case_on(TABLES, "con2022a", date(2022, 7, 18))
    assert set(case.paper) == {"Kemi Badenoch", "Liz Truss", "Penny Mordaunt", "Rishi Sunak"}


def test_before_the_paper_is_known_polls_name_the_candidates() -> None:
    """On 10 January 2020 nominations had not closed: those asked about in polls stand, not the three who were left."""
    case = case_on(TABLES, "lab2020", date(2020, 1, 10))
    assert {"Keir Starmer", "Rebecca Long-Bailey"} <= set(case.paper)
    assert not case.result("mps")


def test_lent_nominations_are_marked() -> None:
    """Those who had just enough in 2010 and 2015 are; the favourites are not."""
    cases = {case.contest_id: case for case in contest_cases(TABLES)}

    def scraped(contest_id: str) -> set[str]:
        return {name for reading in cases[contest_id].readings for name in reading.scraped}

    assert scraped("lab2010") == {"Andy Burnham", "Diane Abbott", "Ed Balls"}
    assert "Jeremy Corbyn" in scraped("lab2015")
    assert "Andy Burnham" not in scraped("lab2015")


def test_block_votes_ended_in_1993() -> None:
    """Labour's contests up to 1992 were decided by blocks, and no other party's ever were."""
    block = {case.contest_id for case in contest_cases(TABLES) if case.block and case.result("affiliates")}
    assert block == {"lab1983", "lab1988", "lab1992"}


@pytest.mark.parametrize(
    ("contest_id", "winner", "rival", "mps", "members"),
    [
        ("lab2016", "Jeremy Corbyn", "Owen Smith", -132 / 229, 0.236),
        ("lab2010", "Ed Miliband", "David Miliband", None, -0.088),
        ("con2022a", "Liz Truss", "Rishi Sunak", -24 / 358, 0.148),
        ("con1997", "William Hague", "Kenneth Clarke", 22 / 164, None),
        ("ld2007", "Nick Clegg", "Chris Huhne", None, 0.012),
    ],
)
def test_outcomes_are_those_of_the_record(
    contest_id: str, winner: str, rival: str, mps: float | None, members: float | None
) -> None:
    """Winners, rivals and margins of contests everybody knows; the divergence of 2016 is 81 points."""
    found = outcome(TABLES, contest_id)
    assert (found.winner, found.rival) == (winner, rival)
    if mps is not None:
        assert found.mps_margin == pytest.approx(mps, abs=1e-3)
    assert (found.members_margin is None) == (members is None)
    if members is not None:
        assert found.members_margin == pytest.approx(members, abs=2e-3)
    if contest_id == "lab2016":
        assert found.divergence == pytest.approx(0.236 + 132 / 212, abs=1e-3)


def test_replays_are_the_contests_with_a_vote() -> None:
    """Contests without a vote are not among them; those of the three parties since 1976 are."""
    found = set(replayed(TABLES))
    assert not found & {"lab2007", "con2016", "lab2026", "grn2025", "con1975"}
    assert {"lab1976", "lab1983", "lab1994", "lab2010", "lab2016", "con1990", "con2001", "con2024", "ld2020"} <= found
    assert len(found) >= 26


def test_a_contest_is_open_between_its_first_vote_and_its_result() -> None:
    """On 22 August 2016 Labour's was; in 2018 none was."""
    assert open_contest(TABLES, "lab", date(2016, 8, 22)) == "lab2016"
    assert open_contest(TABLES, "lab", date(2018, 5, 1)) is None


def test_a_contest_whose_result_nobody_knows_is_open() -> None:
    """With the tables as they stood on 22 August 2016 the contest is under way; once somebody was chosen none is."""
    then = TABLES.as_of(date(2016, 8, 22))
    assert open_contest(then, "lab", date(2016, 8, 22)) == "lab2016"
    assert open_contest(TABLES, "lab", date(2026, 7, 16)) in ("lab2026", None)
    assert open_contest(TABLES, "lab", TABLES.cut) is None


def test_four_rules_stand_side_by_side_in_2016() -> None:
    """The rule in force comes first, and no rule twice but for its thresholds."""
    codes = [rule.rule for rule in rules_beside(TABLES, "lab", date(2016, 8, 22))]
    assert codes == ["lab-2014", "lab-1922", "lab-1981", "lab-1993"]
    assert [rule.rule for rule in rules_beside(TABLES, "lab", date(1983, 10, 1))] == [
        "lab-1981",
        "lab-1922",
        "lab-1993",
        "lab-2014",
    ]


def test_shares_are_above_nothing() -> None:
    """No reading has a share whose log cannot be taken."""
    assert all(np.all(reading.share > 0) for case in contest_cases(TABLES) for reading in case.readings)
