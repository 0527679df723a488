"""Naive forms of our models: the same data, priors and posterior, with what ours sums out left to the sampler.

Each starts from our own builder, so that priors and data cannot part, and puts one piece of it in a textbook's words.
``tests/test_bench_naive.py`` holds that densities are the same, and the benchmark refuses where posterior means differ.
"""

from dataclasses import fields, replace
from typing import Any
from unittest.mock import patch

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from scipy.linalg import block_diag, eigh

from models import cells, dims, mp_model
from models.contest import ContestRecord, build_contest_model
from models.contest_terms import WEIGHTS
from models.days import DAYS_PER_MONTH
from models.history import CHANNELS, ArrivalHistory
from models.leader_events import HONEYMOONS
from models.leader_model import build_leader_model
from models.leader_record import LeaderRecord
from models.mp_filter import MpRecord
from models.pairs import PARTIES, SeatPair
from models.panel import PollPanel
from models.priors import PollPriors
from models.response import build_response_model
from models.response_panel import ResponsePanel
from models.seats import build_seat_model
from models.survival import build_survival_model
from models.survival_record import STAYED, SurvivalRecord
from models.tilts import LIBERAL
from models.votes import ESTABLISHED, build_votes_model

Array = np.ndarray[Any, np.dtype[np.float64]]
ERRORS = ("nominations", "confidence", "poll")
COMMON = ("affiliates", "supporters", "block", "stay", "free", "shared", "drift")


def plain_polls(polls: PollPanel) -> pm.Model:
    """Sample every step of the path of opinion, as a walk of independent steps."""
    priors = PollPriors()
    log_odds, variance, unhoused, pollster, time, step, start_mean, start_cov, _ = polls.evidence
    n = len(polls.parties)
    with pm.Model(coords=dims.poll_coords(polls.parties, polls.poll_ids, polls.pollsters)) as model:
        drift = priors.drift.to_pymc("drift", dims=dims.PARTY)
        alignment = priors.alignment.to_pymc("alignment", dims=dims.PARTY_PAIR)
        house_spread = priors.house_spread.to_pymc("house_spread", dims=dims.PARTY)
        house = pm.ZeroSumNormal("house", sigma=house_spread[:, None], dims=(dims.PARTY, dims.POLLSTER))
        noise = priors.noise.to_pymc("noise", dims=dims.PARTY)
        tail = pm.InverseGamma("tail", alpha=priors.tail / 2, beta=priors.tail / 2, dims=dims.POLL)

        lower = pt.set_subtensor(pt.eye(n)[np.tril_indices(n, -1)], alignment)
        root = drift[:, None] * lower / pt.sqrt((lower**2).sum(axis=1, keepdims=True))
        start = pm.Normal("start", 0.0, 1.0, shape=n)
        moves = pm.Normal("moves", 0.0, 1.0, shape=(len(step) - 1, n))
        steps = np.sqrt(step[1:])[:, None] * (moves @ root.T)
        first = start_mean + np.sqrt(np.diag(start_cov)) * start
        path = pt.concatenate([first[None, :], first + pt.cumsum(steps, axis=0)])

        poll, party = np.nonzero(np.isfinite(variance))  # infinite where a poll does not name a party
        house_of = pt.where(pollster[poll] >= 0, house[party, np.maximum(pollster[poll], 0)], 0.0)
        excess = noise[party] ** 2 + unhoused[poll] * house_spread[party] ** 2
        spread = pt.sqrt(tail[poll] * (variance[poll, party] + excess))
        pm.Normal("polls", path[time[poll], party] + house_of, spread, observed=log_odds[poll, party])
    return model


def _path(first: Any, start: Any, fade: Any, push: Any, step: Any) -> Any:
    """Sample a level at each time of a walk drawn home, each given the one before; ``first`` marks where one begins."""
    level = pm.Flat("level", shape=first.size)
    before = pt.where(first, start, pt.concatenate([np.zeros(1), level[:-1]]))
    pm.Potential("path", pm.logp(pm.Normal.dist(fade * before + push, pt.sqrt(step)), level).sum())
    return level


