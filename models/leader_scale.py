"""What turns ratings into standings: the posterior of the leaders model condensed, and houses that came later.

`models.leader_model` learns from past Parliaments. What it learned is kept here as means, with the covariance of the
offsets, since a leader known from one odd house is known less well. Houses whose first rating is younger than the fit
get the offset of their wording, wide, and then learn their own from leaders whom other houses rated in the same quarter
(`extended`); so do those known already.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
import xarray as xr
from numpy.typing import NDArray

from models.leader_events import HONEYMOONS, KINDS, SHOCKS
from models.leader_record import OTHER_WORDINGS, REFERENCE, UNNAMED, Array, LeaderRecord, Readings
from models.link_priors import LeaderPriors

DRAWS = 400
"""Draws kept of the sizes of events."""
MONTH_DAYS = 365.25 / 12
QUARTER_DAYS = 91.3125


@dataclass(frozen=True, eq=False)
class Scale:
    """What turns readings into standings, in points or points squared; equal only if it is one object.

    ``offset``, ``load``, ``noise`` (n_groups,) and ``covariance`` (n_groups, n_groups) of the offsets follow
    ``groups``, pairs of wording and pollster; ``noise`` is a variance. ``wording`` and ``wording_load`` give mean
    offset and load by wording. ``house``, ``own`` and ``shared`` are variances of houses about their wording, of what a
    group says of one leader, and of what all groups but the reference say of her. ``drift`` is a variance a day.
    ``usual`` are the usual places of (other leaders, prime ministers), ``usual_sd`` and ``first_sd`` the spreads of
    all leaders and of new ones. ``size`` (n_kinds,) of honeymoons and events in the order of
    ``models.leader_events.KINDS``, with ``jump`` (n_kinds,), the variance of one about its kind, and ``rate``
    (n_kinds,), the part that fades a day; ``size_draws``, ``half_life_draws`` (DRAWS, n_kinds) are draws of one event
    of a kind and of the days in which half of it is gone. Readings known after ``until`` (an ordinal) are new to it.
    """

    groups: tuple[tuple[str, str], ...]
    offset: Array
    load: Array
    noise: Array
    covariance: Array
    wording: dict[str, float]
    wording_load: dict[str, float]
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
    size_draws: Array
    half_life_draws: Array
    until: int

    @property
    def memory_days(self) -> float:
        """Days in which a leader's distance from her usual place falls by a factor of e."""
        return 2.0 * self.usual_sd**2 / self.drift

    @property
    def reference(self) -> int:
        """Index of the group whose offset is zero."""
        return self.groups.index(REFERENCE)


def scale_of(posterior: xr.Dataset, record: LeaderRecord) -> Scale:
    """Condense a posterior of the leaders model.

    Parameters
    ----------
    posterior : xr.Dataset
        Of ``models.leader_model.build_leader_model``, with dims chain and draw.
    record : LeaderRecord
        What it was fitted to.

    Returns
    -------
    Scale
        Posterior means, the covariance of the offsets, draws of events.
    """
    draws = {}
    for name, values in posterior.data_vars.items():
        ordered = np.asarray(values.transpose("chain", "draw", ...).values)
        draws[str(name)] = ordered.reshape(ordered.shape[0] * ordered.shape[1], *ordered.shape[2:])
    base = record.groups.index(REFERENCE)
    offsets = np.insert(draws["offset"], base, 0.0, axis=1)
    return _scale(
        draws, record.groups, offsets.mean(axis=0), np.atleast_2d(np.cov(offsets, rowvar=False)), record.until
    )


