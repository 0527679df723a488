"""A forecast beside what happened, and beside uniform swing from the mean of the last polls."""

from datetime import date, timedelta

import numpy as np
import polars as pl

from data import Evidence
from data.errors import BadInput
from models.count import count_seats
from models.forecast import Forecast
from models.record import gb_shares, past_elections
from models.simple_swing import complete, swing_seats

WINDOW = 7
"""Days up to the cut in which the poll mean looks for each pollster's last poll."""


def poll_mean(evidence: Evidence, as_of: date) -> dict[str, float]:
    """Mean of each pollster's last poll ending in the seven days up to ``as_of``, all pollsters equal.

    Polls without a pollster each stand for themselves; MRPs are left out where they can be told.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut at ``as_of``.
    as_of : date
        Last day of the window.

    Returns
    -------
    dict
        Party code to share, for the parties polls name.
    """
    last = (
        evidence.polls.filter(
            (pl.col("area").cast(pl.String) == "GB")
            & (pl.col("kind").cast(pl.String) == "poll")
            & (pl.col("end_date") > as_of - timedelta(days=WINDOW))
            & (pl.col("end_date") <= as_of)
        )
        .sort("end_date", "poll_id")
        .with_columns(house=pl.coalesce("pollster", "poll_id"))
        .group_by("house", maintain_order=True)
        .last()
    )
    shares = evidence.poll_shares.join(last.select("poll_id"), on="poll_id", how="semi")
    means = shares.group_by("party").agg(pl.col("share").mean()).sort("party")
    return dict(means.iter_rows())


def score_table(forecast: Forecast, evidence: Evidence) -> pl.DataFrame:
    """Put a forecast beside the result and uniform swing from the poll mean.

    Parameters
    ----------
    forecast : Forecast
        A forecast of an election that was held.
    evidence : Evidence
        All tables, uncut.

    Returns
    -------
    pl.DataFrame
        ``party, votes, votes_lo90, votes_hi90, votes_polls, votes_result, seats, seats_lo90, seats_hi90,
        seats_uniform, seats_result``, shares 0 to 1, largest result first.

    Raises
    ------
    BadInput
        If the election was not held yet.
    """
    held = forecast.manifest.election_date
    if held not in past_elections(evidence):
        raise BadInput(f"No general election was held on {held}, so there is nothing to score the forecast against.")
    then = evidence.as_of(forecast.manifest.as_of)
    polls = poll_mean(then, forecast.manifest.as_of)
    result = gb_shares(evidence, held)
    before = gb_shares(then, forecast.manifest.previous_election)
    swung = swing_seats(
        forecast, complete(before, forecast.parties, before), complete(polls, forecast.parties, before)[None, :]
    )
    uniform = dict(
        zip(forecast.lines, count_seats(swung.astype(np.int8), len(forecast.lines))[0].tolist(), strict=True)
    )
    won = dict(evidence.contests.filter(pl.col("election_date") == held).group_by("winner").len().iter_rows())
    votes = forecast.vote_summary().rename({"mean": "votes", "lo90": "votes_lo90", "hi90": "votes_hi90"}).drop("median")
    seats = forecast.seat_summary().rename({"mean": "seats", "lo90": "seats_lo90", "hi90": "seats_hi90"}).drop("median")
    table = seats.join(votes, on="party", how="left").with_columns(
        votes_polls=pl.col("party").replace_strict(polls, default=None, return_dtype=pl.Float64),
        votes_result=pl.col("party").replace_strict(result, default=None, return_dtype=pl.Float64),
        seats_uniform=pl.col("party").replace_strict(uniform, default=0, return_dtype=pl.Int64),
        seats_result=pl.col("party").replace_strict(won, default=0, return_dtype=pl.Int64),
    )
    order = ("votes", "votes_lo90", "votes_hi90", "votes_polls", "votes_result")
    count = ("seats", "seats_lo90", "seats_hi90", "seats_uniform", "seats_result")
    return table.select("party", *order, *count).sort("seats_result", "seats", descending=True)
