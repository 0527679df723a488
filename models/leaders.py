"""How voters see each party's leader: net favourability in points, on one scale, at any date.

Every rating is read as

    net = load(wording) * level(leader, day) + offset(wording, pollster) + quirk(leader, wording, pollster) + noise

`models.leader_model` learns what does not belong to one leader, once a Parliament. A leader's level is a random walk
that is slowly drawn to where leaders in her role usually stand (an Ornstein-Uhlenbeck process), on top of honeymoons
and events that fade. It is conditioned here on her readings by plain Gaussian algebra. With no new reading the sd
grows, up to the spread of leaders at large. A leader without any reading has the mean and spread of new leaders.

The level on a day uses the leader's ratings, events and offices with ``known_on`` on or before that day only. What
ratings of a house mean is another matter: that is learned from all ratings in the evidence, up to its cut.

Ahead of the last reading the sd knows of no event to come.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

import numpy as np
import polars as pl
from scipy.linalg import cho_factor, cho_solve

from data import Evidence
from data.errors import BadInput
from models.leader_events import KINDS, Course, Ints, courses
from models.leader_record import Array, Readings, as_readings
from models.leader_scale import Scale
from models.reading_scale import extended
from models.tenure import in_office

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


def standings(evidence: Evidence, scale: Scale) -> pl.DataFrame:
    """Where the leaders in office stand at the evidence's cut.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut at the date of interest.
    scale : Scale
        What ratings mean, learned from past Parliaments.

    Returns
    -------
    pl.DataFrame
        One row a party with a leader: ``party``, ``leader``, ``favourability`` and ``favourability_sd`` (points, null
        before 1979), ``n_ratings``, ``last_rating`` (null where never rated).
    """
    desk = _Desk(evidence, scale)
    rows = [desk.standing(party, evidence.cut) for party in in_office(evidence.leader_tenure, evidence.cut)]
    return pl.DataFrame([vars(row) for row in rows if row], schema=_SCHEMA)


def standing_at(evidence: Evidence, scale: Scale, party: str, day: date) -> Standing | None:
    """Where a party's leader stood on a day.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut on or after ``day``.
    scale : Scale
        What ratings mean.
    party : str
        Party code.
    day : date
        Only what was known by then counts.

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
    return _Desk(evidence, scale).standing(party, day)


def history(
    evidence: Evidence, scale: Scale, days: Sequence[date], parties: Sequence[str] = ("con", "lab")
) -> pl.DataFrame:
    """Where parties' leaders stood on many days, each day seen with what was known then.

    Parameters
    ----------
    evidence : Evidence
        Tables.
    scale : Scale
        What ratings mean; houses that came after it learn from all ratings in the evidence.
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
    desk = _Desk(evidence, scale)
    rows = []
    for day, party in product(days, parties):
        found = desk.standing(party, day)
        known = (found.leader, found.favourability, found.favourability_sd) if found else (None, None, None)
        rows.append((day, party, *known))
    schema = {"day": pl.Date} | {name: _SCHEMA[name] for name in list(_SCHEMA)[:4]}
    return pl.DataFrame(rows, schema=schema, orient="row")


def new_leader(scale: Scale) -> tuple[float, float]:
    """Mean and sd of where new leaders start.

    Parameters
    ----------
    scale : Scale
        What ratings mean.

    Returns
    -------
    tuple of float
        Points: the usual place of leaders who do not govern, with the credit a new one has.
    """
    credit = KINDS.index("leader")
    return scale.usual[0] + float(scale.size[credit]), float(np.sqrt(scale.first_sd**2 + scale.jump[credit]))


def _refuse_future(evidence: Evidence, days: Sequence[date]) -> None:
    late = [day for day in days if day > evidence.cut]
    if late:
        raise BadInput(
            f"No leaders' standing for {max(late)}: the evidence ends on {evidence.cut}. Choose a date before."
        )


class _Desk:
    """The scale, each leader's readings and what befell her, laid out once and asked many times."""

    def __init__(self, evidence: Evidence, scale: Scale) -> None:
        self._tenure = evidence.leader_tenure
        self._readings = as_readings(evidence.leader_ratings)
        self._scale = extended(scale, self._readings)
        self._courses = courses(evidence)
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
        mean = sd = None
        if self._first is not None and self._first <= day.toordinal():
            life = self._courses.of(leader, day.toordinal())
            mean, sd = _level(own, self._scale, life, start.toordinal(), day.toordinal())
        last = date.fromordinal(int(own.day[-1])) if own.day.size else None
        return Standing(
            party=party,
            leader=leader,
            favourability=mean,
            favourability_sd=sd,
            n_ratings=own.day.size,
            last_rating=last,
        )


def _level(own: Readings, scale: Scale, life: Course, start: int, day: int) -> tuple[float, float]:
    """Mean and sd of a leader's level on ``day``, given her readings known by then."""
    began = min(start, int(own.day[0])) if own.day.size else start
    recent = own.last(MEMORY_DAYS)
    times = np.append(recent.day, day)
    prior, walk = _prior(times, began, scale, life)
    if not recent.day.size:
        return float(prior[-1]), float(np.sqrt(walk[-1, -1]))
    group, load = recent.group, scale.load[recent.group]
    reach = load * walk[:-1, -1]
    total = np.outer(load, load) * walk[:-1, :-1] + scale.quirks(group) + scale.covariance[np.ix_(group, group)]
    factor = cho_factor(total + np.diag(scale.noise[group]), lower=True)
    surprise = recent.net - scale.offset[group] - load * prior[:-1]
    mean = float(prior[-1] + reach @ cho_solve(factor, surprise))
    variance = float(walk[-1, -1] - reach @ cho_solve(factor, reach))
    return mean, float(np.sqrt(max(variance, 0.0)))


def _prior(times: Ints, began: int, scale: Scale, life: Course) -> tuple[Array, Array]:
    """Mean and covariance of a level before its readings, at times in order, none before ``began``."""
    memory = scale.memory_days
    since = times - began
    spread = scale.usual_sd**2 + (scale.first_sd**2 - scale.usual_sd**2) * np.exp(-2.0 * since / memory)
    fading = np.exp(-np.abs(np.subtract.outer(times, times)) / memory)
    order = np.arange(times.size)
    covariance = spread[np.minimum.outer(order, order)] * fading
    mean = _usual(times, began, scale, life)
    for on, kind in zip(life.day, life.kind, strict=True):
        age = np.maximum(times - on, 0).astype(np.float64)
        after = (times >= on).astype(np.float64)
        mean = mean + after * scale.size[kind] * np.exp(-scale.rate[kind] * age)
        # How far this one differs from its kind is a jump of the process, which is forgotten as the process forgets.
        left = after * np.exp(-age / memory)
        covariance = covariance + scale.jump[kind] * np.outer(left, left)
    return mean, covariance


def _usual(times: Ints, began: int, scale: Scale, life: Course) -> Array:
    """Where the process is drawn to: from the place of other leaders to that of prime ministers, and back."""
    mean = np.full(times.size, scale.usual[0])
    step = scale.usual[1] - scale.usual[0]
    for entered, left in life.office:
        if left > began:
            in_power = 1.0 - np.exp(-np.maximum(times - max(entered, began), 0) / scale.memory_days)
            out = 1.0 - np.exp(-np.maximum(times - left, 0) / scale.memory_days)
            mean = mean + step * (in_power - out)
    return np.asarray(mean)
