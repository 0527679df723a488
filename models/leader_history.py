"""How voters saw each leader of a party, day by day since 1979, as it is known today.

The same equations as ``models.leaders`` (a reading is a leader's level on one scale, with what its wording, house and
the leader herself add), conditioned on all her readings at once, those after a day as well as those before: a smoothed
path. On its last day it says what the forecast's own standing says, but for readings of more than two years ago, which
the forecast leaves out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from scipy.linalg import cho_factor, cho_solve
from scipy.special import ndtri

from data import Evidence
from models.leader_events import Course, Ints, courses
from models.leader_record import Array, Readings, as_readings
from models.reading_scale import ReadingScale

FIRST_DAY = date(1979, 5, 4)
"""No rating is held from before that year."""
STEP_DAYS = 14
"""Days between two points of a path: a level moves by 4 points in that time."""
CUTS = {"lo95": 0.025, "lo80": 0.1, "lo50": 0.25, "hi50": 0.75, "hi80": 0.9, "hi95": 0.975}
"""Ends of the bands of 50, 80 and 95 %."""


@dataclass(frozen=True, kw_only=True)
class Spell:
    """One leadership: ``end`` is the last day, the cut's where she leads still (``current``)."""

    leader: str
    start: date
    end: date
    current: bool


def spells(evidence: Evidence, party: str) -> list[Spell]:
    """Give the leaderships of a party, oldest first.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut.
    party : str
        Party code.

    Returns
    -------
    list of Spell
        Those that reach beyond 1979.
    """
    rows = evidence.leader_tenure.filter(pl.col("party") == party).sort("date", pl.col("event") == "start")
    found: list[Spell] = []
    open_since: tuple[str, date] | None = None
    for leader, event, day in rows.select("leader", "event", "date").iter_rows():
        if open_since and (event == "start" or leader == open_since[0]):
            found.append(Spell(leader=open_since[0], start=open_since[1], end=day, current=False))
            open_since = None
        if event == "start":
            open_since = leader, day
    if open_since:
        found.append(Spell(leader=open_since[0], start=open_since[1], end=evidence.cut, current=True))
    return [spell for spell in found if spell.end > FIRST_DAY]


def favourability_paths(evidence: Evidence, scale: ReadingScale, party: str, since: date = FIRST_DAY) -> pl.DataFrame:
    """How voters saw a party's leaders while they led it.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut.
    scale : ReadingScale
        What ratings mean, as known at the cut.
    party : str
        Party code.
    since : date
        First day of interest.

    Returns
    -------
    pl.DataFrame
        ``leader, spell, day, mean, sd`` and the ends of ``CUTS``, in points; ``spell`` counts leaderships from 0.
        Leaders of whom no rating is held have no rows.
    """
    desk, parts = _Desk(evidence, scale), []
    for number, spell in enumerate(spells(evidence, party)):
        if spell.end <= since or not desk.readings.of(spell.leader).day.size:
            continue
        days = _grid(max(spell.start, since, FIRST_DAY), spell.end)
        mean, sd = desk.path(spell.leader, spell.start, days)
        cuts = {name: mean + sd * ndtri(p) for name, p in CUTS.items()}
        parts.append(
            pl.DataFrame({"day": days, "mean": mean, "sd": sd, **cuts}).select(
                pl.lit(spell.leader).alias("leader"), pl.lit(number).alias("spell"), pl.all()
            )
        )
    schema = {"leader": pl.String, "spell": pl.Int32, "day": pl.Date, "mean": pl.Float64, "sd": pl.Float64}
    empty = pl.DataFrame(schema=schema | dict.fromkeys(CUTS, pl.Float64))
    return pl.concat([empty, *parts])


def ratings_on_scale(evidence: Evidence, scale: ReadingScale, party: str, since: date = FIRST_DAY) -> pl.DataFrame:
    """Ratings of a party's leaders while they led it, as published and put on the one scale.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut.
    scale : ReadingScale
        What ratings mean, as known at the cut.
    party : str
        Party code.
    since : date
        First day of interest.

    Returns
    -------
    pl.DataFrame
        ``leader, day, pollster`` (``unnamed`` where the source does not say), ``wording, net`` (as published) and
        ``points`` (less what wording and house add, over the wording's load), by day.
    """
    table = evidence.leader_ratings.sort("end_date", "rating_id")
    readings = as_readings(table)
    points = (readings.net - scale.offset[readings.group]) / scale.load[readings.group]
    named = pl.DataFrame(
        {
            "leader": table["leader"],
            "day": table["end_date"],
            "pollster": [scale.groups[g][1] for g in readings.group],
            "wording": [scale.groups[g][0] for g in readings.group],
            "net": readings.net,
            "points": points,
        }
    )
    led = pl.lit(value=False)
    for spell in spells(evidence, party):
        led = led | ((pl.col("leader") == spell.leader) & pl.col("day").is_between(spell.start, spell.end))
    return named.filter(led, pl.col("day") >= since)