def prior_scale(priors: LeaderPriors | None = None, *, n_draws: int = 2000, seed: int = 0) -> Scale:
    """Condense the priors: what is held before anybody has been rated.

    Parameters
    ----------
    priors : LeaderPriors, optional
        Priors as values.
    n_draws : int
        Draws from them.
    seed : int
        Seed.

    Returns
    -------
    Scale
        With the reference as its one group.
    """
    priors, rng = priors or LeaderPriors(), np.random.default_rng(seed)

    def drawn(name: str, *shape: int) -> Array:
        return np.asarray(getattr(priors, name).rvs((n_draws, *shape), random_state=rng), dtype=np.float64)

    several = {"wording": len(OTHER_WORDINGS), "load": len(OTHER_WORDINGS)}
    draws = {name: drawn(name, *([several[name]] if name in several else [])) for name in vars(priors)}
    draws["wording_offset"] = draws.pop("wording")
    draws["event_size"] = draws["kind_sd"][:, None] * rng.standard_normal((n_draws, len(SHOCKS)))
    return _scale(draws, (REFERENCE,), np.zeros(1), np.zeros((1, 1)), 0)


def _scale(
    draws: dict[str, Array], groups: tuple[tuple[str, str], ...], offset: Array, covariance: Array, until: int
) -> Scale:
    mean = {name: values.mean(axis=0) for name, values in draws.items()}
    wording = dict(zip(OTHER_WORDINGS, mean["wording_offset"].tolist(), strict=True))
    loads = dict(zip(OTHER_WORDINGS, mean["load"].tolist(), strict=True))
    noises = float(mean["noise"]) ** 2, float(mean["noise_unnamed"]) ** 2
    is_event = np.arange(len(KINDS)) >= len(HONEYMOONS)
    lives = np.where(is_event, mean["event_half_life"], mean["honeymoon_half_life"])
    picked = np.linspace(0, len(draws["noise"]) - 1, DRAWS).astype(np.int64)
    sizes, spread = _sizes(draws)
    one = np.random.default_rng(0).standard_normal((DRAWS, len(KINDS)))
    half_lives = np.where(is_event, draws["event_half_life"][:, None], draws["honeymoon_half_life"][:, None])
    return Scale(
        groups=groups,
        offset=offset,
        load=np.array([loads.get(name, 1.0) for name, _ in groups]),
        noise=np.array([noises[pollster == UNNAMED] for _, pollster in groups]),
        covariance=covariance,
        wording=wording,
        wording_load=loads,
        noises=noises,
        house=float(mean["house_sd"]) ** 2,
        own=float(mean["own_sd"]) ** 2,
        shared=float(mean["shared_sd"]) ** 2,
        drift=float(mean["drift"]) ** 2 / MONTH_DAYS,
        usual=(float(mean["usual_other"]), float(mean["usual_premier"])),
        usual_sd=float(mean["usual_sd"]),
        first_sd=float(mean["first_sd"]),
        size=sizes.mean(axis=0),
        jump=spread.mean(axis=0) ** 2,
        rate=np.log(2.0) / lives,
        size_draws=sizes[picked] + spread[picked] * one,
        half_life_draws=half_lives[picked],
        until=until,
    )


def _sizes(draws: dict[str, Array]) -> tuple[Array, Array]:
    """Draws of the mean size of each kind and of the sd of one about it, each (n_draws, n_kinds)."""
    honeymoons = np.column_stack([draws[f"honeymoon_{name}"] for name in HONEYMOONS])
    spread = [draws["honeymoon_sd"]] * len(HONEYMOONS) + [draws["event_sd"]] * len(SHOCKS)
    return np.hstack([honeymoons, draws["event_size"]]), np.column_stack(spread)


def extended(scale: Scale, readings: Readings) -> Scale:
    """Take in houses and readings that came after the fit.

    Offsets learn from readings of one leader in one quarter only, compared with each other; what the leader's level was
    is left free. That is an exact linear-Gaussian update of the offsets, all else held.

    Parameters
    ----------
    scale : Scale
        As learned.
    readings : Readings
        All readings known by now.

    Returns
    -------
    Scale
        With the groups of ``readings``.
    """
    wide = _with_groups(scale, readings.groups)
    new = readings.known > scale.until
    if not new.any():
        return wide
    block, group, net, count = _cells(readings.only(new))
    load = wide.load[group]
    design = np.zeros((net.size, len(wide.groups)))
    design[np.arange(net.size), group] = 1.0 / load
    quirk = np.where(group == wide.reference, 0.0, wide.own + wide.shared)
    weight = load**2 / (wide.noise[group] / count + quirk)
    x, z = _centred(design, block, weight), _centred((net / load)[:, None], block, weight)[:, 0]
    # The reference's offset is known: its rows of the covariance are nought, and stay so.
    told = x.T @ (weight[:, None] * x)
    covariance = np.linalg.solve(np.eye(len(wide.groups)) + wide.covariance @ told, wide.covariance)
    offset = wide.offset + covariance @ (x.T @ (weight * (z - x @ wide.offset)))
    return replace(wide, offset=offset, covariance=(covariance + covariance.T) / 2.0)


