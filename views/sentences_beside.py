"""Sentences that set a forecast beside past elections and beside forecasts of others."""

from datetime import date
from typing import Any

import polars as pl

from views import palette, words
from views.frames_beside import EXIT, MRP, Ours, kind_of, parties_of
from views.frames_compare import hundred

HOUSES = (
    "Seats are compared as parts of their House, because Houses had 630 to 659 seats; boundaries were redrawn several "
    "times since 1955, and the same votes would win other seats today. The Speaker is counted apart. Ulster Unionists "
    "sat with the Conservatives until 1970 and are counted with them."
)


def past(table: pl.DataFrame, held: date, house: int, any_party: float) -> str:
    """Say what the largest party won, and how often the forecast has it do as well.

    Parameters
    ----------
    table : pl.DataFrame
        As ``models.beside_past.beside_past`` gives it.
    held : date
        Polling day.
    house : int
        Seats in the House then.
    any_party : float
        How often any party has as large a part of the House.

    Returns
    -------
    str
        Two sentences of plain text.
    """
    row: dict[str, Any] = table.row(0, named=True)
    who = palette.line_in(row["party"], held.year).who
    return (
        f"On {words.day(held)} {who} won {row['seats_then']} of {house} seats on {words.share(row['votes_then'])} of "
        f"the vote in Great Britain. In this forecast the party does at least as well in seats in "
        f"{hundred(row['p_seats'])} simulations, and in votes in {hundred(row['p_votes'])}; any party has as large a "
        f"part of the House in {hundred(any_party)}."
    )


def chart(table: pl.DataFrame, held: date) -> str:
    """Say for each of the three largest parties then what it won and what is forecast."""
    parts = [
        f"{palette.line_in(row['party'], held.year).who} {row['seats_then']} then and "
        f"{row['seats_mean']:.0f} (90% range {words.seat_range(row['seats_lo90'], row['seats_hi90'])}) in the forecast"
        for row in table.head(3).iter_rows(named=True)
    ]
    return f"Seats: {'; '.join(parts)}."


def published(table: pl.DataFrame, ours: Ours, came: dict[str, float], held: date, when: str) -> str:
    """Say how far published forecasts lay apart for the party they gave most seats, where this model stood, what came.

    Parameters
    ----------
    table : pl.DataFrame
        As ``models.published.published_for`` gives it.
    ours : dict
        This model's seats; empty where it has none.
    came : dict
        Seats that each party won; empty where the election is still to come.
    held : date
        Polling day.
    when : str
        Of what day this model's forecast was: ``as of 3 July 2024``.

    Returns
    -------
    str
        One sentence of plain text.
    """
    others = table.filter(pl.Series([kind_of(kind) != EXIT for kind in table["kind"]], dtype=pl.Boolean))
    shown = others if others.height else table
    code = max(parties_of(shown), key=lambda party: shown[party].mean() or 0.0)
    who, seats = palette.line_in(code, held.year).who, shown[code].drop_nulls()
    mrps = sum(kind_of(kind) == MRP for kind in shown["kind"])
    count = words.plural(shown.height, "published forecast")
    kinds = "none of them an MRP" if not mrps else "one of them an MRP" if mrps == 1 else f"{mrps} of them MRPs"
    low, high = (float(end) for end in (seats.to_numpy().min(), seats.to_numpy().max()))
    span = f"{low:.0f} seats" if low == high else f"{low:.0f} to {high:.0f} seats"
    text = f"In {count} of the election of {words.day(held)}, {kinds}, {who} had {span}"
    if code in ours:
        mean, lo, hi = ours[code]
        text += f"; this model, {when}, had {mean:.0f} (90% range {words.seat_range(lo, hi)})"
    return text + (f"; {came[code]:.0f} were won." if code in came else ".")
