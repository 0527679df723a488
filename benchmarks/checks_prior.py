"""Prior predictive checks: what the models hold possible before they have seen a thing must be a country like ours."""

import numpy as np
import pymc as pm
import xarray as xr
from numpy.typing import NDArray

from benchmarks.bench_seats import N_DRAWS, SHARES, simulator
from benchmarks.checks_record import TODAY, Stage, standing_today
from benchmarks.checks_rows import Row, judged
from models.arrival import arrive
from models.count import count_seats
from models.link_priors import LeaderPriors
from models.mp_filter import ACT_KINDS
from models.mp_model import prior_habits
from models.response_panel import steps
from models.votes import arrival_state

Array = NDArray[np.float64]
LEADS = (1000, 30)
ROOM = {1000: 0.18, 30: 0.13}
"""How far from today's polls 90 % of draws may reach, in shares, by days left: as far as any party's result since 1959
was from its polls then (Labour in 1983 and in 2017)."""
SMALL = 0.05
MAIN = ("con", "lab", "lib", "ref", "grn")
SEED = 20260930


def rows(stages: dict[str, Stage]) -> list[Row]:
    """Draw from the priors of each model.

    Parameters
    ----------
    stages : dict of Stage
        From ``real_stages``; their data are used, their posteriors are not.

    Returns
    -------
    list of dict
        Rows of the report.
    """
    return [*_votes(stages["votes"].model), *_response(stages["response"]), *_mps(), *_leaders()]


def _prior(model: pm.Model, draws: int, names: list[str]) -> xr.DataTree:
    return pm.sample_prior_predictive(draws, model=model, var_names=names, random_seed=SEED)


def _votes(model: pm.Model) -> list[Row]:
    names = ["kappa", "campaign", "drift", "error", "bias", "beta_office", "beta_favourability", "beta_margin"]
    names += ["pace", "airtime"]
    prior = _prior(model, N_DRAWS, names)["prior"].to_dataset()
    state = arrival_state(prior, standing_today(N_DRAWS), seed=SEED)
    found: list[Row] = []
    for lead in LEADS:
        with np.errstate(over="ignore"):  # a movement out of the priors' far tails: all or nothing, counted below
            votes = arrive(state, lead)
        for party in MAIN:
            low, high = np.quantile(votes[:, list(TODAY).index(party)], [0.05, 0.95])
            found.append(_v(f"{party}, {lead} days: 5 % of its share", low, low=max(TODAY[party] - ROOM[lead], 0.01)))
            found.append(_v(f"{party}, {lead} days: 95 % of its share", high, high=TODAY[party] + ROOM[lead]))
        largest, two = votes.max(axis=1), votes[:, :2].sum(axis=1)
        found.append(_v(f"{lead} days: draws with a party above 60 %", np.mean(largest > 0.6), high=0.01))
        found.append(_v(f"{lead} days: draws with con and lab below 10 %", np.mean(two < 0.1), high=0.01))
        found += _parliaments(votes, lead)
    return found


def _parliaments(votes: Array, lead: int) -> list[Row]:
    seats = simulator()
    assert list(SHARES) == list(TODAY)
    won = count_seats(seats.simulate(votes, summaries=False).winner, len(seats.base.lines))
    largest, small = won.max(axis=1), [p for p, share in TODAY.items() if share < SMALL]
    by_small = won[:, [seats.base.lines.index(p) for p in small]].max(axis=1)
    return [
        _v(f"{lead} days: draws whose largest party polls below 5 % today", np.mean(by_small == largest), high=0.01),
        _v(f"{lead} days: most seats of a party in any draw", largest.max(), high=649.0),
        _v(f"{lead} days: draws with a party above 550 seats", np.mean(largest > 550), high=0.01),
        _v(f"{lead} days: median seats of the largest party", np.median(largest), low=200.0, high=450.0),
    ]


def _v(quantity: str, value: float, *, low: float | None = None, high: float | None = None) -> Row:
    return judged("votes", "prior_predictive", quantity, float(value), low=low, high=high)


