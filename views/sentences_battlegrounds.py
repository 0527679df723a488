"""Sentences of battlegrounds: a party's distance from a majority, its seats in play, those that tip, leaders' own."""

import polars as pl

from models.seat_targets import DEFEND, MajoritySwing
from views import frames_battlegrounds as frames
from views import palette, words

NAMED = 3
"""Seats named in a sentence."""


def majority(party: str, chance: float, swing: MajoritySwing | None) -> str:
    """Say how likely a majority is and how far an even chance of one is away.

    Parameters
    ----------
    party : str
        Code of the party.
    chance : float
        Chance of its majority.
    swing : MajoritySwing or None
        As ``models.seat_targets.majority_swing`` gives it.

    Returns
    -------
    str
        Up to three sentences.
    """
    who = palette.line(party).who
    if swing is None:
        return f"A majority is out of the question for {who}, with candidates in too few seats."
    now = f"A majority of {who} is {words.chance(chance)}."
    if swing.median < 0:
        far = f"It has more than an even chance, with {_about(swing.median)} of swing to spare"
    else:
        far = f"An even chance of one is {_about(swing.median)} of swing away"
    return (
        f"{now} {far}, the same in every seat, from the best rival there. In 9 of 10 simulations the party "
        f"lies between {_needed(swing.lo90)} and {_needed(swing.hi90)}."
    )


def _about(swing: float) -> str:
    """Swing without its sign in whole points, as no sentence needs more."""
    whole = round(100 * abs(swing))
    return f"about {words.plural(whole, 'point')}" if whole else "less than half a point"


def _needed(swing: float) -> str:
    whole = round(100 * swing)
    return f"{words.plural(abs(whole), 'point')} {'beyond' if whole < 0 else 'short'}"


def ladder(seats: pl.DataFrame, leaders: pl.DataFrame, *, party: str, side: str) -> str:
    """Say how many seats are shown, how many would turn now and how many are close, and which come first.

    Parameters
    ----------
    seats : pl.DataFrame
        As ``views.frames_battlegrounds.chosen`` gives it, in order.
    leaders : pl.DataFrame
        As ``models.seat_targets.leader_seats`` gives it.
    party : str
        Code of the party.
    side : str
        Seats to gain or to defend.

    Returns
    -------
    str
        Sentences of plain text; a leader whose own seat is among those to defend is named first.
    """
    who, defends = palette.line(party).who, side == DEFEND
    likeliest = seats.filter((pl.col("winner") == party) != defends).height
    close = seats.filter(frames.is_close()).height
    lost = seats.filter(pl.col("p_change") > 0.5).height
    if defends:
        now = f"In {lost or 'none'} of them a loss is likelier than a hold; "
        now += f"in {likeliest or 'none'} one other party is likelier than {who}"
    else:
        now = f"In {likeliest or 'none'} of them {who} would most likely win now"
    return (
        f"{_led(seats, leaders, who) if defends else ''}Of the seats chosen, {who} can {'lose' if defends else 'gain'} "
        f"{seats.height:,}, each with a chance of 1 in 100 or more. {now}; "
        f"{close or 'none'} {'is' if close == 1 else 'are'} close (about 3 to 7 in 10). "
        f"Least swing: {'; '.join(seats['name'].head(NAMED))}."
    )


def _led(seats: pl.DataFrame, leaders: pl.DataFrame, who: str) -> str:
    """Name the seats that leaders won, with the chance that the party which holds them loses."""
    own = leaders.join(seats.select("constituency", "p_change"), on="constituency").sort("p_change", descending=True)
    told = [
        f"{name} ({leader}), a loss by {who} {words.chance(p)}"
        for name, leader, p in own.select("name", "leader", "p_change").iter_rows()
    ]
    return (
        f"Seats that today's leaders won at the last general election come first: {'; '.join(told)}. " if told else ""
    )


def swing_note(party: str, side: str, year: int) -> str:
    """Say what the columns of the ladder are."""
    who = palette.line(party).who
    which = (
        f"from {who} to the party named under Against" if side == DEFEND else f"to {who} from the party under Against"
    )
    return (
        f"Swing: points {which} that would level the two at the shares expected now; below 0 where they have passed "
        f"each other. Chance: in 100. Lead {year}: of {who} at the general election, in points, by-elections not "
        f"counted. Elected {year}: empty where a by-election was held since."
    )


def tipping(party: str, table: pl.DataFrame, majority_line: int) -> str:
    """Say which seats tip most often, and what the columns are.

    Parameters
    ----------
    party : str
        Code of the party.
    table : pl.DataFrame
        As ``models.seat_table.tipping_seats`` gives it.
    majority_line : int
        Seats for a majority.

    Returns
    -------
    str
        Sentences of plain text.
    """
    who = palette.line(party).who
    name, p = table.select("name", "p_tip").row(0)
    often = table.filter(pl.col("p_tip") > 0).height
    return (
        f"Ordered by the lead of {who}, the seat in place {majority_line} completes a majority. In one simulation or "
        f"another that is any of {often} seats; most often it is {name}, in {round(1000 * p)} of 1,000. Tips: in how "
        "many of 1,000 simulations the seat is the last one needed, whether or not the majority is won; small "
        f"differences are chance. Place: by the chance of {who}, in 100. Share and range (90%): of {who} there."
    )


def leaders(table: pl.DataFrame) -> str:
    """Name leaders by how likely they are to lose their own seats, and those whose seats are not known.

    Parameters
    ----------
    table : pl.DataFrame
        As ``models.seat_targets.leader_seats`` gives it.

    Returns
    -------
    str
        Sentences of plain text.
    """
    rows = table.drop_nulls("constituency").select("leader", "party", "name", "p_win", "by_election").to_dicts()
    told = [f"{r['leader']} in {r['name']}, {words.chance(r['p_win'] or 0.0)}" for r in rows]
    start = "Chance that the leader's party wins the seat the leader won at the last general election, least first: "
    nobody = "The tables name no leader among the winners of the last general election."
    most = f"{start}{'; '.join(told)}." if told else nobody
    since = [
        f" In {r['name']} a by-election was held on {words.day(r['by_election'])}; our tables do not name who won it."
        for r in rows
        if r["by_election"]
    ]
    without = list(table.filter(pl.col("constituency").is_null())["leader"])
    rest = (
        " Won no seat at that election, and who won by-elections since our tables do not name: "
        f"{words.listed(without)}."
    )
    return most + "".join(since) + (rest if without else "")
