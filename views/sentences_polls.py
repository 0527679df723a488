"""Sentences of the page of polls: one a chart, why a poll was used or not, and what new polls do."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from data.catalogue.package import PollCount
from models.forecast import Forecast
from models.poll_news import News
from models.poll_table import ABSENT, EARLY, EARLY_DAYS, GONE, LATER, NATION, USED, parties_of
from models.reweight import FEWEST, OLD, OLDEST_DAYS, Reweighted
from models.reweight import NATION as OF_NATION
from views import palette, words

WHY = {
    USED: "on the path of Great Britain",
    NATION: "moves its nation only, not the path",
    GONE: "on the path; the tables hold it no more",
    EARLY: f"ended within {EARLY_DAYS} days of the election",
    ABSENT: "not in the tables this forecast was made of",
}
LEFT_OUT = {
    "undated": "without a date",
    "polling_day": "with fieldwork on polling day",
    "misfiled": "filed under another parliament",
    "sum_high": "with shares that sum to more than 102%",
    "sum_low": "with shares that sum to less than 85%",
    "repeats": "printed twice",
    "pools": "a pool of polls held",
}
"""Reasons for which rows of the sources never entered the tables."""


def headline(forecast: Forecast, rows: pl.DataFrame) -> str:
    """Say how many polls there are, how many the forecast rests on, and of whom."""
    on_path = rows.filter(pl.col("place").is_not_null())
    signed = on_path.filter(pl.col("pollster") != "", pl.col("kind").fill_null("poll") != "pseudo")
    nations = rows.filter(pl.col("why") == NATION)["area"].value_counts(sort=True).rows()
    out = rows.filter(pl.col("status") == "excluded").height
    since = words.day(forecast.manifest.previous_election)
    polls, makers = words.plural(on_path.height, "poll"), words.plural(signed["pollster"].n_unique(), "pollster")
    text = f"Since the election of {since} the forecast uses {polls} of Great Britain by {makers}"
    if nations:
        told = words.listed([f"{count} of {area}" for area, count in nations])
        text += f"; {told} {'moves' if sum(count for _, count in nations) == 1 else 'move'} their own nation only"
    return f"{text}. {'No poll' if out == 0 else words.plural(out, 'poll')} in the tables {_is(out)} excluded."


def _is(count: int) -> str:
    return "is" if count < 2 else "are"


def reasons(rows: pl.DataFrame, parties: Sequence[str]) -> list[str]:
    """Say in words why each poll was used or not, and which of its parties have no line.

    Parameters
    ----------
    rows : pl.DataFrame
        As ``models.poll_table.poll_rows`` gives it.
    parties : sequence of str
        Parties with a line in the forecast.

    Returns
    -------
    list of str
        A clause a poll.
    """
    without = [code for code in parties_of(rows) if code not in (*parties, "oth")]
    return [_reason(row, without) for row in rows.iter_rows(named=True)]


def _reason(row: dict[str, Any], without: list[str]) -> str:
    if row["why"] == LATER:
        return f"published on {words.day(row['known_on'])}, after the evidence ends"
    folded = [palette.line(code).name for code in without if row[code] is not None]
    text = WHY[row["why"]]
    return f"{text}; {words.listed(folded)} counted among others" if folded and row["why"] == USED else text


def left_out(count: PollCount | None) -> str:
    """Say which rows of the sources never entered the tables of this Parliament; empty where it is not known."""
    if count is None:
        return ""
    told = [f"{n} {text}" for name, text in LEFT_OUT.items() if (n := getattr(count, name))]
    joined = f"{count.joined} more were the same poll in two sources" if count.joined else ""
    parts = [part for part in (f"Left out before: {words.listed(told)}" if told else "", joined) if part]
    return f"The sources hold more rows for this Parliament than the tables. {'; '.join(parts)}." if parts else ""


def trend(standing: pl.DataFrame, smoother: str, day: date) -> str:
    """Say where the chosen smoother has the parties, and how far the model is from it.

    Parameters
    ----------
    standing : pl.DataFrame
        As ``views.frames_polls.standing`` gives it.
    smoother : str
        The one chosen.
    day : date
        The last day.

    Returns
    -------
    str
        One sentence.
    """
    told = standing.filter(pl.col(smoother).is_not_null()).sort(smoother, descending=True)
    if told.is_empty():
        return f"Too few polls ended lately for {_of(smoother)} to say where parties stand."
    shares = told.select("party", smoother).rows()
    parts = [f"{palette.line(code).who} at {words.share(value)}" for code, value in shares]
    start = f"On {words.day(day)} {_of(smoother)} has {words.listed(parts)}"
    if smoother == "model":
        return f"{start}."
    apart = told.with_columns(off=pl.col(smoother) - pl.col("model")).sort(pl.col("off").abs(), descending=True)
    code, off = apart.select("party", "off").row(0)
    points = words.signed(100 * off, 1).lstrip("+−")
    if float(points) == 0:
        return f"{start}, as the model does."
    return f"{start}; it is furthest from the model on {palette.line(code).who}, {points} points {_side(off)} it."


def _of(smoother: str) -> str:
    return {"model": "the model", "mean": "the plain mean of 14 days", "local": "local regression"}[smoother]


def _side(off: float) -> str:
    return "above" if off > 0 else "below"


def leans(table: pl.DataFrame, party: str) -> str:
    """Say which pollsters lean most to a party and away from it.

    Parameters
    ----------
    table : pl.DataFrame
        As ``views.frames_polls.leans`` gives it.
    party : str
        The party.

    Returns
    -------
    str
        One sentence.
    """
    who = palette.line(party).who
    clear = table.filter((pl.col("lo90") > 0) | (pl.col("hi90") < 0))
    if clear.is_empty():
        return f"No pollster has {who} clearly above or below the median path."
    above, below = clear.filter(pl.col("lean") > 0), clear.filter(pl.col("lean") < 0)
    parts = [
        f"{row['pollster']} most {_side(row['lean'])} it, by {abs(row['lean']):.1f} points"
        for side in (above.head(1), below.tail(1))
        for row in side.iter_rows(named=True)
    ]
    n = words.plural(clear.height, "pollster")
    has = "has" if clear.height == 1 else "have"
    return f"{n} clearly {has} {who} above or below the median path: {words.listed(parts)}."


def news(what: News, parties: Sequence[str]) -> str:
    """Say how many polls came in and went out since a day, and which party moved most.

    Parameters
    ----------
    what : News
        What happened.
    parties : sequence of str
        Parties to judge.

    Returns
    -------
    str
        One sentence.
    """
    moved = what.moved.filter(pl.col("party").is_in(list(parties)), pl.col("before").is_not_null())
    moved = moved.with_columns(by=pl.col("after") - pl.col("before")).sort(pl.col("by").abs(), descending=True)
    start = f"Since {words.day(what.since)} {words.plural(what.came.height, 'poll')} came in"
    if moved.is_empty():
        return f"{start}."
    code, before, after = moved.select("party", "before", "after").row(0)
    return f"{start}; {palette.line(code).who} moved most, from {_decimal(before)} to {_decimal(after)}."


def _decimal(value: float) -> str:
    return f"{100 * value:.1f}%"


def passed(done: Reweighted) -> str:
    """Say which polls did not enter; empty where all did."""
    reasons = {OF_NATION: "not of Great Britain", OLD: f"more than {OLDEST_DAYS} days before the evidence ends"}
    told = [f"{words.plural(n, 'poll')} {reasons[why]}" for why, n in sorted(done.passed.items())]
    return f"Passed over: {words.listed(told)}." if told else ""


def refused(done: Reweighted, draws: int) -> str:
    """Say why new polls cannot be weighed in."""
    if not done.weighed:
        return "No poll of the file can be weighed in."
    return (
        f"Only {done.effective:,.0f} of {draws:,} simulations still count with {_these(done)}, fewer than {FEWEST}: "
        "they say too much that the forecast did not expect for a quick update. Add them with selectorate data add, "
        "and make the forecast again with selectorate fit."
    )


def updated(table: pl.DataFrame, done: Reweighted, draws: int, hung: tuple[float, float]) -> str:
    """Say what new polls do to votes, seats and the chance of a hung parliament.

    Parameters
    ----------
    table : pl.DataFrame
        As ``models.poll_upload.before_after`` gives it.
    done : Reweighted
        What was done.
    draws : int
        Simulations of the forecast.
    hung : tuple of (float, float)
        Chance of a hung parliament before and after.

    Returns
    -------
    str
        Two sentences.
    """
    apart = (pl.col("seats_median_after") - pl.col("seats_median_before")).abs()
    row = table.filter(pl.col("votes_median_after").is_not_null()).sort(apart, descending=True).row(0, named=True)
    was, now = (f"{row[f'seats_median_{when}']:.0f}" for when in ("before", "after"))
    votes = " to ".join(words.share(row[f"votes_median_{when}"]) for when in ("before", "after"))
    then, chance = (words.frequency(p) for p in hung)
    stays = f"stays at {chance}" if then == chance else f"goes from {then} to {chance}"
    return (
        f"Approximate: with {_these(done)} {palette.line(row['party']).who} would go from {was} to {now} seats and "
        f"from {votes} of the vote, and a hung parliament {stays}. "
        f"{done.effective:,.0f} of {draws:,} simulations still count."
    )


def _these(done: Reweighted) -> str:
    return "this poll" if done.weighed == 1 else f"these {done.weighed} polls"
