"""Count a leadership contest under any rule, in many draws at once.

Standings become votes, and votes are counted as the rule says (``models.rules``): nominations first, then stage after
stage. The lowest candidate leaves at each count and her votes go to those left, in proportion to their standing,
unevenly (``free``). In an exhaustive ballot everybody votes anew, so standings move as well (``stay``); with the
alternative vote those who stay keep their votes. A tie is broken by lot.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.contest_odds import Standings, shares
from models.rules import Rule, Section, Stage

Array = NDArray[np.float64]
NOBODY = -1
"""Winner where no candidate has enough nominations."""
_LOT = 1e-9


@dataclass(frozen=True)
class Count:
    """What came of a contest in every draw.

    ``winner`` (n_draws,) indexes candidates, ``NOBODY`` where none could stand; ``stood`` (n_draws, n_candidates) is
    who was on the first paper; ``final`` (n_draws, n_candidates) are shares of the last count, weighed over sections, 0
    for those out of it; ``first`` those of the last stage's first count; ``tied`` (n_draws,) where the lot decided.
    """

    winner: NDArray[np.int64]
    stood: NDArray[np.bool_]
    first: Array
    final: Array
    tied: NDArray[np.bool_]

    def p_win(self) -> Array:
        """Chance of each candidate, shape (n_candidates,)."""
        return np.array([(self.winner == i).mean() for i in range(self.stood.shape[1])])

    @property
    def p_nobody(self) -> float:
        """Chance that no candidate has enough nominations."""
        return float((self.winner == NOBODY).mean())


def count(
    rule: Rule, standings: Standings, *, nominated: NDArray[np.bool_], incumbent: int | None = None, seed: int
) -> Count:
    """Hold a contest under a rule.

    Parameters
    ----------
    rule : Rule
        The rule.
    standings : Standings
        Draws of where candidates stand.
    nominated : array of bool of shape (n_candidates,)
        Candidates known to have the nominations this rule asks for.
    incumbent : int, optional
        The candidate who leads the party already.
    seed : int
        Seed of transfers and lots.

    Returns
    -------
    Count
        The outcome in every draw.
    """
    rng = np.random.default_rng([seed, 29])
    n, k = standings.nominated.shape
    stood = np.ones((n, k), dtype=np.bool_)
    if rule.nomination is not None:
        stood = (shares(standings.nominated) >= rule.nomination) | nominated
        if incumbent is not None and rule.incumbent_stands:
            stood[:, incumbent] = True
    alive = stood.copy()
    first = final = np.zeros((n, k))
    tied = np.zeros(n, dtype=np.bool_)
    for number, stage in enumerate(rule.stages):
        lead = rule.lead if number == 0 else None
        if stage.advance is None or (alive.sum(axis=1) > stage.advance).any():
            alive, first, final, by_lot = _stage(stage, standings, alive, lead or 0.0, rng)
            tied |= by_lot
    winner = np.where(stood.any(axis=1), final.argmax(axis=1), NOBODY)
    return Count(winner=winner, stood=stood, first=first, final=final, tied=tied)


def _stage(
    stage: Stage, standings: Standings, alive: NDArray[np.bool_], lead: float, rng: np.random.Generator
) -> tuple[NDArray[np.bool_], Array, Array, NDArray[np.bool_]]:
    """Count one stage: who is left, shares at its first and last count, and where a lot decided."""
    anew = stage.method == "exhaustive_ballot"
    target = stage.advance or 2
    logs = [_pooled(section, standings) for section in stage.sections]
    votes = [_among(alive, log) for log in logs]
    weight = [section.weight for section in stage.sections]
    total = first = _weighed(votes, weight)
    alive, tied = alive.copy(), np.zeros(alive.shape[0], dtype=np.bool_)
    again = (alive.sum(axis=1) == target) & ~_decided(total, lead) & (lead > 0.0)
    if again.any():  # two are left and the lead is missing: the same two once more, and a majority is enough
        for i, log in enumerate(logs):
            moved = _transferred(votes[i], log, alive, standings, anew=anew, rng=rng)
            votes[i] = np.where(again[:, None], moved, votes[i])
        total = _weighed(votes, weight)
    for ballot in range(alive.shape[1]):
        running = alive.sum(axis=1) > target
        if stage.advance is None:
            running &= ~_decided(total, lead if ballot == 0 else 0.0)
        if not running.any():
            break
        lot = _LOT * rng.random(total.shape)
        order = np.sort(np.where(alive, total, 2.0), axis=1)  # who is out counts as more than all votes
        tied |= running & (order[:, 1] - order[:, 0] < _LOT)
        out = np.where(alive, total + lot, np.inf).argmin(axis=1)
        alive[running, out[running]] = False
        for i, log in enumerate(logs):
            moved = _transferred(votes[i], log, alive, standings, anew=anew, rng=rng)
            votes[i] = np.where(running[:, None], moved, votes[i])
        total = _weighed(votes, weight)
    best = np.sort(total, axis=1)
    if stage.advance is None and total.shape[1] > 1:
        tied |= alive.any(axis=1) & (best[:, -1] - best[:, -2] < _LOT)
        total = total + _LOT * rng.random(total.shape) * (total > 0)
    return alive, first, total, tied


def _among(alive: NDArray[np.bool_], log: Array) -> Array:
    """Shares of those who stand; none where nobody does."""
    some = alive.any(axis=1, keepdims=True)
    return np.where(some, shares(np.where(alive | ~some, log, -np.inf)), 0.0) * alive


def _weighed(votes: list[Array], weight: list[float]) -> Array:
    total = sum(w * part for w, part in zip(weight, votes, strict=True))
    return np.asarray(total) / sum(weight)


def _decided(total: Array, lead: float) -> NDArray[np.bool_]:
    """Whether somebody has a majority, and the lead that the first ballot may ask for."""
    best = np.sort(total, axis=1)
    ahead = best[:, -1] - best[:, -2] if total.shape[1] > 1 else np.ones(total.shape[0])
    return np.asarray((best[:, -1] > 0.5) & (ahead >= lead))


def _pooled(section: Section, standings: Standings) -> Array:
    """Standings of a section; votes of several groups in one are added up by how many vote."""
    if len(section.who) == 1:
        return standings.log_share[section.who[0]]
    cast = sum(standings.size[group][:, None] * shares(standings.log_share[group]) for group in section.who)
    return np.log(np.asarray(cast))


def _transferred(
    votes: Array,
    log: Array,
    alive: NDArray[np.bool_],
    standings: Standings,
    *,
    anew: bool,
    rng: np.random.Generator,
) -> Array:
    """Votes of a section once somebody has left: hers go to those left, and in a new ballot all may move."""
    noise = standings.free[:, None] * rng.standard_normal(votes.shape)
    wanted = _among(alive, log + noise)
    kept = np.where(alive, votes, 0.0)
    moved = kept + (1.0 - kept.sum(axis=1, keepdims=True)) * wanted
    if anew:
        moved = moved * np.exp(standings.stay[:, None] * rng.standard_normal(votes.shape))
        moved = moved / np.maximum(moved.sum(axis=1, keepdims=True), 1e-300)
    return moved
