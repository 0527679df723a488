"""Polls model of 2019-24: effective draws a second, and memory, beside the same posterior as a plain random walk.

The baseline has the same priors and likelihood, with the path of opinion sampled as a non-centred random walk by PyMC's
NUTS on PyTensor's C backend. It is slow, so it gets few draws: its effective sample is small and rough, and too large
rather than too small, as short chains look better mixed than they are. Each runs in a process of its own, one after the
other, on one chain. Effective draws are the smallest bulk ESS of scales and house effects.
"""

import json
import shutil
import subprocess
import sys
from datetime import date
from time import perf_counter

import arviz as az
import numpy as np
import pymc as pm
import pytensor.tensor as pt
import xarray as xr

from benchmarks.memory import peak_mib
from data import load_evidence
from models import dims
from models.fit import SamplerConfig, fit
from models.panel import PollPanel, poll_panel
from models.polls import build_poll_model, draw_houses
from models.priors import PollPriors
from models.record import gb_shares, previous_election

AS_OF = date(2024, 7, 3)
SCALES = ("drift", "noise", "house_spread")
BASELINE_DRAWS, BASELINE_TUNE = 250, 250
BASELINE_SECONDS = 1500
"""Time given to the baseline before it is called off."""


def panel() -> PollPanel:
    """Polls of the Parliament of 2019 to the eve of the election of 2024."""
    evidence = load_evidence().as_of(AS_OF)
    since = previous_election(evidence, AS_OF)
    return poll_panel(evidence, since=since, until=AS_OF, previous=gb_shares(evidence, since))


def plain_model(polls: PollPanel) -> pm.Model:
    """Write the same posterior with every step of the path as a parameter."""
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


def measure(what: str) -> dict[str, float]:
    """Fit one of the two; gives effective draws, seconds of sampling and of compiling, and peak memory in MiB."""
    polls = panel()
    if what == "ours":
        start = perf_counter()
        tree = fit(build_poll_model(polls), SamplerConfig(draws=1000, tune=1000, chains=1, seed=1), progress=False)
        sampling = float(tree.attrs["sampling_seconds"])
        whole = perf_counter() - start
        house = draw_houses(polls, tree).expand_dims("chain")
    else:
        start = perf_counter()
        step = pm.sample(
            BASELINE_DRAWS,
            model=plain_model(polls),
            tune=BASELINE_TUNE,
            chains=1,
            cores=1,
            random_seed=1,
            nuts_sampler="pymc",
            compile_kwargs={"mode": "CVM"},
            progressbar=False,
            compute_convergence_checks=False,
        )
        tree, whole = step, perf_counter() - start
        sampling = float(tree["posterior"].attrs.get("sampling_time", whole))
        house = tree["posterior"]["house"]
    variables = xr.Dataset({name: tree["posterior"][name] for name in SCALES} | {"house": house})
    ess = az.ess(variables, method="bulk")
    return {
        "ess": min(float(ess[name].min()) for name in ess.data_vars),
        "sampling": sampling,
        "whole": whole,
        "peak": peak_mib(),
    }


def run(what: str) -> dict[str, float]:
    """Measure in a fresh process."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.bench_polls", what]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=BASELINE_SECONDS)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def rows() -> list[dict[str, object]]:
    """Measure every row of this file.

    Returns
    -------
    list of dict
        ``name, figure, baseline, ratio, unit``; one row without figures where there is no C++ compiler.
    """
    if shutil.which("g++") is None:
        skipped = "skipped: no C++ compiler for the baseline"
        return [{"name": "polls: ESS per second", "figure": None, "baseline": None, "ratio": None, "unit": skipped}]
    ours, plain = run("ours"), run("plain")
    pairs = {
        "polls: ESS per second of sampling (baseline: plain random walk, C backend)": ("sampling", "ESS/s"),
        "polls: ESS per second with compiling (baseline: the same)": ("whole", "ESS/s"),
    }
    speed: list[dict[str, object]] = []
    for name, (clock, unit) in pairs.items():
        figure, baseline = ours["ess"] / ours[clock], plain["ess"] / plain[clock]
        speed.append({"name": name, "figure": figure, "baseline": baseline, "ratio": figure / baseline, "unit": unit})
    memory: dict[str, object] = {
        "name": "polls: peak memory of the fit (baseline: the same)",
        "figure": ours["peak"],
        "baseline": plain["peak"],
        "ratio": ours["peak"] / plain["peak"],
        "unit": "MiB",
    }
    return [*speed, memory]


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1])))
