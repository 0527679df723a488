"""Small tables for comparing a scenario with the forecast it started from."""

import math

import numpy as np
import polars as pl

from models.forecast import Forecast
from views import palette, words


def mean_end(table: pl.DataFrame) -> int:
    """Right end of an axis of mean seats in a comparison: beyond the majority and both means."""
    highest: float = max([350.0, *table["seats_base"], *table["seats_other"]])
    return 50 * math.ceil(highest / 50)


def dumbbell_rows(table: pl.DataFrame, *, accessible: bool) -> pl.DataFrame:
    """Rows of the comparison of seats.

    Parameters
    ----------
    table : pl.DataFrame
        As ``models.scenario.compare`` gives it, largest first.
    accessible : bool
        Whether to use the accessible colours.

    Returns
    -------
    pl.DataFrame
        ``short, fill, rank, row, seats_base, seats_other``; ``row`` has the change with its 90 % range on its second
        line.
    """
    changes = table.select("seats_change", "lo90", "hi90").rows()
    labels = [f"{words.signed(mean)} ({words.signed(lo)} to {words.signed(hi)})" for mean, lo, hi in changes]
    short = [palette.line(code).short for code in table["party"]]
    return table.select(
        "seats_base",
        "seats_other",
        rank=pl.int_range(pl.len()),
        short=pl.Series(short, dtype=pl.String),
        fill=pl.Series([palette.colour(code, accessible) for code in table["party"]], dtype=pl.String),
        row=pl.Series([f"{name}|{label}" for name, label in zip(short, labels, strict=True)], dtype=pl.String),
    )


def seat_changes(base: Forecast, other: Forecast) -> pl.DataFrame:
    """Seats whose chances differ between two forecasts of the same draws: those with another likeliest winner first.

    Parameters
    ----------
    base, other : Forecast
        The forecast and the scenario.

    Returns
    -------
    pl.DataFrame
        ``name, region, winner_base, p_base, winner_other, p_other, moved``; ``moved`` is the part of the chances that
        went from some lines to others (total variation), 0 to 1, and at least 0.005; it orders the rows.
    """
    moved = 0.5 * np.abs(other.p_win - base.p_win).sum(axis=1)
    before, after = base.constituencies(), other.constituencies()
    table = before.select(
        "name",
        "region",
        winner_base="winner",
        p_base="p_winner",
        winner_other=after["winner"],
        p_other=after["p_winner"],
        moved=pl.Series(moved),
    )
    changed = pl.col("winner_base") != pl.col("winner_other")
    return table.filter(pl.col("moved") >= 0.005).sort(changed, "moved", descending=True)
