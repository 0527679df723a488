"""Sentences of one seat: who holds and may win it, what would change it, what changed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from models.seat_holders import BY_ELECTION, RECAST
from views import palette, words

SPEAKER = "spk"

LEAST_TOLD = 0.01
"""Least chance, and least share of a past vote, that is told in words."""


def _won(seat: Mapping[str, Any]) -> str:
    """Say who won a seat last, when and how; of a by-election also who had won before."""
    who, day = palette.line(seat["holder"]).who, words.day(seat["won_on"])
    if seat["won_at"] == RECAST:
        return f"Held by {who}, as the general election of {day} would have gone on these boundaries"
    if seat["won_at"] != BY_ELECTION:
        return f"Last won by {who} at the general election of {day}"
    before = palette.line(seat["base_winner"]).who
    past = "" if seat["holder"] == seat["base_winner"] else f" (by {before} at the general election before)"
    return f"Last won by {who} at the by-election of {day}{past}"


def one_seat(seat: Mapping[str, Any], *, scenario: bool = False) -> str:
    """Say who holds a seat and who is likely to win it.

    Parameters
    ----------
    seat : mapping
        A row of ``models.seat_map.seats_to_map``.
    scenario : bool
        Whether chances are those of a scenario.

    Returns
    -------
    str
        One sentence of plain text.
    """
    if is_speakers(seat):
        return "The Speaker, if standing again, is not opposed by the main parties: there is nothing to forecast here."
    winner, p = str(seat["winner"]), float(seat["p_winner"])
    what = "a hold" if winner == seat["holder"] else f"a gain by {palette.line(winner).who}"
    asked = "in the scenario " if scenario else ""
    return f"{_won(seat)}; {asked}{what} is {words.chance(p)}, rated {words.category(p)}."


def chances(shares: pl.DataFrame) -> str:
    """Tell the chance of every party that has one, in words and as a frequency, the likeliest first.

    Parameters
    ----------
    shares : pl.DataFrame
        As ``models.seat_holders.seat_lines`` gives it.

    Returns
    -------
    str
        Part of a sentence.
    """
    able = shares.filter(pl.col("p_win") >= LEAST_TOLD).sort("p_win", descending=True)
    return "; ".join(f"{palette.line(party).who} {words.chance(p)}" for party, p in able["party", "p_win"].iter_rows())


def last_result(shares: pl.DataFrame, seat: Mapping[str, Any], last: date) -> str:
    """Tell the result of the last general election.

    Parameters
    ----------
    shares : pl.DataFrame
        As ``models.seat_holders.seat_lines`` gives it.
    seat : mapping
        A row of ``models.seat_map.seats_to_map``.
    last : date
        Day of that election.

    Returns
    -------
    str
        Shares of 1 per cent or more, and whether they are as declared.
    """
    known = shares.filter(pl.col("base") >= LEAST_TOLD).sort("base", descending=True)
    if known.is_empty():
        return f"none of its own is held for {words.day(last)}"
    told = words.listed(
        [f"{palette.line(party).who} {words.share(x)}" for party, x in known["party", "base"].iter_rows()]
    )
    how = (
        f"of {words.day(last)}, recast on these boundaries"
        if seat["won_at"] == RECAST
        else f"declared on {words.day(last)}"
    )
    return f"{told}, {how}"


def is_speakers(seat: Mapping[str, Any]) -> bool:
    """Whether a seat is the Speaker's."""
    return bool(seat["holder"] == SPEAKER)


def diamond(seat: Mapping[str, Any], last: date) -> str:
    """Say what the marks of a seat's chart are, and that a by-election is not among them.

    Parameters
    ----------
    seat : mapping
        A row of ``models.seat_holders.seats_held``.
    last : date
        The last general election.

    Returns
    -------
    str
        One or two sentences.
    """
    since = " The by-election since is not drawn." if seat["won_at"] == BY_ELECTION else ""
    return (
        f"Dot: expected share; bar: 90% range; diamond: general election of {words.day(last)}, on today's boundaries, "
        f"none where a party did not stand.{since}"
    )


