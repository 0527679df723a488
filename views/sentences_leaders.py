"""Sentences of leaders: where they stand, who backs them, what each link is worth, how strong the evidence is."""

from datetime import date
from typing import Any

import polars as pl

from models.explain_text import in_hundred
from models.forecast import Forecast, LeaderState
from models.leader_chain import SHARE, Chain
from models.mp_history import Backing
from views import frames_leaders, palette, words

LEARNED_FROM = frozenset({"con", "lab", "lib"})
"""Parties whose leaders taught the links."""
APART = 2.0
"""Points from which the line's end and the standing that the forecast starts from are told apart."""
SOON = 90
"""Days after a change at which its worth is told beside polling day."""
ASSOCIATED = "Associated, not shown to cause: leaders were not drawn by lot."


def trend(path: pl.DataFrame, state: LeaderState) -> str:
    """Say where the leader in office stands, and where the one before stood at the end.

    Parameters
    ----------
    path : pl.DataFrame
        As ``models.leader_history.favourability_paths`` gives it.
    state : LeaderState
        The leader in office.

    Returns
    -------
    str
        Plain text.
    """
    if path.is_empty() or path["leader"][-1] != state.leader:
        return f"No rating of {state.leader} is held: no evidence of what voters think."
    now = path.row(-1, named=True)
    said = (
        f"{state.leader} stands at {words.signed(now['mean'])} points of net favourability on {words.day(now['day'])}: "
        f"50% range {_between(now, '50')}, 80% {_between(now, '80')}, 95% {_between(now, '95')}."
    )
    earlier = path.filter(pl.col("spell") < now["spell"])
    if earlier.is_empty():
        return said
    last = earlier.row(-1, named=True)
    end = f"{last['leader']} stood at {words.signed(last['mean'])} at the end, on {words.day(last['day'])}"
    return f"{said} {end} (95% range {_between(last, '95')})."


def _between(row: dict[str, Any], band: str) -> str:
    return f"{words.signed(row[f'lo{band}'])} to {words.signed(row[f'hi{band}'])}"


def trend_note(path: pl.DataFrame, state: LeaderState, every: int) -> str:
    """Say what the marks of the chart mean, and where its end is not where the forecast starts."""
    kept = "" if every == 1 else f", one in {every} drawn"
    said = (
        f"Dots: ratings, less what their wording and pollster usually add{kept}. Bands: 50, 80 and 95%, seen with all "
        "that is known today. Most of their width is what pollsters' questions mean, which would move the whole line "
        "up or down together."
    )
    if path.is_empty() or path["leader"][-1] != state.leader:
        return said
    if abs(path["mean"][-1] - state.favourability) < APART:
        return said
    start = f"{words.signed(state.favourability)} ± {state.favourability_sd:.0f}"
    return f"{said} The forecast starts from {start}: it reads the last two years of ratings, this line all of them."


def backing(held: Backing, state: LeaderState, mps: int) -> str:
    """Say how many MPs stand behind the leader, from which votes and acts, or that there is no evidence.

    Parameters
    ----------
    held : Backing
        From ``models.mp_history``.
    state : LeaderState
        The leader in office.
    mps : int
        How many the party has.

    Returns
    -------
    str
        Plain text: counts of MPs, no bare share.
    """
    now = frames_leaders.last_of(held, state.leader)
    if now is None or state.support is None:
        return f"No evidence of how many MPs stand behind {state.leader}: {_why_not(held)}."
    count, few, many = (round(now[name] * mps) for name in ("mean", "lo95", "hi95"))
    own = held.facts.filter(pl.col("leader") == state.leader)
    votes, acts = own.filter("vote"), own.filter(~pl.col("vote"))
    last = ""
    if votes.height:
        vote = votes.row(-1, named=True)
        last = f" The last vote: {vote['mps']} of {vote['entitled']} MPs, {vote['what']} of {words.day(vote['day'])}"
        since = acts.filter(pl.col("day") > vote["day"]).height
        last += f"; {words.plural(since, 'act')} against the leader since." if since else "."
    return f"About {count} of {mps} MPs stand behind {state.leader} (95% range {few} to {many}).{last}"


def _why_not(held: Backing) -> str:
    if held.few is not None:
        won = words.plural(held.few, "seat") if held.few else "no seat"
        return f"the party won {won} at the last general election, and a vote of so few says little"
    return "no vote of theirs on the leader and no act against the leader is on record"


BACKING_NOTE = (
    "Each day with what was known on it: the line jumps when MPs vote, and the bands (50, 80 and 95%) widen as a vote "
    "grows old. Diamonds: the share of all MPs who voted for the leader, which in a ballot between several is fewer "
    "than will stand behind the winner. Triangles: acts against the leader."
)


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


def strength(forecast: Forecast, state: LeaderState, facts: pl.DataFrame, newest: date | None) -> list[str]:
    """Say how strong the evidence on a leader is, in numbers.

    Parameters
    ----------
    forecast : Forecast
        What is shown.
    state : LeaderState
        The leader in office.
    facts : pl.DataFrame
        Votes and acts of the party's MPs, as in ``models.mp_history.Backing``.
    newest : date or None
        End of fieldwork of the newest rating.

    Returns
    -------
    list of str
        One sentence each on voters and on MPs.
    """
    if newest is None:
        rated = f"No rating of {state.leader} is held."
    else:
        age = words.plural((forecast.manifest.as_of - newest).days, "day")
        ratings = words.plural(state.n_ratings, "rating")
        rated = f"{ratings} of {state.leader}; fieldwork of the newest ended on {words.day(newest)}, {age} before."
    own = facts.filter(pl.col("leader") == state.leader)
    votes, acts, doubtful = (own.filter(rows).height for rows in ("vote", ~pl.col("vote"), "unverified"))
    mps = f"{words.plural(votes, 'vote')} of MPs on {state.leader} and {words.plural(acts, 'act')} against"
    checked = f"{doubtful} of them not checked in a second place" if doubtful else "all checked in a second place"
    return [rated, f"{mps}, {checked}." if votes or acts else f"{mps} are on record."]


def scenario_note(shown: LeaderState, base: LeaderState) -> str:
    """Say where the scenario has another leader or standing for a party than the forecast; empty where not."""
    parts = []
    if shown.leader != base.leader:
        parts.append(f"{shown.leader} leads")
    if abs(shown.favourability - base.favourability) > 1e-9:
        parts.append(f"favourability is {words.signed(shown.favourability)}")
    if shown.support != base.support and shown.support is not None:
        parts.append(f"{100 * shown.support:.0f}% of MPs stand behind the leader")
    if not parts:
        return ""
    return f"In your scenario {words.listed(parts)}. This page shows the forecast as it stands, under {base.leader}."
