"""Sentences of who else might lead a party: seats, the chance to last, and what nobody has asked voters."""

from datetime import date

import polars as pl

from models.leader_alternatives import IN_OFFICE, UNRATED
from models.scenario import NEW_LEADER
from views import palette, words
from views.sentences_links import LEARNED_FROM


def alternatives(found: pl.DataFrame, party: str, polling_day: date) -> str:
    """Say what the leader in office and a new one would win, and what is not known of the others.

    Parameters
    ----------
    found : pl.DataFrame
        As ``models.leader_alternatives.summary`` gives it.
    party : str
        Party code.
    polling_day : date
        Polling day.

    Returns
    -------
    str
        Plain text.
    """
    now = found.row(by_predicate=pl.col("basis") == IN_OFFICE, named=True)
    new = found.row(by_predicate=pl.col("leader") == NEW_LEADER, named=True)
    who = palette.line(party).who
    said = (
        f"Under {now['leader']}, {who} would win {now['seats']:.0f} seats (median; 90% range "
        f"{words.seat_range(now['seats_lo90'], now['seats_hi90'])}). Under a new leader it would be {new['seats']:.0f} "
        f"({words.seat_range(new['seats_lo90'], new['seats_hi90'])}): more seats than now "
        f"are {words.chance(new['p_better'])}, fewer are {words.chance(new['p_worse'])}."
    )
    if now["p_lasts"] is not None:
        said += (
            f" That {now['leader']} still leads on {words.day(polling_day)} is {words.chance(now['p_lasts'])}; of a "
            f"new leader who began today it would be {words.chance(new['p_lasts'])}."
        )
    return said


def unrated(found: pl.DataFrame) -> str:
    """Say of whom voters were never asked."""
    names = found.filter(pl.col("basis") == UNRATED, pl.col("leader") != NEW_LEADER)["leader"].to_list()
    if not names:
        return (
            "The tables name nobody else who might lead: candidates of the latest contests, former leaders, ministers."
        )
    return (
        f"No poll held has asked voters about {words.listed(names)}. Whoever has no rating starts where new leaders "
        "have started: such rows are the same, and the data cannot rank them."
    )


ALTERNATIVES_NOTE = (
    "White dots: medians; bars: 50, 80 and 95%. Voters' view of a leader is drawn anew and lasts until polling day; "
    "MPs are taken to stand behind each as they do behind the leader in office. Change is counted simulation by "
    "simulation. To set a leader yourself, use the scenario panel."
)


def lasting_note(party: str) -> str:
    """Say how the chance to lead until polling day is known, or that it is not."""
    if party in LEARNED_FROM:
        return (
            "Whether somebody still leads on polling day follows from how long leaders have lasted since 1955, by "
            "favourability, MPs' support and office. How many MPs would stand behind a new leader is not known and "
            "counts as that."
        )
    return f"How long leaders of {palette.line(party).who} last was not learned, so no chance is given that one stays."
