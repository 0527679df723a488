from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from data import BadInput, Evidence, read_table, schemas
from models import mps
from models.mp_filter import MpHabits
from models.mp_model import prior_habits

NEEDED = ("elections", "contests", "leader_tenure", "leader_events", "mp_contests", "mp_margins", "mp_events")
Reader = Callable[[date, str], dict[str, Any]]


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    tables = {name: read_table(name) if name in NEEDED else s.create_empty() for name, s in schemas.TABLES.items()}
    return Evidence(cut=date(2026, 10, 9), **tables)


@pytest.fixture(scope="module")
def habits() -> MpHabits:
    return prior_habits()


@pytest.fixture(scope="module")
def read(evidence: Evidence, habits: MpHabits) -> Reader:
    """Backing of one party's leader, seen with what was known on a day."""

    def reader(day: date, party: str) -> dict[str, Any]:
        found = mps.backing(evidence.as_of(day), habits)
        return found.row(by_predicate=pl.col("party") == party, named=True)

    return reader


@pytest.mark.parametrize(
    ("day", "party", "leader", "low", "high", "margin", "basis"),
    [
        (
            *(date(2016, 8, 22), "lab", "Jeremy Corbyn", 0.15, 0.25, -132 / 229),
            "confidence vote of 2016-06-28: 40 of 229; 20 resignations",
        ),
        (date(1990, 11, 21), "con", "Margaret Thatcher", 0.5, 0.6, 52 / 372, "ballot of 1990-11-20: 204 of 372"),
        (date(1990, 11, 19), "con", "Margaret Thatcher", 0.7, 0.9, 281 / 374, "ballot of 1989-12-05: 314 of 374"),
        (date(1995, 7, 5), "con", "John Major", 0.6, 0.7, 129 / 329, "ballot of 1995-07-04: 218 of 329"),
        (date(2018, 12, 13), "con", "Theresa May", 0.57, 0.66, 83 / 317, "confidence vote of 2018-12-12: 200 of 317"),
        (date(2022, 6, 7), "con", "Boris Johnson", 0.55, 0.62, 63 / 359, "confidence vote of 2022-06-06: 211 of 359"),
        (
            *(date(2022, 7, 7), "con", "Boris Johnson", 0.15, 0.4, 63 / 359),
            "confidence vote of 2022-06-06: 211 of 359; 62 resignations; said on 2022-07-07 to resign",
        ),
        (
            *(date(2022, 10, 20), "con", "Liz Truss", 0.2, 0.38, -24 / 358),
            "ballot of 2022-07-20: 113 of 358; 12 calls for the leader to go; said on 2022-10-20 to resign",
        ),
        (date(2024, 11, 5), "con", "Kemi Badenoch", 0.42, 0.68, 1 / 121, "ballot of 2024-10-09: 42 of 121"),
        (date(2026, 8, 18), "lab", "Andy Burnham", 0.85, 0.95, 378 / 403, "nominations of 2026-07-15: 379 of 403"),
        (
            *(date(2006, 1, 6), "lib", "Charles Kennedy", 0.1, 0.45, None),
            "no vote of MPs on record; 25 calls for the leader to go",
        ),
    ],
)
def test_known_days_read_right(
    read: Reader, day: date, party: str, leader: str, low: float, high: float, margin: float | None, basis: str
) -> None:
    """On days people remember, support is where they remember it, for the reasons they would give."""
    row = read(day, party)
    assert row["leader"] == leader
    assert low < row["support"] < high
    assert row["margin"] == pytest.approx(margin)
    assert row["basis"] == basis


def test_starmer_falls_through_may_and_june_2026(read: Reader) -> None:
    """Each day on which more MPs called for him to go left him with fewer behind him."""
    days = [date(2026, 5, 1), date(2026, 5, 9), date(2026, 5, 12), date(2026, 5, 14)]
    support = [read(day, "lab")["support"] for day in days]
    assert support == sorted(support, reverse=True)
    assert support[0] > 0.4
    assert support[-1] < 0.25
    assert read(date(2026, 6, 22), "lab")["support"] < 0.3


@pytest.mark.parametrize("year", range(1958, 2027))
def test_the_last_margin_is_that_of_the_backing(evidence: Evidence, habits: MpHabits, year: int) -> None:
    """What is read without a model is what the backing of the two large parties' leaders holds, every year."""
    then = evidence.as_of(date(year, 10, 1))
    told = dict(mps.backing(then, habits).select("party", "margin").iter_rows())
    for party in ("con", "lab"):
        assert mps.last_margin(then, party) == told.get(party)


