"""Shipped tables of constituencies and hexagons, and the code that compiles them."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from data import read_table
from data.compile import maps
from data.compile.library import clean_name, slug
from data.errors import BadInput

SETS = {"1955": 630, "1974": 635, "1983": 651, "1997": 659, "2005": 646, "2010": 650, "2024": 650}
REGIONS = {
    "East Midlands",
    "East of England",
    "London",
    "North East",
    "North West",
    "Northern Ireland",
    "Scotland",
    "South East",
    "South West",
    "Wales",
    "West Midlands",
    "Yorkshire and The Humber",
}


def test_identifiers_last_through_a_boundary_set() -> None:
    """Each set lists its seats once, and every contest is for a seat of the election's set."""
    constituencies = read_table("constituencies")
    assert dict(constituencies.group_by("boundary_set").len().iter_rows()) == SETS
    sets = read_table("elections").select("election_date", "boundary_set")
    contests = read_table("contests").join(sets, on="election_date")
    assert contests.join(constituencies, on=["boundary_set", "constituency"], how="anti").is_empty()
    assert constituencies.filter(pl.col("boundary_set") < "2010")["constituency"].is_unique().all()


def test_only_milton_keynes_is_not_fought_at_every_election_of_its_set() -> None:
    """A seat keeps its identifier from the first to the last election of its boundary set."""
    sets = read_table("elections").select("election_date", "boundary_set", held=pl.len().over("boundary_set"))
    fought = read_table("contests").join(sets, on="election_date")
    times = fought.group_by("boundary_set", "constituency").agg(pl.len(), pl.col("held").first())
    assert times.filter(pl.col("len") != pl.col("held"))["constituency"].to_list() == ["1983-milton-keynes-north-east"]


def test_seats_unchanged_in_2005_keep_their_names() -> None:
    """Only Scotland was redrawn for 2005: all other seats have the name, and so the end of the identifier, of 1997."""
    seats = read_table("constituencies").filter(pl.col("nation") != "Scotland")
    old, new = (seats.filter(pl.col("boundary_set") == year)["constituency"].str.tail(-5) for year in ("1997", "2005"))
    assert old.len() == 587
    assert old.sort().equals(new.sort())


def test_regions_are_spelled_alike_in_all_sets() -> None:
    """Every set has the nine English regions, Scotland, Wales and Northern Ireland by the same names."""
    regions = read_table("constituencies").group_by("boundary_set").agg(pl.col("region").unique())
    assert all(set(found) == REGIONS for found in regions["region"])


@pytest.mark.parametrize("boundary_set", SETS)
def test_seats_are_known_before_a_forecast_needs_them(boundary_set: str) -> None:
    """A boundary set is known at least six months before its first election, and stays known."""
    first = read_table("elections").filter(pl.col("boundary_set") == boundary_set)["election_date"].min()
    known = read_table("constituencies").filter(pl.col("boundary_set") == boundary_set)["known_on"]
    assert isinstance(first, date)
    assert (first - known.mode()[0]).days >= 180


@pytest.mark.parametrize("boundary_set", ["2010", "2024"])
def test_hexagons_are_one_a_seat(boundary_set: str) -> None:
    """Every seat has a hexagon and no two share a place."""
    hexes = read_table("hexes").filter(pl.col("boundary_set") == boundary_set)
    seats = read_table("constituencies").filter(pl.col("boundary_set") == boundary_set)
    assert hexes.select("q", "r").is_unique().all()
    assert hexes.height == 650
    assert hexes["constituency"].to_list() == seats["constituency"].to_list()


@pytest.mark.parametrize(
    ("name", "cleaned", "short"),
    [
        ("Stalybridge And Hyde", "Stalybridge and Hyde", "stalybridge-and-hyde"),
        ("St.Ives", "St Ives", "st-ives"),
        ("Wells ", "Wells", "wells"),
        ("King'S Lynn", "King's Lynn", "kings-lynn"),
        ("Ynys-Mon", "Ynys Môn", "ynys-mon"),
        ("Southamptonitchen", "Southampton Itchen", "southampton-itchen"),
        ("Newcastle-Upon-Tyne East", "Newcastle-upon-Tyne East", "newcastle-upon-tyne-east"),
    ],
)
def test_names_are_written_in_one_style(name: str, cleaned: str, short: str) -> None:
    """Names of the Library file lose their slips, and identifiers are plain."""
    assert clean_name(name) == cleaned
    assert slug(cleaned) == short


def test_hexagons_of_another_layout_are_refused(tmp_path: Path) -> None:
    """A hexjson whose rows are not odd-r would be drawn askew, so it is refused."""
    (tmp_path / "maps").mkdir()
    for name in maps.HEXES.values():
        (tmp_path / name).write_text('{"layout": "odd-q", "hexes": {}}', encoding="utf-8")
    with pytest.raises(BadInput, match="odd-q"):
        maps.hexes(tmp_path)
