"""Small tables of the scenario lab: contributions, curves along a dial, steps."""

import math
from typing import Any

import polars as pl

from models.forecast import Forecast
from models.response_curves import Curves, read_off
from models.waterfall import Waterfall
from views import palette, words
from views import sentences_lab as told
from views import sentences_solve as said
from views.frames import NI_AND_SPEAKER
from views.frames_compare import short

WORTH_A_LINE = 5
"""Seats that a line must reach in 1 of 20 simulations, somewhere along a dial, to be drawn."""
BASE, OTHER = "Forecast", "Scenario"


def bars(found: Waterfall, party: str) -> pl.DataFrame:
    """Floating bars of the waterfall: where each setting takes the seats from and to.

    Parameters
    ----------
    found : Waterfall
        As ``models.waterfall.waterfall`` gives it.
    party : str
        Whose seats.

    Returns
    -------
    pl.DataFrame
        ``rank, row, below, start, end, kind, told``; ``below`` is the next row's ``row``, ``kind`` is ``More``,
        ``Fewer`` or ``Total``, and the first and last row are the forecast and the scenario.
    """
    total = found.total_seats.row(by_predicate=pl.col("party") == party, named=True)
    level = total["base"]
    rows: list[dict[str, Any]] = [_bar(f"{BASE}|{level:.0f}", level, level, "Total", f"{level:.0f}")]
    for row in found.seats.filter(pl.col("party") == party).sort("part").rows(named=True):
        change = f"{words.signed(row['mean'])} ({told.ends(row)})"
        name = short(told.brief(found.parts[row["part"]]))
        kind = "More" if row["mean"] >= 0 else "Fewer"
        rows.append(_bar(f"{name}|{change}", level, level + row["mean"], kind, change))
        level += row["mean"]
    rows.append(_bar(f"{OTHER}|{total['other']:.0f}", total["other"], total["other"], "Total", f"{total['other']:.0f}"))
    below = [row["row"] for row in rows[1:]] + [rows[-1]["row"]]
    return pl.DataFrame(rows).with_columns(below=pl.Series(below), rank=pl.int_range(pl.len()))


def _bar(row: str, start: float, end: float, kind: str, change: str) -> dict[str, Any]:
    return {"row": row, "start": start, "end": end, "kind": kind, "told": change}


def bar_ends(rows: pl.DataFrame) -> tuple[int, int]:
    """Ends of the axis of a waterfall: tens around all bars, with room for the marks of both totals."""
    values = [*rows["start"], *rows["end"]]
    room = max(5.0, 0.06 * (max(values) - min(values)))
    return max(0, 10 * math.floor((min(values) - room) / 10)), 10 * math.ceil((max(values) + room) / 10)


def contribution_table(forecast: Forecast, found: Waterfall, party: str) -> pl.DataFrame:
    """Contributions as text, seats and votes.

    Parameters
    ----------
    forecast : Forecast
        The base.
    found : Waterfall
        As ``models.waterfall.waterfall`` gives it.
    party : str
        Whose.

    Returns
    -------
    pl.DataFrame
        A row a setting and one for all together.
    """
    votes = found.votes.filter(pl.col("party") == party).rows(named=True)
    seats = found.seats.filter(pl.col("party") == party).rows(named=True)
    names = [told.part(forecast, found.parts[row["part"]]) for row in seats]
    names.append("All together")
    seats.append(found.total_seats.row(by_predicate=pl.col("party") == party, named=True))
    votes += found.total_votes.filter(pl.col("party") == party).rows(named=True)
    table = pl.DataFrame(
        {
            "Setting": names,
            "Seats": [words.signed(row["mean"]) for row in seats],
            "90% range": [told.ends(row) for row in seats],
        }
    )
    if not votes:
        return table
    return table.with_columns(
        pl.Series("Points of the vote", [words.signed(100 * row["mean"], 1) for row in votes]),
        pl.Series("90% range, points", [told.ends(row, 100, 1) for row in votes]),
    )


def drawn(curves: Curves) -> list[str]:
    """Lines worth drawing along a dial, most seats first."""
    rows = curves.seats.filter(~pl.col("party").is_in([*NI_AND_SPEAKER, "oth"]))
    reached = rows.group_by("party", maintain_order=True).agg(pl.col("hi90").max())
    now = curves.now.select("party", "median", "mean")
    kept = reached.filter(pl.col("hi90") >= WORTH_A_LINE).join(now, on="party", maintain_order="left")
    return [str(party) for party in kept.sort("median", "mean", descending=True)["party"]]


