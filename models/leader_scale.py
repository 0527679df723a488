"""One scale for leaders' ratings of many wordings and pollsters, learned by penalised least squares.

The offset of Ipsos's "satisfied or dissatisfied with the way ... is doing his or her job" is zero: it is the one
question put about prime ministers and opposition leaders alike from 1979 to today, so a figure on this scale is what
Ipsos would print. An average over houses would shift whenever the mix of houses did.

Offsets are learned from cells (leader, quarter, wording, pollster) with a free effect of each leader and quarter, so
they rest only on readings of one leader in one quarter. They are shrunk to the mean of their wording, and wordings to
the mean of all. Tables that name neither pollster nor wording (Wikipedia's) are one group with a noise of its own.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

Array = NDArray[np.float64]

REFERENCE = ("satisfied", "Ipsos")
UNNAMED = "unnamed"
WORDING_SD = 15.0
"""Spread of wordings about their mean, in points: the gap between Ipsos's own two questions is 20 to 33 (2025)."""
HOUSE_SD = 8.0
"""Spread of pollsters about the mean of a wording."""
PRIOR_NOISE = 16.0
"""Variance of a reading about the level: a net of 1,000 answers has a sampling sd of 2.5; the rest is the house's."""
PRIOR_DRIFT = 1.0
"""Variance a day of a leader's level: 5.5 points a month."""
PRIOR_OWN = 25.0
"""Variance of what one question says of one leader beside its usual offset."""
PRIOR_SHARED = 25.0
"""Variance of what all other questions together say of one leader beside the reference (Corbyn 2019: 15 points)."""
QUIRK_DAYS = 365.0
"""Memory of both: the gap to the reference correlates 0.70 after a quarter and 0.54 after a year (1979-2026)."""
PRIOR_WEIGHT = 20.0
"""Cells or bins the prior of a variance counts for."""
PRIOR_LEADERS = 3.0
PRIOR_SD = 25.0
"""Standings before any is known: three pseudo-leaders, mean 0 and this sd."""
LAGS = np.arange(0, 181, 30)
FIRST_DAYS = 60
"""Days from a leader's first reading whose mean is her "first reading"."""


@dataclass(frozen=True)
class Scale:
    """What turns readings into standings. Points, or points squared; ``drift`` is a variance a day.

    ``offset`` (n_groups,) and ``covariance`` (n_groups, n_groups) follow ``groups``, pairs of wording and pollster;
    ``noise`` (n_groups,) is a reading's variance about the level; ``own`` is the variance of a group's quirk about a
    leader, ``shared`` that of all groups but the reference together; ``first_mean`` and ``first_sd`` describe new
    leaders' first readings, ``usual_mean`` and ``usual_sd`` all leaders in all quarters.
    """

    groups: tuple[tuple[str, str], ...]
    offset: Array
    covariance: Array
    noise: Array
    drift: float
    own: float
    shared: float
    first_mean: float
    first_sd: float
    usual_mean: float
    usual_sd: float

    @property
    def memory_days(self) -> float:
        """Days in which a leader's distance from the usual standing falls by a factor of e."""
        return 2.0 * self.usual_sd**2 / self.drift

    @property
    def reference(self) -> int:
        """Index of the group whose offset is zero."""
        return self.groups.index(REFERENCE)


@dataclass(frozen=True)
class Readings:
    """Ratings as arrays, in order of date: ``day`` and ``known`` are ordinals, ``group`` indexes ``groups``."""

    groups: tuple[tuple[str, str], ...]
    leader: NDArray[np.str_]
    group: NDArray[np.int64]
    day: NDArray[np.int64]
    known: NDArray[np.int64]
    net: Array

    def of(self, leader: str) -> "Readings":
        """Return the readings of one leader."""
        return self._only(self.leader == leader)

    def until(self, day: date) -> "Readings":
        """Return the readings known on a day."""
        return self._only(self.known <= day.toordinal())

    def last(self, days: int) -> "Readings":
        """Return the readings at most so many days older than the newest."""
        return self._only(self.day >= self.day.max(initial=0) - days)

    def _only(self, rows: NDArray[np.bool_]) -> "Readings":
        return Readings(
            self.groups, self.leader[rows], self.group[rows], self.day[rows], self.known[rows], self.net[rows]
        )


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


