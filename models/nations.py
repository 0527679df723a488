"""From the vote of Great Britain to that of England, Scotland and Wales, in every draw.

A party's vote in a nation is its last vote there times its change in Great Britain times ``exp(offset)``. Offsets have
the spread they had between elections since 1955; polls of Scotland and of Wales move them. Nations then add up to
Great Britain exactly, by iterative proportional fitting with each nation's weight in the last valid vote.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import polars as pl
import xarray as xr
from numpy.typing import NDArray

from data import Evidence
from models.crossing import wide_shares
from models.days import DAYS_PER_YEAR
from models.kernel import compiled
from models.pairs import GB_NATIONS
from models.seat_base import SeatBase
from models.standing_in import LOCAL

MAJOR = ("con", "lab", "lib")
USUAL_SPREAD = {"England": 0.04, "Scotland": 0.20, "Wales": 0.15}
"""Spread of offsets (log) where the record is too short to tell: what the pairs of 1955-2019 give, rounded."""
MINOR_FACTOR = 1.5
"""Small parties' logs vary more, for the same points are a larger part of their vote."""
FEWEST_ELECTIONS = 5
POLL_ERROR = 0.08
"""Error (log) a nation's polls share, whatever their number: 2.5 points at 30 per cent, as final polls err."""
POLL_NOISE = 0.06
"""Sampling error (log) of one poll of 1,000 for a party at 25 per cent."""
DRIFT_PER_YEAR = 0.15
"""How far (log) a nation moves from Great Britain in a year: old polls count for less, all polls less far ahead."""
FIT_ROUNDS = 500
FIT_ERROR = 1e-8
LEAST = 1e-12
Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class NationOffsets:
    """Offsets of shape (n_nations, n_parties): how far, in logs, a nation's change departs from Great Britain's."""

    parties: tuple[str, ...]
    mean: Array
    sd: Array

    def draws(self, n_draws: int, seed: int) -> Array:
        """Independent normal draws of shape (n_draws, n_nations, n_parties)."""
        z = np.random.default_rng([seed, 12]).standard_normal((n_draws, *self.mean.shape))
        return np.asarray(self.mean + self.sd * z)


def nation_offsets(evidence: Evidence, base: SeatBase, gb_path: xr.DataArray) -> NationOffsets:
    """Offsets from the record of past elections, moved by polls of Scotland and Wales since the last.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut at the date of the forecast.
    base : SeatBase
        Seats as last fought.
    gb_path : xr.DataArray
        Voting intention in Great Britain (date, party), shares; a ``draw`` dimension is averaged.

    Returns
    -------
    NationOffsets
        By nation (``GB_NATIONS``) and party (``base.parties``).
    """
    sd = offset_record(evidence, base.parties)
    mean = np.zeros_like(sd)
    path = gb_path.mean("draw") if "draw" in gb_path.dims else gb_path
    last = evidence.elections["election_date"].max()
    assert isinstance(last, date)
    shares, _ = nation_base(base)
    for n, nation in enumerate(GB_NATIONS):
        seen, variance = _polled(evidence, nation, last, shares[n], base, path)
        for p in range(len(base.parties)):
            if np.isfinite(seen[p]):
                mean[n, p], sd[n, p] = update(mean[n, p], sd[n, p], seen[p], variance[p])
    return NationOffsets(parties=base.parties, mean=mean, sd=sd)


def update(mean: float, sd: float, seen: float, variance: float) -> tuple[float, float]:
    """Condition a normal on one measurement of it.

    Parameters
    ----------
    mean, sd : float
        Before.
    seen, variance : float
        Measurement and its error variance.

    Returns
    -------
    tuple of float
        Mean and standard deviation after.
    """
    gain = sd**2 / (sd**2 + variance)
    return mean + gain * (seen - mean), sd * float(np.sqrt(1 - gain))


def nation_base(base: SeatBase) -> tuple[Array, Array]:
    """Last vote of each nation.

    Parameters
    ----------
    base : SeatBase
        Seats as last fought.

    Returns
    -------
    shares : array of shape (n_nations, n_parties)
        Shares over ``base.parties``, rows sum to 1.
    weights : array of shape (n_nations,)
        Part of Great Britain's valid vote, sums to 1.
    """
    shares, weights = [], []
    for nation in GB_NATIONS:
        here = base.rows(nation)
        votes = base.share[here, : len(base.parties)] * base.weight[here, None]
        shares.append(votes.sum(axis=0) / votes.sum())
        weights.append(votes.sum())
    return np.array(shares), np.array(weights) / sum(weights)


def nation_targets(votes: Array, base_nation: Array, weights: Array, offsets: Array) -> Array:
    """Shares of each nation's vote that add up to Great Britain's.

    Parameters
    ----------
    votes : array of shape (n_draws, n_parties)
        Shares of the Great Britain vote, rows sum to 1.
    base_nation : array of shape (n_nations, n_parties)
        Last shares by nation; 0 where a party does not stand.
    weights : array of shape (n_nations,)
        Nations' parts of the vote, sum to 1.
    offsets : array of shape (n_draws, n_nations, n_parties)
        Logs.

    Returns
    -------
    array of shape (n_draws, n_nations, n_parties)
        Shares; each nation's sum to 1, and weighted over nations they give ``votes`` to 1e-6, unless a party
        has more of the vote than the nations it stands in could give it.
    """
    start = weights[:, None] * base_nation * np.exp(offsets)
    start *= (votes / np.maximum(weights @ base_nation, LEAST))[:, None, :]
    _fit(start, np.ascontiguousarray(votes), weights)
    return np.asarray(start / start.sum(axis=2, keepdims=True))


