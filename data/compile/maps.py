"""Constituencies of each boundary set, and the hexagons of the sets of 2010 and 2024."""

import json
from datetime import date
from pathlib import Path

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


def tables(raw: Path) -> dict[str, pl.DataFrame]:
    """Compile constituencies and hexagons.

    Parameters
    ----------
    raw : Path
        Folder of raw files.

    Returns
    -------
    dict of str to pl.DataFrame
        Tables ``constituencies, hexes``.

    Raises
    ------
    BadInput
        If a raw file is missing or not what is expected.
    """
    return {"constituencies": constituencies(raw), "hexes": hexes(raw)}