def _ordinals(days: pl.Series) -> NDArray[np.int64]:
    return days.dt.epoch("d").to_numpy().astype(np.int64) + date(1970, 1, 1).toordinal()


def _quarter(days: NDArray[np.int64]) -> NDArray[np.int64]:
    return (days / 91.3125).astype(np.int64)


def fit_scale(readings: Readings) -> Scale:
    """Learn offsets and variances from all readings given.

    Parameters
    ----------
    readings : Readings
        At least none: without readings the scale is its prior.

    Returns
    -------
    Scale
        Offsets relative to ``REFERENCE``.
    """
    unnamed = np.array([pollster == UNNAMED for _, pollster in readings.groups])
    noise_named, noise_unnamed, drift = _noise_and_drift(readings, unnamed)
    noise = np.where(unnamed, noise_unnamed, noise_named)
    cells = _cells(readings)
    reference = readings.groups.index(REFERENCE)
    own, shared = PRIOR_OWN, PRIOR_SHARED
    for _ in range(3):  # offsets and quirks depend on each other; three rounds settle them to 0.1
        quirk = np.where(cells.group == reference, shared, own)
        offset, covariance = _offsets(cells, readings.groups, quirk + noise[cells.group] / cells.count)
        own, shared = _quirks(cells, cells.net - offset[cells.group], noise[cells.group] / cells.count, reference)
    firsts, quarters = _standings_at_large(readings, offset)
    (first_mean, first_sd), (usual_mean, usual_sd) = _shrunk(firsts), _shrunk(quarters)
    return Scale(
        groups=readings.groups,
        offset=offset,
        covariance=covariance,
        noise=noise,
        drift=drift,
        own=own,
        shared=shared,
        first_mean=first_mean,
        first_sd=first_sd,
        usual_mean=usual_mean,
        usual_sd=usual_sd,
    )


@dataclass(frozen=True)
class _Cells:
    block: NDArray[np.int64]
    group: NDArray[np.int64]
    net: Array
    count: Array


def _cells(readings: Readings) -> _Cells:
    quarter = _quarter(readings.day)
    leaders, leader = np.unique(readings.leader, return_inverse=True)
    block = quarter * max(leaders.size, 1) + leader
    key, cell, count = np.unique(
        np.column_stack([block, readings.group]), axis=0, return_inverse=True, return_counts=True
    )
    net = np.bincount(cell.ravel(), weights=readings.net, minlength=len(key)) / np.maximum(count, 1)
    _, numbered = np.unique(key[:, 0], return_inverse=True)
    return _Cells(numbered, key[:, 1], net, count.astype(np.float64))


def _offsets(cells: _Cells, groups: tuple[tuple[str, str], ...], variance: Array) -> tuple[Array, Array]:
    """Offsets relative to the reference and their covariance."""
    n_groups = len(groups)
    weight = 1.0 / variance
    design = np.zeros((cells.net.size, n_groups))
    design[np.arange(cells.net.size), cells.group] = 1.0

    def centred(values: Array) -> Array:
        total = np.zeros((cells.block.max(initial=-1) + 1, values.shape[1]))
        np.add.at(total, cells.block, weight[:, None] * values)
        mass = np.bincount(cells.block, weights=weight, minlength=len(total))
        mean: Array = total / mass[:, None]
        return values - mean[cells.block]

    x, y = centred(design), centred(cells.net[:, None])[:, 0]
    same_wording = np.array([[a == b for b, _ in groups] for a, _ in groups], dtype=np.float64)
    prior = WORDING_SD**2 * same_wording + HOUSE_SD**2 * np.eye(n_groups)
    posterior = np.linalg.inv(x.T @ (weight[:, None] * x) + np.linalg.inv(prior))
    effect = posterior @ (x.T @ (weight * y))
    contrast = np.eye(n_groups)
    contrast[:, groups.index(REFERENCE)] -= 1.0
    return contrast @ effect, contrast @ posterior @ contrast.T


