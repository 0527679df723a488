"""The checks of shipped tables: against official totals, known means, and each other."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from data import Evidence, checks, load_evidence, schemas
from data.catalogue import read_package
from data.checks import totals as official

ELECTION_2019 = date(2019, 12, 12)
Spoil = Callable[[pl.DataFrame], pl.DataFrame]


def spoiled(name: str, change: Spoil) -> Evidence:
    """The shipped evidence with one table changed."""
    evidence = load_evidence()
    return replace(evidence, **{name: change(getattr(evidence, name))})


def at(frame: pl.DataFrame, day: date, constituency: str) -> pl.Expr:
    """Rows of one contest."""
    assert "constituency" in frame.columns
    return (pl.col("election_date") == day) & (pl.col("constituency") == constituency)


def test_shipped_tables_pass() -> None:
    """Seats equal the official ones at every election but for listed reasons, and votes are within the tolerance."""
    report = checks.check(load_evidence())
    assert report.faults == ()
    assert report.ok
    assert report.totals["election_date"].n_unique() == 19
    assert report.totals["area"].n_unique() == 6


def test_differences_are_the_speakers_only() -> None:
    """For the kingdom no party's seats differ but by the Speaker's one, and only before 1992."""
    totals = checks.check(load_evidence()).totals
    different = totals.filter((pl.col("area") == "UK") & (pl.col("seat_difference") != 0))
    assert different["reason"].str.contains("Speaker").all()
    assert different["seat_difference"].abs().max() == 1
    assert different.height == 16
    assert different["election_date"].max() == date(1987, 6, 11)


def test_every_listed_difference_is_there() -> None:
    """A listed difference shows in the seats, or in the votes by more than half of what is allowed unexplained."""
    totals = checks.check(load_evidence()).totals.filter(pl.col("reason").is_not_null())
    seats_differ = pl.col("seat_difference") != 0
    tolerated = official.VOTE_TOLERANCE * pl.col("votes").sum().over("election_date", "area")
    assert totals.height == len(official.EXPLAINED)
    assert totals.filter(seats_differ | (pl.col("vote_difference").abs() > 0.5 * tolerated)).height == totals.height


@pytest.mark.parametrize(
    ("name", "change", "named"),
    [
        (
            "contests",
            lambda f: f.with_columns(
                winner=pl.when(at(f, ELECTION_2019, "E14000530")).then(pl.lit("lab")).otherwise("winner")
            ),
            "2019-12-12 UK con: 364 seats",
        ),
        ("contests", lambda f: f.filter(~at(f, ELECTION_2019, "E14000530")), "649 contests"),
        ("contests", lambda f: f.filter(pl.col("election_date") != ELECTION_2019), "None contests"),
        (
            "results",
            lambda f: f.filter(~(at(f, ELECTION_2019, "E14000530") & (pl.col("party") == "con"))),
            "E14000530: parties' votes sum to",
        ),
        (
            "results",
            lambda f: f.with_columns(
                party=pl.when((pl.col("election_date") == ELECTION_2019) & (pl.col("party") == "lib"))
                .then(pl.lit("oth"))
                .otherwise("party")
            ).unique(["election_date", "constituency", "party"]),
            "2019-12-12 GB lib: 11 seats and 0 votes",
        ),
        (
            "national_results",
            lambda f: f.with_columns(seats=pl.when(pl.col("party") == "natsw").then(0).otherwise("seats")),
            "2019-12-12 UK natsw: 52 seats",
        ),
    ],
)
def test_any_unexplained_difference_is_a_fault(name: str, change: Spoil, named: str) -> None:
    """A changed winner, a lost contest, votes under another party or another official total are found and named."""
    report = checks.check(spoiled(name, change))
    assert not report.ok
    assert any(named in fault for fault in report.faults)


def first(frame: pl.DataFrame, **changes: object) -> pl.DataFrame:
    """A table whose first row is changed."""
    row = pl.int_range(pl.len()) == 0
    return frame.with_columns(
        pl.when(row).then(pl.lit(value, dtype=frame.schema[name])).otherwise(name).alias(name)
        for name, value in changes.items()
    )


@pytest.mark.parametrize(
    ("name", "change", "named"),
    [
        ("poll_shares", lambda f: first(f, share=0.9), "more than 102%"),
        (
            "poll_shares",
            lambda f: f.with_columns(
                share=pl.when(pl.col("poll_id").str.starts_with("2026-04-20")).then(0.01).otherwise("share")
            ),
            "though all five parties are given",
        ),
        ("poll_shares", lambda f: f.filter(pl.col("poll_id") != f["poll_id"][0]), "has no shares"),
        (
            "polls",
            lambda f: first(f, start_date=date(1950, 1, 1), end_date=date(1955, 5, 26)),
            "touches the polling day",
        ),
        ("polls", lambda f: first(f, end_date=date(1955, 2, 2)), "not the day in its key"),
        ("poll_shares", lambda f: first(f, known_on=date(1955, 1, 2)), "Table poll_shares: 1955-01-15"),
        ("candidates", lambda f: f.slice(1), "Table candidate_votes: 2010-05-06"),
        ("by_elections", lambda f: f.slice(1), "Table by_election_results: 2011-01-13"),
        (
            "poll_shares",
            lambda f: f.with_columns(
                share=pl.when(pl.col("poll_id").str.starts_with("1992-04-0") & (pl.col("party") == "lab"))
                .then(pl.col("share") + 0.02)
                .otherwise("share")
            ),
            "Last polls before 1992-04-09: mean of lab",
        ),
        ("polls", lambda f: f.filter(~pl.col("poll_id").str.starts_with("1979-0")), "mean of con is no poll"),
        ("polls", lambda f: first(f, pollster="Nobody"), "Table polls: Nobody"),
        ("leader_ratings", lambda f: first(f, leader="Jim Hacker"), "Jim Hacker"),
        ("mp_events", lambda f: first(f, party="nob"), "Table mp_events: nob"),
        ("hexes", lambda f: f.filter(pl.col("constituency") != "E14000530"), "E14000530 of 2010 has no hexagon"),
        ("notionals", lambda f: f.filter(pl.col("constituency") != "E14000530"), "neither its own nor a notional one"),
        ("by_elections", lambda f: first(f, constituency="E99999999"), "E99999999"),
        ("overlaps", lambda f: first(f, constituency_old="E99999999"), "Table overlaps: 2010 E99999999"),
        ("overlaps", lambda f: first(f, constituency="E99999999"), "Table overlaps: 2024 E99999999"),
        ("overlaps", lambda f: first(f, of_old=0.99), "E14000530 of 2010: the parts in table overlaps (of_old)"),
        ("overlaps", lambda f: first(f, of_new=0.9), "E14001063 of 2024: the parts in table overlaps (of_new)"),
        ("overlaps", lambda f: f.filter(pl.col("constituency") != "E14001305"), "E14001305 of 2024: the parts in"),
        ("selection_sections", lambda f: first(f, rule="lab-1999"), "lab-1999"),
        ("contests", lambda f: first(f, known_on=date(1955, 5, 25)), "too early"),
        ("results", lambda f: first(f, known_on=date(1955, 5, 26)), "too early"),
        ("mp_contests", lambda f: first(f, mp_votes=400), "votes of MPs, but the party has"),
        (
            "member_ballots",
            lambda f: f.with_columns(
                share=pl.when((pl.col("contest_id") == "lab1983") & (pl.col("section") == "mps"))
                .then(pl.col("share") / 2)
                .otherwise("share")
            ),
            "Contest lab1983",
        ),
        (
            "member_ballots",
            lambda f: f.filter((pl.col("contest_id") != "lab1992") | (pl.col("section") != "affiliates")),
            "Contest lab1992, round 1: John Smith has results in sections that weigh 0.600, not 1",
        ),
        (
            "member_ballots",
            lambda f: f.filter((pl.col("contest_id") != "lab2016") | (pl.col("section") != "overall")),
            "Contest lab2016, round 1: Jeremy Corbyn has results in sections, but no overall one",
        ),
        (
            "member_ballots",
            lambda f: f.filter((pl.col("contest_id") != "lab2016") | (pl.col("section") == "overall")),
            "Contest lab2016, round 1: Jeremy Corbyn has an overall result, but none in any section",
        ),
        (
            "selection_sections",
            lambda f: f.filter((pl.col("rule") != "lab-1981") | (pl.col("section") != "mps")),
            "Rule lab-1981, stage 1: the sections weigh 0.700, not 1",
        ),
        (
            "mp_contests",
            lambda f: f.with_columns(mp_votes=pl.col("mp_votes") + (pl.col("kind") == "electoral_college_mps")),
            "Contest lab2010, electoral_college_mps, round 4: 264 votes of MPs",
        ),
        (
            "mp_contests",
            lambda f: f.with_columns(
                mp_votes=pl.when(pl.col("contest_id") == "lab2010").then(1).otherwise(pl.col("mp_votes"))
            ),
            "round 1: more votes than MPs are explained, but there are none",
        ),
        ("by_elections", lambda f: first(f, winner="con"), "2011-01-13 E14000870: con counts as the winner"),
        ("by_elections", lambda f: first(f, winner="spk"), "spk counts as the winner with 0 votes"),
        ("by_election_results", lambda f: first(f, votes=1), "2011-01-13 E14000870: parties' votes sum to"),
        ("candidate_votes", lambda f: first(f, votes=7), "oth has 1034 votes, its candidates 810"),
        ("polls", lambda f: f.filter(pl.col("poll_id") != "2012-01-31-yougov"), "Parliament 2015: 2,060 polls, the"),
    ],
)
def test_rows_that_cannot_be_are_faults(name: str, change: Spoil, named: str) -> None:
    """Each check finds the row that breaks it and names it."""
    report = checks.check(spoiled(name, change), before=read_package())
    assert any(named in fault for fault in report.faults), report.faults[:5]


@pytest.mark.parametrize("name", schemas.TABLES)
def test_an_empty_table_is_a_fault(name: str) -> None:
    """A table that lost all its rows is named, whichever it is, and the report can be printed."""
    report = checks.check(spoiled(name, pl.DataFrame.clear))
    assert report.faults[0] == f"Table {name} has no rows."
    assert checks.render(report)


@pytest.mark.parametrize("name", schemas.TABLES)
def test_a_table_that_lost_rows_is_a_fault(name: str) -> None:
    """A table with fewer rows than the last build kept is named, whichever it is; without a last build it is not."""
    fewer = spoiled(name, lambda f: f.head(f.height - 1))
    said = f"Table {name}: {getattr(fewer, name).height:,} rows, the last build kept"
    assert any(said in fault for fault in checks.check(fewer, before=read_package()).faults)
    assert not any("last build" in fault for fault in checks.check(fewer).faults)


def test_last_polls_have_the_known_means() -> None:
    """Every election since 1979 has a known mean of its last polls, and each is met within 0.7 points."""
    means = checks.check(load_evidence()).means
    fought = load_evidence().elections.filter(pl.col("election_date") >= date(1979, 1, 1))["election_date"]
    assert set(means["election_date"]) == set(fought)
    assert ((means["mean"] - means["known"]).abs() <= 0.7).all()


def test_polls_below_85_lack_a_party() -> None:
    """Where a poll sums to little, the report says which parties it does not give."""
    missing = checks.check(load_evidence()).missing
    assert missing["polls"].sum() > 100
    assert (missing["not_given"] != "").all()


def test_seats_without_base_are_those_of_new_sets() -> None:
    """Before 2010 seats of a set's first election have no earlier result; since then every seat has one."""
    bases = checks.check(load_evidence()).bases.filter(pl.col("no_base") > 0)
    assert bases["election_date"].dt.year().to_list() == [1955, 1974, 1983, 1992, 1997, 2005]
    assert bases.filter(pl.col("election_date") == date(1992, 4, 9))["no_base"].item() == 1


