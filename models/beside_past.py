"""A forecast beside general elections that were held: seats and votes then, and how often it has a party do as well.

Houses differ in size (630 to 659 seats) and all boundaries were redrawn several times, so seats are compared as parts
of their House. The Speaker is counted apart; until 1970 Ulster Unionists sat with the Conservatives and count as they.
"""

from datetime import date

import numpy as np
import polars as pl

from data import Evidence
from models.forecast import Forecast
from models.record import gb_shares
from models.standing_in import SPEAKER

REST = "oth"
"""A line that is made up of others at each election, and cannot be compared."""


def result_of(evidence: Evidence, held: date) -> pl.DataFrame:
    """Seats and votes of every line at one election.

    Parameters
    ----------
    evidence : Evidence
        Tables in which the result is known.
    held : date
        Polling day.

    Returns
    -------
    pl.DataFrame
        ``party, seats, votes``: seats in the whole House, most first, and shares of the Great Britain vote, 0 to 1
        (null for lines of Northern Ireland and the Speaker).
    """
    won = evidence.contests.filter(pl.col("election_date") == held).group_by(party="winner").agg(seats=pl.len())
    shares = gb_shares(evidence, held)
    votes = pl.DataFrame({"party": list(shares), "votes": list(shares.values())})
    both = votes.join(won, on="party", how="full", coalesce=True)
    return both.select("party", pl.col("seats").fill_null(0).cast(pl.Int64), "votes").sort(
        "seats", "votes", "party", descending=[True, True, False], nulls_last=True
    )


def house_of(evidence: Evidence, held: date) -> int:
    """Seats in the House that an election filled."""
    return int(evidence.elections.filter(pl.col("election_date") == held)["seats"].item())


def beside_past(forecast: Forecast, evidence: Evidence, held: date) -> pl.DataFrame:
    """Set a forecast beside a past election, party by party.

    Parameters
    ----------
    forecast : Forecast
        A forecast, or the answer to a scenario.
    evidence : Evidence
        Tables in which the result is known.
    held : date
        Polling day of the past election.

    Returns
    -------
    pl.DataFrame
        ``party, seats_then, votes_then``; ``seats_mean, seats_lo90, seats_hi90`` and the same of votes, as forecast;
        ``p_seats, p_votes``: how often the party has at least as large a part of the House, and of the vote. For
        parties with a line in the forecast and votes then, most seats then first.
    """
    house = house_of(evidence, held)
    able = [code for code in forecast.parties if code != REST]
    then = result_of(evidence, held).filter(pl.col("party").is_in(able), pl.col("votes") > 0)
    seats = forecast.seat_summary().select("party", pl.exclude("party", "median").name.prefix("seats_"))
    votes = forecast.vote_summary().select("party", pl.exclude("party", "median").name.prefix("votes_"))
    part = forecast.seats / forecast.n_seats
    p_seats = [
        float((part[:, forecast.lines.index(code)] >= won / house).mean())
        for code, won in then.select("party", "seats").iter_rows()
    ]
    p_votes = [
        float((forecast.votes[:, forecast.parties.index(code)] >= share).mean())
        for code, share in then.select("party", "votes").iter_rows()
    ]
    table = then.rename({"seats": "seats_then", "votes": "votes_then"})
    table = table.join(seats, on="party", maintain_order="left").join(votes, on="party", maintain_order="left")
    return table.with_columns(
        p_seats=pl.Series(p_seats, dtype=pl.Float64), p_votes=pl.Series(p_votes, dtype=pl.Float64)
    )


def as_large(forecast: Forecast, seats: int, house: int) -> float:
    """Say how often any party has at least as large a part of the House.

    Parameters
    ----------
    forecast : Forecast
        A forecast, or the answer to a scenario.
    seats, house : int
        Seats of a party, and of the House it sat in.

    Returns
    -------
    float
        Part of the draws, 0 to 1.
    """
    parties = np.array([line != SPEAKER for line in forecast.lines])
    return float((forecast.seats[:, parties].max(axis=1) / forecast.n_seats >= seats / house).mean())