def majority(seat: Mapping[str, Any]) -> str:
    """Say by how much the seat may be won.

    Parameters
    ----------
    seat : mapping
        A row of ``models.seat_table.seat_table``.

    Returns
    -------
    str
        The majority, whoever wins, and the lead of the party that holds the seat, both with their 90 % range.
    """
    won = f"{words.share(seat['majority'])} ({words.share_range(seat['majority_lo90'], seat['majority_hi90'])})"
    lead, lo, hi = (words.signed(100 * seat[f"holder_lead{end}"]) for end in ("", "_lo90", "_hi90"))
    return f"{won} whoever wins; {palette.line(seat['holder']).who} as holder {lead} points ({lo} to {hi})"


def swing(seat: Mapping[str, Any]) -> str:
    """Say what swing would put the nearest challenger level with the party ahead."""
    if seat["challenger"] is None:
        return "nobody else is expected to stand"
    ahead, challenger = (palette.line(seat[name]).who for name in ("ahead", "challenger"))
    return f"{100 * seat['swing']:.1f} points from {ahead} to {challenger} would put them level"


def scenario_change(before: pl.DataFrame, after: pl.DataFrame) -> str:
    """Say what a scenario makes of the chances in a seat.

    Parameters
    ----------
    before, after : pl.DataFrame
        ``models.seat_holders.seat_lines`` of the forecast and of the scenario's answer.

    Returns
    -------
    str
        The parties whose chance moves by 1 in 100 or more, the furthest first, three at most.
    """
    both = after.join(before.select("party", then="p_win"), on="party").with_columns(
        then=(100 * pl.col("then")).round(0).cast(pl.Int64), now=(100 * pl.col("p_win")).round(0).cast(pl.Int64)
    )
    moved = both.filter(pl.col("then") != pl.col("now")).sort((pl.col("now") - pl.col("then")).abs(), descending=True)
    if moved.is_empty():
        return "no chance moves by 1 in 100 or more"
    rows = moved.head(3).select("party", "then", "now").iter_rows()
    told = words.listed(
        [
            f"of {palette.line(party).who} from {_hundredths(then / 100)} to {_hundredths(now / 100)}"
            for party, then, now in rows
        ]
    )
    return f"chance {told} in 100"


def _hundredths(p: float) -> str:
    """Chance in 100, never none and never all: simulations cannot tell either."""
    return {0: "under 1", 100: "over 99"}.get(round(100 * p), str(round(100 * p)))


def change(seat: Mapping[str, Any] | None, since: date | None) -> str:
    """Say what became of a seat's chances since the last forecast.

    Parameters
    ----------
    seat : mapping, optional
        A row of ``models.seat_compare.changed_since``; none where nothing moved.
    since : date, optional
        Last day of the earlier forecast's evidence; none where no such forecast is stored.

    Returns
    -------
    str
        Part of a sentence.
    """
    if since is None:
        return "no earlier forecast of this election by these models is stored"
    start = f"since the forecast of {words.day(since)}"
    if seat is None:
        return f"none {start}"
    then, now = (palette.line(seat[name]).who for name in ("leader_before", "leader"))
    before, after = _hundredths(seat["p_before"]), _hundredths(seat["p_leader"])
    if then == now and before == after:
        return f"{start} the chance of {now} is unchanged ({after} in 100)"
    if then == now:
        return f"{start} the chance of {now} went from {before} to {after} in 100"
    return f"{start} the likeliest winner went from {then} ({before} in 100) to {now} ({after} in 100)"


def similar(seats: pl.DataFrame) -> str:
    """Name the seats most like one, each with its likeliest winner."""
    rows = seats.select("name", "leader").iter_rows()
    return words.listed([f"{name} ({palette.line(leader).short})" for name, leader in rows])


def earlier(party: str, chances_then: pl.DataFrame) -> str:
    """Say what earlier forecasts gave the likeliest winner of a seat.

    Parameters
    ----------
    party : str
        Its code.
    chances_then : pl.DataFrame
        ``as_of, p_win`` of that party, by rising day; empty where no earlier forecast is stored.

    Returns
    -------
    str
        One sentence.
    """
    if chances_then.is_empty():
        return "No earlier forecast of this election by these models is stored."
    rows = chances_then.sort("as_of")["as_of", "p_win"].iter_rows()
    told = words.listed([f"{_hundredths(p)} in 100 on {words.day(day)}" for day, p in rows])
    return f"Chance of {palette.line(party).who} in earlier forecasts: {told}."
