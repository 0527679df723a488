"""Shipped tables of constituencies, hexagons and outlines, and the code that compiles them."""

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from data import read_table
from data.compile import maps
from data.compile.common import write_table
from data.compile.library import clean_name, slug
from data.errors import BadInput
from data.load import tables_dir

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


def rings(outline: str) -> list[list[tuple[float, float]]]:
    """Rings of an outline in well-known text, each a list of longitude and latitude."""
    found = re.findall(r"\(([^()]+)\)", outline)
    return [[(float(lon), float(lat)) for lon, lat in map(str.split, ring.split(", "))] for ring in found]


def test_every_seat_of_2024_has_an_outline() -> None:
    """The set of 2024 has one outline a seat, known with the set."""
    outlines = read_table("boundaries")
    seats = read_table("constituencies").filter(pl.col("boundary_set") == "2024")
    assert outlines.height == 650
    assert outlines.drop("outline").equals(seats.select("boundary_set", "constituency", "known_on"))


def test_outlines_are_closed_rings_inside_the_kingdom() -> None:
    """Every ring has at least three corners, ends where it begins and lies between Scilly and Shetland."""
    for outline in read_table("boundaries")["outline"]:
        assert re.match(r"POLYGON \(\([^(]|MULTIPOLYGON \(\(\([^(]", outline)
        for ring in rings(outline):
            assert len(set(ring)) >= 3
            assert ring[0] == ring[-1]
            assert all(-8.7 < lon < 1.8 and 49.8 < lat < 60.9 for lon, lat in ring)


def test_outlines_lie_where_the_seats_are() -> None:
    """Longitude comes before latitude, and codes are right: the most northern seat is Orkney and Shetland."""
    top = {
        row[1]: max(lat for ring in rings(row[2]) for _, lat in ring) for row in read_table("boundaries").iter_rows()
    }
    names = dict(read_table("constituencies").select("constituency", "name").iter_rows())
    assert names[max(top, key=lambda code: top[code])] == "Orkney and Shetland"


def test_outlines_are_small_and_as_exact_as_the_source() -> None:
    """Outlines are for small maps: no number has more than four decimals, and the table is below 400 kB."""
    table = tables_dir() / "boundaries.csv"
    assert table.stat().st_size < 400_000
    assert re.search(r"\.\d{5}", table.read_text(encoding="utf-8")) is None


def test_well_known_text_of_holes_and_islands() -> None:
    """A hole is a second ring of its polygon, an island a polygon of its own."""
    square = [[0, 0], [1, 0], [1, 1.00001], [0, 0]]
    hole = [[0.2, 0.1], [0.3, 0.1], [0.3, 0.2], [0.2, 0.1]]
    outer = "(0 0, 1 0, 1 1, 0 0)"
    inner = "(0.2 0.1, 0.3 0.1, 0.3 0.2, 0.2 0.1)"
    assert maps.well_known_text({"type": "Polygon", "coordinates": [square, hole]}) == f"POLYGON ({outer}, {inner})"
    several = maps.well_known_text({"type": "MultiPolygon", "coordinates": [[square], [hole]]})
    assert several == f"MULTIPOLYGON (({outer}), ({inner}))"


@pytest.mark.parametrize(
    ("kind", "coordinates", "sentence"),
    [
        ("Point", [0, 0], "only polygons"),
        ("Polygon", [[[0, 0], [1, 0], [1, 1]]], "ends elsewhere"),
    ],
)
def test_outlines_that_are_none_are_refused(kind: str, coordinates: list[object], sentence: str) -> None:
    """Points and open rings are refused with a sentence."""
    with pytest.raises(BadInput, match=sentence):
        maps.well_known_text({"type": kind, "coordinates": coordinates})


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"features": [{"properties": {}}]}'])
def test_a_file_that_is_not_geojson_is_refused(tmp_path: Path, text: str) -> None:
    """A file of outlines without features and codes is refused by name."""
    (tmp_path / "maps").mkdir()
    (tmp_path / maps.OUTLINES).write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match="boundaries_2024_buc"):
        maps.boundaries(tmp_path)


def test_outlines_rebuild_byte_for_byte(raw_sources: Path, tmp_path: Path) -> None:
    """The raw file gives the shipped outlines byte for byte."""
    written = write_table("boundaries", maps.boundaries(raw_sources), tmp_path)
    assert written.read_bytes() == (tables_dir() / "boundaries.csv").read_bytes()
