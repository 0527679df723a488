"""One simulation of a forecast, told as if it had happened: what a range looks like from inside."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from models.count import has_majority
from models.forecast import Forecast


@dataclass(frozen=True)
class OneElection:
    """One simulation.

    ``number`` counts from 1. ``lines`` has ``party, seats, votes`` (share of the Great Britain vote, null where a line
    has none), most seats first, lines without a seat left out. ``seats`` has ``constituency, name, q, r`` (places of
    hexagons) and ``winner`` of every seat. ``winner`` is the line with a majority, or None, and ``short`` how many
    seats the largest line lacks for one.
    """

    number: int
    lines: pl.DataFrame
    seats: pl.DataFrame
    winner: str | None
    short: int


def one_election(forecast: Forecast, turn: int) -> OneElection:
    """Pick a simulation, another one each turn.

    Parameters
    ----------
    forecast : Forecast
        A forecast, or the answer to a scenario.
    turn : int
        0 or more; the same turn gives the same simulation, and none comes twice before all have come.

    Returns
    -------
    OneElection
        What happened in it.
    """
    order = np.random.default_rng([forecast.manifest.seed, 43]).permutation(forecast.n_draws)
    draw = int(order[turn % forecast.n_draws])
    seats = forecast.seats[draw]
    votes = dict(zip(forecast.parties, forecast.votes[draw].tolist(), strict=True))
    table = pl.DataFrame(
        {"party": forecast.lines, "seats": seats, "votes": [votes.get(line) for line in forecast.lines]},
        schema_overrides={"votes": pl.Float64},
    )
    winners = np.array(forecast.lines)[forecast.winner[draw]]
    places = forecast.constituencies().select("constituency", "name", "q", "r", winner=pl.Series(winners))
    won = np.flatnonzero(has_majority(seats[None, :])[0])
    return OneElection(
        number=draw + 1,
        lines=table.filter(pl.col("seats") > 0).sort("seats", descending=True, maintain_order=True),
        seats=places,
        winner=forecast.lines[int(won[0])] if won.size else None,
        short=max(forecast.majority - int(seats.max()), 0),
    )
