"""Sentences of seats: all of them on the map; of one who holds and may win it, what would change it, what changed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from models.forecast import Forecast
from models.seat_holders import BY_ELECTION, RECAST
from views import palette, words

SPEAKER = "spk"
FAVOURITES = 5
"""Parties named with their seats under the map of winners."""


def on_map(seats: pl.DataFrame, region: str | None = None) -> str:
    """Say how many seats have a likeliest winner other than their holder, and how many are open.

    Parameters
    ----------
    seats : pl.DataFrame
        As ``models.seat_holders.seats_held`` gives it.
    region : str, optional
        Where they lie, if not in the whole country.

    Returns
    -------
    str
        One sentence of plain text.
    """
    changing = seats.filter(pl.col("winner") != pl.col("holder")).height
    open_seats = sum(words.category(p) == "toss-up" for p in seats["p_winner"])
    start = f"{region}: of" if region else "Of"
    return (
        f"{start} {words.plural(seats.height, 'seat')}, {changing} {'has' if changing == 1 else 'have'} a likeliest "
        f"winner other than the holder, and {open_seats} {'is a toss-up' if open_seats == 1 else 'are toss-ups'} "
        "(no party above 6 in 10)."
    )


def holder(last: date) -> str:
    """Say who counts as the holder of a seat, where the last general election was on a day."""
    return f"Holder: the winner of the last by-election, else of the general election of {words.day(last)}."


def favourites(forecast: Forecast, seats: pl.DataFrame) -> str:
    """Say what the likeliest winners of all seats add up to, beside the forecast, and why the two differ.

    Parameters
    ----------
    forecast : Forecast
        What the page shows.
    seats : pl.DataFrame
        All its seats with their likeliest ``winner``.

    Returns
    -------
    str
        Two sentences, with the medians of the forecast, as the first page has them.
    """
    middle = dict(forecast.seat_summary().select("party", "median").iter_rows())
    won = dict(seats["winner"].value_counts().iter_rows())
    top = sorted(won, key=lambda code: (-won[code], code))[:FAVOURITES]
    pairs = [f"{palette.line(code).who} {won[code]} ({middle[code]:.0f})" for code in top]
    return (
        f"Counted by the likeliest winner of each seat: {words.listed(pairs)}; in brackets the forecast's seats "
        "(median). The two differ because the count gives each close seat whole to its favourite, while simulations "
        "give it now to one party, now to another, and many seats at once."
    )


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


def one_seat(seat: Mapping[str, Any]) -> str:
    """Say who holds a seat and who is likely to win it.

    Parameters
    ----------
    seat : mapping
        A row of ``models.seat_holders.seats_held``.

    Returns
    -------
    str
        One sentence of plain text.
    """
    if is_speakers(seat):
        return "The Speaker, if standing again, is not opposed by the main parties: there is nothing to forecast here."
    winner, p = str(seat["winner"]), float(seat["p_winner"])
    what = "a hold" if winner == seat["holder"] else f"a gain by {palette.line(winner).who}"
    return f"{_won(seat)}; {what} is {words.chance(p)}, rated {words.category(p)}."


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
    before, after = round(100 * seat["p_before"]), round(100 * seat["p_leader"])
    if then == now and before == after:
        return f"{start} the chance of {now} is unchanged ({after} in 100)"
    if then == now:
        return f"{start} the chance of {now} went from {before} to {after} in 100"
    return f"{start} the likeliest winner went from {then} ({before} in 100) to {now} ({after} in 100)"


def similar(seats: pl.DataFrame) -> str:
    """Name the seats most like one, each with its likeliest winner."""
    rows = seats.select("name", "leader").iter_rows()
    return words.listed([f"{name} ({palette.line(leader).short})" for name, leader in rows])


def tipping(party: str, majority_line: int) -> str:
    """Say what the table of tipping seats shows."""
    who = palette.line(party).who
    return (
        f"In each simulation the seats are ordered by the lead of {who} over the best rival; the one in place "
        f"{majority_line} tips the majority. Tips: in how many of 100 simulations. Chance: of {who} there, in 100. "
        "Place: by that chance."
    )
