"""Northern Ireland's seats: how far its parties move between elections, in all seats and in each."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.crossing import wide_shares

NI = "Northern Ireland"
NI_PARTIES = ("dup", "sf", "sdlp", "uup", "apni", "tuv")
LEAST = 0.02
"""Shares below this come and go by their own rules, and win nothing."""
Array = NDArray[np.float64]


def changes(before: pl.DataFrame, after: pl.DataFrame, seats: pl.DataFrame) -> Array:
    """Measure how parties' shares changed.

    Parameters
    ----------
    before, after : pl.DataFrame
        ``constituency, party, votes`` of two elections in the same seats.
    seats : pl.DataFrame
        ``constituency, nation``.

    Returns
    -------
    array of shape (n_seats, n_parties)
        Logarithm of the later share over the earlier, over ``NI_PARTIES``; NaN where a party did not fight both or had
        less than ``LEAST``. No seats where results are not held by party.
    """
    here = seats.filter(pl.col("nation") == NI).select("constituency")
    codes = (*NI_PARTIES, "oth")
    sides = [wide_shares(votes.join(here, on="constituency", how="semi"), codes) for votes in (before, after)]
    both = sides[0].join(sides[1], on="constituency", suffix="_new").sort("constituency")
    old, new = both.select(NI_PARTIES).to_numpy(), both.select(f"{party}_new" for party in NI_PARTIES).to_numpy()
    fought = (old >= LEAST) & (new >= LEAST)
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.where(fought, np.log(new / old), np.nan)
    return np.asarray(change[fought.any(axis=1)])
