"""The posterior of the leaders model condensed: what turns ratings into standings, and draws of what events do.

`models.leader_model` learns from past Parliaments. What it learned is kept here as means, with the covariance of the
offsets, since a leader known from one odd house is known less well (``models.reading_scale``).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
import xarray as xr

from models.days import DAYS_PER_MONTH
from models.leader_events import KINDS, SHOCKS
from models.leader_record import OTHER_WORDINGS, REFERENCE, Array, LeaderRecord
from models.link_priors import LeaderPriors
from models.reading_scale import IS_EVENT, ReadingScale, condensed, event_sizes

DRAWS = 400
"""Draws kept of the sizes of events."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Scale(ReadingScale):
    """What turns readings into standings, with draws of what events do.

    ``size_draws``, ``half_life_draws`` (DRAWS, n_kinds) are draws of the mean of a kind and of the days in which half
    of it is gone, ``own_draws`` (DRAWS, n_kinds), ``own_half_life_draws`` (DRAWS,) of how far one event differs from
    its kind and of the days in which half of that is.
    """

    size_draws: Array
    half_life_draws: Array
    own_draws: Array
    own_half_life_draws: Array


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
    picked = np.linspace(0, len(draws["noise"]) - 1, DRAWS).astype(np.int64)
    sizes, spread = event_sizes(draws)
    half = np.random.default_rng(0).standard_normal((DRAWS // 2, len(KINDS)))
    half_lives = np.where(IS_EVENT, draws["event_half_life"][:, None], draws["honeymoon_half_life"][:, None])
    forgets = np.log(2.0) * 2.0 * DAYS_PER_MONTH * (draws["usual_sd"] / draws["drift"]) ** 2  # as the process does
    return Scale(
        **condensed(draws, groups, offsets, until),
        size_draws=sizes[picked],
        half_life_draws=half_lives[picked],
        own_draws=spread[picked] * np.vstack([half, -half]),  # so that their mean is near nought
        own_half_life_draws=forgets[picked],
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