def curve_rows(curves: Curves, lines: list[str], focus: str) -> pl.DataFrame:
    """Medians of some lines along a dial, and the bands of one.

    Parameters
    ----------
    curves : Curves
        As ``models.response_curves.response_curves`` gives them.
    lines : list of str
        Which lines.
    focus : str
        Whose bands are drawn.

    Returns
    -------
    pl.DataFrame
        ``value, short, told, band, lo90, lo50, median, hi50, hi90``.
    """
    rows = curves.seats.filter(pl.col("party").is_in(lines))
    return rows.select(
        "value",
        "lo90",
        "lo50",
        "median",
        "hi50",
        "hi90",
        short=_short(rows),
        told=pl.Series([said.number(curves.dial, value) for value in rows["value"]], dtype=pl.String),
        band=pl.col("party") == focus,
    )


def live_rows(curves: Curves, lines: list[str], *, accessible: bool) -> pl.DataFrame:
    """Seats at every place of the slider, for the picture that the browser draws by itself.

    Parameters
    ----------
    curves : Curves
        As ``models.response_curves.response_curves`` gives them.
    lines : list of str
        Which lines, in order.
    accessible : bool
        Whether to use the accessible colours.

    Returns
    -------
    pl.DataFrame
        ``value, rank, row, short, fill, now, lo90, lo50, median, hi50, hi90``; ``row`` has the numbers on its second
        line, ``now`` is the median in the scenario as it is.
    """
    rows = read_off(curves, lines)
    now = dict(curves.now.select("party", "median").iter_rows())
    labels = [
        f"{palette.line(row['party']).short}|{row['median']:.0f} ({words.seat_range(row['lo90'], row['hi90'])})"
        for row in rows.iter_rows(named=True)
    ]
    return rows.select(
        "value",
        pl.col("lo90", "lo50", "median", "hi50", "hi90").round(1),
        row=pl.Series(labels, dtype=pl.String),
        rank=pl.Series([lines.index(code) for code in rows["party"]]),
        short=_short(rows),
        fill=pl.Series([palette.colour(code, accessible) for code in rows["party"]], dtype=pl.String),
        now=pl.Series([now[code] for code in rows["party"]]),
    )


def _short(rows: pl.DataFrame) -> pl.Series:
    return pl.Series([palette.line(code).short for code in rows["party"]], dtype=pl.String)


def seats_end(curves: Curves, majority: int) -> int:
    """Right end of an axis of seats along a dial: beyond the majority and all ranges."""
    highest: float = curves.seats["hi90"].max()  # type: ignore[assignment]
    return 50 * math.ceil(max(majority + 20, highest) / 50)


def curve_table(forecast: Forecast, curves: Curves, lines: list[str], focus: str) -> pl.DataFrame:
    """Read the same numbers as a table.

    Parameters
    ----------
    forecast : Forecast
        The base.
    curves : Curves
        As ``models.response_curves.response_curves`` gives them.
    lines : list of str
        Which lines.
    focus : str
        Whose chances are given.

    Returns
    -------
    pl.DataFrame
        A row a value that was run: median and 90 % range of each line, and two chances in 100.
    """
    values = curves.seats["value"].unique().sort().to_list()
    columns: dict[str, list[str]] = {said.axis(forecast, curves.dial): [_place(curves, value) for value in values]}
    for line in lines:
        rows = curves.seats.filter(pl.col("party") == line).sort("value").rows(named=True)
        columns[palette.line(line).name] = [
            f"{row['median']:.0f} ({words.seat_range(row['lo90'], row['hi90'])})" for row in rows
        ]
    chances = curves.chances.filter(pl.col("party") == focus).sort("value")
    name = palette.line(focus).name
    columns[f"{name} majority, in 100"] = [f"{100 * p:.0f}" for p in chances["majority"]]
    columns[f"{name} largest, in 100"] = [f"{100 * p:.0f}" for p in chances["largest"]]
    return pl.DataFrame(columns)


def _place(curves: Curves, value: float) -> str:
    text = said.number(curves.dial, value)
    if value == curves.base:
        return f"{text} (forecast)"
    return f"{text} (scenario)" if value == curves.window.start else text


def step_table(forecast: Forecast, table: pl.DataFrame, party: str) -> pl.DataFrame:
    """Steps of dials as text, the largest first.

    Parameters
    ----------
    forecast : Forecast
        The base.
    table : pl.DataFrame
        As ``models.sensitivity.sensitivity`` gives it.
    party : str
        Whose seats.

    Returns
    -------
    pl.DataFrame
        A row a step.
    """
    rows = table.filter(pl.col("party") == party).sort(pl.col("mean").abs(), descending=True).rows(named=True)
    return pl.DataFrame(
        {
            "One step": [told.step(forecast, row) for row in rows],
            "Seats": [words.signed(row["mean"]) for row in rows],
            "90% range": [told.ends(row) for row in rows],
        }
    )
