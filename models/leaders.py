"""How voters see each party's leader: net favourability in points, on one scale, at any date.

Every rating is read as

    net = level(leader, day) + offset(wording, pollster) + quirk(leader, wording, pollster, day) + noise

``models.leader_scale`` learns the offsets and variances. A leader's level is a random walk that starts where new
leaders have started and is slowly drawn to where leaders usually stand (an Ornstein-Uhlenbeck process). It is
conditioned here on her readings by plain Gaussian algebra. With no new reading the sd grows, up to the spread of
leaders at large. The covariance of the offsets is carried through, so a leader known from one odd house is known less
well. A leader without any reading has the mean and spread of new leaders' first readings, which drift the same way.

The scale is learned from all ratings in the evidence: nothing after ``evidence.cut`` is seen. The level on an earlier
day uses ratings with ``known_on`` on or before that day only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

from data import Evidence
from data.errors import BadInput
from models.leader_scale import QUIRK_DAYS, Array, Readings, Scale, as_readings, fit_scale
from models.tenure import in_office

STEP_VARIANCE = 15.0**2
"""Variance of the jump when a politician rated before becomes leader. A judgement: Burnham 2026 is the first case."""

MEMORY_DAYS = 730
"""Readings older than this before a leader's last one are left out: her level has moved by 20 points (1 sd) since."""

_SCHEMA = {
    "party": pl.String,
    "leader": pl.String,
    "favourability": pl.Float64,
    "favourability_sd": pl.Float64,
    "n_ratings": pl.Int64,
    "last_rating": pl.Date,
}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A leader's standing on a day.

    ``favourability`` and its sd are in points; both are None before any leader was rated (1979). ``n_ratings`` counts
    the readings of the leader known by then, in and before office; ``last_rating`` is the last one's end of fieldwork.
    """

    party: str
    leader: str
    favourability: float | None
    favourability_sd: float | None
    n_ratings: int
    last_rating: date | None


def standings(evidence: Evidence) -> pl.DataFrame:
    """Where the leaders in office stand at the evidence's cut.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut at the date of interest.

    Returns
    -------
    pl.DataFrame
        One row a party with a leader: ``party``, ``leader``, ``favourability`` and ``favourability_sd`` (points, null
        before 1979), ``n_ratings``, ``last_rating`` (null where never rated).
    """
    desk = _Desk(evidence)
    rows = [desk.standing(party, evidence.cut) for party in in_office(evidence.leader_tenure, evidence.cut)]
    return pl.DataFrame([vars(row) for row in rows if row], schema=_SCHEMA)


def standing_at(evidence: Evidence, party: str, day: date) -> Standing | None:
    """Where a party's leader stood on a day.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut on or after ``day``.
    party : str
        Party code.
    day : date
        Only ratings known by then count.

    Returns
    -------
    Standing or None
        None where the party had no leader then.

    Raises
    ------
    BadInput
        If ``day`` is after the evidence's cut.
    """
    _refuse_future(evidence, [day])
    return _Desk(evidence).standing(party, day)


def history(evidence: Evidence, days: Sequence[date], parties: Sequence[str] = ("con", "lab")) -> pl.DataFrame:
    """Where parties' leaders stood on many days, each day seen with what was known then.

    Parameters
    ----------
    evidence : Evidence
        Tables; the scale is learned from all ratings in them.
    days : sequence of date
        None after the evidence's cut.
    parties : sequence of str
        Party codes.

    Returns
    -------
    pl.DataFrame
        One row a day and party, in the order given: ``day``, ``party``, ``leader`` (null where there was none),
        ``favourability`` and ``favourability_sd`` (points; null where there was no leader or no rating of anybody yet).

    Raises
    ------
    BadInput
        If a day is after the evidence's cut.
    """
    _refuse_future(evidence, days)
    desk = _Desk(evidence)
    rows = []
    for day, party in product(days, parties):
        found = desk.standing(party, day)
        known = (found.leader, found.favourability, found.favourability_sd) if found else (None, None, None)
        rows.append((day, party, *known))
    schema = {"day": pl.Date} | {name: _SCHEMA[name] for name in list(_SCHEMA)[:4]}
    return pl.DataFrame(rows, schema=schema, orient="row")


def new_leader(evidence: Evidence) -> tuple[float, float]:
    """Mean and sd of where new leaders have started.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut at the date of interest.

    Returns
    -------
    tuple of float
        Points; from the first 60 days of readings of every leader rated.
    """
    scale = fit_scale(as_readings(evidence.leader_ratings))
    return scale.first_mean, scale.first_sd


def _refuse_future(evidence: Evidence, days: Sequence[date]) -> None:
    late = [day for day in days if day > evidence.cut]
    if late:
        raise BadInput(
            f"No leaders' standing for {max(late)}: the evidence ends on {evidence.cut}. Choose a date before."
        )


class _Desk:
    """The scale and each leader's readings, learned once and asked many times."""

    def __init__(self, evidence: Evidence) -> None:
        self._tenure = evidence.leader_tenure
        self._readings = as_readings(evidence.leader_ratings)
        self._scale = fit_scale(self._readings)
        self._first = int(self._readings.known.min()) if self._readings.known.size else None
        self._own: dict[str, Readings] = {}
        self._office: dict[date, dict[str, tuple[str, date]]] = {}

    def standing(self, party: str, day: date) -> Standing | None:
        """Where the leader of ``party`` stood on ``day``; None without a leader."""
        if day not in self._office:
            self._office[day] = in_office(self._tenure, day)
        if party not in self._office[day]:
            return None
        leader, start = self._office[day][party]
        if leader not in self._own:
            self._own[leader] = self._readings.of(leader)
        own = self._own[leader].until(day)
        rated = self._first is not None and self._first <= day.toordinal()
        mean, sd = _level(own, self._scale, start.toordinal(), day.toordinal()) if rated else (None, None)
        last = date.fromordinal(int(own.day[-1])) if own.day.size else None
        return Standing(
            party=party,
            leader=leader,
            favourability=mean,
            favourability_sd=sd,
            n_ratings=own.day.size,
            last_rating=last,
        )


