"""Simulation-based calibration: do posteriors hold what the data were drawn with (Talts et al. 2018, arXiv 1804.06788).

Parameters are drawn from the priors, made-up data from the parameters, and the model is fitted to them as to real data.
If model and sampler are right, the truth's rank among posterior draws is as likely to be any as any other. simuk draws,
simulates and ranks. Its own way of fitting builds and compiles a model anew for every made-up record, 5 to 20 seconds
each; here each model is compiled once with nutpie, which is also the sampler that forecasts use, and gets new data.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
import nutpie
import pymc as pm
import pytensor
import simuk
import xarray as xr
from numpy.typing import NDArray
from scipy.stats import kstest

from benchmarks.checks_graph import leader_inputs, simulated_ratings
from benchmarks.checks_made_up import made_up_panel, made_up_ratings, made_up_votes, simulated_votes
from benchmarks.checks_rows import MAIN, Row, judged
from models.fit import STEP_JITTER
from models.leader_model import build_leader_model
from models.mp_model import build_mp_model
from models.response import build_response_model
from models.synthetic import synthetic_history
from models.votes import build_votes_model

Array = NDArray[np.float64]
SIMULATIONS = 60
TUNE, DRAWS, KEPT = 400, 495, 99
"""Steps, and the draws kept of them: every fifth, so that ranks are of draws that hardly hang together."""
LEAST = 0.005
"""Least p-value: there are some fifty, so that one run in four would have one below by chance."""
Simulator = Callable[..., dict[str, Array]]


@dataclass(frozen=True)
class Subject:
    """A model on a made-up record whose data can be changed after it is compiled.

    ``told`` names the changeable data by observed variable. ``simulator`` makes data up where PyMC cannot draw them as
    they come about: MPs' votes hang on earlier ones, and the leaders' likelihood is a potential.
    """

    model: pm.Model
    told: dict[str, str]
    simulator: Simulator | None = None


class Calibration(simuk.SBC):  # type: ignore[misc]
    """Calibration by simuk with a model that is compiled once, for the main parameters alone.

    ``fitted`` is the model that is fitted to what the subject makes up, where it is another: ranks show what is wrong.
    """

    def __init__(
        self,
        subject: Subject,
        main: list[str],
        seed: int,
        simulations: int = SIMULATIONS,
        fitted: pm.Model | None = None,
    ) -> None:
        super().__init__(
            subject.model,
            num_simulations=simulations,
            seed=seed,
            simulator=subject.simulator,
            transform=lambda _, value: np.mean(value),
            progress_bar=False,
        )
        self.var_names, self._main, self._told = main, main, subject.told
        self._compiled = nutpie.compile_pymc_model(fitted or subject.model)
        self.divergences: list[int] = []

    def _get_prior_predictive_samples(self) -> tuple[xr.Dataset, xr.Dataset]:
        truths, made_up = super()._get_prior_predictive_samples()
        return truths[self._main], made_up

    def _get_posterior_samples(self, replicated_data: dict[str, Array]) -> xr.Dataset:
        told = {name: np.asarray(replicated_data[rv], dtype=np.float64) for rv, name in self._told.items()}
        tree = nutpie.sample(
            self._compiled.with_data(**told),
            draws=DRAWS,
            tune=TUNE,
            chains=1,
            cores=1,
            seed=int(self._seeds[self._simulations_complete]),
            target_accept=0.95,
            step_size_jitter=STEP_JITTER,
            progress_bar=False,
        )
        self.divergences.append(int(tree["sample_stats"]["diverging"].sum()))
        kept = tree["posterior"].to_dataset()[self._main].isel(draw=slice(None, None, DRAWS // KEPT))
        return kept.stack(sample=("chain", "draw"))


def subjects() -> dict[str, Callable[[], Subject]]:
    """How to make each model's subject."""
    return {"votes": _votes, "response": _response, "mps": _mps, "leaders": _leaders}


def _changeable(model: pm.Model) -> Subject:
    """Put observed values behind names."""
    held = {rv.name: model.rvs_to_values[rv].eval() for rv in model.observed_RVs}
    told = {name: pytensor.shared(values, name=f"told_{name}") for name, values in held.items()}
    return Subject(pm.observe(model, told), {name: shared.name for name, shared in told.items()})


def _votes() -> Subject:
    return _changeable(build_votes_model(synthetic_history(10, seed=5)))


def _response() -> Subject:
    return _changeable(build_response_model(made_up_panel(5, seed=5)))


def _mps() -> Subject:
    record = made_up_votes(seed=5)

    def simulate(*, seed: int, **habits: Array) -> dict[str, Array]:
        return {"share": simulated_votes(record, habits, np.random.default_rng(seed))}

    return Subject(build_mp_model(record), {"share": "vote_share"}, simulate)


def _leaders() -> Subject:
    record = made_up_ratings(seed=5)
    model = build_leader_model(record)
    inputs = leader_inputs(model)

    def simulate(*, seed: int, **values: Array) -> dict[str, Array]:
        return {"net": simulated_ratings(record, inputs(values), np.random.default_rng(seed))}

    return Subject(model, {"net": "cell_net"}, simulate)


def uniformity(ranks: NDArray[np.int64], seed: int) -> float:
    """Chance of ranks no more even than these, if each is equally likely.

    Parameters
    ----------
    ranks : array of shape (n_simulations,)
        Draws below the truth, 0 to ``KEPT``.
    seed : int
        Seed of the spread of each rank over its own width, which makes the test exact.

    Returns
    -------
    float
        Kolmogorov and Smirnov's p-value.
    """
    spread = np.random.default_rng(seed).uniform(size=ranks.size)
    return float(kstest((ranks + spread) / (KEPT + 1), "uniform").pvalue)


def rows(names: tuple[str, ...] = tuple(MAIN)) -> list[Row]:
    """Calibrate each model. A vector is judged by the mean of its entries.

    Parameters
    ----------
    names : tuple of str
        Models.

    Returns
    -------
    list of dict
        A p-value a main parameter.
    """
    found: list[Row] = []
    for name in names:
        start = perf_counter()
        run: Any = Calibration(subjects()[name](), MAIN[name], seed=20260930)
        run.run_simulations()
        ranks = run.simulations["prior_sbc"]
        for main in MAIN[name]:
            p = uniformity(ranks[main].values.ravel(), seed=1)
            found.append(judged(name, "sbc", f"{main}: p-value of {SIMULATIONS} ranks", p, low=LEAST))
        took, bad = perf_counter() - start, sum(run.divergences)
        print(f"  sbc {name}: {took:.0f} s, {bad} divergences", file=sys.stderr, flush=True)
    return found
