"""Shares for parties that did not stand in a seat last time or will not next time, and the Speaker's seat."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.crossing import name_key
from models.tilts import Field

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
ENOUGH = 50
"""Seats a party must have fought for its tilt to Leave seats to be used."""
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
    field: Field, region: NDArray[np.str_], leave: Shares, barred: NDArray[np.bool_], *, full_slate: bool
) -> tuple[Shares, NDArray[np.bool_]]:
    """Make up shares for parties that did not stand, so that they can win votes next time; take those of who will not.

    A party that fought other seats gets its mean there in the region, ``ref`` more or less as the seat voted Leave. One
    without any past vote gets the pattern of the party nearest to it. Parties of one nation stay in it. The others in
    the seat make room in proportion, and take what is left by one that will not stand. That the Conservatives alone
    should do so where ``ref`` comes or goes was tried and forecast 2017 and 2019 worse.

    Parameters
    ----------
    field : Field
        Seats with shares as last fought, 0 where a party did not stand.
    region : array of shape (n_seats,)
        Where the seats lie.
    leave : array of shape (n_seats,)
        From ``models.tilts.leave_of``.
    barred : array of bool of shape (n_seats, n_parties)
        True where a party is known to have no candidate.
    full_slate : bool
        Whether large parties that stood aside are expected back (true since 1974); ``ref`` and ``grn`` always are.

    Returns
    -------
    share : array of shape (n_seats, n_parties)
        Rows sum to 1.
    absent : array of bool of shape (n_seats, n_parties)
        True where a share was made up.
    """
    share, nation, parties = field.share, field.nation, field.parties
    out, absent = share.copy(), (share == 0) & ~barred
    for i, party in enumerate(parties):
        if party == "oth":
            absent[:, i] = False
        elif party in LOCAL:
            absent[:, i] &= nation == LOCAL[party]
        if party not in NEW_PARTIES and (share[:, i] > 0).any():
            back = 1.0 if full_slate or party in RISING else BACK_BEFORE_1974
            tilt = leave if party == "ref" else np.zeros_like(leave)
            _give(out, i, back * _usual(share[:, i], nation, region, tilt), absent[:, i])
    for i, party in enumerate(parties):
        if party in NEW_PARTIES and absent[:, i].any() and not share[:, i].any():
            model, level = NEW_PARTIES[party]
            pattern = out[:, parties.index(model)] if model in parties else np.ones(len(out))
            _give(out, i, level * pattern / pattern.mean(), absent[:, i])
    for i, party in enumerate(parties):
        _give(out, i, np.zeros(len(out)), barred[:, i] & (party != "oth"))
    rest = parties.index("oth")
    out[:, rest] = np.maximum(out[:, rest], LEAST_OTHERS)
    return out / out.sum(axis=1, keepdims=True), absent


def _give(out: Shares, party: int, wanted: Shares, where: NDArray[np.bool_]) -> None:
    """Give a party the share wanted in some seats; the others make room, or take what it leaves, in proportion."""
    change = np.where(where, wanted - out[:, party], 0.0)
    others = np.where(np.arange(out.shape[1]) != party, out, 0.0)
    out -= change[:, None] * others / np.maximum(others.sum(axis=1, keepdims=True), 1e-12)
    out[:, party] += change


def _usual(share: Shares, nation: NDArray[np.str_], region: NDArray[np.str_], tilt: Shares) -> Shares:
    """What a party would have had in each seat, by those it fought and what sets seats apart for it."""
    stood = share > 0
    mean, centre = np.empty((2, share.size))
    for place in np.unique(region):
        here = region == place
        near = stood & here
        if near.sum() < FEWEST:
            near = stood & (nation == nation[here][0])
        if near.sum() < FEWEST:
            near = stood
        mean[here], centre[here] = share[near].mean(), tilt[near].mean()
    slope = 0.0
    if stood.sum() >= ENOUGH and tilt[stood].any():
        x = (tilt - centre)[stood]
        slope = float(x @ (share / mean - 1)[stood] / (x @ x))
    return np.asarray(mean * np.maximum(1 + slope * (tilt - centre), 1 / 3))


def _key(name: str) -> str:
    return str(pl.select(pl.lit(name).alias("name")).select(name_key()).item())
