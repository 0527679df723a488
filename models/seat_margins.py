"""Margins of seats and the seats that tip a majority, from joint draws of all shares.

A margin needs the shares of all parties in the same draw. A stored forecast keeps winners and summaries of shares only,
so they are drawn again from its own votes, parameters and seed: the same draws. Shares come block by block and are let
go; the errors behind them are those of the forecast's simulator, which keeps them for scenarios.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.answer import Answer
from models.forecast import Forecast
from models.kernel import F32
from models.scenario import keep_last, simulator
from models.seat_holders import holders

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class SeatMargins:
    """What only joint draws of shares tell of each seat.

    ``majority`` and ``holder`` have shape (3, n_seats): mean, and ends of the 90 % interval, of the winner's share less
    the next one, whoever wins, and of the lead of the line that holds the seat (``models.seat_holders``) over its best
    rival (below 0 where it loses). ``tipping`` (n_lines, n_seats) is the part of draws in which the seat is a line's
    tipping point; rows sum to 1, or to 0 for a line that cannot have a majority.
    """

    majority: Array
    holder: Array
    tipping: Array


def share_blocks(forecast: Forecast) -> Iterator[F32]:
    """Draw the shares of every seat again, some draws at a time.

    Parameters
    ----------
    forecast : Forecast
        A forecast, or the answer to a scenario.

    Returns
    -------
    iterator of array of shape (n_draws, n_lines, n_seats)
        Shares, 0 to 1, of the next draws in order; their winners are those of the forecast, but for seats that a
        scenario gives away.
    """
    if isinstance(forecast, Answer):
        return forecast.blocks()
    seats = simulator(forecast)
    return seats.share_blocks(seats.prepare(forecast.votes))


@keep_last
def seat_margins(forecast: Forecast) -> SeatMargins:
    """Majorities, leads and tipping points.

    Parameters
    ----------
    forecast : Forecast
        As for ``share_blocks``.

    Returns
    -------
    SeatMargins
        Seats and lines in the order of the forecast.
    """
    n_draws, n_seats, lines = forecast.n_draws, forecast.n_seats, forecast.lines
    holds = np.array([lines.index(line) for line in holders(forecast)["holder"]])
    majority, holder = (np.empty((n_draws, n_seats), dtype=np.float32) for _ in range(2))
    tipping = np.zeros((len(lines), n_seats))
    stands, able = stands_in(forecast), [lines.index(line) for line in can_have_majority(forecast)]
    first_draw = 0
    for shares in share_blocks(forecast):
        here = slice(first_draw, first_draw + len(shares))
        lead = leads(shares)
        majority[here] = lead.max(axis=1)
        holder[here] = lead[:, holds, np.arange(n_seats)]
        for line in able:
            tipping[line] += np.bincount(
                tipping_point(np.where(stands[line], lead[:, line], -np.inf), forecast.majority), minlength=n_seats
            )
        first_draw = here.stop
    return SeatMargins(majority=_summary(majority), holder=_summary(holder), tipping=tipping / n_draws)


def stands_in(forecast: Forecast) -> NDArray[np.bool_]:
    """Which lines stand in which seats, shape (n_lines, n_seats)."""
    return np.asarray((forecast.tree["outcome"].ds["share_mean"].values > 0).T)


def can_have_majority(forecast: Forecast) -> list[str]:
    """Codes of parties that stand in enough seats for a majority, most expected seats first; others are no party."""
    enough = {
        line
        for line, seats in zip(forecast.lines, stands_in(forecast).sum(axis=1), strict=True)
        if seats >= forecast.majority and line != "oth"
    }
    return [line for line in forecast.seat_summary().sort("mean", descending=True)["party"] if line in enough]


def _summary(draws: F32) -> Array:
    return np.stack([draws.mean(axis=0, dtype=float), *np.quantile(draws, [0.05, 0.95], axis=0)])


def leads(shares: F32) -> F32:
    """Lead of every line over the best of the others.

    Parameters
    ----------
    shares : array of shape (n_draws, n_lines, n_seats)
        Shares, 0 to 1.

    Returns
    -------
    array of shape (n_draws, n_lines, n_seats)
        Above 0 for the winner alone.
    """
    top = shares.argmax(axis=1)[:, None]
    first = np.take_along_axis(shares, top, axis=1)
    others = shares.copy()
    np.put_along_axis(others, top, -1, axis=1)
    second = others.max(axis=1, keepdims=True)
    out: F32 = shares - first
    np.put_along_axis(out, top, first - second, axis=1)
    return out


def tipping_point(lead: F32, needed: int) -> NDArray[np.int64]:
    """Find the seat that would complete a party's majority in each draw.

    Parameters
    ----------
    lead : array of shape (n_draws, n_seats)
        The party's lead over its best rival, negative where it loses.
    needed : int
        Seats for a majority.

    Returns
    -------
    array of shape (n_draws,)
        The seat in that place when seats are ordered by the lead, the largest first.
    """
    return np.asarray(np.argpartition(-lead, needed - 1, axis=1)[:, needed - 1])
