"""Constituencies of each boundary set, hexagons of the sets of 2010 and 2024, and outlines of the set of 2024."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from data.compile.common import raw_file
from data.compile.library import library
from data.compile.results import parliament_seats
from data.errors import BadInput

KNOWN_ON = {
    "1955": date(1954, 5, 26),  # a year before first use; the Orders are of January 1955
    "1974": date(1970, 11, 11),  # the Orders
    "1983": date(1982, 6, 9),  # a year before first use; the Orders are of March 1983
    "1997": date(1996, 5, 1),  # a year before first use; the Orders are of 1995
    "2005": date(2004, 5, 5),  # a year before first use; the Order for Scotland is of February 2005
    "2010": date(2008, 6, 11),  # the Order for Northern Ireland, the last of the four
    "2024": date(2023, 11, 14),  # the eve of the Orders, by when the final reports were laid and could not be changed
}
"""Day each boundary set counts as known."""

ADDED = {"1983-milton-keynes-north-east": date(1991, 4, 9)}
"""Seats made within a set: Milton Keynes was divided for 1992 only. A year before first use."""

HEXES = {
    "2010": "maps/hex_constituencies_2010.hexjson",
    "2024": "maps/hex_constituencies_2024.hexjson",
}


OUTLINES = "maps/boundaries_2024_buc.geojson"
PLACES = 4
"""Decimals of a degree kept in outlines, those of the source: about 10 metres."""


def constituencies(raw: Path) -> pl.DataFrame:
    """List the seats of every boundary set.

    Parameters
    ----------
    raw : Path
        Folder of raw files.

    Returns
    -------
    pl.DataFrame
        Columns boundary_set, constituency, name, nation, region, known_on.

    Raises
    ------
    BadInput
        If a raw file is missing or not what is expected.
    """
    columns = ["boundary_set", "constituency", "name", "nation", "region"]
    recent = [parliament_seats(raw, year).with_columns(pl.lit(year).alias("boundary_set")) for year in HEXES]
    seats = pl.concat(
        [
            library(raw).select(columns).unique(),
            *(frame.select(columns) for frame in recent),
        ]
    )
    settled = pl.col("boundary_set").replace_strict(KNOWN_ON)
    return seats.with_columns(pl.col("constituency").replace_strict(ADDED, default=settled).alias("known_on"))


def hexes(raw: Path) -> pl.DataFrame:
    """Read the hexagon of each seat (columns boundary_set, constituency, q, r, known_on).

    Parameters
    ----------
    raw : Path
        Folder of raw files.

    Returns
    -------
    pl.DataFrame
        One row a seat of the sets in ``HEXES``; odd-r layout, north is a larger ``r``.

    Raises
    ------
    BadInput
        If a file is missing or has another layout.
    """
    rows: list[tuple[str, str, int, int, date]] = []
    for boundary_set, name in HEXES.items():
        layout = json.loads(raw_file(raw, name).read_text(encoding="utf-8"))
        if layout.get("layout") != "odd-r":
            raise BadInput(f"Raw file {name} has layout {layout.get('layout')!r}; only odd-r is read. Fetch it again.")
        rows += [
            (boundary_set, code, place["q"], place["r"], KNOWN_ON[boundary_set])
            for code, place in layout["hexes"].items()
        ]
    return pl.DataFrame(rows, ["boundary_set", "constituency", "q", "r", "known_on"], orient="row")


def _ring(points: list[list[float]]) -> str:
    """Write one ring as well-known text."""
    return "(" + ", ".join(f"{round(lon, PLACES):g} {round(lat, PLACES):g}" for lon, lat in points) + ")"


def well_known_text(geometry: dict[str, Any]) -> str:
    """Write a polygon or several of GeoJSON as well-known text.

    Parameters
    ----------
    geometry : dict
        A GeoJSON geometry in degrees.

    Returns
    -------
    str
        ``POLYGON`` or ``MULTIPOLYGON``, longitude before latitude.

    Raises
    ------
    BadInput
        If it is of another type, or a ring is not closed.
    """
    kind, coordinates = geometry["type"].upper(), geometry["coordinates"]
    if kind not in {"POLYGON", "MULTIPOLYGON"}:
        raise BadInput(f"An outline in {OUTLINES} is a {kind}; only polygons are read. Fetch the file again.")
    polygons = [coordinates] if kind == "POLYGON" else coordinates
    if any(ring[0] != ring[-1] for polygon in polygons for ring in polygon):
        raise BadInput(f"An outline in {OUTLINES} ends elsewhere than it begins. Fetch the file again.")
    written = ", ".join("(" + ", ".join(map(_ring, polygon)) + ")" for polygon in polygons)
    return f"{kind} {written}" if kind == "POLYGON" else f"{kind} ({written})"


def boundaries(raw: Path) -> pl.DataFrame:
    """Read the outline of each seat of the set of 2024 (columns boundary_set, constituency, outline, known_on).

    Parameters
    ----------
    raw : Path
        Folder of raw files.

    Returns
    -------
    pl.DataFrame
        One row a seat.

    Raises
    ------
    BadInput
        If the file is missing or is not GeoJSON of constituencies.
    """
    try:
        features = json.loads(raw_file(raw, OUTLINES).read_text(encoding="utf-8"))["features"]
        outlines = [(feature["properties"]["PCON24CD"], feature["geometry"]) for feature in features]
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(
            f"Raw file {OUTLINES} is not GeoJSON with features, PCON24CD and geometry ({error}). Fetch it again."
        ) from error
    return pl.DataFrame(
        [("2024", code, well_known_text(geometry), KNOWN_ON["2024"]) for code, geometry in outlines],
        ["boundary_set", "constituency", "outline", "known_on"],
        orient="row",
    )


def tables(raw: Path) -> dict[str, pl.DataFrame]:
    """Compile constituencies, hexagons and outlines.

    Parameters
    ----------
    raw : Path
        Folder of raw files.

    Returns
    -------
    dict of str to pl.DataFrame
        Tables ``constituencies, hexes, boundaries``.

    Raises
    ------
    BadInput
        If a raw file is missing or not what is expected.
    """
    return {"constituencies": constituencies(raw), "hexes": hexes(raw), "boundaries": boundaries(raw)}
