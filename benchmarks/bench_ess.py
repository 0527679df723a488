"""Effective draws a second of every model beside its naive form (``benchmarks.naive``): same data, priors, posterior.

Each form is sampled in a process of its own, one after the other, on one chain and by one sampler; but the path of the
polls' naive form by PyMC's own on PyTensor's C backend. Effective draws are the smallest bulk ESS of all that both
forms have; seconds are those a core spent, so that what else a machine does moves them little. The naive form gets as
many draws as time allows; few flatter it, as short chains look better mixed than they are. Where posterior means differ
by more than chance allows, there are no figures, and the unit says where.
"""

import json
import os
import shutil
import subprocess
import sys
from contextlib import nullcontext
from time import perf_counter
from typing import Any

import arviz as az
import numpy as np
import polars as pl
import pytensor
import xarray as xr
from rich.table import Table
from scipy.stats import ttest_ind_from_stats

from benchmarks.ess_models import MODELS
from benchmarks.memory import peak_mib
from models.fit import SamplerConfig, sample
from models.panel import PollPanel
from models.polls import draw_houses

OURS = SamplerConfig(draws=1000, tune=1000, chains=1, seed=1)
SECONDS = 1500
"""Time given to a process before it is called off."""
DOUBT = 0.01
"""Chance that equal posteriors are called different, over all means of a model together."""
START = "ESS, "
SAMPLING, WHOLE = "per second of sampling", "per second with compiling"


def measure(name: str, form: str) -> dict[str, Any]:
    """Sample one form of a model.

    Parameters
    ----------
    name : str
        Of ``MODELS``.
    form : str
        ``ours`` or ``naive``.

    Returns
    -------
    dict
        ``moments`` by variable (mean, sd, bulk ESS and ESS of the mean, each a list), a core's seconds of ``sampling``
        and of the ``whole`` from building the model on, and ``peak`` memory in MiB.
    """
    of, ours = MODELS[name], form == "ours"
    data = of.data()
    plain = SamplerConfig(draws=of.draws, tune=of.draws, chains=1, seed=1, sampler="pymc" if of.in_c else "nutpie")
    backend = pytensor.config.change_flags(mode="CVM") if of.in_c and not ours else nullcontext()
    start, spent = perf_counter(), _spent()
    with backend:
        tree = sample((of.ours if ours else of.naive)(data), OURS if ours else plain, progress=False)
    whole = _spent() - spent
    had = whole / (perf_counter() - start)
    posterior = tree["posterior"].to_dataset()
    if isinstance(data, PollPanel) and ours:
        posterior["house"] = draw_houses(data, tree).expand_dims("chain")
    # PyMC keeps sampling apart from compiling in an attribute of its own.
    sampling = had * float(tree["posterior"].attrs.get("sampling_time", tree.attrs["sampling_seconds"]))
    return {
        "moments": _moments(posterior.drop_vars(of.apart)),
        "sampling": sampling,
        "whole": whole,
        "peak": peak_mib(),
    }


def _spent() -> float:
    """Seconds of a core that this process and the compilers it called have had: others' work hardly moves them."""
    return sum(os.times()[:4])


def _moments(posterior: xr.Dataset) -> dict[str, list[list[float]]]:
    over = ["chain", "draw"]
    ess = [az.ess(posterior, method=method) for method in ("bulk", "mean")]
    found = (posterior.mean(over), posterior.std(over), *ess)
    return {str(name): [part[name].values.ravel().tolist() for part in found] for name in posterior.data_vars}


def run(name: str, form: str) -> dict[str, Any]:
    """Measure in a fresh process."""
    print(f"  {name}: {form}", file=sys.stderr, flush=True)
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.bench_ess", name, form]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=SECONDS)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def beside(name: str, ours: dict[str, Any], plain: dict[str, Any]) -> list[dict[str, object]]:
    """Rows of a model from both measurements.

    Parameters
    ----------
    name : str
        Of ``MODELS``.
    ours, plain : dict
        From ``measure``.

    Returns
    -------
    list of dict
        Effective draws a second of sampling alone and with compiling; without figures where means differ.
    """
    shared = [variable for variable in ours["moments"] if variable in plain["moments"]]
    mine, theirs = (np.concatenate([m["moments"][v] for v in shared], axis=1) for m in (ours, plain))
    labels = np.repeat(shared, [len(ours["moments"][v][0]) for v in shared])
    moving = (mine[1] > 0) & (theirs[1] > 0)  # an entry that is constant by construction says nothing
    chance = np.ones(moving.size)
    (m1, s1, _, n1), (m2, s2, _, n2) = mine[:, moving], theirs[:, moving]
    chance[moving] = ttest_ind_from_stats(m1, s1, n1, m2, s2, n2, equal_var=False).pvalue
    worst = int(chance.argmin())
    same = chance[worst] * moving.sum() >= DOUBT
    unit = "ESS/s" if same else f"not measured: {labels[worst]} is {mine[0, worst]:.3g}, naive {theirs[0, worst]:.3g}"
    rows: list[dict[str, object]] = []
    for what, clock, against in ((SAMPLING, "sampling", MODELS[name].does), (WHOLE, "whole", "the same")):
        figures = (float(mine[2, moving].min()) / ours[clock], float(theirs[2, moving].min()) / plain[clock])
        rows.append(row(f"{START}{name}: {what} (baseline: {against})", *(figures if same else (None, None)), unit))
    return rows


def row(name: str, figure: float | None, baseline: float | None, unit: str) -> dict[str, object]:
    """One row of the report; no ratio where nothing was measured."""
    ratio = figure / baseline if figure and baseline else None
    return {"name": name, "figure": figure, "baseline": baseline, "ratio": ratio, "unit": unit}


def rows() -> list[dict[str, object]]:
    """Measure every row of this file.

    Returns
    -------
    list of dict
        ``name, figure, baseline, ratio, unit``.
    """
    found: list[dict[str, object]] = []
    for name, model in MODELS.items():
        if model.in_c and shutil.which("g++") is None:
            found.append(row(f"{START}{name}", None, None, "skipped: no C++ compiler for the baseline"))
            continue
        ours, plain = run(name, "ours"), run(name, "naive")
        found += beside(name, ours, plain)
        if name.startswith("polls"):
            found.append(row(f"{START}{name}: peak memory (baseline: the same)", ours["peak"], plain["peak"], "MiB"))
    return found


def glance(report: pl.DataFrame) -> Table:
    """Lay the rows of this file out as a table of one line a model.

    Parameters
    ----------
    report : pl.DataFrame
        The report.

    Returns
    -------
    Table
        Effective draws a second of sampling, ours and naive, their ratio, and the ratio with compiling.
    """
    table = Table("model", "ours ESS/s", "naive ESS/s", "ratio", "with compiling", "naive form", box=None)
    for name, model in MODELS.items():
        held = report.filter(pl.col("name").str.starts_with(f"{START}{name}: per second"))
        if held["ratio"].null_count() or held.is_empty():
            table.add_row(name, "", "", "", "", ", ".join(held["unit"].unique()) or "not measured")
            continue
        alone, whole = held.rows(named=True)
        numbers = (alone["figure"], alone["baseline"], alone["ratio"], whole["ratio"])
        table.add_row(name, *(f"{number:.3g}" for number in numbers), model.does)
    return table


if __name__ == "__main__":
    print(json.dumps(measure(*sys.argv[1:])))
