"""Who led which party on a day, for rows of the user's that are about a leader."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from data.own.faults import Code, Fault

RATED_FIRST = {("lab", "Andy Burnham"): date(2025, 7, 1), ("grn", "Zack Polanski"): date(2025, 8, 1)}
"""Leaders rated before they led, and since when: evidence cut in between has ratings of them, but not yet a tenure."""


@dataclass(frozen=True)
class Spell:
    """One leadership, first and last day included; ``date.max`` where it goes on."""

    party: str
    leader: str
    first: date
    last: date


def spells(tenure: pl.DataFrame) -> list[Spell]:
    """Pair starts and ends of leaderships.

    Parameters
    ----------
    tenure : pl.DataFrame
        Table ``leader_tenure``.

    Returns
    -------
    list of Spell
        By first day.
    """
    turns = tenure.select("party", "leader", pl.col("event").cast(pl.String), "date")
    ends: dict[tuple[str, str], list[date]] = {}
    for party, leader, _, day in turns.filter(pl.col("event") == "end").sort("date").iter_rows():
        ends.setdefault((party, leader), []).append(day)
    starts = turns.filter(pl.col("event") == "start").sort("date", "party", "leader")
    return [
        Spell(party, leader, day, next((end for end in ends.get((party, leader), []) if end >= day), date.max))
        for party, leader, _, day in starts.iter_rows()
    ]


def leading(held: Sequence[Spell], day: date) -> list[Spell]:
    """Pick the leaderships of a day.

    Parameters
    ----------
    held : sequence of Spell
        What ``spells`` gave.
    day : date
        On the day of a handover both leaders count.

    Returns
    -------
    list of Spell
        Those that contain the day.
    """
    return [spell for spell in held if spell.first <= day <= spell.last]


def parties_led(held: Sequence[Spell], leader: str, day: date) -> list[str]:
    """Pick the parties that somebody led on a day.

    Parameters
    ----------
    held : sequence of Spell
        What ``spells`` gave.
    leader : str
        Name, as held.
    day : date
        First and last day of a leadership count.

    Returns
    -------
    list of str
        Codes; none where she led no party.
    """
    return [spell.party for spell in leading(held, day) if spell.leader == leader]


def no_leader(leader: str, day: date) -> Fault:
    """Say that somebody led no party on a day."""
    text = f"{leader} led no party on {day}, and only leaders in office are taken. Correct either, or remove the row."
    return Fault(Code.CONTRADICTION, text)
