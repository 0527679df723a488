"""The check of shipped tables against official totals."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from data import Evidence, check, load_evidence, schemas

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
    report = check.check(load_evidence())
    assert report.faults == ()
    assert report.ok
    assert report.totals["election_date"].n_unique() == 19
    assert report.totals["area"].n_unique() == 6


def test_differences_are_the_speakers_only() -> None:
    """For the kingdom no party's seats differ but by the Speaker's one, and only before 1992."""
    totals = check.check(load_evidence()).totals
    different = totals.filter((pl.col("area") == "UK") & (pl.col("seat_difference") != 0))
    assert different["reason"].str.contains("Speaker").all()
    assert different["seat_difference"].abs().max() == 1
    assert different.height == 16
    assert different["election_date"].max() == date(1987, 6, 11)


def test_every_listed_difference_is_there() -> None:
    """A listed difference shows in the seats, or in the votes by more than half of what is allowed unexplained."""
    totals = check.check(load_evidence()).totals.filter(pl.col("reason").is_not_null())
    seats_differ = pl.col("seat_difference") != 0
    tolerated = check.VOTE_TOLERANCE * pl.col("votes").sum().over("election_date", "area")
    assert totals.height == len(check.EXPLAINED)
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
    report = check.check(spoiled(name, change))
    assert not report.ok
    assert any(named in fault for fault in report.faults)


def test_reasons_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The Speaker's seat is a fault when no reason is listed for it."""
    monkeypatch.setattr(check, "EXPLAINED", check.EXPLAINED[:1])
    faults = check.check(load_evidence()).faults
    assert any(fault.startswith("1987-06-11 UK con") for fault in faults)
    assert not any(fault.startswith("1955-05-26 UK con") for fault in faults)


def test_cut_evidence_is_checked_as_far_as_it_goes() -> None:
    """Evidence of 1980 has eight elections, all right."""
    report = check.check(load_evidence().as_of(date(1980, 1, 1)))
    assert report.ok
    assert report.totals["election_date"].n_unique() == 8


def test_tables_are_described() -> None:
    """Every table has its rows, span, sources and count of unverified rows."""
    evidence = load_evidence()
    tables = check.check(evidence).tables
    assert tables["table"].to_list() == list(schemas.TABLES)
    assert (tables["rows"] > 0).all()
    assert (tables["first"] <= tables["last"]).all()
    assert (tables["sources"].list.len() > 0).all()
    polls = tables.row(by_predicate=pl.col("table") == "polls", named=True)
    assert polls["unverified"] == (~evidence.polls["verified"]).sum()
    assert tables.row(by_predicate=pl.col("table") == "results", named=True)["unverified"] is None


def test_report_is_printed_whole() -> None:
    """The text names every table and election, gives reasons for differences and ends with the verdict."""
    evidence = load_evidence()
    text = check.render(check.check(evidence))
    lines = text.splitlines()
    assert all(any(line.startswith(name) for line in lines) for name in schemas.TABLES)
    assert all(any(line.startswith(f"{day} ") for line in lines) for day in evidence.elections["election_date"])
    assert "1955-05-26  con 344 (345)   lab 277" in text
    assert "W. S. Morrison" in text
    assert lines[-1] == "All totals agree or differ for a listed reason."


def test_faults_are_printed() -> None:
    """The text of a failed check lists each fault and counts them at the end."""
    evidence = spoiled("contests", lambda f: f.filter(~at(f, ELECTION_2019, "E14000530")))
    report = check.check(evidence)
    lines = check.render(report).splitlines()
    assert lines[-1] == f"{len(report.faults)} faults."
    assert set(report.faults) <= set(lines)