def test_reasons_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The Speaker's seat is a fault when no reason is listed for it."""
    monkeypatch.setattr(official, "EXPLAINED", official.EXPLAINED[:1])
    faults = checks.check(load_evidence()).faults
    assert any(fault.startswith("1987-06-11 UK con") for fault in faults)
    assert not any(fault.startswith("1955-05-26 UK con") for fault in faults)


@pytest.mark.parametrize("year", range(1956, 2027, 5))
@pytest.mark.parametrize("month", [3, 11])
def test_evidence_of_any_day_passes(year: int, month: int) -> None:
    """Cut at any date the tables still fit together: nobody is rated, polled or named before being known."""
    day = date(year, month, 4)
    if day < load_evidence().cut:
        assert checks.check(load_evidence().as_of(day), whole=False).faults == ()


def test_cut_evidence_is_checked_as_far_as_it_goes() -> None:
    """Evidence of 1980 has eight elections, all right."""
    report = checks.check(load_evidence().as_of(date(1980, 1, 1)), whole=False)
    assert report.ok
    assert report.totals["election_date"].n_unique() == 8


def test_tables_are_described() -> None:
    """Every table has its rows, span and count of unverified rows."""
    evidence = load_evidence()
    tables = checks.check(evidence).tables
    assert tables["table"].to_list() == list(schemas.TABLES)
    assert (tables["rows"] > 0).all()
    assert (tables["first"] <= tables["last"]).all()
    polls = tables.row(by_predicate=pl.col("table") == "polls", named=True)
    assert polls["unverified"] == (~evidence.polls["verified"]).sum()
    assert tables.row(by_predicate=pl.col("table") == "results", named=True)["unverified"] is None


def test_report_is_printed_whole() -> None:
    """The text names every table and election, gives reasons for differences and ends with the verdict."""
    evidence = load_evidence()
    text = checks.render(checks.check(evidence))
    lines = text.splitlines()
    assert all(any(line.startswith(name) for line in lines) for name in schemas.TABLES)
    assert all(any(line.startswith(f"{day} ") for line in lines) for day in evidence.elections["election_date"])
    assert "1955-05-26  con 344 (345)   lab 277" in text
    assert "W. S. Morrison" in text
    assert lines[-1] == "All checks pass."


def test_faults_are_printed() -> None:
    """The text of a failed check lists each fault and counts them at the end."""
    evidence = spoiled("contests", lambda f: f.filter(~at(f, ELECTION_2019, "E14000530")))
    report = checks.check(evidence)
    lines = checks.render(report).splitlines()
    assert lines[-1] == f"{len(report.faults)} faults."
    assert set(report.faults) <= set(lines)
