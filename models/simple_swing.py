"""Seats from votes by the simplest rules: every constituency swings alike, or in proportion."""

import numpy as np
from numpy.typing import NDArray

from models.forecast import Forecast

LEAST_SHARE = 0.001
"""What a party without a last result weighs beside others when they share what is left."""
Array = NDArray[np.float64]


def complete(shares: dict[str, float], parties: list[str], previous: dict[str, float]) -> Array:
    """Give every party a share: those not named divide what is left as they did last time.

    Parameters
    ----------
    shares : dict
        By party; ``oth`` is never taken from here, as polls' others hold every party they do not name.
    parties : list of str
        Party codes, ``oth`` among them.
    previous : dict
        Last result by party.

    Returns
    -------
    array of shape (n_parties,)
        In the order of ``parties``; sums to 1.
    """
    named = {party: share for party, share in shares.items() if party in parties and party != "oth"}
    left = {party: previous.get(party, 0.0) for party in parties if party not in named}
    left["oth"] = 1.0 - sum(previous.get(party, 0.0) for party in parties if party != "oth")
    weight = {party: max(share, LEAST_SHARE) for party, share in left.items()}
    rest = max(1.0 - sum(named.values()), 0.0) / sum(weight.values())
    given = np.array([named[party] if party in named else rest * weight[party] for party in parties])
    return np.asarray(given / given.sum())


def swing_seats(forecast: Forecast, previous: Array, votes: Array, *, proportional: bool = False) -> NDArray[np.int64]:
    """Winner of every seat when all seats of Great Britain swing alike.

    Parameters
    ----------
    forecast : Forecast
        Gives the seats as last fought.
    previous : array of shape (n_parties,)
        Last result.
    votes : array of shape (n_draws, n_parties)
        Shares to swing to.
    proportional : bool
        Multiply each party's shares by the change of its vote, instead of adding it.

    Returns
    -------
    array of shape (n_draws, n_seats)
        Index of the winning line; Northern Ireland and the Speaker's seat stay as they were.
    """
    ds = forecast.tree["seats"].ds
    lines, base = forecast.lines, ds["base_share"].values
    kept = np.array([lines.index(line) for line in ds["base_winner"].values.astype(str)])
    stays = (ds["nation_of"].values.astype(str) == "Northern Ireland") | (ds["base_winner"].values.astype(str) == "spk")
    own = [lines.index(party) for party in forecast.parties]
    winner = np.empty((votes.shape[0], base.shape[0]), dtype=np.int64)
    for i, draw in enumerate(votes):
        change = draw / np.maximum(previous, 1e-3) if proportional else draw - previous
        moved = base.copy()
        moved[:, own] = moved[:, own] * change if proportional else moved[:, own] + change
        winner[i] = np.where(stays, kept, np.where(base > 0, moved, -1.0).argmax(axis=1))
    return winner
