"""Fit time of each link model, and effective draws a second beside the same posterior sampled the plain way.

Leaders are set beside the model with every standing a parameter (a centred path), as of 1992, since that is slow; MPs,
the response and votes beside PyMC's own sampler, as of 2024. One chain each; effective draws are the smallest bulk ESS
of the variables both have. The plain way gets few draws, which flatters it: short chains look better mixed than they
are.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import arviz as az
import numpy as np
import pymc as pm
import pytensor.tensor as pt
import xarray as xr

from data import load_evidence
from models import leader_model
from models.config import LinkConfig
from models.fit import SamplerConfig, fit
from models.history import arrival_history
from models.leader_events import HONEYMOONS
from models.leader_model import build_leader_model
from models.leader_record import UNNAMED, LeaderRecord, leader_record
from models.link_priors import LeaderPriors
from models.links import learn_links, monthly
from models.mp_model import build_mp_model, mp_record
from models.response import build_response_model
from models.response_panel import response_panel
from models.stages import Run
from models.votes import build_votes_model

EARLY, LATE = date(1992, 4, 10), date(2024, 7, 5)
OURS = SamplerConfig(draws=1000, chains=1, seed=1)
PLAIN = SamplerConfig(draws=300, tune=500, chains=1, seed=1, sampler="pymc")


def plain_leaders(record: LeaderRecord) -> pm.Model:
    """Write the leaders model with every standing as a parameter."""
    priors = LeaderPriors()
    with pm.Model(coords=leader_model._coords(record)) as model:
        load, asked = leader_model._questions(record, priors)
        size, rate = leader_model._shocks(record, priors)
        fade, step, pull = leader_model._walk(record, priors)
        noise, unnamed = priors.noise.to_pymc("noise"), priors.noise_unnamed.to_pymc("noise_unnamed")
        mixed = np.array([pollster == UNNAMED for _, pollster in record.groups], dtype=np.float64)[record.group]
        error = pt.sqrt((noise**2 * (1.0 - mixed) + unnamed**2 * mixed) / record.count)
        level = pm.Flat("level", shape=record.net.size)
        before = pt.concatenate([np.zeros(1), level[:-1]])
        pm.Potential("path", pm.logp(pm.Normal.dist(fade * before + pull, pt.sqrt(step)), level).sum())
        age, felt = _ages(record)
        family = (record.kind >= len(HONEYMOONS)).astype(int)
        shock = (felt * pt.exp(-rate[family] * age)) @ size
        pm.Normal("ratings", load * (level + shock) + asked, error, observed=record.net)
    return model


def _ages(record: LeaderRecord) -> tuple[np.ndarray, np.ndarray]:
    """Days from each shock to each cell of its leader, (n_cells, n_shocks), and whether the cell comes after it."""
    day = np.cumsum(np.where(record.gap < 0, 0.0, record.gap))
    same = record.leader[:, None] == record.leader[record.entry][None, :]
    after = same & (np.arange(record.net.size)[:, None] >= record.entry[None, :])
    return np.where(after, day[:, None] - day[record.entry][None, :] + record.age[None, :], 0.0), after.astype(float)


def _worst(tree: xr.DataTree, names: list[str]) -> float:
    ess = az.ess(tree["posterior"].to_dataset()[names], method="bulk")
    return min(float(ess[name].min()) for name in names)


def _sampling(tree: xr.DataTree) -> float:
    """Seconds of sampling alone, which PyMC keeps apart from compiling in an attribute of its own."""
    return float(tree["posterior"].attrs.get("sampling_time", tree.attrs["sampling_seconds"]))


def _beside(name: str, ours: pm.Model, plain: pm.Model, settings: SamplerConfig, against: str) -> list[dict[str, Any]]:
    fast, slow = fit(ours, OURS, progress=False), fit(plain, settings, progress=False)
    both = [str(v) for v in fast["posterior"].data_vars if v in slow["posterior"].data_vars]
    rates = [_worst(tree, both) / _sampling(tree) for tree in (fast, slow)]
    seconds = [tree.attrs["compile_seconds"] + tree.attrs["sampling_seconds"] for tree in (fast, slow)]
    return [
        _row(f"{name}: ESS per second of sampling (baseline: {against})", *rates, "ESS/s"),
        _row(
            f"{name}: fit with compiling (baseline: the same, {settings.draws} draws instead of 1,000)", *seconds, "s"
        ),
    ]


def _row(name: str, figure: float, baseline: float, unit: str) -> dict[str, Any]:
    return {"name": name, "figure": figure, "baseline": baseline, "ratio": figure / baseline, "unit": unit}


def rows() -> list[dict[str, object]]:
    """Measure every row of this file.

    Returns
    -------
    list of dict
        ``name, figure, baseline, ratio, unit``.
    """
    tables = load_evidence(own=False)
    early, late = tables.as_of(EARLY), tables.as_of(LATE)
    rated = leader_record(early)
    nutpie = SamplerConfig(draws=300, tune=500, chains=1, seed=1)
    found = _beside(
        "leaders, 1992", build_leader_model(rated), plain_leaders(rated), nutpie, "centred path, same sampler"
    )
    links = learn_links(late, LinkConfig(), Run(1, progress=False))
    panel = response_panel(late, *monthly(late, links.scale, links.habits))
    made: list[tuple[str, Callable[..., pm.Model], Any]] = [
        ("mps", build_mp_model, mp_record(late)),
        ("response", build_response_model, panel),
        ("votes", build_votes_model, arrival_history(late, links)),
    ]
    for name, build, data in made:
        found += _beside(name, build(data), build(data), PLAIN, "PyMC's sampler")
    return found
