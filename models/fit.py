"""Fit any model with a named sampler, and judge the fit."""

import sys
import warnings
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Literal

import arviz as az
import numpy as np
import nutpie
import pymc as pm
import xarray as xr
from numpy.typing import NDArray
from pytensor import config
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from models import dims

STEP_JITTER = 0.3
"""Part by which step sizes vary. With equal steps a trajectory can swing to the mirror image of its start time and
again, so that a mean is known well and a spread badly. In the polls model: a third more time, 60 % more ESS."""
SMALL_STEPS = 0.95
"""Acceptance rate of the second try: steps of about half the size, which most often ends the divergences of a first."""
EXACT = {"numba__fastmath": False}
"""Sums in the order they are written. Left to reorder them, the compiler does so in one way where it finds parts of the
graph compiled by an earlier run and in another where it does not, and the same seed gives other draws. It is no
slower."""
CHAINS = (dims.CHAIN, dims.DRAW)
MAX_RHAT, MIN_ESS, MIN_BFMI = 1.01, 400, 0.3
"""Limits of a good fit: Vehtari et al. 2021 (doi 10.1214/20-BA1221) for the first two, Betancourt 2016 for the last."""


@dataclass(frozen=True, kw_only=True)
class SamplerConfig:
    """How to sample; all of it goes into the manifest.

    Attributes
    ----------
    draws, tune : int
        Kept and discarded draws of each chain. Twice 2,000 are as many as a forecast has joint draws, and enough for
        the largest R-hat of a thousand and more quantities to stay below its limit by more than chance.
    chains : int
        Chains, run side by side on as many cores.
    target_accept : float
        Acceptance rate the step size is tuned to, 0 to 1. A fit by nutpie with divergences is sampled once more with
        ``SMALL_STEPS``.
    seed : int
        Seed of all chains.
    sampler : {"nutpie", "pymc"}
        Named so that no other installed package can change it. ``nutpie`` compiles with Numba.
    """

    draws: int = 2000
    tune: int = 1000
    chains: int = 2
    target_accept: float = 0.8
    seed: int = 20260930
    sampler: Literal["nutpie", "pymc"] = "nutpie"


def sample(model: pm.Model, sampler: SamplerConfig, progress: bool = True) -> xr.DataTree:
    """Sample a model.

    Parameters
    ----------
    model : pm.Model
        Model to sample.
    sampler : SamplerConfig
        Sampler and its settings.
    progress : bool
        Show a progress bar on stderr.

    Returns
    -------
    xr.DataTree
        ``posterior`` and ``sample_stats``; attributes ``compile_seconds`` and ``sampling_seconds``.
    """
    if sampler.sampler == "pymc":
        return _fit_pymc(model, sampler, progress)
    start = perf_counter()
    with config.change_flags(**EXACT):
        compiled = nutpie.compile_pymc_model(model, freeze_model=True)
    ready = perf_counter()
    tree = _run_nutpie(compiled, sampler, sampler.target_accept, progress)
    if tree["sample_stats"]["diverging"].any() and sampler.target_accept < SMALL_STEPS:
        tree = _run_nutpie(compiled, sampler, SMALL_STEPS, progress)
    return _timed(tree, ready - start, perf_counter() - ready)


def _run_nutpie(compiled: Any, sampler: SamplerConfig, target_accept: float, progress: bool) -> xr.DataTree:
    with _bar(progress) as bar:
        task = bar.add_task("sampling", total=sampler.chains * (sampler.draws + sampler.tune))

        def show(chains: Sequence[Any]) -> None:
            bar.update(task, completed=sum(chain.finished_draws for chain in chains))

        tree: xr.DataTree = nutpie.sample(
            compiled,
            draws=sampler.draws,
            tune=sampler.tune,
            chains=sampler.chains,
            cores=sampler.chains,
            seed=sampler.seed,
            target_accept=target_accept,
            step_size_jitter=STEP_JITTER,
            save_warmup=False,
            progress_bar=False,
            progress_callback=show,
        )
    return tree


def _fit_pymc(model: pm.Model, sampler: SamplerConfig, progress: bool) -> xr.DataTree:
    start = perf_counter()
    with redirect_stdout(sys.stderr), config.change_flags(**EXACT):
        tree = pm.sample(
            sampler.draws,
            model=model,
            tune=sampler.tune,
            chains=sampler.chains,
            cores=sampler.chains,
            random_seed=sampler.seed,
            nuts_sampler="pymc",
            target_accept=sampler.target_accept,
            progressbar=progress,
            quiet=not progress,
            compute_convergence_checks=False,
        )
    return _timed(tree, 0.0, perf_counter() - start)


def _bar(progress: bool) -> Progress:
    columns = (TextColumn("  {task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    return Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), disable=not progress, transient=True)


def _timed(tree: xr.DataTree, compiling: float, sampling: float) -> xr.DataTree:
    tree.attrs["compile_seconds"] = compiling
    tree.attrs["sampling_seconds"] = sampling
    return tree


def diagnose(tree: xr.DataTree) -> dict[str, float]:
    """Measure how well a model was sampled.

    Parameters
    ----------
    tree : xr.DataTree
        From ``sample``.

    Returns
    -------
    dict
        ``max_rhat``, ``min_ess_bulk`` and ``min_ess_tail`` over all variables, ``divergences``, ``min_bfmi`` over
        chains, ``compile_seconds`` and ``sampling_seconds``.
    """
    posterior = tree["posterior"].to_dataset()
    moves = moving(posterior)

    def worst(values: xr.Dataset, pick: Callable[[Any], Any], unknown: float) -> float:
        # Any entry without a figure that moves counts as the worst there is.
        found = [values[name].values[where] for name, where in moves.items()]
        return float(pick(np.nan_to_num(np.concatenate([entry.ravel() for entry in found]), nan=unknown)))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # dividing by the variance of a constant
        rhat = worst(az.rhat(posterior), np.max, np.inf)
        bulk = worst(az.ess(posterior, method="bulk"), np.min, 0.0)
        tail = worst(az.ess(posterior, method="tail"), np.min, 0.0)
    return {
        "max_rhat": round(rhat, 4),
        "min_ess_bulk": round(bulk),
        "min_ess_tail": round(tail),
        "divergences": int(tree["sample_stats"]["diverging"].sum()),
        "min_bfmi": round(float(az.bfmi(tree)["energy"].min()), 3),
        "compile_seconds": round(tree.attrs["compile_seconds"], 1),
        "sampling_seconds": round(tree.attrs["sampling_seconds"], 1),
    }


def moving(posterior: xr.Dataset) -> dict[str, NDArray[np.bool_]]:
    """Tell which entries vary: one that is constant by construction has no R-hat, and needs none.

    Parameters
    ----------
    posterior : xr.Dataset
        Draws of all variables.

    Returns
    -------
    dict
        Mask by variable, of its shape without chain and draw.
    """
    return {str(name): (draws.min(CHAINS) != draws.max(CHAINS)).values for name, draws in posterior.data_vars.items()}


def is_good(diagnostics: dict[str, float]) -> bool:
    """Say whether a fit passes the gates: R-hat below 1.01, ESS of 400 or more, no divergence, BFMI of 0.3 or more.

    Parameters
    ----------
    diagnostics : dict
        From ``diagnose``.

    Returns
    -------
    bool
        True if all pass.
    """
    return (
        diagnostics["max_rhat"] < MAX_RHAT
        and min(diagnostics["min_ess_bulk"], diagnostics["min_ess_tail"]) >= MIN_ESS
        and diagnostics["divergences"] == 0
        and diagnostics["min_bfmi"] >= MIN_BFMI
    )