def test_section_with_meps_counts_those_who_voted(read: Reader) -> None:
    """Labour's section of 2010 held MEPs: Miliband's 122 are of the 266 who voted, not of the 257 MPs."""
    row = read(date(2011, 1, 1), "lab")
    assert row["basis"].endswith("122 of 266")
    assert row["margin"] == pytest.approx(-18 / 266)


def test_a_ballot_of_many_candidates_understates(read: Reader) -> None:
    """Fewer than four in ten voted for Truss in a field of three; more would have stood by her at the start."""
    row = read(date(2022, 9, 10), "con")
    assert 113 / 358 + 0.1 < row["support"] < 0.7


@pytest.mark.parametrize(
    ("day", "party", "leader"),
    [
        (date(2004, 1, 1), "con", "Michael Howard"),  # stood and lost in 1997, unopposed in 2003
        (date(2026, 9, 10), "lib", "Ed Davey"),
        (date(1960, 1, 1), "con", "Harold Macmillan"),
    ],
)
def test_neither_vote_nor_act_is_no_evidence(read: Reader, day: date, party: str, leader: str) -> None:
    """A leader of whom nothing is on record has null, not what she got in a contest she lost long before."""
    row = read(day, party)
    assert row["leader"] == leader
    assert [row[c] for c in ("support", "support_sd", "margin", "last_event")] == [None] * 4
    assert row["basis"] == "no vote of MPs on record"


def test_small_parties_have_none(read: Reader) -> None:
    """With fewer than ten MPs a vote says little: Thorpe's six of twelve lapse with the election of 1970."""
    with_twelve, with_six = read(date(1969, 1, 1), "lib"), read(date(1971, 1, 1), "lib")
    assert 0.5 < with_twelve["support"] < 0.8
    assert with_six["support"] is None
    assert with_six["basis"].startswith("6 MPs won in 1970")
    assert read(date(2025, 4, 1), "ref")["support"] is None


def test_sd_is_small_at_the_vote_and_grows(read: Reader) -> None:
    """A confidence vote pins support down to a few points; two and a half years later it leaves wide doubt."""
    days = (date(2016, 6, 29), date(2016, 12, 1), date(2018, 12, 1), date(2019, 2, 1))
    sd = [read(day, "lab")["support_sd"] for day in days]
    assert sd == sorted(sd)
    assert sd[0] < 0.03
    assert sd[2] > 0.1


def test_old_knowledge_fades_into_what_is_usual(evidence: Evidence, habits: MpHabits) -> None:
    """In Thatcher's fourteen years without a vote support goes to where leaders stand, and its sd stops growing."""
    rows = mps.history(evidence, habits, [date(year, 3, 1) for year in range(1975, 1990)], ["con"])
    assert rows["support_sd"].is_sorted()
    assert rows["support_sd"][-1] - rows["support_sd"][-5] < 0.02
    assert 0.6 < rows["support"][-1] < 0.8


def added(evidence: Evidence, table: str, rows: list[dict[str, Any]]) -> Evidence:
    """Evidence with some rows more."""
    held = getattr(evidence, table)
    extra = pl.DataFrame([{"verified": True, "source": "test"} | row for row in rows])
    both = pl.concat([held, extra.select(held.columns).cast(dict(held.schema))])
    return replace(evidence, **{table: schemas.TABLES[table].validate(both)})


def with_vote(evidence: Evidence, day: date, votes: int, against: int) -> Evidence:
    """Evidence with a confidence vote on May."""
    vote = {"contest_id": "x", "party": "con", "kind": "confidence_vote", "round": 1, "party_mps": 317}
    vote |= {"date": day, "known_on": day}
    counts = [("Theresa May", votes), ("no confidence", against)]
    return added(evidence, "mp_contests", [vote | {"candidate": c, "mp_votes": n} for c, n in counts])


def with_act(evidence: Evidence, day: date, kind: str, number: int) -> Evidence:
    """Evidence with an act against May."""
    act = {"leader": "Theresa May", "date": day, "known_on": day, "kind": kind, "party": "con", "mps": number}
    return added(evidence, "mp_events", [act | {"party_mps": 317, "event": "test"}])


