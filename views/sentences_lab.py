"""Sentences of the scenario lab, and the names of a scenario's parts."""

from typing import Any

import polars as pl

from models.forecast import Forecast
from models.response_curves import Curves
from models.scenario_parts import Part
from models.solve_schema import Dial
from models.waterfall import Waterfall
from views import palette, words
from views import sentences_solve as said
from views.sentences_scenario import settings

DIALS = {**said.DIALS, "day": "Polling day"}
"""Names of dials; polling day moves here, too."""
SAID = 3
"""Phrases of one part that are written out, as of many seats given by hand."""
LEAST = 0.5
"""Seats that are worth a word."""
BRIEF = {"region": "Regional swing", "seats": "Seats by hand", "day": "Polling day", "polling_error": "Polls' error"}


def part(forecast: Forecast, chosen: Part) -> str:
    """Name one setting as the panel's sentence does: ``Labour leader's net favourability +20``.

    Parameters
    ----------
    forecast : Forecast
        The base.
    chosen : Part
        The setting.

    Returns
    -------
    str
        Words for a table.
    """
    found = settings(forecast, chosen.scenario)
    more = f" and {len(found) - SAID} more" if len(found) > SAID else ""
    text = "; ".join(found[:SAID]) + more
    return text[:1].upper() + text[1:]


def brief(chosen: Part) -> str:
    """Name one setting in few letters, as it fits beside a bar."""
    asked, code = chosen.scenario, chosen.party or ""
    if not code:
        if chosen.kind == "tactical":
            return f"Tactical {100 * asked.tactical:.0f}%"
        return BRIEF.get(chosen.kind) or ("Shares" if chosen.kind == "share" else chosen.kind.replace("_", " "))
    change = asked.parties[code].model_dump(exclude_none=True) if code in asked.parties else {}
    what = {
        "leader": "new leader",
        "favourability": f"rating {words.signed(change.get('favourability', 0.0))}",
        "mp_support": f"MPs {100 * change.get('mp_support', 0.0):.0f}%",
        "event": change.get("event", "").replace("_", " "),
        "share": f"{words.signed(100 * change.get('share_shift', 0.0), 1)} pts",
        "turnout": f"turnout {words.signed(100 * asked.turnout.get(code, 0.0))}%",
        "stand_downs": "stands down",
    }
    return f"{palette.line(code).short}: {what[chosen.kind]}"


def spread(row: dict[str, Any]) -> str:
    """Write a change of seats with its range: ``+42 (90% range +14 to +78)``."""
    return f"{words.signed(row['mean'])} (90% range {ends(row)})"


def ends(row: dict[str, Any], scale: float = 1.0, digits: int = 0) -> str:
    """Both ends of a 90 % range, with their signs."""
    return f"{words.signed(scale * row['lo90'], digits)} to {words.signed(scale * row['hi90'], digits)}"


def contributions(forecast: Forecast, found: Waterfall, party: str) -> str:
    """Say what a scenario changes for a party, and which settings give and take most.

    Parameters
    ----------
    forecast : Forecast
        The base.
    found : Waterfall
        As ``models.waterfall.waterfall`` gives it.
    party : str
        Whose seats.

    Returns
    -------
    str
        Plain text.
    """
    total = found.total_seats.row(by_predicate=pl.col("party") == party, named=True)
    who = palette.line(party).who
    text = f"The scenario changes the seats of {who} by {spread(total)}, from a mean of {total['base']:.0f} to "
    text += f"{total['other']:.0f}"
    if party in forecast.parties:
        votes = found.total_votes.row(by_predicate=pl.col("party") == party, named=True)
        text += f", and its vote by {words.signed(100 * votes['mean'], 1)} points"
    rows = found.seats.filter(pl.col("party") == party).sort("mean").rows(named=True)
    if rows[-1]["mean"] >= LEAST:
        text += f". Most is gained by {_quoted(forecast, found, rows[-1])}"
    if rows[0]["mean"] <= -LEAST:
        text += f". Most is lost by {_quoted(forecast, found, rows[0])}"
    return f"{text}."


