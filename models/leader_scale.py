"""What turns ratings into standings: the posterior of the leaders model condensed, and houses that came later.

`models.leader_model` learns from past Parliaments. What it learned is kept here as means, with the covariance of the
offsets, since a leader known from one odd house is known less well. Houses whose first rating is younger than the fit
get the offset of their wording, wide, and then learn their own from leaders whom other houses rated in the same quarter
(`extended`); so do those known already, and wordings.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
import xarray as xr

from models.days import DAYS_PER_MONTH
from models.leader_events import HONEYMOONS, KINDS, SHOCKS, Ints
from models.leader_record import OTHER_WORDINGS, REFERENCE, UNNAMED, Array, LeaderRecord, Readings
from models.link_priors import LeaderPriors

DRAWS = 400
"""Draws kept of the sizes of events."""


@dataclass(frozen=True, eq=False)
class Scale:
    """What turns readings into standings, in points or points squared; equal only if it is one object.

    ``offset``, ``load``, ``noise`` (n_groups,) follow ``groups``, pairs of wording and pollster; ``noise`` is a
    variance. ``wording`` and ``wording_load`` (n_wordings,) are mean offset and load of ``OTHER_WORDINGS``, and
    ``covariance`` (n_groups + n_wordings, the same) is that of the groups' offsets, then the wordings'. ``house``,
    ``own`` and ``shared`` are variances of houses about their wording, of what a group says of one leader, and of what
    all groups but the reference say of her. ``drift`` is a variance a day.
    ``usual`` are the usual places of (other leaders, prime ministers), ``usual_sd`` and ``first_sd`` the spreads of
    all leaders and of new ones. ``size`` (n_kinds,) of honeymoons and events in the order of
    ``models.leader_events.KINDS``, with ``jump`` (n_kinds,), the variance of one about its kind, and ``rate``
    (n_kinds,), the part that fades a day; ``size_draws``, ``half_life_draws`` (DRAWS, n_kinds) are draws of the mean
    of a kind and of the days in which half of it is gone, ``own_draws`` (DRAWS, n_kinds), ``own_half_life_draws``
    (DRAWS,) of how far one event differs from its kind and of the days in which half of that is. Readings known after
    ``until`` (an ordinal) are new to it.
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
    size_draws: Array
    half_life_draws: Array
    own_draws: Array
    own_half_life_draws: Array
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
    offsets = np.insert(draws["offset"], record.groups.index(REFERENCE), 0.0, axis=1)
    return _scale(draws, record.groups, offsets, record.until)


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
    return _scale(draws, (REFERENCE,), np.zeros((n_draws, 1)), 0)


