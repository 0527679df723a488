"""Sentences of the chain from a leader to seats: what each link is worth, how soon, and what adds nothing."""

from typing import Any

import polars as pl

from models.explain_text import in_hundred
from models.forecast import LeaderState
from models.leader_chain import SHARE, Chain
from views import frames_leaders, palette, words

LEARNED_FROM = frozenset({"con", "lab", "lib"})
"""Parties whose leaders taught the links."""
SOON = 90
"""Days after a change at which its worth is told beside polling day."""
ASSOCIATED = "Associated, not shown to cause: leaders were not drawn by lot."


def link(chain: Chain, name: str, state: LeaderState, lead_days: int) -> str:
    """Say what one link is worth, with its interval.

    Parameters
    ----------
    chain : Chain
        From ``models.leader_chain``.
    name : str
        The link.
    state : LeaderState
        The leader in office.
    lead_days : int
        Days to polling day.

    Returns
    -------
    str
        One sentence.
    """
    row = chain.summary().row(by_predicate=pl.col("link") == name, named=True)
    _, unit, form = frames_leaders.PANELS[name]
    middle, lo, hi = (words.signed(row[end], int(form[1])) for end in ("median", "lo90", "hi90"))
    value, span = f"{middle} {unit.lower()}", f"90% range {lo} to {hi}"
    above = in_hundred(row["p_positive"])
    mps = _mps(chain, state)
    step = "One point" if chain.share >= SHARE else "A tenth of a point"
    by_then = f"by polling day, {words.plural(lead_days, 'day')} on"
    said = {
        "new_leader": f"A new leader would start {_beside(row['median'])} {state.leader} ({span}), and is liked better "
        f"in {above} of 100 simulations.",
        "standing_share": f"Ten points of favourability are worth {value} to {palette.line(chain.party).who} {by_then} "
        f"({span}). {ASSOCIATED}",
        "share_seats": f"{step} more of the vote is worth {value} ({span}).",
        "standing_seats": f"All in all, ten points of favourability are worth {value} ({span}), and more than none in "
        f"{above} of 100 simulations.",
        "mps_standing": f"{mps} are worth {value} {by_then} ({span}).",
        "mps_share": f"{mps} are worth {value}, straight and by way of favourability ({span}). {ASSOCIATED}",
        "mps_seats": f"All in all, they are worth {value} ({span}).",
    }
    return said[name]


def _beside(points: float) -> str:
    """How far above or below somebody a standing is: ``12 points above``."""
    if round(points) == 0:
        return "level with"
    return f"{words.plural(round(abs(points)), 'point')} of favourability {'above' if points > 0 else 'below'}"


def carried_over(party: str) -> str:
    """Say whose leaders taught the links, where it was not the party's own."""
    if party in LEARNED_FROM:
        return ""
    return (
        "What leaders are worth was learned from Conservatives, Labour and Liberals since 1979: for "
        f"{palette.line(party).who} it is carried over."
    )


def without_mps(state: LeaderState) -> str:
    """Say why links from MPs are missing."""
    return f"How many MPs stand behind {state.leader} is not known, so no link from MPs is drawn."


def adds(rows: pl.DataFrame, lead: int) -> str:
    """Say what leaders and MPs have added to forecasts of past elections beyond the polls.

    Parameters
    ----------
    rows : pl.DataFrame
        As ``views.frames_track.evidence`` gives it, for the error in votes in points.
    lead : int
        Days before polling day.

    Returns
    -------
    str
        Plain text; empty where the record does not say.
    """
    parts = []
    for row in rows.iter_rows(named=True):
        ends = f"{row['lo90']:.2f} to {row['hi90']:.2f}".replace("-", "−")
        verdict = "adds nothing that can be seen"
        if row["hi90"] < 0:
            verdict = "lowers the error"
        elif row["lo90"] > 0:
            verdict = "raises the error"
        parts.append(
            f"{row['adds']} {verdict} ({words.signed(row['difference'], 2)} points of error, 90% interval {ends}, "
            f"{words.plural(row['elections'], 'election')})"
        )
    if not parts:
        return ""
    return (
        "The links above say how polls have moved when standing moved. Whether leaders and MPs say more of a result "
        f"than polls do is another question: in forecasts of past elections, {words.plural(lead, 'day')} before, "
        f"{words.listed(parts)}."
    )


def course(table: pl.DataFrame, name: str, chain: Chain, state: LeaderState) -> str:
    """Say how much of a link is there soon after a change, and by polling day.

    Parameters
    ----------
    table : pl.DataFrame
        The link's rows of ``models.leader_chain.courses``.
    name : str
        The link.
    chain : Chain
        The same links by polling day.
    state : LeaderState
        The leader in office.

    Returns
    -------
    str
        One sentence.
    """
    _, unit, _ = frames_leaders.PANELS[name]
    start = "Ten points of favourability" if name == "standing_share" else _mps(chain, state)
    last = table.row(-1, named=True)
    soon = table.filter(pl.col("days") >= min(SOON, last["days"])).row(0, named=True)
    said = f"{start}: {_worth(soon)} {unit.lower()} after {words.plural(soon['days'], 'day')}"
    if soon["days"] == last["days"]:
        return f"{said}, on polling day."
    return f"{said}, {_worth(last)} on polling day."


def _worth(row: dict[str, Any]) -> str:
    middle, lo, hi = (words.signed(row[end], 1) for end in ("median", "lo90", "hi90"))
    return f"{middle} ({lo} to {hi})"


def _mps(chain: Chain, state: LeaderState) -> str:
    return f"Ten in 100 {'more' if chain.mps > 0 else 'fewer'} MPs behind {state.leader}"