def _quoted(forecast: Forecast, found: Waterfall, row: dict[str, Any]) -> str:
    return f"“{part(forecast, found.parts[row['part']])}”: {spread(row)}"


def lot(found: Waterfall, party: str) -> str:
    """Say how far contributions may be off where orders were drawn by lot; nothing where they are exact."""
    if found.exact:
        return ""
    worst: float = found.seats.filter(pl.col("party") == party)["se"].max()  # type: ignore[assignment]
    size = f"{worst:.0f}" if worst >= 0.95 else f"{worst:.1f}"
    orders = f" With {len(found.parts)} settings, orders are drawn by lot"
    return f"{orders}: the standard error of a part is at most {size} seats."


def curve(forecast: Forecast, curves: Curves, party: str) -> str:
    """Say what a dial does to a party's seats and chances from end to end.

    Parameters
    ----------
    forecast : Forecast
        The base.
    curves : Curves
        As ``models.response_curves.response_curves`` gives them.
    party : str
        Whose seats.

    Returns
    -------
    str
        Plain text.
    """
    dial, window = curves.dial, curves.window
    now = _at(curves.now, window.start, party)
    seats = [_at(curves.seats, window.lo, party), now, _at(curves.seats, window.hi, party)]
    chances = [_at(curves.chances, window.lo, party), now, _at(curves.chances, window.hi, party)]
    told = [f"{row['median']:.0f} seats (90% range {words.seat_range(row['lo90'], row['hi90'])})" for row in seats]
    place = [said.number(dial, value) for value in (window.lo, window.start, window.hi)]
    text = f"{said.axis(forecast, dial)}. At {place[0]} {palette.line(party).who} would have {told[0]}"
    if window.start not in (window.lo, window.hi):
        text += f"; as now, at {place[1]}, {told[1]}"
    text += f"; and {told[2]} at {place[2]}"
    for name, field in (("a majority", "majority"), ("first place in seats", "largest")):
        low, here, high = (words.frequency(row[field]) for row in chances)
        if low == here == high:
            text += f". The chance of {name} stays {here}"
        else:
            text += f". The chance of {name} goes from {low} through {here} now to {high}"
    return f"{text}."


def _at(table: pl.DataFrame, value: float, party: str) -> dict[str, Any]:
    return table.row(by_predicate=(pl.col("value") == value) & (pl.col("party") == party), named=True)


def step(forecast: Forecast, row: dict[str, Any]) -> str:
    """Name one step of a dial: ``Net favourability of Andy Burnham +10, from +11``.

    Parameters
    ----------
    forecast : Forecast
        The base.
    row : dict
        One of ``models.sensitivity.sensitivity``.

    Returns
    -------
    str
        Words for a table.
    """
    dial = Dial.model_validate({"kind": row["kind"], "party": row["of"]})
    who, size = palette.line(row["of"] or "").name, abs(row["step"])
    way = "+" if row["step"] > 0 else "−"
    leader = next((state.leader for state in forecast.manifest.leaders if state.party == row["of"]), "")
    start = said.number(dial, row["start"])
    named = {
        "favourability": f"{leader}: {way}{size:.0f} points of net favourability, from {start}",
        "mp_support": f"{leader}: {way}{size:.0f} points of the party's MPs, from {start}",
        "share": f"{who}: {way}{size:.0f} point of the vote",
        "turnout": f"{who}: {way}{size:.0f}% of supporters who vote",
        "tactical": f"Tactical voting: {way}{size:.0f}% of the estimate, from {start}",
        "day": f"Polling day: {size:.0f} days {'later' if row['step'] > 0 else 'sooner'}",
    }
    return named[row["kind"]]


def steps(forecast: Forecast, table: pl.DataFrame, party: str) -> str:
    """Say which step moves a party's seats most.

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
    str
        Plain text.
    """
    of = table.filter(pl.col("party") == party).sort(pl.col("mean").abs(), descending=True)
    first = of.row(0, named=True)
    return (
        f"Of {words.plural(of.height, 'step')} tried one at a time, the one that changes the seats of "
        f"{palette.line(party).who} most is “{step(forecast, first)}”: {spread(first)}."
    )
