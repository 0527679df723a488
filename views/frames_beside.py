"""Small tables that set a forecast beside past elections and beside forecasts of others."""

import math
from datetime import date
from typing import Any

import polars as pl

from models.published import EXIT_POLL, is_mrp
from views import palette, words
from views.frames_compare import hundred

OURS, THEN, OTHERS, RESULT = "This model", "Then", "Others", "Result"
MRP, OTHER, EXIT = "MRP", "Other forecast", "Exit poll"
PAST_LANES, LANES = (OURS, THEN), (OURS, OTHERS, RESULT)
PAST_KINDS = ((OURS, "circle"), (THEN, "diamond"))
KINDS = ((OURS, "circle"), (MRP, "square"), (OTHER, "triangle-up"), (RESULT, "diamond"))
"""Kinds of figures beside published forecasts; exit polls, made after the vote, stand in the table only."""
Ours = dict[str, tuple[float, float, float]]
"""Mean and both ends of the 90 % range of seats, by party."""


def end_of(table: pl.DataFrame, majority: int) -> int:
    """Right end of an axis of seats: beyond the majority and all that is drawn."""
    highest: float = max([majority + 20.0, *table["value"], *table["hi90"].drop_nulls()])
    return 50 * math.ceil(highest / 50)


def election_name(held: date, days: list[date]) -> str:
    """Name of an election: its year, with the month where a year had two."""
    return f"{held:%B %Y}" if sum(day.year == held.year for day in days) > 1 else f"{held.year}"


def _figures(
    code: str,
    rank: int,
    year: int,
    accessible: bool,
    figures: list[tuple[str, str, str, float, float | None, float | None]],
) -> list[dict[str, Any]]:
    look = palette.line_in(code, year)
    same = {"rank": rank, "row": look.short, "short": look.short, "fill": palette.colour(code, accessible)}
    return [
        same | dict(zip(("lane", "kind", "name", "value", "lo90", "hi90"), figure, strict=True)) for figure in figures
    ]


def _frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    numbers = dict.fromkeys(("value", "lo90", "hi90"), pl.Float64)
    return pl.DataFrame(rows, schema_overrides=numbers, infer_schema_length=None)


def past_rows(table: pl.DataFrame, held: date, *, accessible: bool) -> pl.DataFrame:
    """Rows of the chart of a past election.

    Parameters
    ----------
    table : pl.DataFrame
        As ``models.beside_past.beside_past`` gives it.
    held : date
        Polling day.
    accessible : bool
        Whether to use the accessible colours.

    Returns
    -------
    pl.DataFrame
        ``rank, row, short, fill, lane, kind, name, value, lo90, hi90``.
    """
    rows = []
    for rank, row in enumerate(table.iter_rows(named=True)):
        ours = (OURS, OURS, OURS, row["seats_mean"], row["seats_lo90"], row["seats_hi90"])
        then = (THEN, THEN, words.day(held), float(row["seats_then"]), None, None)
        rows += _figures(row["party"], rank, 9999, accessible, [ours, then])
    return _frame(rows)


def past_table(table: pl.DataFrame, held: date) -> pl.DataFrame:
    """A past election beside the forecast, as text."""
    rows = []
    for row in table.iter_rows(named=True):
        look = palette.line_in(row["party"], held.year)
        rows.append(
            {
                "Party": look.name,
                "Seats then": f"{row['seats_then']}",
                "Seats (mean and 90% range)": f"{row['seats_mean']:.0f} ({_seats(row, 'seats')})",
                "As large a part": hundred(row["p_seats"]) if row["seats_then"] else "–",
                "Votes then": words.share(row["votes_then"]),
                "Votes (mean and 90% range)": f"{words.share(row['votes_mean'])} "
                f"({words.share_range(row['votes_lo90'], row['votes_hi90'])})",
                "As many votes": hundred(row["p_votes"]),
            }
        )
    return pl.DataFrame(rows)


def _seats(row: dict[str, Any], what: str) -> str:
    return words.seat_range(row[f"{what}_lo90"], row[f"{what}_hi90"])


def kind_of(kind: str) -> str:
    """Kind of a published forecast as the chart tells them apart."""
    return MRP if is_mrp(kind) else EXIT if kind == EXIT_POLL else OTHER


def parties_of(table: pl.DataFrame) -> list[str]:
    """Parties that published forecasts name, in the order of the columns."""
    keys = {"forecaster", "kind", "known_on", "verified", "source"}
    return [name for name in table.columns if name not in keys]


def published_rows(
    table: pl.DataFrame, ours: Ours, came: dict[str, float], year: int, *, accessible: bool
) -> pl.DataFrame:
    """Rows of the chart of published forecasts.

    Parameters
    ----------
    table : pl.DataFrame
        As ``models.published.published_for`` gives it.
    ours : dict
        This model's seats; empty where it has none.
    came : dict
        Seats that each party won; empty where the election is still to come.
    year : int
        Year of the election, after which parties are named.
    accessible : bool
        Whether to use the accessible colours.

    Returns
    -------
    pl.DataFrame
        ``rank, row, short, fill, lane, kind, name, value, lo90, hi90``; exit polls are left out.
    """
    rows: list[dict[str, Any]] = []
    for rank, code in enumerate(parties_of(table)):
        figures: list[tuple[str, str, str, float, float | None, float | None]] = []
        if code in ours:
            figures.append((OURS, OURS, OURS, *ours[code]))
        for name, kind, seats in table.select("forecaster", "kind", code).drop_nulls(code).iter_rows():
            if kind_of(kind) != EXIT:
                figures.append((OTHERS, kind_of(kind), f"{name}, {kind}", seats, None, None))
        if code in came:
            figures.append((RESULT, RESULT, RESULT, came[code], None, None))
        rows += _figures(code, rank, year, accessible, figures)
    return _frame(rows)


def published_table(table: pl.DataFrame, ours: Ours, came: dict[str, float], year: int, when: str) -> pl.DataFrame:
    """Published forecasts with this model's and the result, as text.

    Parameters
    ----------
    table, ours, came, year
        As for ``published_rows``.
    when : str
        When this model's forecast was as of.

    Returns
    -------
    pl.DataFrame
        ``Forecast, Kind, Known by``, and a column for each party.
    """
    codes = parties_of(table)
    short = {code: palette.line_in(code, year).short for code in codes}
    rows = []
    if came:
        seats = {short[code]: f"{came[code]:.0f}" if code in came else "–" for code in codes}
        rows.append({"Forecast": RESULT, "Kind": "", "Known by": "", **seats})
    if ours:
        said = {
            short[code]: f"{ours[code][0]:.0f} ({words.seat_range(*ours[code][1:])})" if code in ours else "–"
            for code in codes
        }
        rows.append({"Forecast": OURS, "Kind": "mean and 90% range", "Known by": when, **said})
    for row in table.iter_rows(named=True):
        seats = {short[code]: "–" if row[code] is None else f"{row[code]:.0f}" for code in codes}
        mark = "" if row["verified"] else " (unverified)"
        day = words.day(row["known_on"])
        rows.append({"Forecast": row["forecaster"] + mark, "Kind": row["kind"], "Known by": day, **seats})
    return pl.DataFrame(rows)
