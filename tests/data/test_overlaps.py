"""Shipped table of how the seats of 2010 went into those of 2024, and the code that compiles it."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from data import load_evidence, read_table
from data.compile import overlaps
from data.compile.common import write_table
from data.errors import BadInput
from data.load import tables_dir

SETTLED = date(2023, 11, 14)
SIDES = [("old_set", "constituency_old", "of_old"), ("new_set", "constituency", "of_new")]


def named() -> pl.DataFrame:
    """The table with names of both seats, ``old`` and ``new``."""
    names = read_table("constituencies").select("boundary_set", "constituency", "name")
    old = names.select(old_set="boundary_set", constituency_old="constituency", old="name")
    new = names.select("constituency", new_set="boundary_set", new="name")
    return read_table("overlaps").join(old, on=old.columns[:2]).join(new, on=new.columns[:2])


@pytest.mark.parametrize(("boundary_set", "seat", "part"), SIDES)
def test_every_seat_of_both_sets_is_there(boundary_set: str, seat: str, part: str) -> None:
    """All 650 seats of 2010 and of 2024, and no other, have parts that sum to 1 and are above 0."""
    rows = read_table("overlaps")
    (year,) = rows[boundary_set].unique()
    assert year == {"old_set": "2010", "new_set": "2024"}[boundary_set]
    seats = read_table("constituencies").filter(pl.col("boundary_set") == year)
    sums = rows.group_by(seat).agg(pl.col(part).sum())
    assert set(sums[seat]) == set(seats["constituency"])
    assert sums.height == 650
    assert sums[part].is_between(0.99999, 1.00001).all()
    assert (rows[part] > 0).all()


@pytest.mark.parametrize(
    ("old", "new", "of_old", "of_new"),
    [
        ("Islington North", "Islington North", 1.0, 1.0),
        ("Chorley", "Chorley", 0.960997, 1.0),
        ("North Shropshire", "North Shropshire", 0.917919, 1.0),
        ("North Shropshire", "The Wrekin", 0.082081, 0.082847),
        ("Copeland", "Whitehaven and Workington", 0.772721, 0.633062),
        ("South Norfolk", "Waveney Valley", 0.322774, 0.411257),
        ("Orkney and Shetland", "Orkney and Shetland", 1.0, 1.0),
        ("Berwickshire, Roxburgh and Selkirk", "Berwickshire, Roxburgh and Selkirk", 1.0, 1.0),
    ],
)
def test_seats_are_made_of_those_they_were_made_of(old: str, new: str, of_old: float, of_new: float) -> None:
    """Seats whose boundaries stayed are whole, others have the parts of the source, Scottish ones under new codes."""
    row = named().filter(old=old, new=new)
    assert row.select("of_old", "of_new").rows() == [(of_old, of_new)]


@pytest.mark.parametrize(
    ("seat", "part", "other"),
    [("constituency_old", "of_old", "constituency"), ("constituency", "of_new", "constituency_old")],
)
def test_parts_are_of_people(seat: str, part: str, other: str) -> None:
    """Electors of one set shared out by the parts are those of the other within a fifth; by area some are not."""
    rows = read_table("contests").select("election_date", "constituency", "electorate")
    fought = {"constituency_old": date(2019, 12, 12), "constituency": date(2024, 7, 4)}
    here, there = (
        rows.filter(election_date=fought[side]).select("electorate", **{side: "constituency"}) for side in (seat, other)
    )
    shares = read_table("overlaps").join(here, on=seat).with_columns(electors=pl.col(part) * pl.col("electorate"))
    recast = shares.group_by(other).agg(pl.col("electors").sum()).join(there, on=other)
    assert recast.height == 650
    assert (recast["electors"] / recast["electorate"]).is_between(0.8, 1.2).all()


@pytest.mark.parametrize(("day", "rows"), [(SETTLED - timedelta(days=1), 0), (SETTLED, 1365)])
def test_overlaps_are_known_with_the_new_set(day: date, rows: int) -> None:
    """The day before the boundaries of 2024 were settled no overlap is known, on that day all are."""
    evidence = load_evidence().as_of(day)
    assert evidence.overlaps.height == rows
    assert evidence.constituencies.filter(pl.col("boundary_set") == "2024").height == (650 if rows else 0)


def raw_files(folder: Path, pairs: str) -> Path:
    """A raw folder with these pairs and one Scottish seat with a new code."""
    (folder / "results").mkdir()
    (folder / overlaps.OVERLAPS).write_text(pairs, encoding="utf-8-sig")
    (folder / "results/revised_scottish_codes_2024.csv").write_text("S1,A,S2\n", encoding="utf-8")
    return folder


def test_pairs_are_read_by_place(tmp_path: Path) -> None:
    """Parts are the last two numbers, a late code replaces the old one of the new seat only, empty ground is left."""
    pairs = "S1S1,S1,A,S1,A,0.1,0.2,0.3,0.4,0.5,0.6\nS1S3,S1,A,S3,B,0.1,0.2,0.3,0.4,0,0\n"
    made = overlaps.tables(raw_files(tmp_path, pairs))["overlaps"]
    assert made.sort("constituency").rows() == [("S1", "S2", 0.5, 0.6, "2010", "2024", SETTLED)]


@pytest.mark.parametrize(
    "row", ["S1S1,S1,A,S1,A,0.1,0.2,0.3,0.4,0.5\n", "S1S1,S1,A,S1,A,0.1,0.2,0.3,0.4,half,0.6\n", ""]
)
def test_a_file_that_is_not_the_one_expected_is_refused(tmp_path: Path, row: str) -> None:
    """A file that lacks a column, holds a word for a number, or is empty is refused by name."""
    with pytest.raises(BadInput, match="constituency_overlaps"):
        overlaps.tables(raw_files(tmp_path, row))


@pytest.mark.parametrize("part", ["", "1.5", "-0.1"])
def test_a_part_that_cannot_be_is_refused(tmp_path: Path, part: str) -> None:
    """A part that is missing, above 1 or below 0 breaks the contract of the table."""
    raw = raw_files(tmp_path, f"S1S1,S1,A,S1,A,0.1,0.2,0.3,0.4,{part},0.6\n")
    with pytest.raises(BadInput, match="overlaps compiled from the raw files breaks its contract"):
        write_table("overlaps", overlaps.tables(raw)["overlaps"], tmp_path)


def test_rebuild_is_byte_identical(raw_sources: Path, tmp_path: Path) -> None:
    """The raw files give the shipped table byte for byte."""
    written = write_table("overlaps", overlaps.tables(raw_sources)["overlaps"], tmp_path)
    assert written.read_bytes() == (tables_dir() / "overlaps.csv").read_bytes()
