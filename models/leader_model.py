"""The leaders model: ratings of many wordings and pollsters as readings of one standing a leader, from 1979 on.

A reading of leader ``l`` by group ``g`` (a wording as a pollster asks it) is::

    net = load[wording] * level[l, day] + offset[g] + quirk[l, g] + noise

Ipsos's "satisfied or dissatisfied with the way ... is doing his or her job" has load 1, offset 0 and no quirk: it is
the one question put about prime ministers and opposition leaders alike from 1979 to today, so a level is what Ipsos
would print. An average over houses would shift whenever the mix of houses did.

A level is an Ornstein-Uhlenbeck process, drawn to where leaders in that role usually stand, plus honeymoons and events,
each kind with a size of its own; how far one event differs from its kind is a jump of the process. The process is
integrated out by `models.leader_kernel`; sampled are the offsets, quirks, sizes and spreads.
"""

from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from models.days import DAYS_PER_MONTH
from models.graph_data import as_data
from models.kernel_op import log_likelihood
from models.leader_events import HONEYMOONS, SHOCKS
from models.leader_kernel import leader_likelihood
from models.leader_record import OTHER_WORDINGS, REFERENCE, UNNAMED, LeaderRecord
from models.link_priors import LeaderPriors


def build_leader_model(record: LeaderRecord, *, priors: LeaderPriors | None = None) -> pm.Model:
    """Build the leaders model.

    Parameters
    ----------
    record : LeaderRecord
        Ratings and what befell the leaders; not empty.
    priors : LeaderPriors, optional
        Priors as values.

    Returns
    -------
    pm.Model
        Model with the variables that `models.leader_scale.scale_of` reads: ``offset`` (other_group),
        ``wording_offset`` and ``load`` (other_wording), ``event_size`` (event), and one number each for what
        ``LeaderPriors`` names, but for ``wording``: honeymoons, half-lives, the usual places, spreads. Beside them
        ``shared`` (leader) and ``asked`` (pair), a group's offset and quirk for one leader.
    """
    priors = priors or LeaderPriors()
    with pm.Model(coords=_coords(record)) as model:
        given = as_data(as_data(record, "cell", "net", "count", "gap", "served", "premier"), "shock", "age")
        load, asked = _questions(record, priors)
        size, rate = _shocks(record, priors)
        fade, step, pull = _walk(record, given, priors)
        unnamed = np.array([pollster == UNNAMED for _, pollster in record.groups], dtype=np.float64)[record.group]
        noise, noise_unnamed = priors.noise.to_pymc("noise"), priors.noise_unnamed.to_pymc("noise_unnamed")
        error = (noise**2 * (1.0 - unnamed) + noise_unnamed**2 * unnamed) / given.count
        family = (record.kind >= len(HONEYMOONS)).astype(np.int64)
        shocks = (record.entry, given.age, family, given.gap)
        unknown = (given.net - asked, load, error, fade, step, pull, size, rate)
        pm.Potential("ratings", log_likelihood(leader_likelihood, len(shocks), *shocks, *unknown))
    return model


def _coords(record: LeaderRecord) -> dict[str, Any]:
    named = [" ".join(group) for group in record.groups]
    pairs = [i for i, group in enumerate(record.pair_group) if record.groups[group] != REFERENCE]
    return {
        "other_group": [name for name, group in zip(named, record.groups, strict=True) if group != REFERENCE],
        "other_wording": list(OTHER_WORDINGS),
        "leader": list(record.leaders),
        "shock": list(record.shocks),
        "pair": [f"{record.leaders[record.pair_leader[i]]}, {named[record.pair_group[i]]}" for i in pairs],
        "event": list(SHOCKS),
    }