def _cells(readings: Readings) -> tuple[NDArray[np.int64], NDArray[np.int64], Array, Array]:
    """Mean and number of readings by leader and quarter (a block) and group."""
    leader = np.unique(readings.leader, return_inverse=True)[1]
    quarter = (readings.day / QUARTER_DAYS).astype(np.int64)
    key = np.column_stack([leader * (quarter.max() + 1) + quarter, readings.group])
    key, cell, count = np.unique(key, axis=0, return_inverse=True, return_counts=True)
    net = np.bincount(cell.ravel(), weights=readings.net) / count
    return key[:, 0], key[:, 1], net, count.astype(np.float64)


def _centred(values: Array, block: NDArray[np.int64], weight: Array) -> Array:
    """Take the weighted mean of each block off its rows."""
    _, number = np.unique(block, return_inverse=True)
    total = np.zeros((number.max() + 1, values.shape[1]))
    np.add.at(total, number, weight[:, None] * values)
    mean: Array = total / np.bincount(number, weights=weight)[:, None]
    return values - mean[number]


def _with_groups(scale: Scale, groups: tuple[tuple[str, str], ...]) -> Scale:
    """Arrange the scale by other groups; one not met yet has its wording's offset, as uncertain as a house's is."""
    if groups == scale.groups:
        return scale
    old = [scale.groups.index(group) if group in scale.groups else -1 for group in groups]
    known = np.array(old) >= 0
    held = [i for i in old if i >= 0]
    covariance = np.zeros((len(groups), len(groups)))
    covariance[np.ix_(known, known)] = scale.covariance[np.ix_(held, held)]
    covariance[~known, ~known] = scale.house
    offset = [
        scale.offset[i] if i >= 0 else scale.wording.get(name, 0.0) for i, (name, _) in zip(old, groups, strict=True)
    ]
    return replace(
        scale,
        groups=groups,
        offset=np.array(offset),
        load=np.array([scale.wording_load.get(name, 1.0) for name, _ in groups]),
        noise=np.array([scale.noises[pollster == UNNAMED] for _, pollster in groups]),
        covariance=covariance,
    )


def event_effects(scale: Scale) -> pl.DataFrame:
    """What an event of each kind has done to a leader's standing.

    Parameters
    ----------
    scale : Scale
        As learned.

    Returns
    -------
    pl.DataFrame
        ``kind, size, lo90, hi90, half_life_days``: points on the day, with the range of one event to come.
    """
    lo, hi = np.quantile(scale.size_draws, [0.05, 0.95], axis=0)
    columns = {"kind": list(KINDS), "size": scale.size, "lo90": lo, "hi90": hi}
    return pl.DataFrame(columns | {"half_life_days": np.log(2.0) / scale.rate})


def event_draws(scale: Scale, *, n_draws: int, seed: int) -> xr.Dataset:
    """Draw what one more event of each kind would do to a leader's standing.

    Parameters
    ----------
    scale : Scale
        As learned.
    n_draws : int
        How many draws; drawn with replacement.
    seed : int
        Seed.

    Returns
    -------
    xr.Dataset
        ``event_points`` and ``event_half_life`` (draw, kind): points on the day, and days until half is gone.
    """
    picked = np.random.default_rng([seed, 29]).integers(len(scale.size_draws), size=n_draws)
    return xr.Dataset(
        {
            "event_points": (("draw", "kind"), scale.size_draws[picked]),
            "event_half_life": (("draw", "kind"), scale.half_life_draws[picked]),
        },
        coords={"kind": list(KINDS)},
    )