def _scale(draws: dict[str, Array], groups: tuple[tuple[str, str], ...], offsets: Array, until: int) -> Scale:
    mean = {name: values.mean(axis=0) for name, values in draws.items()}
    loads = dict(zip(OTHER_WORDINGS, mean["load"], strict=True))
    noises = float(mean["noise"]) ** 2, float(mean["noise_unnamed"]) ** 2
    is_event = np.arange(len(KINDS)) >= len(HONEYMOONS)
    lives = np.where(is_event, mean["event_half_life"], mean["honeymoon_half_life"])
    picked = np.linspace(0, len(draws["noise"]) - 1, DRAWS).astype(np.int64)
    sizes, spread = _sizes(draws)
    half = np.random.default_rng(0).standard_normal((DRAWS // 2, len(KINDS)))
    half_lives = np.where(is_event, draws["event_half_life"][:, None], draws["honeymoon_half_life"][:, None])
    forgets = np.log(2.0) * 2.0 * DAYS_PER_MONTH * (draws["usual_sd"] / draws["drift"]) ** 2  # as the process does
    return Scale(
        groups=groups,
        offset=offsets.mean(axis=0),
        load=np.array([loads.get(name, 1.0) for name, _ in groups]),
        noise=np.array([noises[pollster == UNNAMED] for _, pollster in groups]),
        covariance=np.cov(np.hstack([offsets, draws["wording_offset"]]), rowvar=False),
        wording=mean["wording_offset"],
        wording_load=mean["load"],
        noises=noises,
        house=float(mean["house_sd"]) ** 2,
        own=float(mean["own_sd"]) ** 2,
        shared=float(mean["shared_sd"]) ** 2,
        drift=float(mean["drift"]) ** 2 / DAYS_PER_MONTH,
        usual=(float(mean["usual_other"]), float(mean["usual_premier"])),
        usual_sd=float(mean["usual_sd"]),
        first_sd=float(mean["first_sd"]),
        size=sizes.mean(axis=0),
        jump=spread.mean(axis=0) ** 2,
        rate=np.log(2.0) / lives,
        size_draws=sizes[picked],
        half_life_draws=half_lives[picked],
        own_draws=spread[picked] * np.vstack([half, -half]),  # so that their mean is near nought
        own_half_life_draws=forgets[picked],
        until=until,
    )


def _sizes(draws: dict[str, Array]) -> tuple[Array, Array]:
    """Draws of the mean size of each kind and of the sd of one about it, each (n_draws, n_kinds)."""
    honeymoons = np.column_stack([draws[f"honeymoon_{name}"] for name in HONEYMOONS])
    spread = [draws["honeymoon_sd"]] * len(HONEYMOONS) + [draws["event_sd"]] * len(SHOCKS)
    return np.hstack([honeymoons, draws["event_size"]]), np.column_stack(spread)


def extended(scale: Scale, readings: Readings) -> Scale:
    """Take in houses and readings that came after the fit.

    Offsets learn from readings of one leader in one quarter only, compared with each other; what her level was in it is
    left free. What a group says of her, and all but the reference do, stays the same from quarter to quarter, so that
    one leader teaches a house's offset little, however often it rates her. The linear-Gaussian update is exact for a
    level that holds still within a quarter, with all else held at its mean. What the fit learned of single leaders is
    not carried over: those rated before and after it count twice.

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


def _contrasts(scale: Scale, own: Readings) -> tuple[Ints, Array, Array]:
    """Group, surprise and precision of one leader's means by quarter and group, whatever her level in each quarter."""
    quarter, group, net, count = own.by_quarter()
    told = np.linalg.inv(scale.quirks(group) + np.diag(scale.noise[group] / count))
    levels = scale.load[group][:, None] * (quarter[:, None] == np.unique(quarter))
    reach = told @ levels
    return group, net - scale.offset[group], told - reach @ np.linalg.solve(levels.T @ reach, reach.T)


def _with_groups(scale: Scale, groups: tuple[tuple[str, str], ...]) -> Scale:
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


def event_effects(scale: Scale) -> pl.DataFrame:
    """What an event of each kind has done to a leader's standing.

    Parameters
    ----------
    scale : Scale
        As learned.

    Returns
    -------
    pl.DataFrame
        ``kind, size, lo90, hi90, half_life_days``: points on the day, with the range of one event to come, and the
        days in which half of what is usual for the kind is gone.
    """
    lo, hi = np.quantile(scale.size_draws + scale.own_draws, [0.05, 0.95], axis=0)
    columns = {"kind": list(KINDS), "size": scale.size, "lo90": lo, "hi90": hi}
    return pl.DataFrame(columns | {"half_life_days": np.log(2.0) / scale.rate})


def event_draws(scale: Scale, *, n_draws: int, seed: int) -> xr.Dataset:
    """Draw what one more event of each kind would do to a leader's standing.

    What is usual for its kind fades in weeks or months. How far this one differs from its kind is a jump of the
    leader's own process and fades as slowly as that does, in years, so the two are told apart; the whole is their sum.

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
        ``event_points`` and ``event_half_life`` (draw, kind): what is usual for the kind, in points on the day, and
        days until half is gone. ``event_own_points`` (draw, kind) and ``event_own_half_life`` (draw,): the same of how
        far this one differs from its kind.
    """
    picked = np.random.default_rng([seed, 29]).integers(len(scale.size_draws), size=n_draws)
    return xr.Dataset(
        {
            "event_points": (("draw", "kind"), scale.size_draws[picked]),
            "event_half_life": (("draw", "kind"), scale.half_life_draws[picked]),
            "event_own_points": (("draw", "kind"), scale.own_draws[picked]),
            "event_own_half_life": ("draw", scale.own_half_life_draws[picked]),
        },
        coords={"kind": list(KINDS)},
    )
