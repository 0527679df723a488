"""Sentences of what made a forecast, from the same numbers as its charts."""

from typing import Any

import polars as pl

from models.explain import CHANGES
from models.explain_text import SOURCE_NAMES, link_sentence
from models.forecast import Forecast
from views import frames_why, palette, words

UNITS = {"votes": "of the vote", "seats": "seats"}
MOVES = {"votes": "points", "seats": "seats"}
SINGULAR = frozenset({"office", "campaign", "poll_error"})
"""Steps whose name takes a singular."""
LARGE = 5
"""A source that owns this much in 100 is named."""


def moved(rows: pl.DataFrame, party: str, what: str) -> str:
    """Say what moved a party's forecast, step by step, and which steps add nothing.

    Parameters
    ----------
    rows : pl.DataFrame
        As ``views.frames_why.steps`` gives it.
    party : str
        Party code.
    what : str
        ``votes`` or ``seats``.

    Returns
    -------
    str
        Plain text with every number of the chart.
    """
    first, *steps, last = rows.iter_rows(named=True)
    who, unit = palette.line(party).who, UNITS[what]
    start = f"The last result alone would lead to expect {_level(first, what)} {unit} for {who}"
    said = [f"{start} (90% range {frames_why.range_of(first, what)})."]
    large = [row for row in steps if row["verdict"] in {"", "perhaps nothing"}]
    if large:
        start = f"{large[0]['name']} {_verb(large[:1], 'move')} it by {_move(large[0], what)}"
        more = [f"{row['name']} by {_move(row, what)}" for row in large[1:]]
        said.append(frames_why.capital(f"{start}{', ' if more else ''}{words.listed(more)}."))
    for verdict in ("next to nothing", "nothing"):
        small = [row for row in steps if row["verdict"] == verdict]
        if small:
            names = [row["name"] + (f" ({_move(row, what)})" if verdict != "nothing" else "") for row in small]
            said.append(frames_why.capital(f"{words.listed(names)} {_verb(small, 'add')} {verdict}."))
    said.append(f"In all: {_level(last, what)} {unit} (90% range {frames_why.range_of(last, what)}).")
    return " ".join(said)


def _verb(rows: list[dict[str, Any]], verb: str) -> str:
    """The verb for what does it: polls move, time in office moves."""
    return f"{verb}s" if len(rows) == 1 and rows[0]["step"] in SINGULAR else verb


def _level(row: dict[str, Any], what: str) -> str:
    return frames_why.number_of(row["mean"], what, level=True)


def _move(row: dict[str, Any], what: str) -> str:
    """A move with its range: ``−2.1 points (−4.0 to −0.2)``."""
    number, inside = frames_why.number_of(row["mean"], what, level=False), frames_why.range_of(row, what)
    if row["verdict"] == "next to nothing":
        return f"{number}, {inside}"
    doubt = ", so perhaps by nothing" if row["verdict"] else ""
    return f"{number} {MOVES[what]} ({inside}{doubt})"


def owners(budget: pl.DataFrame, party: str, what: str) -> str:
    """Say whose a party's uncertainty is.

    Parameters
    ----------
    budget : pl.DataFrame
        As ``models.explain.variance_budget`` gives it.
    party : str
        Party code.
    what : str
        ``votes`` or ``seats``.

    Returns
    -------
    str
        The largest source first, those that own 5 in 100 or more, then leaders and MPs in any case.
    """
    owned = frames_why.owners(budget, party, what)
    who = palette.line(party).who
    if not owned:
        return f"No {what} are uncertain for {who}: the party wins no seat in any simulation."
    (top, most), *others = owned.items()
    start = "Most" if most > 50 else "The largest part"
    said = f"{start} of the variance of {what} comes from {SOURCE_NAMES[top]}: {most} in 100 for {who}"
    large = [(source, part) for source, part in others if part >= LARGE]
    if large:
        said += ", then " + words.listed([f"{SOURCE_NAMES[source]} ({part})" for source, part in large])
    small = [source for source in ("leaders", "mps") if source in owned and source not in {top, *dict(large)}]
    if small:
        parts = [f"{SOURCE_NAMES[source]} own {owned[source] or 'less than 1'}" for source in small]
        said += f". {frames_why.capital(words.listed(parts))} in 100"
    return f"{said}."


def worth(table: pl.DataFrame, party: str) -> list[str]:
    """Say what each link is worth to a party.

    Parameters
    ----------
    table : pl.DataFrame
        As ``models.explain.link_worth`` gives it.
    party : str
        Party code.

    Returns
    -------
    list of str
        A sentence a link.
    """
    who = palette.line(party).who
    return [link_sentence(table, link, who, write=_points) for link in CHANGES]


def _points(value: float) -> str:
    return words.signed(value, 1).removeprefix("+")


def where_it_starts(forecast: Forecast, party: str) -> str:
    """Say where a party's leader stands today, or that no evidence is held.

    Parameters
    ----------
    forecast : Forecast
        What is explained.
    party : str
        Party code.

    Returns
    -------
    str
        One sentence of plain text.
    """
    who = palette.line(party).who
    state = next((leader for leader in forecast.manifest.leaders if leader.party == party), None)
    if state is None:
        return f"The forecast knows no leader of {who}: what is said here is carried over from other parties."
    rated = f"{words.signed(state.favourability)} ± {state.favourability_sd:.0f} points" if state.n_ratings else ""
    backed = "" if state.support is None else f"{100 * state.support:.0f}% of the MPs behind the leader"
    known = words.listed([part for part in (rated, backed) if part])
    missing = [name for name, part in (("the leader's standing", rated), ("MPs' support", backed)) if not part]
    gap = f"no evidence of {words.listed(missing)} is held" if missing else ""
    return f"Today, {who} under {state.leader}: {'; '.join(part for part in (known, gap) if part)}."