def _quirks(cells: _Cells, level: Array, blur: Array, reference: int) -> tuple[float, float]:
    """Variances of quirks by moments: spread of other groups in a quarter, and their mean against the reference."""
    own, own_weight = PRIOR_OWN * PRIOR_WEIGHT, PRIOR_WEIGHT
    shared, shared_weight = PRIOR_SHARED * PRIOR_WEIGHT, PRIOR_WEIGHT
    means = []
    for block in range(cells.block.max(initial=-1) + 1):
        inside = cells.block == block
        other, base = inside & (cells.group != reference), inside & (cells.group == reference)
        size = int(other.sum())
        if size > 1:
            own += float(np.sum((level[other] - level[other].mean()) ** 2 - blur[other] * (size - 1) / size))
            own_weight += size - 1
        if size and base.any():
            gap = float(level[other].mean() - level[base][0])
            means.append((gap**2 - float(blur[other].mean()) / size - float(blur[base][0]), size))
    own = max(own / own_weight, 1.0)
    for square, size in means:
        shared += square - own / size
        shared_weight += 1.0
    return own, max(shared / shared_weight, 1.0)


def _noise_and_drift(readings: Readings, unnamed: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Half squared differences of like readings, by lag: the intercept is noise, the slope half the drift.

    Like readings are those of one leader by one group; each leader and group counts for at most 50 pairs a bin.
    """
    rows = [(0.0, PRIOR_NOISE, PRIOR_WEIGHT, False), (0.0, 4 * PRIOR_NOISE, PRIOR_WEIGHT, True)]
    rows += [(90.0, PRIOR_NOISE + 45.0 * PRIOR_DRIFT, PRIOR_WEIGHT, False)]
    keys = np.char.add(readings.leader, readings.group.astype(np.str_)) if readings.net.size else readings.leader
    for key in np.unique(keys):
        rows_of = keys == key
        day, net = readings.day[rows_of], readings.net[rows_of]
        i, j = np.triu_indices(day.size, 1)
        lag = day[j] - day[i]
        kept = lag < LAGS[-1]
        lag, half = lag[kept], ((net[j] - net[i]) ** 2 / 2.0)[kept]
        bins = np.digitize(lag, LAGS[1:])
        pairs = np.bincount(bins, minlength=LAGS.size - 1)
        for b in np.flatnonzero(pairs):
            inside = bins == b
            mixed = bool(unnamed[readings.group[rows_of][0]])
            rows.append((float(lag[inside].mean()), float(half[inside].mean()), min(pairs[b], 50.0), mixed))
    lag, half, weight, mixed = np.array(rows, dtype=np.float64).T
    design = np.column_stack([1.0 - mixed, mixed, lag / 2.0])
    root = np.sqrt(weight)
    named, unknown, drift = np.linalg.lstsq(root[:, None] * design, root * half, rcond=None)[0]
    return max(float(named), 4.0), max(float(unknown), 4.0), max(float(drift), 0.05)


def _standings_at_large(readings: Readings, offset: Array) -> tuple[list[Array], list[Array]]:
    """Each leader's first reading, and her mean of each quarter."""
    firsts, quarters = [], []
    for leader in np.unique(readings.leader):
        own = readings.of(str(leader))
        level = own.net - offset[own.group]
        firsts.append(level[own.day <= own.day[0] + FIRST_DAYS].mean(keepdims=True))
        _, quarter = np.unique(_quarter(own.day), return_inverse=True)
        quarters.append(np.bincount(quarter, weights=level) / np.bincount(quarter))
    return firsts, quarters


def _shrunk(leaders: list[Array]) -> tuple[float, float]:
    """Mean and sd with a few pseudo-leaders; every leader weighs the same, however long she led."""
    size = len(leaders) + PRIOR_LEADERS
    mean = sum(float(values.mean()) for values in leaders) / size
    spread = sum(float(np.mean((values - mean) ** 2)) for values in leaders) + PRIOR_LEADERS * (PRIOR_SD**2 + mean**2)
    return mean, float(np.sqrt(spread / size))
