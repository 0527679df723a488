from datetime import date
from pathlib import Path

import polars as pl
import pytest

from data import BadInput, read_table
from data.compile import events, leaders, mps
from data.compile.common import write_table
from data.load import tables_dir
from data.schemas.leaders import LEADER_EVENTS
from data.schemas.mps import MP_EVENTS


@pytest.fixture(scope="module")
def befell() -> pl.DataFrame:
    return read_table("leader_events")


@pytest.fixture(scope="module")
def against() -> pl.DataFrame:
    return read_table("mp_events")


@pytest.fixture(scope="module")
def terms() -> pl.DataFrame:
    rows = read_table("leader_tenure").sort("date", "event", descending=[False, True])
    follows = pl.col("event", "date").shift(-1).over("party", "leader").name.prefix("next_")
    starts = rows.with_columns(follows).filter(pl.col("event") == "start")
    return starts.select("party", "leader", start="date", end="next_date")


PREMIERS = {
    1977: "James Callaghan",
    1980: "Margaret Thatcher",
    1991: "John Major",
    1997: "Tony Blair",
    2008: "Gordon Brown",
    2011: "David Cameron",
    2017: "Theresa May",
    2020: "Boris Johnson",
    2023: "Rishi Sunak",
    2025: "Keir Starmer",
}
"""Who was Prime Minister on the last day of a year."""


@pytest.mark.parametrize("year", PREMIERS)
def test_no_prime_minister_is_missing(year: int, befell: pl.DataFrame) -> None:
    """Who took office last before the end of a year governed then: models take it from there."""
    taken = befell.filter(pl.col("event") == "becomes Prime Minister", pl.col("date") <= date(year, 12, 31))
    assert taken.sort("date")["leader"][-1] == PREMIERS[year]


@pytest.mark.parametrize("name", ["leader_events", "mp_events"])
def test_leaders_were_in_office(name: str, terms: pl.DataFrame) -> None:
    """Every event befell somebody who led the party on that day, spelt as in the tenure table."""
    table = read_table(name)
    served = table.join(terms, on=["party", "leader"]).filter(
        pl.col("date").is_between("start", pl.col("end").fill_null(date.max))
    )
    lost = table.join(served, on=["party", "leader", "date"], how="anti")
    assert lost.select("leader", "date").rows() == []


@pytest.mark.parametrize("name", ["leader_events", "mp_events"])
def test_what_is_not_checked_says_so(name: str) -> None:
    """An event compiled by hand is unverified exactly where its source says so."""
    hand = read_table(name).filter(pl.col("kind") != "general_election")
    assert (hand["verified"] != hand["source"].str.contains("unverified")).all()


@pytest.mark.parametrize(
    ("name", "late"),
    [
        ("leader_events", {("Michael Foot", date(1983, 2, 25)), ("Keir Starmer", date(2026, 5, 9))}),
        ("mp_events", {("Theresa May", date(2018, 12, 12))}),
    ],
)
def test_events_are_known_on_the_day(name: str, late: set[tuple[str, date]]) -> None:
    """An event is known on its day, but for three that were out on the next, and none is in the future of the data."""
    table = read_table(name)
    next_day = table.filter(pl.col("known_on") != pl.col("date"))
    assert set(next_day.select("leader", "known_on").iter_rows()) == late
    assert (next_day["known_on"] == next_day["date"].dt.offset_by("1d")).all()
    assert table["date"].max() <= read_table("polls")["known_on"].max()


@pytest.mark.parametrize(
    ("leader", "day", "kind"),
    [
        ("James Callaghan", date(1979, 1, 10), "gaffe"),
        ("Neil Kinnock", date(1992, 4, 1), "gaffe"),
        ("Gordon Brown", date(2010, 4, 28), "gaffe"),
        ("Nick Clegg", date(2010, 12, 9), "policy"),
        ("David Cameron", date(2016, 6, 24), "resignation"),
        ("Boris Johnson", date(2022, 4, 12), "scandal"),
        ("Boris Johnson", date(2022, 7, 5), "minister_resignation"),
        ("Liz Truss", date(2022, 9, 23), "budget"),
        ("Kemi Badenoch", date(2026, 1, 15), "sacking"),
        ("Keir Starmer", date(2026, 6, 22), "resignation"),
    ],
)
def test_well_known_events(befell: pl.DataFrame, leader: str, day: date, kind: str) -> None:
    """Events that every history tells are there on their day, each with a page that says so."""
    row = befell.row(
        by_predicate=(pl.col("leader") == leader) & (pl.col("date") == day) & (pl.col("kind") == kind), named=True
    )
    assert row["verified"]


def test_a_leader_resigns_once_in_a_term(befell: pl.DataFrame) -> None:
    """Kind resignation is a leader's own: one a leader, and none names somebody who leaves the cabinet."""
    own = befell.filter(pl.col("kind") == "resignation")
    assert own["leader"].is_unique().all()
    assert not own["event"].str.contains("cabinet|sacks|leaves").any()


def test_every_kind_of_event_occurs(befell: pl.DataFrame, against: pl.DataFrame) -> None:
    """No kind is allowed that no row has."""
    assert set(befell["kind"]) == set(LEADER_EVENTS)
    assert set(against["kind"]) == set(MP_EVENTS)


