"""Sentences of leaders: where they stand, who backs them, how strong the evidence is."""

from datetime import date
from typing import Any

import polars as pl

from models.forecast import Forecast, LeaderState
from models.mp_history import Backing
from views import frames_leaders, words

APART = 2.0
"""Points from which the line's end and the standing that the forecast starts from are told apart."""
WITHOUT_HISTORY = "Nor is it said here what others would win, as former leaders' ratings cannot be read."


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


def trend_note(path: pl.DataFrame, state: LeaderState, every: int, unrated: list[str]) -> str:
    """Say what the marks of the chart mean, whom it leaves out, and where its end is not where the forecast starts.

    Parameters
    ----------
    path : pl.DataFrame
        As ``models.leader_history.favourability_paths`` gives it.
    state : LeaderState
        The leader in office.
    every : int
        One in so many ratings is drawn.
    unrated : list of str
        Leaders of whom no rating is held.

    Returns
    -------
    str
        Plain text.
    """
    kept = "" if every == 1 else f", one in {every} drawn"
    said = (
        "Line: the answers that Ipsos would get when it asks whether people are satisfied, with bands of 50, 80 and "
        f"95%, seen with all that is known today. Dots: ratings, less what wording and pollster usually add{kept}; "
        "pollsters differ on single leaders, too, so dots may keep to one side of the line. Where Ipsos has not asked, "
        "most of the width would move the whole line up or down together."
    )
    if unrated:
        said += f" No rating is held of {words.listed(unrated)}."
    if path["leader"][-1] == state.leader and abs(path["mean"][-1] - state.favourability) >= APART:
        start = f"{words.signed(state.favourability)} ± {state.favourability_sd:.0f}"
        said += f" The forecast starts from {start}: it reads the last two years of ratings, this line all of them."
    return said


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
    own = held.whole.filter(pl.col("leader") == state.leader)
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
    mps = f"{_count(votes, 'vote')} of MPs on {state.leader} and {_count(acts, 'act')} against"
    checked = f"{doubtful} of them not checked in a second place" if doubtful else "all checked in a second place"
    mps = f"{mps}, {checked}." if votes or acts else f"{mps} is on record."
    return [rated, f"{mps[0].upper()}{mps[1:]}"]


def _count(number: int, what: str) -> str:
    return words.plural(number, what) if number else f"no {what}"


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