def _level(own: Readings, scale: Scale, start: int, day: int) -> tuple[float, float]:
    """Mean and sd of a leader's level on ``day``, given her readings known by then."""
    began = int(own.day[0]) if own.day.size else start
    recent = own.last(MEMORY_DAYS)
    times = np.append(recent.day, day)
    prior, walk = _prior(times, began, scale)
    if began < start:  # rated before she led: taking office may move her at once
        walk = walk + STEP_VARIANCE * np.outer(times >= start, times >= start)
    if not recent.day.size:
        return float(prior[-1]), float(np.sqrt(walk[-1, -1]))
    group, reach = recent.group, walk[:-1, -1]
    other = group != scale.reference
    # The level is what the reference says of her, so its own quirk is part of what every other question differs by.
    fading = np.exp(-np.abs(np.subtract.outer(recent.day, recent.day)) / QUIRK_DAYS) * np.outer(other, other)
    quirk = fading * (scale.own * np.equal.outer(group, group) + scale.shared)
    total = walk[:-1, :-1] + quirk + scale.covariance[np.ix_(group, group)] + np.diag(scale.noise[group])
    factor = cho_factor(total, lower=True)
    surprise = recent.net - scale.offset[group] - prior[:-1]
    mean = float(prior[-1] + reach @ cho_solve(factor, surprise))
    variance = float(walk[-1, -1] - reach @ cho_solve(factor, reach))
    return mean, float(np.sqrt(max(variance, 0.0)))


def _prior(times: NDArray[np.int64], began: int, scale: Scale) -> tuple[Array, Array]:
    """Mean and covariance of a level that starts where new leaders start and is drawn to the usual standing."""
    faded = np.exp(-np.maximum(times - began, 0) / scale.memory_days)
    mean: Array = scale.usual_mean + (scale.first_mean - scale.usual_mean) * faded
    spread = scale.usual_sd**2 + (scale.first_sd**2 - scale.usual_sd**2) * faded**2
    earlier = np.minimum.outer(np.arange(times.size), np.arange(times.size))  # times are in order
    apart = np.abs(np.subtract.outer(times, times))
    covariance: Array = spread[earlier] * np.exp(-apart / scale.memory_days)
    return mean, covariance