def standing_today(evidence: Evidence, scale: ReadingScale, person: str) -> tuple[float, float, int, date] | None:
    """Where somebody stands with voters at the cut who has led a party and been rated, in office or not.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut.
    scale : ReadingScale
        What ratings mean.
    person : str
        Name as in ``leader_tenure``.

    Returns
    -------
    tuple of (float, float, int, date) or None
        Mean and sd in points, number of ratings and end of fieldwork of the last; None without a rating.
    """
    desk = _Desk(evidence, scale)
    own = desk.readings.of(person)
    if not own.day.size:
        return None
    led = evidence.leader_tenure.filter(pl.col("leader") == person, pl.col("event") == "start")["date"]
    first = led.min() if led.len() else date.fromordinal(int(own.day[0]))
    assert isinstance(first, date)
    mean, sd = desk.path(person, first, [evidence.cut])
    return float(mean[0]), float(sd[0]), int(own.day.size), date.fromordinal(int(own.day[-1]))


def newest_rating(evidence: Evidence, leader: str) -> date | None:
    """End of fieldwork of the newest rating of a leader known at the cut; None without one."""
    newest = evidence.leader_ratings.filter(pl.col("leader") == leader)["end_date"].max()
    assert newest is None or isinstance(newest, date)
    return newest


def _grid(start: date, end: date) -> list[date]:
    """Days of a path: the first, the last and one a fortnight between."""
    days = [start + timedelta(days=i) for i in range(0, (end - start).days, STEP_DAYS)]
    return [*days, end] if end > start else [start]


class _Desk:
    """Readings and what befell leaders, laid out once."""

    def __init__(self, evidence: Evidence, scale: ReadingScale) -> None:
        self.readings = as_readings(evidence.leader_ratings)
        self._scale, self._cut = scale, evidence.cut.toordinal()
        self._courses = courses(evidence)

    def path(self, leader: str, start: date, days: Sequence[date]) -> tuple[Array, Array]:
        """Mean and sd of a leader's level on some days, given all her readings."""
        own = self.readings.of(leader)
        at = np.array([day.toordinal() for day in days], dtype=np.int64)
        began = min(start.toordinal(), int(own.day[0])) if own.day.size else start.toordinal()
        life = self._courses.of(leader, self._cut)
        return smoothed(own, self._scale, life, np.minimum(began, int(at.min())).item(), at)


def smoothed(own: Readings, scale: ReadingScale, life: Course, began: int, at: Ints) -> tuple[Array, Array]:
    """Condition a leader's level on some days on all her readings.

    Parameters
    ----------
    own : Readings
        Hers alone; without any the level is as before.
    scale : ReadingScale
        With the groups of ``own``.
    life : Course
        What befell her.
    began : int
        Ordinal of the first day of her path; no reading and no day is before it.
    at : array of shape (n,)
        Ordinals of the days wanted.

    Returns
    -------
    tuple of array
        Mean and sd (n,), in points.
    """
    n = own.day.size
    prior, walk = _prior(np.append(own.day, at), began, scale, life)
    mean, variance = prior[n:], np.diag(walk)[n:]
    if n:
        group, load = own.group, scale.load[own.group]
        total = np.outer(load, load) * walk[:n, :n] + scale.quirks(group) + scale.covariance[np.ix_(group, group)]
        factor = cho_factor(total + np.diag(scale.noise[group]), lower=True)
        reach = load[:, None] * walk[:n, n:]
        mean = mean + reach.T @ cho_solve(factor, own.net - scale.offset[group] - load * prior[:n])
        variance = variance - np.einsum("ij,ij->j", reach, cho_solve(factor, reach))
    return mean, np.sqrt(np.maximum(variance, 0.0))


def _prior(times: Ints, began: int, scale: ReadingScale, life: Course) -> tuple[Array, Array]:
    """Mean and covariance of a level before its readings, at times in any order, none before ``began``."""
    memory = scale.memory_days
    since = np.minimum.outer(times, times) - began
    spread = scale.usual_sd**2 + (scale.first_sd**2 - scale.usual_sd**2) * np.exp(-2.0 * since / memory)
    covariance = spread * np.exp(-np.abs(np.subtract.outer(times, times)) / memory)
    mean = np.full(times.size, scale.usual[0])
    step = scale.usual[1] - scale.usual[0]
    for entered, left in life.office:
        if left > began:
            in_power = 1.0 - np.exp(-np.maximum(times - max(entered, began), 0) / memory)
            out = 1.0 - np.exp(-np.maximum(times - left, 0) / memory)
            mean = mean + step * (in_power - out)
    for on, kind in zip(life.day, life.kind, strict=True):
        age = np.maximum(times - on, 0).astype(np.float64)
        after = (times >= on).astype(np.float64)
        mean = mean + after * scale.size[kind] * np.exp(-scale.rate[kind] * age)
        kept = after * np.exp(-age / memory)
        covariance = covariance + scale.jump[kind] * np.outer(kept, kept)
    return np.asarray(mean), np.asarray(covariance)
