"""Ratings of leaders as arrays: readings one by one, and the cells from which the leaders model learns."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data import Evidence
from data.schemas.leaders import QUESTION_FAMILIES
from models.leader_events import KINDS, Courses, Ints, courses

Array = NDArray[np.float64]

REFERENCE = ("satisfied", "Ipsos")
UNNAMED = "unnamed"
OTHER_WORDINGS = tuple(name for name in QUESTION_FAMILIES if name != REFERENCE[0])
CELL_DAYS = 14
"""Readings of one leader by one group in the same fortnight are one cell, their mean. A level moves by 4 points in a
fortnight, as much as a reading errs, and 5,300 readings become 3,900 cells."""

QUARTER_DAYS = 91.3125
"""Days, a quarter of a year: readings of one leader in the same stretch of it are compared with each other."""


@dataclass(frozen=True)
class Readings:
    """Ratings as arrays, in order of date: ``day`` and ``known`` are ordinals, ``group`` indexes ``groups``."""

    groups: tuple[tuple[str, str], ...]
    leader: NDArray[np.str_]
    group: Ints
    day: Ints
    known: Ints
    net: Array

    def of(self, leader: str) -> "Readings":
        """Return the readings of one leader."""
        return self.only(self.leader == leader)

    def until(self, day: date) -> "Readings":
        """Return the readings known on a day."""
        return self.only(self.known <= day.toordinal())

    def last(self, days: int) -> "Readings":
        """Return the readings at most so many days older than the newest."""
        return self.only(self.day >= self.day.max(initial=0) - days)

    def by_quarter(self) -> tuple[Ints, Ints, Array, Array]:
        """Return quarter, group, mean and number of the readings, by quarter and group, of one leader's readings."""
        key = np.column_stack([(self.day / QUARTER_DAYS).astype(np.int64), self.group])
        key, cell, count = np.unique(key, axis=0, return_inverse=True, return_counts=True)
        return key[:, 0], key[:, 1], np.bincount(cell.ravel(), weights=self.net) / count, count.astype(np.float64)

    def only(self, rows: NDArray[np.bool_]) -> "Readings":
        """Return the readings marked, an array of shape (n_readings,)."""
        return Readings(
            self.groups, self.leader[rows], self.group[rows], self.day[rows], self.known[rows], self.net[rows]
        )


@dataclass(frozen=True)
class LeaderRecord:
    """All ratings known at a cut, as the leaders model reads them.

    A cell is the mean of a leader's readings by one group (wording and pollster) in one fortnight. Cells come leader by
    leader and in order of day.

    ``leader``, ``group``, ``pair`` (n_cells,) index ``leaders``, ``groups`` and the pairs of both; ``net`` is the mean
    in points, ``count`` the number of readings, ``gap`` the days since the leader's cell before (-1 for her first).
    ``served`` are days since she became leader, at her first cell; ``premier`` is 1 where she is prime minister.
    ``pair_leader`` and ``pair_group`` (n_pairs,) describe the pairs. ``entry``, ``age``, ``kind`` (n_shocks,) are, for
    each honeymoon and event, the first cell at or after it, the days from it to that cell, and its position in
    ``models.leader_events.KINDS``; ``shocks`` are their names.
    ``until`` is the newest ordinal on which a reading became known, 0 without one.
    """

    groups: tuple[tuple[str, str], ...]
    leaders: tuple[str, ...]
    leader: Ints
    group: Ints
    pair: Ints
    net: Array
    count: Array
    gap: Array
    served: Array
    premier: Array
    pair_leader: Ints
    pair_group: Ints
    entry: Ints
    age: Array
    kind: Ints
    shocks: tuple[str, ...]
    until: int


def as_readings(ratings: pl.DataFrame) -> Readings:
    """Turn ``leader_ratings`` into arrays.

    Parameters
    ----------
    ratings : pl.DataFrame
        ``leader_ratings``.

    Returns
    -------
    Readings
        One entry a row, by end of fieldwork; the reference group is always among the groups.
    """
    table = ratings.sort("end_date", "rating_id")
    pairs = list(zip(table["question_family"].cast(pl.String), table["pollster"].fill_null(UNNAMED), strict=True))
    groups = tuple(sorted({*pairs, REFERENCE}))
    number = {pair: i for i, pair in enumerate(groups)}
    return Readings(
        groups=groups,
        leader=table["leader"].to_numpy().astype(np.str_),
        group=np.array([number[pair] for pair in pairs], dtype=np.int64),
        day=_ordinals(table["end_date"]),
        known=_ordinals(table["known_on"]),
        net=table["net"].to_numpy().astype(np.float64),
    )


def _ordinals(days: pl.Series) -> Ints:
    return days.dt.epoch("d").to_numpy().astype(np.int64) + date(1970, 1, 1).toordinal()


def leader_record(evidence: Evidence) -> LeaderRecord:
    """Lay out all ratings in the evidence for the leaders model.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut: all that is in them is used.

    Returns
    -------
    LeaderRecord
        Without cells where nobody had been rated.
    """
    readings = as_readings(evidence.leader_ratings)
    leaders, number = np.unique(readings.leader, return_inverse=True)
    key = np.column_stack([number, readings.day // CELL_DAYS, readings.group]).astype(np.int64)
    key, cell, size = np.unique(key, axis=0, return_inverse=True, return_counts=True)
    count = size.astype(np.float64)
    cell = cell.ravel()
    net = np.bincount(cell, weights=readings.net, minlength=len(key)) / count
    day = np.bincount(cell, weights=readings.day, minlength=len(key)) / count
    order = np.lexsort((day, key[:, 0]))
    leader, group, day = key[order, 0], key[order, 2], day[order]
    pairs, pair = np.unique(np.column_stack([leader, group]), axis=0, return_inverse=True)
    names = tuple(str(name) for name in leaders)
    return LeaderRecord(
        groups=readings.groups,
        leaders=names,
        leader=leader,
        group=group,
        pair=pair.ravel(),
        net=net[order],
        count=count[order],
        **_past(names, leader, day, courses(evidence), evidence.cut.toordinal()),
        pair_leader=pairs[:, 0],
        pair_group=pairs[:, 1],
        until=int(readings.known.max(initial=0)),
    )


def _past(names: tuple[str, ...], leader: Ints, day: Array, lives: Courses, cut: int) -> dict[str, Any]:
    """What had befallen the leader of each cell by its day."""
    gap, served, premier = (np.zeros(day.size) for _ in range(3))
    shocks: list[tuple[int, float, int, str]] = []
    for i, name in enumerate(names):
        rows = np.flatnonzero(leader == i)
        days, life = day[rows], lives.of(name, cut)
        begun = life.led[life.led <= days[0]]
        served[rows] = days[0] - begun[-1] if begun.size else 0.0
        gap[rows] = np.diff(days, prepend=days[0] + 1.0)
        premier[rows] = life.is_premier(days.astype(np.int64))
        first = np.searchsorted(days, life.day)
        shocks += [
            (int(rows[k]), float(days[k] - on), int(kind), f"{date.fromordinal(int(on))} {name}: {KINDS[kind]}")
            for k, on, kind in zip(first, life.day, life.kind, strict=True)
            if k < days.size
        ]
    shocks.sort()
    entry, age, kind, names_of = zip(*shocks, strict=True) if shocks else ((), (), (), ())
    return {
        "gap": gap,
        "served": served,
        "premier": premier,
        "entry": np.array(entry, dtype=np.int64),
        "age": np.array(age, dtype=np.float64),
        "kind": np.array(kind, dtype=np.int64),
        "shocks": names_of,
    }
