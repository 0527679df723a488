"""What turns readings of leaders into standings: means of a posterior, and houses that came after it.

What a leader's path needs stands here, without priors, models or draws: pages read it from the shipped posteriors
(``models.shipped_links``), and the chain's own scale holds more (``models.leader_scale``). Houses whose first rating is
younger than the fit get the offset of their wording, wide, and then learn their own from leaders whom other houses
rated in the same quarter (`extended`); so do those known already, and wordings.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from models.days import DAYS_PER_MONTH
from models.leader_events import HONEYMOONS, KINDS, SHOCKS, Ints
from models.leader_record import OTHER_WORDINGS, REFERENCE, UNNAMED, Array, Readings

IS_EVENT = np.arange(len(KINDS)) >= len(HONEYMOONS)
"""Which of ``KINDS`` are events; the others are honeymoons."""


@dataclass(frozen=True, kw_only=True, eq=False)
class ReadingScale:
    """What turns readings into standings, in points or points squared; equal only if it is one object.

    ``offset``, ``load``, ``noise`` (n_groups,) follow ``groups``, pairs of wording and pollster; ``noise`` is a
    variance. ``wording`` and ``wording_load`` (n_wordings,) are mean offset and load of ``OTHER_WORDINGS``, and
    ``covariance`` (n_groups + n_wordings, the same) is that of the groups' offsets, then the wordings'. ``noises`` are
    those of houses that are named and that are not. ``house``, ``own`` and ``shared`` are variances of houses about
    their wording, of what a group says of one leader, and of what all groups but the reference say of her. ``drift`` is
    a variance a day.
    ``usual`` are the usual places of (other leaders, prime ministers), ``usual_sd`` and ``first_sd`` the spreads of
    all leaders and of new ones. ``size`` (n_kinds,) of honeymoons and events in the order of
    ``models.leader_events.KINDS``, with ``jump`` (n_kinds,), the variance of one about its kind, and ``rate``
    (n_kinds,), the part that fades a day. Readings known after ``until`` (an ordinal) are new to it.
    """

    groups: tuple[tuple[str, str], ...]
    offset: Array
    load: Array
    noise: Array
    covariance: Array
    wording: Array
    wording_load: Array
    noises: tuple[float, float]
    house: float
    own: float
    shared: float
    drift: float
    usual: tuple[float, float]
    usual_sd: float
    first_sd: float
    size: Array
    jump: Array
    rate: Array
    until: int

    @property
    def memory_days(self) -> float:
        """Days in which a leader's distance from her usual place falls by a factor of e."""
        return 2.0 * self.usual_sd**2 / self.drift

    @property
    def reference(self) -> int:
        """Index of the group whose offset is zero."""
        return self.groups.index(REFERENCE)

    def quirks(self, group: Ints) -> Array:
        """Give the covariance (n, n) of what lastingly sets n readings of one leader apart, by their groups (n,)."""
        # The level is what the reference says of her, so its own quirk is part of what every other one differs by.
        other = group != self.reference
        return np.outer(other, other) * (self.own * np.equal.outer(group, group) + self.shared)


def condensed(
    draws: Mapping[str, Array], groups: tuple[tuple[str, str], ...], offsets: Array, until: int
) -> dict[str, Any]:
    """Condense draws of the leaders model.

    Parameters
    ----------
    draws : mapping
        Variables of ``models.leader_model`` to draws (n_draws, ...).
    groups : tuple
        Pairs of wording and pollster.
    offsets : array of shape (n_draws, n_groups)
        Their offsets, that of the reference nought.
    until : int
        Ordinal of the day by which it was learned.

    Returns
    -------
    dict
        Fields of ``ReadingScale``.
    """
    mean = {name: values.mean(axis=0) for name, values in draws.items()}
    loads = dict(zip(OTHER_WORDINGS, mean["load"], strict=True))
    noises = float(mean["noise"]) ** 2, float(mean["noise_unnamed"]) ** 2
    sizes, spread = event_sizes(draws)
    return {
        "groups": groups,
        "offset": offsets.mean(axis=0),
        "load": np.array([loads.get(name, 1.0) for name, _ in groups]),
        "noise": np.array([noises[pollster == UNNAMED] for _, pollster in groups]),
        "covariance": np.cov(np.hstack([offsets, draws["wording_offset"]]), rowvar=False),
        "wording": mean["wording_offset"],
        "wording_load": mean["load"],
        "noises": noises,
        "house": float(mean["house_sd"]) ** 2,
        "own": float(mean["own_sd"]) ** 2,
        "shared": float(mean["shared_sd"]) ** 2,
        "drift": float(mean["drift"]) ** 2 / DAYS_PER_MONTH,
        "usual": (float(mean["usual_other"]), float(mean["usual_premier"])),
        "usual_sd": float(mean["usual_sd"]),
        "first_sd": float(mean["first_sd"]),
        "size": sizes.mean(axis=0),
        "jump": spread.mean(axis=0) ** 2,
        "rate": np.log(2.0) / np.where(IS_EVENT, mean["event_half_life"], mean["honeymoon_half_life"]),
        "until": until,
    }


