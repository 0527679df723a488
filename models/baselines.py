"""What a forecast has to beat: simple rules, learned from the elections before the target only.

Votes by a rule are turned into seats by uniform swing (or in proportion) from the same base of seats as the model's.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data import Evidence
from models.metrics import MAIN
from models.mps import last_margin
from models.record import gb_shares, governments, past_elections
from models.score import poll_mean

FIRST_POLLED = date(1959, 1, 1)
"""Elections from here on have polls for every lead time scored."""
PULL = 0.02**2 * 4
"""Weight of the prior that the poll mean is right (slope 1): four party-elections with a change of two points."""
SHRINK = 6.0
"""Elections' worth of weight on a usual poll error of nought."""
LEAST_ERROR = 0.015
"""Standard deviation of a share's error where too few elections teach one."""
Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class PastError:
    """How the poll mean did at one past election: by party the last result, the mean and the result (shares)."""

    election_date: date
    previous: dict[str, float]
    mean: dict[str, float]
    result: dict[str, float]


def past_errors(evidence: Evidence, target: date, lead_days: int) -> list[PastError]:
    """Poll means of earlier elections at the same lead time, beside their results.

    Parameters
    ----------
    evidence : Evidence
        All tables; only elections before ``target`` are looked at, each with the polls known at its own lead time.
    target : date
        Polling day of the election to be forecast.
    lead_days : int
        Days before polling day.

    Returns
    -------
    list of PastError
        Oldest first; elections without a poll at that lead, or with another election in between, are left out.
    """
    held = past_elections(evidence)
    found = []
    for before, day in pairwise(held):
        as_of = day - timedelta(days=lead_days)
        if day >= target or day < FIRST_POLLED or as_of <= before:
            continue
        mean = poll_mean(evidence.as_of(as_of), as_of)
        if {"con", "lab"} <= mean.keys():
            found.append(
                PastError(
                    election_date=day, previous=gb_shares(evidence, before), mean=mean, result=gb_shares(evidence, day)
                )
            )
    return found


def shrunk_mean(mean: dict[str, float], previous: dict[str, float], past: list[PastError]) -> dict[str, float]:
    """Poll mean drawn to the last result, plus each party's usual error, both learned from earlier elections, shrunk.

    Parameters
    ----------
    mean : dict
        Poll mean by party.
    previous : dict
        Last result by party.
    past : list of PastError
        Earlier elections at the same lead time.

    Returns
    -------
    dict
        Shares of the parties in ``mean``: ``previous + beta (mean - previous) + error`` with a slope ``beta`` shared by
        Con, Lab and Lib and a ridge that holds it to 1 and the error to 0.
    """
    pairs = [
        (one.mean[p] - one.previous[p], one.result[p] - one.previous[p], p)
        for one in past
        for p in MAIN
        if p in one.mean and p in one.previous
    ]
    x, y = np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs])
    slope = float((x @ y + PULL) / (x @ x + PULL)) if pairs else 1.0
    usual = {}
    for party in MAIN:
        left = [change - slope * said for said, change, p in pairs if p == party]
        usual[party] = sum(left) / (len(left) + SHRINK)

    def drawn(party: str, share: float) -> float:
        home = previous.get(party, share)
        return home + slope * (share - home) + usual.get(party, 0.0)

    return {party: drawn(party, share) for party, share in mean.items()}


def error_sd(past: list[PastError]) -> dict[str, float]:
    """Root mean square error of the poll mean by party at earlier elections, shrunk to that of all parties.

    Parameters
    ----------
    past : list of PastError
        Earlier elections at the same lead time.

    Returns
    -------
    dict
        Con, Lab, Lib and ``other`` (smaller parties) to a standard deviation of the share.
    """
    errors = {p: [one.result[p] - one.mean[p] for one in past if p in one.mean] for p in MAIN}
    everything = [error for found in errors.values() for error in found]
    common = float(np.sqrt(np.mean(np.square(everything)))) if len(everything) > 3 else LEAST_ERROR
    spread = {}
    for party, found in errors.items():
        variance = (sum(error**2 for error in found) + 3 * common**2) / (len(found) + 3)
        spread[party] = float(np.sqrt(variance))
    return spread | {"other": common / 2}


def normal_draws(centre: Array, parties: list[str], past: list[PastError], n_draws: int, seed: int) -> Array:
    """Draw votes around the poll mean with normal errors of past elections' size.

    Parameters
    ----------
    centre : array of shape (n_parties,)
        Poll mean, from ``complete``.
    parties : list of str
        Its parties.
    past : list of PastError
        Earlier elections at the same lead time.
    n_draws, seed : int
        Draws and their seed.

    Returns
    -------
    array of shape (n_draws, n_parties)
        Shares, rows sum to 1.
    """
    spread = error_sd(past)
    small = np.minimum(spread["other"], 0.5 * centre)
    sd = np.array([spread.get(party, small[i]) for i, party in enumerate(parties)])
    noise = np.random.default_rng([seed, 23]).standard_normal((n_draws, len(parties)))
    drawn = np.clip(centre + sd * noise, 1e-4, None)
    return np.asarray(drawn / drawn.sum(axis=1, keepdims=True))


def murr_call(evidence: Evidence) -> str | None:
    """Party whose leader has the larger margin among its MPs, by Murr's rule; None where it is silent.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut: the leaders are those in office at the cut.

    Returns
    -------
    str or None
        ``con`` or ``lab``.
    """
    con, lab = last_margin(evidence, "con"), last_margin(evidence, "lab")
    return None if con is None or lab is None or con == lab else "con" if con > lab else "lab"


def approval_vote(evidence: Evidence, target: date, lead_days: int) -> tuple[str, float] | None:
    """Vote of the governing party by regression on its leader's standing and its terms in office.

    After Lewis-Beck, Nadeau and Belanger 2004 (doi 10.1017/S0007123404240165): ordinary least squares on earlier
    elections, with the standing of the Prime Minister at the same lead time.

    Parameters
    ----------
    evidence : Evidence
        All tables; only what was known at each election's own lead time is read.
    target : date
        Polling day.
    lead_days : int
        Days before polling day.

    Returns
    -------
    tuple or None
        Governing party and its share; None with fewer than five earlier elections with a rated Prime Minister.
    """
    rows = []
    held = past_elections(evidence)
    for before, day in pairwise(held):
        as_of = day - timedelta(days=lead_days)
        if day > target or as_of <= before:
            continue
        party, terms = governments(evidence.as_of(as_of))[before]
        liked = _standing(evidence.as_of(as_of), party, as_of)
        if liked is not None:
            rows.append((day, party, liked, float(terms), gb_shares(evidence, day)[party] if day < target else np.nan))
    if not rows or rows[-1][0] != target or len(rows) < 6:
        return None
    table = np.array([(liked, terms, share) for _, _, liked, terms, share in rows])
    design = np.column_stack([np.ones(len(table)), table[:, 0], table[:, 1]])
    slopes, *_ = np.linalg.lstsq(design[:-1], table[:-1, 2], rcond=None)
    return rows[-1][1], float(design[-1] @ slopes)


def _standing(evidence: Evidence, party: str, day: date) -> float | None:
    """Mean net rating of a party's leader in the 60 days up to a day, all questions alike; None without one."""
    recent = evidence.leader_ratings.filter(
        (pl.col("party") == party) & (pl.col("end_date") > day - timedelta(days=60)) & (pl.col("end_date") <= day)
    )
    return None if recent.is_empty() else float(recent["net"].to_numpy().mean())
