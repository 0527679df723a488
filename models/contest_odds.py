"""Where candidates of a contest stand with each group, in draws: plain Gaussian algebra on what past contests teach."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from models.contest_record import Case
from models.contest_terms import edges, terms, weights
from models.rules import GROUPS, Group

Array = NDArray[np.float64]
N_HABITS = 400
"""Draws of habits that are kept; each serves several draws of a contest."""
PASSES = 6
"""How often one candidate against the rest is read anew about the shares found before."""
MPS_TO_MEMBERS = 0.001
"""MPs for each member who votes: some 400 to 400,000."""


@dataclass(frozen=True, kw_only=True)
class ContestHabits:
    """Draws of what past contests teach, each of shape (n_draws,); names as in ``models.contest_priors``."""

    spread: Array
    rho: Array
    members: Array
    affiliates: Array
    supporters: Array
    block: Array
    nominations: Array
    confidence: Array
    stay: Array
    free: Array
    shared: Array
    poll: Array
    drift: Array
    edge_mps: Array
    edge_members: Array
    lent: Array
    size_affiliates: Array
    size_supporters: Array
    size_spread: Array

    @classmethod
    def of(cls, draws: xr.Dataset) -> "ContestHabits":
        """Take the habits out of a dataset with one dimension, ``draw``."""
        return cls(**{item.name: np.asarray(draws[item.name].values, dtype=np.float64) for item in fields(cls)})

    def to_dataset(self) -> xr.Dataset:
        """Give the habits as variables with dimension ``draw``; undoes ``of``."""
        return xr.Dataset({item.name: ("draw", getattr(self, item.name)) for item in fields(self)})

    def at(self, draw: int) -> dict[str, float]:
        """Habits of one draw by name."""
        return {item.name: float(getattr(self, item.name)[draw]) for item in fields(self)}


def habits_from(posterior: xr.Dataset) -> ContestHabits:
    """Thin a posterior.

    Parameters
    ----------
    posterior : xr.Dataset
        Of ``models.contest.build_contest_model`` or its prior, with dims chain and draw.

    Returns
    -------
    ContestHabits
        ``N_HABITS`` draws at equal distances, or all where there are fewer.
    """
    flat = posterior.stack(both=("chain", "draw"))
    n = flat.sizes["both"]
    picked = np.linspace(0, n - 1, min(n, N_HABITS)).round().astype(np.int64)
    kept = {item.name: np.asarray(flat[item.name].values, dtype=np.float64)[picked] for item in fields(ContestHabits)}
    return ContestHabits(**kept)


@dataclass(frozen=True)
class Standings:
    """Draws of a contest.

    ``log_share`` (n_draws, n_candidates) by group: standings, of which only differences count. ``size`` (n_draws,) by
    group: votes cast for each vote of a member. ``nominated`` (n_draws, n_candidates) are standings as nominations by
    MPs would show them. ``stay`` and ``free`` (n_draws,) say how ballots move (``models.contest_terms``).
    """

    candidates: tuple[str, ...]
    log_share: dict[Group, Array]
    size: dict[Group, Array]
    nominated: Array
    stay: Array
    free: Array

    @property
    def n_draws(self) -> int:
        """Number of draws."""
        return int(self.stay.size)


def draw_standings(case: Case, habits: ContestHabits, *, n_draws: int, seed: int) -> Standings:
    """Draw where the candidates on the paper stand, given all that is known of the contest.

    Parameters
    ----------
    case : Case
        The contest as known at a cut.
    habits : ContestHabits
        What past contests teach.
    n_draws : int
        How many draws, 1 or more.
    seed : int
        Seed.

    Returns
    -------
    Standings
        Joint draws; with no evidence candidates are alike but for an incumbent's advantage.
    """
    rng = np.random.default_rng([seed, 23])
    laid = terms(case, targets=True, among=_shares_found(case, habits))
    n_seen, shape = laid.y.size, (len(case.paper), len(GROUPS))
    used = np.resize(np.arange(habits.spread.size), n_draws)
    drawn = np.empty((n_draws, *shape))
    for which in range(min(habits.spread.size, n_draws)):
        mean, root = _given(laid.basis, laid.edges, laid.y, habits.at(which), n_seen)
        rows = np.flatnonzero(used == which)
        drawn[rows] = (mean + rng.standard_normal((rows.size, mean.size)) @ root.T).reshape(rows.size, *shape)
    taken = {item.name: getattr(habits, item.name)[used] for item in fields(habits)}
    size = {group: np.ones(n_draws) for group in GROUPS}
    size["mps"] *= MPS_TO_MEMBERS
    for group in ("affiliates", "supporters"):
        size[group] = np.exp(taken[f"size_{group}"] + taken["size_spread"] * rng.standard_normal(n_draws))
    lent = taken["nominations"][:, None] * rng.standard_normal((n_draws, len(case.paper)))
    return Standings(
        candidates=case.paper,
        log_share={group: drawn[:, :, i] for i, group in enumerate(GROUPS)},
        size=size,
        nominated=drawn[:, :, 0] + lent,
        stay=taken["stay"],
        free=taken["free"],
    )


def _shares_found(case: Case, habits: ContestHabits) -> dict[str, Array]:
    """Shares by group, with habits at their means, about which one candidate against the rest can be read."""
    found: dict[str, Array] = {}
    usual = {item.name: float(getattr(habits, item.name).mean()) for item in fields(habits)}
    if len(case.paper) > 2 and any(len(reading.who) == 1 for reading in case.readings):
        for _ in range(PASSES):
            laid = terms(case, targets=True, among=found)
            mean = _given(laid.basis, laid.edges, laid.y, usual, laid.y.size)[0].reshape(len(case.paper), len(GROUPS))
            found = {group: shares(mean[:, i]) for i, group in enumerate(GROUPS)}
    return found


def _given(basis: Array, edge: Array, y: Array, habits: Mapping[str, float], n_seen: int) -> tuple[Array, Array]:
    """Mean and a root of the covariance of the targets, given what was seen."""
    covariance = np.tensordot(np.array(weights(habits)), basis, axes=1)
    mean = np.array(edges(habits)) @ edge
    across = covariance[:n_seen, n_seen:]
    gain = np.linalg.solve(covariance[:n_seen, :n_seen], across).T if n_seen else np.empty((mean.size, 0))
    left = covariance[n_seen:, n_seen:] - gain @ across
    value, vector = np.linalg.eigh((left + left.T) / 2.0)
    return mean[n_seen:] + gain @ (y - mean[:n_seen]), vector * np.sqrt(np.maximum(value, 0.0))


def shares(log_share: Array) -> Array:
    """Shares that sum to 1 over the last axis, from their logs but for a constant."""
    odds = np.exp(log_share - log_share.max(axis=-1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=-1, keepdims=True))