@compiled
def _fit(table: Array, columns: Array, rows: Array) -> None:  # pragma: no cover
    """Scale each draw's table of nations by parties until it sums to ``rows`` and ``columns``."""
    n_draws, n_nations, n_parties = table.shape
    for d in range(n_draws):
        for _ in range(FIT_ROUNDS):
            for p in range(n_parties):
                held = LEAST
                for n in range(n_nations):
                    held += table[d, n, p]
                for n in range(n_nations):
                    table[d, n, p] *= columns[d, p] / held
            error = 0.0
            for n in range(n_nations):
                held = LEAST
                for p in range(n_parties):
                    held += table[d, n, p]
                error = max(error, abs(held - rows[n]))
                for p in range(n_parties):
                    table[d, n, p] *= rows[n] / held
            if error < FIT_ERROR:
                break


def offset_record(evidence: Evidence, parties: tuple[str, ...]) -> Array:
    """Spread of offsets between consecutive elections known to the evidence.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut at the date of the forecast.
    parties : tuple of str
        Party codes.

    Returns
    -------
    array of shape (n_nations, n_parties)
        Root mean squares (logs) for Conservatives, Labour and Liberals; ``MINOR_FACTOR`` times the first two's for
        other parties; 0 for a party of one nation, whose vote all lies there.
    """
    shares = [_election_shares(evidence, day) for day in evidence.elections["election_date"].sort()]
    sd = np.empty((len(GB_NATIONS), len(parties)))
    for n, nation in enumerate(GB_NATIONS):
        seen = [np.log(new[nation] / old[nation]) - np.log(new["GB"] / old["GB"]) for old, new in pairwise(shares)]
        spread = np.full(len(MAJOR), USUAL_SPREAD[nation])
        if len(seen) >= FEWEST_ELECTIONS:
            spread = np.sqrt(np.mean(np.square(seen), axis=0))
        minor = MINOR_FACTOR * float(np.sqrt(np.mean(np.square(spread[:2]))))
        by_party = dict(zip(MAJOR, spread, strict=True)) | dict.fromkeys(LOCAL, 0.0)
        sd[n] = [by_party.get(p, minor) for p in parties]
    return sd


def _election_shares(evidence: Evidence, day: date) -> dict[str, Array]:
    """Shares of the three old parties, by nation and in Great Britain."""
    seats = evidence.constituencies.select("constituency", "nation").unique()
    votes = evidence.results.filter(pl.col("election_date") == day).join(seats, on="constituency")
    codes = (*MAJOR, "oth")
    areas = {nation: votes.filter(pl.col("nation") == nation) for nation in GB_NATIONS}
    areas["GB"] = votes.filter(pl.col("nation").is_in(GB_NATIONS))
    whole = {name: area.with_columns(pl.lit(name).alias("constituency")) for name, area in areas.items()}
    return {name: wide_shares(area, codes).select(MAJOR).to_numpy()[0] for name, area in whole.items()}


def _polled(
    evidence: Evidence, nation: str, last: date, base_share: Array, base: SeatBase, path: xr.DataArray
) -> tuple[Array, Array]:
    """Offset a nation's polls show, newest weighing most, and its error variance as to polling day (NaN: not asked)."""
    n_parties = len(base.parties)
    seen, precision = np.zeros(n_parties), np.zeros(n_parties)
    polls = evidence.polls.filter(pl.col("area") == nation, pl.col("end_date") > last + timedelta(days=30))
    gb_base = base.share[:, :n_parties].T @ np.where(base.nation == "Northern Ireland", 0.0, base.weight)
    gb_base = gb_base / gb_base.sum()
    polled = [str(p) for p in path["party"].values]
    to_come = (base.election_date - evidence.cut).days / DAYS_PER_YEAR
    for poll_id, end_date in polls.select("poll_id", "end_date").sort("end_date").iter_rows():
        asked = dict(evidence.poll_shares.filter(pl.col("poll_id") == poll_id).select("party", "share").iter_rows())
        years = (evidence.cut - end_date).days / DAYS_PER_YEAR
        then = path.sel(date=np.datetime64(end_date), method="nearest")
        for p, party in enumerate(base.parties):
            if party not in asked or party not in polled or party == "oth" or party in LOCAL or base_share[p] == 0:
                continue
            ours, gb = max(asked[party], 0.003), max(float(then.sel(party=party)), 0.003)
            weight = 1.0 / (POLL_NOISE**2 * 0.25 / ours + DRIFT_PER_YEAR**2 * years)
            seen[p] += weight * (np.log(ours / base_share[p]) - np.log(gb / gb_base[p]))
            precision[p] += weight
    with np.errstate(invalid="ignore", divide="ignore"):
        return seen / precision, 1.0 / precision + POLL_ERROR**2 + DRIFT_PER_YEAR**2 * to_come