def with_exit(evidence: Evidence, day: date) -> Evidence:
    """Evidence in which May says that she will resign."""
    said = {"leader": "Theresa May", "date": day, "known_on": day, "kind": "resignation", "party": "con"}
    return added(evidence, "leader_events", [said | {"event": "test"}])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda evidence, day: with_vote(evidence, day, 10, 300),
        lambda evidence, day: with_act(evidence, day, "resignations", 60),
        with_exit,
    ],
    ids=["vote", "act", "exit"],
)
def test_what_comes_later_changes_nothing(evidence: Evidence, habits: MpHabits, spoil: Any) -> None:
    """What became known after the date leaves backing and history as they were, exactly; known that day, it shows."""
    day = date(2019, 2, 15)
    clean, later, same_day = evidence.as_of(day), spoil(evidence, day + timedelta(1)), spoil(evidence, day)
    days = [date(2018, 12, 1), day]
    assert mps.backing(clean, habits).equals(mps.backing(later.as_of(day), habits))
    assert mps.history(clean, habits, days).equals(mps.history(later, habits, days))
    assert mps.history(same_day, habits, [day])["support"][0] < mps.history(clean, habits, [day])["support"][0] - 0.05


@pytest.mark.parametrize("kind", mps.ACTS)
def test_acts_never_speak_for_a_leader(evidence: Evidence, habits: MpHabits, kind: str) -> None:
    """One MP of 317 who acts against her takes a little of her support, sixty take more, and none adds to it."""
    day = date(2018, 12, 1)
    none, one, sixty = (
        mps.history(found, habits, [day], ["con"])["support"][0]
        for found in (evidence, with_act(evidence, day, kind, 1), with_act(evidence, day, kind, 60))
    )
    assert none > one > none - 0.03
    assert sixty < one - 0.02


def test_running_totals_count_once(evidence: Evidence, habits: MpHabits) -> None:
    """Thirty calls to go, then sixty in all, weigh as sixty; thirty resignations and thirty more do, too."""
    first, day = date(2018, 11, 20), date(2018, 12, 1)

    def support(*acts: tuple[date, str, int]) -> float:
        found = evidence
        for act in acts:
            found = with_act(found, *act)
        return float(mps.history(found, habits, [day], ["con"])["support"][0])

    at_once = support((day, "statements", 60))
    assert support((first, "statements", 30), (day, "statements", 60)) == pytest.approx(at_once, abs=0.02)
    at_once = support((day, "resignations", 60))
    assert support((first, "resignations", 30), (day, "resignations", 30)) == pytest.approx(at_once, abs=0.02)


@pytest.mark.parametrize(("votes", "against"), [(0, 317), (317, 0), (67, 250)])
def test_no_vote_however_bad_leaves_the_unit_interval(
    evidence: Evidence, habits: MpHabits, votes: int, against: int
) -> None:
    """All MPs against, none, or a margin of -0.58 with a third resigning the week after: support stays in (0, 1)."""
    day = date(2019, 1, 10)
    spoiled = with_act(with_vote(evidence, day, votes, against), day + timedelta(20), "resignations", 110)
    rows = mps.history(spoiled, habits, [day, day + timedelta(20), date(2019, 7, 1)], ["con"])
    assert rows.select(pl.col("support").is_between(0.0, 1.0, closed="none").all()).item()
    assert rows.select(pl.col("support_sd").is_between(0.0, 0.3, closed="right").all()).item()
    assert rows["margin"][0] == pytest.approx((votes - against) / 317)


def test_history_agrees_with_backing(evidence: Evidence, habits: MpHabits) -> None:
    """Day by day a history is what backing says of the evidence cut that day."""
    days = [date(1979, 5, 2), date(1997, 4, 30), date(2016, 6, 28), date(2016, 6, 29), date(2019, 12, 11)]
    rows = mps.history(evidence, habits, days)
    for day in days:
        cut = mps.backing(evidence.as_of(day), habits).filter(pl.col("party").is_in(["con", "lab"]))
        columns = ["party", "leader", "support", "support_sd", "margin"]
        assert rows.filter(pl.col("day") == day).select(columns).equals(cut.select(columns))


def test_history_has_a_row_for_a_vacancy(evidence: Evidence, habits: MpHabits) -> None:
    """Between leaders the row is there, with nulls."""
    rows = mps.history(evidence, habits, [date(2010, 7, 1)])
    assert rows["party"].to_list() == ["con", "lab"]
    assert rows.row(1)[2:] == (None, None, None, None)


def test_a_day_after_the_cut_is_refused(evidence: Evidence, habits: MpHabits) -> None:
    """Asking for a day beyond the evidence is an error that names the end of it."""
    with pytest.raises(BadInput, match="2016-08-22"):
        mps.history(evidence.as_of(date(2016, 8, 22)), habits, [date(2016, 8, 23)])
