"""What past leaders teach of MPs' support: how long it lasts, what a ballot leaves open, what acts against her cost.

See ``models.mp_filter`` for the equations. Learned once a Parliament from the votes on all leaders known by then.
Support itself is summed out (a Kalman filter over each leader's two or three votes), so that only nineteen numbers are
sampled. Acts teach by the votes that followed them. A leader on whom MPs never voted teaches nothing here.
"""

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pymc as pm
import pytensor.tensor as pt
import xarray as xr
from numpy.typing import NDArray

from data import Evidence
from models.days import DAYS_PER_YEAR
from models.graph_data import as_data
from models.link_priors import MpPriors
from models.mp_facts import LEAST_MPS, Dossier, dossier
from models.mp_filter import (
    ACT_KINDS,
    CHOSEN,
    CRISIS_DAYS,
    GAVE_WAY,
    VOTE_KINDS,
    Array,
    MpHabits,
    MpRecord,
    as_record,
)

NOISES = ("noise_faced", "noise_chosen", "noise_lost")
SINGLE = ("usual", "spread", "spread_new", "memory", "crowding", "lost", "unevenness")
OPEN = ("resignations", "statements", "defections")
"""Kinds of act that cost those who act; the others are secret, on a bill, or done to them."""
N_DRAWS = 100
"""Draws of habits that are kept: a mean of support is within 0.006 of that of 4,000 draws, a tenth of its sd."""


def mp_record(evidence: Evidence) -> MpRecord:
    """Collect all votes of MPs on their leaders, with the acts that came before them.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut at the date of interest.

    Returns
    -------
    MpRecord
        Of the leaders on whom MPs have voted, in order of their first day.
    """
    held = [dossier(evidence, *spell).until(evidence.cut) for spell in _spells(evidence)]
    return as_record([found for found in held if _is_told(found)])


def _is_told(held: Dossier) -> bool:
    return any(vote.entitled >= LEAST_MPS for vote in held.votes)


def _spells(evidence: Evidence) -> list[tuple[str, str, date, date]]:
    """Party, leader, first and last day of every spell known."""
    events = evidence.leader_tenure.sort("date", pl.col("event") == "start")
    begun: dict[tuple[str, str], date] = {}
    spells = []
    for party, leader, event, day in events.select("party", "leader", "event", "date").iter_rows():
        if event == "start":
            begun[party, leader] = day
        elif (party, leader) in begun:
            spells.append((party, leader, begun.pop((party, leader)), day))
    spells += [(party, leader, day, evidence.cut) for (party, leader), day in begun.items()]
    return sorted(spells, key=lambda spell: (spell[2], spell[0]))


def build_mp_model(record: MpRecord, *, priors: MpPriors | None = None) -> pm.Model:
    """Build the model of MPs' support.

    Parameters
    ----------
    record : MpRecord
        Votes and acts, with one vote at least.
    priors : MpPriors, optional
        Priors as values.

    Returns
    -------
    pm.Model
        With dims ``act_kind``, ``vote_kind``, ``act`` and ``vote`` (both by leader); deterministic ``halving`` (parts
        of all MPs).

    Raises
    ------
    ValueError
        If there is no vote: ``prior_habits`` says what is known then.
    """
    if not record.share.size:
        raise ValueError("No vote of MPs to learn from. Use prior_habits.")
    priors = priors or MpPriors()
    voted = [record.leaders[leader] for leader in record.vote_leader]
    acted = [record.leaders[leader] for leader in record.act_leader]
    coords = {"act_kind": list(ACT_KINDS), "vote_kind": list(VOTE_KINDS), "vote": voted, "act": acted}
    with pm.Model(coords=coords) as model:
        given = as_data(as_data(record, "vote", "share", "crowd"), "act", "before", "after")
        # Leaders at large: where they stand, how much they differ, how long a difference lasts.
        usual = priors.usual.to_pymc("usual")
        spread, spread_new = priors.spread.to_pymc("spread"), priors.spread_new.to_pymc("spread_new")
        memory = priors.memory.to_pymc("memory") * DAYS_PER_YEAR
        # What a vote leaves open, more so where several stood for a vacancy.
        crowding = priors.crowding.to_pymc("crowding")
        lost = priors.lost.to_pymc("lost")
        noises = pt.stack([getattr(priors, name).to_pymc(name) for name in NOISES])
        noise = pm.Deterministic("noise", noises, dims="vote_kind")
        # What acts cost. Kinds share their centre, as few were followed by a vote; offsets, since most teach nothing.
        centre = pt.where(
            np.isin(ACT_KINDS, OPEN),
            priors.halving_open.to_pymc("halving_open"),
            priors.halving_mild.to_pymc("halving_mild"),
        )
        offset = pm.Normal("kind_offset", 0.0, 1.0, dims="act_kind")
        logits = centre + priors.kind_spread.to_pymc("kind_spread") * offset
        halving = pm.Deterministic("halving", pm.math.invlogit(logits), dims="act_kind")
        unevenness = priors.unevenness.to_pymc("unevenness")

        # What acts between a leader's last vote and this one did to her by the day of this one.
        first = np.diff(record.vote_leader, prepend=-1) != 0
        fade = pt.where(first, 0.0, pt.exp(-np.diff(record.vote_day, prepend=0) / memory))
        since, new = _acts_between(record, first)
        own = halving[record.act_kind]
        drop = pt.exp(-since / memory) * new * pt.log((own + given.after) / (own + given.before))
        pushed, loosened = drop.sum(axis=1), (unevenness**2 * drop**2).sum(axis=1)

        # Each vote given those before it on the same leader (a Kalman filter, one step a vote).
        error2 = noise[record.vote_kind] ** 2
        understated = crowding * given.crowd + lost * (record.vote_kind == GAVE_WAY)
        new_here = first & (record.vote_kind == CHOSEN)
        innovation2 = pt.where(new_here, spread_new**2, spread**2 * (1.0 - fade**2)) + loosened
        mean, variance = _one_step(first, given.share + understated, error2, usual, fade, pushed, innovation2)
        pm.Normal("share", mean - understated, pt.sqrt(variance), observed=given.share, dims="vote")
    return model


