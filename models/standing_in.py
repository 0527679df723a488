"""Shares for parties that did not stand in a seat last time, and the Speaker's seat."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.pairs import name_key

SPEAKER = "spk"
RISING = ("ref", "grn")
"""Parties that have widened their slate from one election to the next: a seat not fought is one not fought yet."""
LOCAL = {"snp": "Scotland", "plaid": "Wales"}
NEW_PARTIES = {"restore": ("ref", 0.02), "yp": ("grn", 0.01)}
"""Parties without a past vote: whose pattern over seats they take, and the mean share at which it starts (of the order
of a new party's first polls). The level hardly matters, for it is raked to the votes; the pattern is a guess."""
LEAST_OTHERS = 0.003
"""Base of ``oth`` where nobody else stood: somebody might."""
BACK_BEFORE_1974 = 0.25
"""Part of the seats a party had not fought that it fought next, 1955 to 1970 (Liberals: 25, 41, 13, 27 per cent)."""
FEWEST = 3
"""Seats of a region a party must have fought for their mean to be used; else the nation's, else Great Britain's."""
Shares = NDArray[np.float64]


@dataclass(frozen=True)
class Chair:
    """A Speaker: in the chair from ``since`` until ``until``, for ``seat``, elected from ``party``."""

    since: date
    until: date
    seat: str
    party: str


SPEAKERS = (
    Chair(date(1951, 10, 31), date(1959, 9, 18), "Cirencester and Tewkesbury", "con"),
    Chair(date(1959, 10, 20), date(1965, 9, 2), "Cities of London and Westminster", "con"),
    Chair(date(1965, 10, 26), date(1971, 1, 12), "Southampton Itchen", "lab"),
    Chair(date(1971, 1, 12), date(1976, 2, 3), "Wirral", "con"),
    Chair(date(1976, 2, 3), date(1983, 5, 13), "Cardiff West", "lab"),
    Chair(date(1983, 6, 15), date(1992, 3, 16), "Croydon North East", "con"),
    Chair(date(1992, 4, 27), date(2000, 10, 23), "West Bromwich West", "lab"),
    Chair(date(2000, 10, 23), date(2005, 4, 11), "Glasgow Springburn", "lab"),
    Chair(date(2005, 4, 11), date(2009, 6, 22), "Glasgow North East", "lab"),
    Chair(date(2009, 6, 22), date(2019, 11, 4), "Buckingham", "con"),
    Chair(date(2019, 11, 4), date.max, "Chorley", "lab"),
)
"""Speakers since 1955 (UK Parliament). A Speaker stands again at the next election, by custom not opposed."""


def label_speaker(votes: pl.DataFrame, seats: pl.DataFrame, day: date) -> tuple[pl.DataFrame, str | None]:
    """Put the votes of the Speaker in office under ``spk``, and those of a former one under his party.

    Parameters
    ----------
    votes : pl.DataFrame
        ``constituency, party, votes`` at the last election.
    seats : pl.DataFrame
        ``constituency, name`` of the seats.
    day : date
        The date of the forecast.

    Returns
    -------
    votes : pl.DataFrame
        The same columns.
    in_chair : str or None
        The Speaker's constituency, if it is among the seats.
    """
    keys = dict(seats.select("constituency", name_key()).iter_rows())
    chairs = {_key(chair.seat): chair for chair in SPEAKERS}
    in_chair, relabelled = None, []
    for code, key in keys.items():
        chair = chairs.get(key)
        if chair and chair.since <= day < chair.until:
            in_chair = code
            relabelled.append({"constituency": code, "party": chair.party, "label": SPEAKER})
        elif chair:
            relabelled.append({"constituency": code, "party": SPEAKER, "label": chair.party})
    schema = {"constituency": pl.String, "party": pl.String, "label": pl.String}
    joined = votes.join(pl.DataFrame(relabelled, schema=schema), on=["constituency", "party"], how="left")
    moved = joined.with_columns(pl.coalesce("label", "party").alias("party")).drop("label")
    return moved.group_by("constituency", "party", maintain_order=True).agg(pl.col("votes").sum()), in_chair


def fill_absent(
    share: Shares, nation: NDArray[np.str_], region: NDArray[np.str_], parties: tuple[str, ...], *, full_slate: bool
) -> tuple[Shares, NDArray[np.bool_]]:
    """Make up shares for parties that did not stand, so that they can win votes next time.

    A party that fought other seats gets its mean there in the region. One without any past vote gets the pattern of the
    party nearest to it. The other parties of the seat give way in proportion. Parties of one nation stay in it.

    Parameters
    ----------
    share : array of shape (n_seats, n_parties)
        Shares as last fought, 0 where a party did not stand.
    nation, region : array of shape (n_seats,)
        Where the seats lie.
    parties : tuple of str
        Codes of the columns.
    full_slate : bool
        Whether large parties that stood aside are expected back (true since 1974); ``ref`` and ``grn`` always are.

    Returns
    -------
    share : array of shape (n_seats, n_parties)
        Rows sum to 1.
    absent : array of bool of shape (n_seats, n_parties)
        True where a share was made up.
    """
    out, absent = share.copy(), share == 0
    for i, party in enumerate(parties):
        if party == "oth":
            absent[:, i] = False
        elif party in LOCAL:
            absent[:, i] &= nation == LOCAL[party]
        missing = absent[:, i]
        if party not in NEW_PARTIES and (share[:, i] > 0).any():
            back = 1.0 if full_slate or party in RISING else BACK_BEFORE_1974
            out[missing, i] = [
                back * _usual(share[:, i], nation, region, seat) for seat in np.flatnonzero(missing).tolist()
            ]
    for i, party in enumerate(parties):
        if party in NEW_PARTIES and absent[:, i].all():
            model, level = NEW_PARTIES[party]
            pattern = out[:, parties.index(model)] if model in parties else np.ones(len(out))
            out[:, i] = level * pattern / pattern.mean()
    rest = parties.index("oth")
    out[:, rest] = np.maximum(out[:, rest], LEAST_OTHERS)
    return out / out.sum(axis=1, keepdims=True), absent


def _usual(share: Shares, nation: NDArray[np.str_], region: NDArray[np.str_], seat: int) -> float:
    stood = share > 0
    for near in (region == region[seat], nation == nation[seat]):
        if (stood & near).sum() >= FEWEST:
            return float(share[stood & near].mean())
    return float(share[stood].mean())


def _key(name: str) -> str:
    return str(pl.select(pl.lit(name).alias("name")).select(name_key()).item())