def _questions(record: LeaderRecord, priors: LeaderPriors) -> tuple[Any, Any]:
    """Load of each cell, and what its question adds for its leader: offset and quirk, nothing for the reference."""
    base = record.groups.index(REFERENCE)
    wording = priors.wording.to_pymc("wording_offset", dims="other_wording")
    slope = priors.load.to_pymc("load", dims="other_wording")
    house_sd, own_sd = priors.house_sd.to_pymc("house_sd"), priors.own_sd.to_pymc("own_sd")
    shared = pm.Normal("shared", 0.0, priors.shared_sd.to_pymc("shared_sd"), dims="leader")
    worded = _marks([OTHER_WORDINGS.index(name) if name != REFERENCE[0] else -1 for name, _ in record.groups], 5)
    houses = np.flatnonzero(np.arange(len(record.groups)) != base)
    offset = pm.Normal("offset", worded[houses] @ wording, house_sd, dims="other_group")
    others = record.pair_group != base
    group = record.pair_group[others]
    asked = pm.Normal("asked", offset[group - (group > base)] + shared[record.pair_leader[others]], own_sd, dims="pair")
    place = np.maximum(np.cumsum(others) - 1, 0)[record.pair]
    load = 1.0 + worded[record.group] @ (slope - 1.0)
    return load, asked[place] * others[record.pair].astype(np.float64)


def _marks(places: list[int] | Any, size: int) -> Any:
    """Rows of a matrix with a one at each place, none at -1.

    In place of an index into a short vector, whose gradient PyTensor writes out entry by entry.
    """
    return (np.asarray(places)[:, None] == np.arange(size)).astype(np.float64)


def _shocks(record: LeaderRecord, priors: LeaderPriors) -> tuple[Any, Any]:
    """Size of each shock, that of its kind, and the rates at which honeymoons and events fade."""
    kind_sd = priors.kind_sd.to_pymc("kind_sd")
    events = pm.Deterministic("event_size", kind_sd * pm.Normal("event_z", 0.0, 1.0, dims="event"), dims="event")
    size = _marks(record.kind - len(HONEYMOONS), len(SHOCKS)) @ events
    for i, name in enumerate(HONEYMOONS):
        size += getattr(priors, f"honeymoon_{name}").to_pymc(f"honeymoon_{name}") * (record.kind == i)
    lives = [getattr(priors, f"{family}_half_life").to_pymc(f"{family}_half_life") for family in ("honeymoon", "event")]
    return size, np.log(2.0) / pt.stack(lives)


def _walk(record: LeaderRecord, given: LeaderRecord, priors: LeaderPriors) -> tuple[Any, Any, Any]:
    """Fading, variance and mean that come in at each cell; ``given`` is the record as data of the model."""
    daily = priors.drift.to_pymc("drift") ** 2 / DAYS_PER_MONTH
    usual_sd, first_sd = priors.usual_sd.to_pymc("usual_sd"), priors.first_sd.to_pymc("first_sd")
    premier, other = priors.usual_premier.to_pymc("usual_premier"), priors.usual_other.to_pymc("usual_other")
    first = record.gap < 0.0
    rate = daily / (2.0 * usual_sd**2)  # so that a process without shocks settles at a spread of usual_sd
    kept = pt.exp(-rate * pt.where(pt.as_tensor(first), given.served, given.gap))
    entering = first_sd**2 * kept**2 + usual_sd**2 * (1.0 - kept**2)
    moving = usual_sd**2 * (1.0 - kept**2)
    # How far one honeymoon or event differs from its kind comes in with the first cell after it.
    spreads = priors.honeymoon_sd.to_pymc("honeymoon_sd"), priors.event_sd.to_pymc("event_sd")
    is_event = record.kind >= len(HONEYMOONS)
    for spread, of in zip(spreads, (~is_event, is_event), strict=True):
        jumps = np.bincount(record.entry[of], minlength=record.gap.size).astype(np.float64)
        entering, moving = entering + spread**2 * jumps, moving + spread**2 * jumps
    usual = other + (premier - other) * given.premier
    fade = pt.where(pt.as_tensor(first), 0.0, kept)
    return fade, pt.where(pt.as_tensor(first), entering, moving), (1.0 - fade) * usual