def _response(stage: Stage) -> list[Row]:
    drawn = _prior(stage.model, 400, ["intention", "standing"])["prior_predictive"].to_dataset()
    flat, start = drawn.stack(sample=("chain", "draw")), steps(stage.data)
    moved = 100.0 * abs(_share(flat["intention"].values) - _share(start.v[:, :1]))
    liked = abs(flat["standing"].values - start.favourability[:, :1])
    limits = {
        "median step of a party in a month, points": (np.median(moved), 0.3, 3.0),
        "99 % step of a party in a month, points": (np.quantile(moved, 0.99), 2.0, 15.0),
        "median step of a leader in a month, points": (np.median(liked), 1.0, 8.0),
        "99 % step of a leader in a month, points": (np.quantile(liked, 0.99), 8.0, 50.0),
    }
    return [judged("response", "prior_predictive", n, float(x), low=a, high=b) for n, (x, a, b) in limits.items()]


def _share(v: Array) -> Array:
    return np.asarray(1.0 / (1.0 + np.exp(-v)))


def _mps() -> list[Row]:
    """Leaders at large, new ones, and one against whom a fifth of her MPs resign."""
    habits, rng = prior_habits(n_draws=N_DRAWS, seed=SEED), np.random.default_rng(SEED)
    usual, z = habits.usual, rng.standard_normal((2, N_DRAWS))
    halving = habits.halving[:, ACT_KINDS.index("resignations")]
    drop = np.log1p(0.2 / halving) * (1.0 + habits.unevenness * z[1])
    support = {
        "a new leader": (_share(usual + habits.spread_new * z[0]), 0.30, 0.95),
        "a leader of some years": (_share(usual + habits.spread * z[0]), 0.15, 0.97),
        "a leader after a fifth resigned": (_share(usual + habits.spread * z[0] - drop), 0.01, 0.80),
    }
    found = []
    for who, (share, low, high) in support.items():
        outside = float(np.mean((share <= 0.0) | (share >= 1.0)))
        found.append(_m(f"{who}: draws of support outside 0 to 1", outside, high=0.0))
        found.append(_m(f"{who}: 5 % of support", np.quantile(share, 0.05), low=low))
        found.append(_m(f"{who}: 95 % of support", np.quantile(share, 0.95), high=high))
    return found


def _m(quantity: str, value: float, *, low: float | None = None, high: float | None = None) -> Row:
    return judged("mps", "prior_predictive", quantity, float(value), low=low, high=high)


def _leaders() -> list[Row]:
    """Leaders at large and prime ministers on their first day, and what an event of any kind does."""
    priors, rng = LeaderPriors(), np.random.default_rng(SEED)
    drawn = {name: np.asarray(getattr(priors, name).rvs(N_DRAWS, random_state=rng)) for name in vars(priors)}
    z = rng.standard_normal((3, N_DRAWS))
    settled = drawn["usual_other"] + drawn["usual_sd"] * z[0]
    new = drawn["usual_premier"] + drawn["honeymoon_leader"] + drawn["honeymoon_office"]
    new = new + drawn["first_sd"] * z[0] + np.sqrt(2.0) * drawn["honeymoon_sd"] * z[1]
    event = drawn["kind_sd"] * z[1] + drawn["event_sd"] * z[2]
    return [
        _l("a leader of some years: draws within -100 to 100", np.mean(abs(settled) <= 100.0), low=0.99),
        _l("a prime minister's first day: draws within -100 to 100", np.mean(abs(new) <= 100.0), low=0.99),
        _l("a leader of some years: 5 % of standing, points", np.quantile(settled, 0.05), low=-70.0),
        _l("a leader of some years: 95 % of standing, points", np.quantile(settled, 0.95), high=65.0),
        _l("an event: 95 % of its size without sign, points", np.quantile(abs(event), 0.95), low=5.0, high=40.0),
        _l("a month: 95 % of its movement, points", np.quantile(abs(drawn["drift"] * z[0]), 0.95), low=4.0, high=25.0),
    ]


def _l(quantity: str, value: float, *, low: float | None = None, high: float | None = None) -> Row:
    return judged("leaders", "prior_predictive", quantity, float(value), low=low, high=high)
