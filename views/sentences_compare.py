"""Sentences on scenarios side by side, from the same numbers as their charts."""

import polars as pl

from models.compare_many import Comparison
from views import palette, words
from views.frames_compare import LETTERS, hundred


def outcomes(found: Comparison, first: str) -> str:
    """Say how often each scenario ends as the first, whose name is given, does."""
    parts = [f"{hundred(same)} with {LETTERS[i]}" for i, same in enumerate(found.same, start=1)]
    return f"Of the simulations, the outcome is the same as in A ({first}) in {words.listed(parts)}."


def pair(found: Comparison, place: int, name: str) -> str:
    """Say what one scenario does to the line it moves most.

    Parameters
    ----------
    found : Comparison
        As ``models.compare_many.compare_many`` gives it.
    place : int
        Place of the scenario, from 1.
    name : str
        Its name.

    Returns
    -------
    str
        One sentence of plain text.
    """
    start = f"{LETTERS[place]}, {name}: "
    rows = found.differences.filter(pl.col("scenario") == place)
    moved = rows.filter((pl.col("p_more") > 0) | (pl.col("p_fewer") > 0))
    if moved.is_empty():
        return f"{start}no seats differ from A in any simulation, and the outcome is the same in 100 of 100."
    row = moved.sort(pl.col("mean").abs(), descending=True).row(0, named=True)
    up = row["mean"] > 0
    how, often = ("more", row["p_more"]) if up else ("fewer", row["p_fewer"])
    return (
        f"{start}{palette.line(row['party']).who} would win {abs(row['mean']):.0f} seats {how} than in A on average "
        f"(90% range {words.signed(row['lo90'])} to {words.signed(row['hi90'])}), and {how} in {hundred(often)} "
        f"simulations; the outcome is the same in {hundred(found.same[place - 1])}."
    )


def seats(found: Comparison) -> str:
    """Say how many seats the line with most of them in A wins in each scenario."""
    table = found.seats
    top = table.filter(pl.col("scenario") == 0).sort("mean", descending=True).row(0, named=True)
    parts = [
        f"{row['mean']:.0f} in {LETTERS[row['scenario']]} (90% range {words.seat_range(row['lo90'], row['hi90'])})"
        for row in table.filter(pl.col("party") == top["party"]).iter_rows(named=True)
    ]
    return f"Seats of {palette.line(top['party']).who}, on average: {words.listed(parts)}."


def differences(found: Comparison) -> str:
    """Say by how many seats each scenario differs from A, for the line that any of them moves most."""
    table = found.differences
    top = table.sort(pl.col("mean").abs(), descending=True).row(0, named=True)
    parts = [
        f"{words.signed(row['mean'])} in {LETTERS[row['scenario']]} "
        f"(90% range {words.signed(row['lo90'])} to {words.signed(row['hi90'])})"
        for row in table.filter(pl.col("party") == top["party"]).iter_rows(named=True)
    ]
    return (
        f"Seats of {palette.line(top['party']).who} less those in A in the same simulation, on average: "
        f"{words.listed(parts)}."
    )


def moves(found: Comparison) -> str:
    """Say how many seats have another likeliest winner than in the first."""
    changed = [
        found.moves.filter(pl.col(f"winner_{i}") != pl.col("winner_0")).height for i in range(1, len(found.same) + 1)
    ]
    parts = [f"{words.plural(count, 'seat')} in {LETTERS[i]}" for i, count in enumerate(changed, start=1)]
    return f"Another likeliest winner than in A: {words.listed(parts)}."
