"""Seats as outlines: where each lies on the geographic map."""

import polars as pl

from models.outlines import outlines

MARGIN = 0.02
"""Free room on each side of the map, as a part of its longer side."""

Box = tuple[float, float, float, float]


def place(within: pl.DataFrame, seats: pl.DataFrame) -> pl.DataFrame:
    """Give each seat its outline.

    Parameters
    ----------
    within : pl.DataFrame
        Seats to draw.
    seats : pl.DataFrame
        All seats of the election.

    Returns
    -------
    pl.DataFrame
        The rows of ``within`` with the columns of ``models.outlines.outlines``; no rows where outlines of other
        boundaries are held only.
    """
    return within.join(outlines(seats["constituency"]), on="constituency", maintain_order="left")


def box(placed: pl.DataFrame) -> Box:
    """Ends ``x0, x1, y0, y1`` of a picture that holds all outlines of a table of one row or more."""
    ends = placed.select(pl.min("west"), pl.max("east"), pl.min("south"), pl.max("north")).row(0)
    room = MARGIN * max(ends[1] - ends[0], ends[3] - ends[2])
    return ends[0] - room, ends[1] + room, ends[2] - room, ends[3] + room