def test_each_general_election_has_its_leaders(befell: pl.DataFrame) -> None:
    """At every general election both main parties' leaders have an event of that kind, and no party has two."""
    fought = befell.filter(pl.col("kind") == "general_election")
    assert set(fought["date"]) == set(read_table("elections")["election_date"])
    for party in ("con", "lab", "lib"):
        assert set(fought.filter(pl.col("party") == party)["date"]) == set(fought["date"])
    assert fought.select("party", "date").is_unique().all()


def test_elections_agree_with_the_margins(befell: pl.DataFrame) -> None:
    """The leaders who fought elections are those whose margins are given for them."""
    fought = befell.filter(pl.col("kind") == "general_election").select("date", "party", "leader")
    margins = read_table("election_margins").select(date="election_date", party="party", leader="leader")
    assert margins.join(fought, on=["date", "party", "leader"], how="anti").height == 0


def test_no_more_mps_than_the_party_has(against: pl.DataFrame) -> None:
    """The MPs who took part are at least one and at most the party's."""
    assert against["mps"].min() >= 1
    assert against.filter(pl.col("mps") > pl.col("party_mps")).height == 0


def test_letters_reach_the_threshold(against: pl.DataFrame) -> None:
    """Letters that brought a vote about are 15 per cent of the party, rounded up, and the vote is in mp_contests."""
    letters = against.filter(pl.col("kind") == "letters")
    assert letters["mps"].to_list() == (letters["party_mps"] * 0.15).ceil().cast(pl.Int64).to_list()
    votes = read_table("mp_contests").filter(pl.col("kind") == "confidence_vote")
    for leader, day in letters.select("leader", "date").iter_rows():
        held = votes.filter(pl.col("candidate") == leader)
        assert 0 <= (held["date"][0] - day).days <= 1


@pytest.mark.parametrize(
    ("leader", "day", "kind", "mps"),
    [
        ("Tony Blair", date(2003, 3, 18), "rebellion", 139),
        ("Theresa May", date(2019, 1, 15), "rebellion", 118),
        ("Boris Johnson", date(2019, 9, 3), "suspensions", 21),
        ("Boris Johnson", date(2022, 7, 7), "resignations", 62),
        ("Keir Starmer", date(2024, 7, 23), "suspensions", 7),
        ("Keir Starmer", date(2025, 7, 1), "rebellion", 49),
    ],
)
def test_published_numbers(against: pl.DataFrame, leader: str, day: date, kind: str, mps: int) -> None:
    """Numbers that the press printed are in the table as printed."""
    row = against.row(
        by_predicate=(pl.col("leader") == leader) & (pl.col("date") == day) & (pl.col("kind") == kind), named=True
    )
    assert row["mps"] == mps
    assert row["verified"]


def test_running_totals_never_fall(against: pl.DataFrame) -> None:
    """Statements are running totals: of one leader they only grow."""
    for _, told in against.filter(pl.col("kind") == "statements").sort("date").group_by("leader", maintain_order=True):
        assert told["mps"].is_sorted()


def test_an_event_outside_a_term_is_refused() -> None:
    """An event on a day when somebody else led is refused with the name, the party and the day."""
    tenure = pl.DataFrame({"party": ["con"], "leader": ["A"], "start": [date(2000, 1, 1)], "end": [date(2001, 1, 1)]})
    frame = pl.DataFrame({"leader": ["A"], "party": ["con"], "date": [date(2002, 1, 1)]})
    with pytest.raises(BadInput, match="'A' did not lead con on 2002-01-01"):
        events._in_office(frame, tenure, "x.csv")


def test_the_leader_of_a_day_of_change_is_both() -> None:
    """On the day of a handover both the old and the new leader count as in office."""
    days = [date(2001, 1, 1)]
    tenure = pl.DataFrame(
        {
            "party": ["con", "con"],
            "leader": ["A", "B"],
            "start": [date(2000, 1, 1), date(2001, 1, 1)],
            "end": [date(2001, 1, 1), None],
        }
    )
    assert mps.on_days(tenure, days)["leader"].to_list() == ["A", "B"]


@pytest.mark.parametrize("name", ["leader_events", "mp_events"])
def test_rebuilds_byte_for_byte(name: str, raw_sources: Path, tmp_path: Path) -> None:
    """The files compiled by hand and the terms give the shipped table, byte for byte."""
    built = write_table(name, events.tables(raw_sources)[name], tmp_path)
    assert built.read_bytes() == (tables_dir() / f"{name}.csv").read_bytes()


def test_a_date_that_is_none_is_one_sentence(raw_sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A date that is none ends in BadInput that names the files, not in a traceback of Polars."""
    wrong = events.by_hand("mp_events").with_columns(date=pl.lit("in spring"))
    monkeypatch.setattr(events, "by_hand", lambda _: wrong)
    with pytest.raises(BadInput, match=r"mp_events\.csv"):
        events.tables(raw_sources)


def test_terms_of_the_raw_file_are_those_shipped(raw_sources: Path, terms: pl.DataFrame) -> None:
    """The terms that events are held against are those of the shipped tenure table."""
    raw = leaders.tenures(raw_sources).select("party", "leader", "start", "end")
    assert raw.sort("party", "start").equals(terms.select(raw.columns).sort("party", "start"))