def plain_leaders(record: LeaderRecord) -> pm.Model:
    """Sample the standing behind every rating, each given the one before it."""
    model = build_leader_model(record)
    value, load, error, fade, step, pull, size, rate = _without(model, "ratings").owner.inputs[-8:]
    day = np.cumsum(np.where(record.gap < 0, 0.0, record.gap))
    own = record.leader[:, None] == record.leader[record.entry]
    after = own & (np.arange(day.size)[:, None] >= record.entry)
    age = np.where(after, day[:, None] - day[record.entry] + record.age, 0.0)
    family = (record.kind >= len(HONEYMOONS)).astype(np.int64)
    with model:
        shock = (after * pt.exp(-rate[family] * age)) @ size
        level = _path(record.gap < 0, 0.0, fade, pull, step)
        pm.Potential("ratings", pm.logp(pm.Normal.dist(load * (level + shock), pt.sqrt(error)), value).sum())
    return model


def plain_mps(record: MpRecord) -> pm.Model:
    """Sample the support behind every vote, each given the leader's vote before."""

    def sampled(first: Any, _: Any, error2: Any, usual: Any, fade: Any, pushed: Any, innovation2: Any) -> Any:
        return _path(first, 0.0, fade, (1.0 - fade) * usual - pushed, innovation2), error2

    with patch.object(mp_model, "_one_step", sampled):
        return mp_model.build_mp_model(record)


def plain_response(panel: ResponsePanel) -> pm.Model:
    """Sample leaders' own values in place of their distance from the mean in spreads."""
    model = build_response_model(panel)
    mean, sd, usual_sd = model["theta_mean"], model["theta_sd"], model["usual_sd"]
    with model:
        theta = pm.Normal("own_theta", mean, sd, dims="leader")
        usual = pm.Normal("own_usual", 0.0, usual_sd, dims="leader")
    return pm.do(model, {"theta_z": (theta - mean) / sd, "usual_z": usual / usual_sd})


def plain_votes(history: ArrivalHistory) -> pm.Model:
    """Sample channels' own pace of going home in place of its distance from the mean in spreads."""
    model = build_votes_model(history)
    mean = pt.where(np.isin(CHANNELS, ESTABLISHED), model["log_kappa"], model["log_kappa_newer"])
    with model:
        kappa = pm.Normal("own_kappa", mean, model["kappa_spread"], dims="channel")
    return pm.do(model, {"kappa_offset": (kappa - mean) / model["kappa_spread"]})


def plain_seats(pairs: list[SeatPair]) -> pm.Model:
    """Give every seat a row, and sample the error that the seats of a region have in common."""
    rows: list[tuple[Array, Any]] = []

    def noted(columns: Array, region: Any) -> Any:
        rows.append((columns * np.sqrt(cells._tail_weights(columns, region))[:, None], region))
        return gram(columns, region)

    gram = cells._gram
    with patch.object(cells, "_gram", noted):
        held = cells.swing_cells(pairs)
    cell = np.repeat(np.arange(len(rows)), [len(region) for _, region in rows])
    change, *columns, weight = np.concatenate([seen for seen, _ in rows]).T
    names = np.concatenate([np.char.add(f"{i} ", region) for i, (_, region) in enumerate(rows)])
    regions, first, region = np.unique(names, return_index=True, return_inverse=True)
    shared = np.bincount(cell[first])[cell] > 1  # where a nation is one region, its effect is the intercept
    model = build_seat_model(pairs)
    _without(model, "seats")
    with model:
        size, terms = pt.exp(model["log_size"]), _terms(model, held)
        common = model["region_ratio"] * size[cell[first]] * pm.Normal("region", 0.0, 1.0, shape=regions.size)
        expected = sum(term[cell] * column for term, column in zip(terms, columns, strict=True))
        pm.Normal("change", expected + common[region] * shared * weight, size[cell], observed=change)
    return model


def _terms(model: pm.Model, held: cells.SwingCells) -> list[Any]:
    """Coefficients by cell of all columns between the change and the region."""
    liberal = held.party == PARTIES.index(LIBERAL)
    slope, one = model["slope"], pt.ones(held.pair.size)
    personal = model["personal"][held.pair] * pt.where(liberal, model["liberal"], 1.0)
    known, leave = held.knows("leave"), 0.0 * one
    if known.size:
        since = held.pair[known].min()
        own = model["leave"][held.pair[known] - since, held.party[known]]
        leave = pt.set_subtensor(leave[known], own * np.sqrt(held.base * (1.0 - held.base))[known])
    tactical = model["attack"][held.pair], model["hold"][held.pair]
    kept = pt.where(liberal, -model["rooted"] * slope, 0.0)
    return [model["intercept"], slope, *tactical, personal, kept, model["local"] * one, model["gained"] * one, leave]