def event_sizes(draws: Mapping[str, Array]) -> tuple[Array, Array]:
    """Draws of the mean size of each kind and of the sd of one about it, each (n_draws, n_kinds)."""
    honeymoons = np.column_stack([draws[f"honeymoon_{name}"] for name in HONEYMOONS])
    spread = [draws["honeymoon_sd"]] * len(HONEYMOONS) + [draws["event_sd"]] * len(SHOCKS)
    return np.hstack([honeymoons, draws["event_size"]]), np.column_stack(spread)


def extended[S: ReadingScale](scale: S, readings: Readings) -> S:
    """Take in houses and readings that came after the fit.

    Offsets learn from readings of one leader in one quarter only, compared with each other; what her level was in it is
    left free. What a group says of her, and all but the reference do, stays the same from quarter to quarter, so that
    one leader teaches a house's offset little, however often it rates her. The linear-Gaussian update is exact for a
    level that holds still within a quarter, with all else held at its mean. What the fit learned of single leaders is
    not carried over: those rated before and after it count twice.

    Parameters
    ----------
    scale : ReadingScale or one that holds more
        As learned.
    readings : Readings
        All readings known by now.

    Returns
    -------
    ReadingScale or one that holds more
        As given, with the groups of ``readings``.
    """
    wide = _with_groups(scale, readings.groups)
    fresh = readings.only(readings.known > scale.until)
    if not fresh.day.size:
        return wide
    n_groups, mean = len(wide.groups), np.append(wide.offset, wide.wording)
    told, pull = np.zeros_like(wide.covariance), np.zeros_like(mean)
    for leader in np.unique(fresh.leader):
        group, gap, precision = _contrasts(wide, fresh.of(str(leader)))
        places = np.eye(mean.size)[group]
        told += places.T @ precision @ places
        pull += places.T @ precision @ gap
    # The reference's offset is known: its rows of the covariance are nought, and stay so.
    covariance = np.linalg.solve(np.eye(mean.size) + wide.covariance @ told, wide.covariance)
    mean += covariance @ pull
    covariance = (covariance + covariance.T) / 2.0
    return replace(wide, offset=mean[:n_groups], wording=mean[n_groups:], covariance=covariance)


def _contrasts(scale: ReadingScale, own: Readings) -> tuple[Ints, Array, Array]:
    """Group, surprise and precision of one leader's means by quarter and group, whatever her level in each quarter."""
    quarter, group, net, count = own.by_quarter()
    told = np.linalg.inv(scale.quirks(group) + np.diag(scale.noise[group] / count))
    levels = scale.load[group][:, None] * (quarter[:, None] == np.unique(quarter))
    reach = told @ levels
    return group, net - scale.offset[group], told - reach @ np.linalg.solve(levels.T @ reach, reach.T)


def _with_groups[S: ReadingScale](scale: S, groups: tuple[tuple[str, str], ...]) -> S:
    """Arrange the scale by other groups; one not met yet has its wording's offset and differs from it as houses do."""
    if groups == scale.groups:
        return scale
    n, old = len(groups), len(scale.groups)
    held = {group: i for i, group in enumerate(scale.groups)}
    worded = {name: old + i for i, name in enumerate(OTHER_WORDINGS)}
    # Houses new to a wording share what is not known of it; those new to the reference's differ from the reference.
    places = [held.get(group, worded.get(group[0], scale.reference)) for group in groups] + list(worded.values())
    new = np.array([group not in held for group in groups] + [False] * len(worded))
    return replace(
        scale,
        groups=groups,
        offset=np.append(scale.offset, scale.wording)[places[:n]],
        load=np.append(scale.load, scale.wording_load)[places[:n]],
        noise=np.array([scale.noises[pollster == UNNAMED] for _, pollster in groups]),
        covariance=scale.covariance[np.ix_(places, places)] + np.diag(scale.house * new),
    )
