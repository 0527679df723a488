"""Sentences of a seat's card: by how much it may be won, what would change it, what changed, and seats like it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from views import palette, words


def majority(seat: Mapping[str, Any]) -> str:
    """Say by how much the seat may be won.

    Parameters
    ----------
    seat : mapping
        A row of ``models.seat_table.seat_table``.

    Returns
    -------
    str
        The majority, whoever wins, and the lead of the party that holds the seat, both with their 90 % range.
    """
    won = f"{words.share(seat['majority'])} ({words.share_range(seat['majority_lo90'], seat['majority_hi90'])})"
    lead, lo, hi = (words.signed(100 * seat[f"holder_lead{end}"]) for end in ("", "_lo90", "_hi90"))
    return f"{won} whoever wins; {palette.line(seat['held_by']).who} as holder {lead} points ({lo} to {hi})"


def swing(seat: Mapping[str, Any]) -> str:
    """Say what swing would put the nearest challenger level with the party ahead."""
    if seat["challenger"] is None:
        return "nobody else is expected to stand"
    ahead, challenger = (palette.line(seat[name]).who for name in ("ahead", "challenger"))
    return f"{100 * seat['swing']:.1f} points from {ahead} to {challenger} would put them level"


def change(seat: Mapping[str, Any] | None, since: date | None) -> str:
    """Say what became of a seat's chances since the last forecast.

    Parameters
    ----------
    seat : mapping, optional
        A row of ``models.seat_compare.changed_since``; none where nothing moved.
    since : date, optional
        Last day of the earlier forecast's evidence; none where no such forecast is stored.

    Returns
    -------
    str
        Part of a sentence.
    """
    if since is None:
        return "no earlier forecast of this election by these models is stored"
    start = f"since the forecast of {words.day(since)}"
    if seat is None:
        return f"none {start}"
    then, now = (palette.line(seat[name]).who for name in ("leader_before", "leader"))
    before, after = round(100 * seat["p_before"]), round(100 * seat["p_leader"])
    if then == now:
        return f"{start} the chance of {now} went from {before} to {after} in 100"
    return f"{start} the likeliest winner went from {then} ({before} in 100) to {now} ({after} in 100)"


def similar(seats: pl.DataFrame) -> str:
    """Name the seats most like one, each with its likeliest winner."""
    rows = seats.select("name", "leader").iter_rows()
    return words.listed([f"{name} ({palette.line(leader).short})" for name, leader in rows])


def tipping(party: str, majority_line: int) -> str:
    """Say what the table of tipping seats shows."""
    who = palette.line(party).who
    return (
        f"In each simulation the seats are ordered by the lead of {who} over the best rival; the one in place "
        f"{majority_line} tips the majority. Tips: in how many of 100 simulations. Chance: of {who} there, in 100. "
        "Place: by that chance."
    )