def _acts_between(record: MpRecord, first: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Days from each act to each vote, and 1 where the act fell between the vote before on that leader and this one."""
    since = record.vote_day[:, None] - record.act_day
    own = record.vote_leader[:, None] == record.act_leader
    begun = own & (since >= -CRISIS_DAYS)
    counted = np.zeros_like(begun)
    counted[1:] = begun[:-1] & ~first[1:, None]
    return np.maximum(since, 0).astype(np.float64), (begun & ~counted).astype(np.float64)


def _one_step(
    first: NDArray[np.bool_], reading: Any, error2: Any, usual: Any, fade: Any, pushed: Any, innovation2: Any
) -> tuple[Any, Any]:
    """Mean and variance of each vote's reading given the leader's earlier votes, worked through vote after vote.

    Votes lie leader by leader, oldest first; those of one rank (first, second, ...) are handled together.
    """
    starts = np.flatnonzero(first)
    rank = np.arange(first.size) - np.repeat(starts, np.diff(np.append(starts, first.size)))
    means: list[Any] = []
    variances: list[Any] = []
    order: list[NDArray[np.int64]] = []
    level, left = usual * np.ones(1), np.zeros(1)
    for number in range(int(rank.max()) + 1):
        here = np.flatnonzero(rank == number)
        source = np.searchsorted(order[-1], here - 1) if number else np.zeros(here.size, dtype=np.int64)
        mean = usual + (level[source] - usual) * fade[here] - pushed[here]
        spread2 = left[source] * fade[here] ** 2 + innovation2[here]
        variance = spread2 + error2[here]
        level = mean + spread2 / variance * (reading[here] - mean)
        left = spread2 * error2[here] / variance
        means, variances, order = [*means, mean], [*variances, variance], [*order, here]
    back = np.argsort(np.concatenate(order))
    return pt.concatenate(means)[back], pt.concatenate(variances)[back]


def habits_of(posterior: xr.Dataset, n_draws: int = N_DRAWS) -> MpHabits:
    """Take draws of MPs' habits from a posterior, evenly spaced.

    Parameters
    ----------
    posterior : xr.Dataset
        Of ``build_mp_model``, with dims chain and draw.
    n_draws : int
        Draws to keep.

    Returns
    -------
    MpHabits
        Plain arrays.
    """
    flat = posterior.stack(sample=("chain", "draw"))
    picked = np.unique(np.linspace(0, flat.sizes["sample"] - 1, n_draws).astype(np.int64))
    kept = flat.isel(sample=picked)
    return MpHabits(
        **{name: np.asarray(kept[name].values) for name in SINGLE},
        noise=np.asarray(kept["noise"].transpose("sample", "vote_kind").values),
        halving=np.asarray(kept["halving"].transpose("sample", "act_kind").values),
    )


def prior_habits(priors: MpPriors | None = None, *, n_draws: int = N_DRAWS, seed: int = 0) -> MpHabits:
    """Draw MPs' habits from the priors: what is held before any vote of MPs is on record.

    Parameters
    ----------
    priors : MpPriors, optional
        Priors as values.
    n_draws : int
        Draws.
    seed : int
        Seed.

    Returns
    -------
    MpHabits
        Plain arrays.
    """
    priors = priors or MpPriors()
    rng = np.random.default_rng(seed)
    drawn = {name: np.asarray(getattr(priors, name).rvs(n_draws, random_state=rng)) for name in SINGLE}
    noise = [getattr(priors, name).rvs(n_draws, random_state=rng) for name in NOISES]
    centres = [prior.rvs(n_draws, random_state=rng) for prior in (priors.halving_open, priors.halving_mild)]
    offset = rng.standard_normal((n_draws, len(ACT_KINDS)))
    spread = np.asarray(priors.kind_spread.rvs(n_draws, random_state=rng))[:, None]
    logits = np.where(np.isin(ACT_KINDS, OPEN), centres[0][:, None], centres[1][:, None]) + spread * offset
    return MpHabits(**drawn, noise=np.column_stack(noise), halving=1.0 / (1.0 + np.exp(-logits)))