def plain_contest(record: ContestRecord) -> pm.Model:
    """Sample where candidates stand with each group, and the errors that readings have in common."""
    model = build_contest_model(record)
    advantage = _without(model, "seen").owner.inputs[-1]
    size = np.diff(record.start)
    squares = np.split(record.basis, np.cumsum(size**2)[:-1], axis=1)
    contests = [dict(zip(WEIGHTS, s.reshape(-1, n, n), strict=True)) for s, n in zip(squares, size, strict=True)]
    sight = block_diag(*(_root(one["mps"] + one["mps_members"] + one["members"]) for one in contests))
    mps = np.concatenate([np.diag(one["mps"]) > 0 for one in contests])
    whiten, inflated = _independent(contests)
    with model:
        with_mps = pm.Normal("with_mps", 0.0, model["spread"], shape=sight.shape[1])
        with_members = pm.Normal("with_members", model["rho"] * with_mps, model["members"], shape=sight.shape[1])
        mean = advantage @ record.edges + pt.where(mps, sight @ with_mps, sight @ with_members)
        for name in COMMON:
            root = block_diag(*(_root(one[name]) for one in contests))
            mean += root @ pm.Normal(f"{name}_error", 0.0, model[name], shape=root.shape[1])
        spread = pt.sqrt(1.0 + sum(model[name] ** 2 * more for name, more in inflated.items()))
        pm.Normal("seen", whiten @ mean, spread, observed=whiten @ record.y)
    return model


def _root(square: Array) -> Array:
    """Matrix whose product with its own transpose is a given one, with as many columns as that has dimensions."""
    value, vector = eigh(square)
    kept = value > 1e-9 * max(1.0, value.max(initial=0.0))
    return np.asarray(vector[:, kept] * np.sqrt(value[kept]))


def _independent(contests: list[dict[str, Array]]) -> tuple[Array, dict[str, Array]]:
    """Matrix that gives readings errors of their own of variance one, and what each kind of error adds to that."""
    whiten, inflated = [], {name: list[Array]() for name in ERRORS}
    for one in contests:
        kind = {name: np.diag(one[name]) > 0 for name in ERRORS}
        kind["none"] = ~np.any(list(kind.values()), axis=0)
        matrix = np.zeros_like(one["known"])
        more = dict.fromkeys(ERRORS, np.zeros(len(matrix)))
        for name, rows in kind.items():
            if not rows.any():
                continue
            own, at = one.get(name, matrix)[np.ix_(rows, rows)], np.flatnonzero(rows)
            value, vector = eigh(own, one["known"][np.ix_(rows, rows)])
            matrix[np.ix_(at, at)] = vector.T
            if name in more:
                more[name] = np.zeros(len(matrix))
                more[name][at] = value
        whiten.append(matrix)
        for name in ERRORS:
            inflated[name].append(more[name])
    return block_diag(*whiten), {name: np.concatenate(parts) for name, parts in inflated.items()}


def plain_survival(record: SurvivalRecord) -> pm.Model:
    """Give every day a row."""
    days = np.maximum(np.rint(record.months * DAYS_PER_MONTH), 1).astype(np.int64)
    row = np.repeat(np.arange(days.size), days)
    length, place = record.months[row] / days[row], np.arange(row.size) - np.repeat(np.cumsum(days) - days, days)
    names = [field.name for field in fields(record) if field.name != "leaders"]
    daily = replace(record, **{name: getattr(record, name)[row] for name in names})
    last = place == days[row] - 1
    since, how = daily.since + place * length, np.where(last, daily.how, STAYED)
    return build_survival_model(replace(daily, day=daily.day + place, months=length, since=since, how=how))


def _without(model: pm.Model, name: str) -> Any:
    """Take a potential out of a model; what it was made of stays."""
    potential = model[name]
    model.potentials.remove(potential)
    del model.named_vars[name]
    return potential
