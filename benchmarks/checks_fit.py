"""Checks of the real fits.

How well they were sampled, whether the record looks as they expect, and whether the record or the prior speaks.
"""

import arviz as az
import numpy as np
import pymc as pm
import xarray as xr
from numpy.typing import NDArray

from benchmarks.checks_graph import draws_of, leader_inputs, ratings_log_likelihood, surprises
from benchmarks.checks_record import Stage
from benchmarks.checks_rows import MAIN, Row, judged
from models.fit import MAX_RHAT, MIN_BFMI, MIN_ESS
from models.stages import diagnostics

Array = NDArray[np.float64]
REPLICAS = 400
"""Draws of made-up data from a posterior."""
TOGETHER = 2.0
"""How much further chance reaches where rows hang together, as rivals and months of one campaign do: as if four rows
told as much as one on its own."""
SEED = 20260930
THRESHOLD = 0.05
"""Sensitivity above which a posterior is said to move (Kallioinen et al. 2024, doi 10.1007/s11222-023-10366-5)."""
LATENT = {
    "theta_z", "usual_z", "homes", "kappa_offset", "log_drifts", "log_errors", "size", "missing_gap", "missing_margin",
    "kind_offset", "event_z", "shared", "offset", "asked",
}  # fmt: skip
"""Variables that a model fills from its priors: not priors themselves, so they are not scaled."""


def gates(stages: dict[str, Stage]) -> list[Row]:
    """R-hat, effective samples, divergences and BFMI of each fit.

    Parameters
    ----------
    stages : dict of Stage
        From ``real_stages``.

    Returns
    -------
    list of dict
        Rows of the report.
    """
    found = []
    for name, stage in stages.items():
        d = diagnostics(stage.tree)
        # The gate is R-hat below the limit, the rows allow up to it.
        rhat = d["max_rhat"]
        found.append(judged(name, "gates", "largest R-hat", rhat, high=MAX_RHAT, ok=rhat < MAX_RHAT))
        found.append(judged(name, "gates", "least bulk ESS", d["min_ess_bulk"], low=MIN_ESS))
        found.append(judged(name, "gates", "least tail ESS", d["min_ess_tail"], low=MIN_ESS))
        found.append(judged(name, "gates", "divergences", d["divergences"], high=0.0))
        found.append(judged(name, "gates", "least BFMI", d["min_bfmi"], low=MIN_BFMI))
    return found


def posterior_predictive(stages: dict[str, Stage]) -> list[Row]:
    """Share of what was observed that lies inside the range expected of it.

    Votes of MPs and ratings of leaders are seen as each came, given those before it.

    Parameters
    ----------
    stages : dict of Stage
        From ``real_stages``.

    Returns
    -------
    list of dict
        Rows of the report.
    """
    found = []
    for name in ("votes", "response", "mps"):
        stage = stages[name]
        few = _thin(stage.posterior, REPLICAS)
        drawn = pm.sample_posterior_predictive(few, model=stage.model, random_seed=SEED, progressbar=False)
        for rv in stage.model.observed_RVs:
            made_up = drawn["posterior_predictive"][rv.name].stack(sample=("chain", "draw"))
            off = np.asarray(made_up.values) - stage.model.rvs_to_values[rv].eval()[:, None]
            found += _covered(name, rv.name, off, together=1.0 if name == "mps" else TOGETHER)
            if name == "votes":
                found += _covered(name, "step that ends in a result", off[stage.data.final], together=TOGETHER)
    return found + _covered("leaders", "rating", _rating_errors(stages["leaders"]), together=1.0)


def _thin(posterior: xr.Dataset, n_draws: int) -> xr.Dataset:
    every = posterior.sizes["chain"] * posterior.sizes["draw"] // n_draws
    return posterior.isel(draw=slice(None, None, max(every, 1)))


def _rating_errors(stage: Stage) -> Array:
    inputs, rng = leader_inputs(stage.model), np.random.default_rng(SEED)
    off = []
    for values in draws_of(stage.model, _thin(stage.posterior, REPLICAS)):
        surprise, sd = surprises(stage.data, inputs(values))
        off.append(sd * rng.standard_normal(sd.size) - surprise)
    return np.column_stack(off)


def _covered(model: str, what: str, off: Array, *, together: float) -> list[Row]:
    """Cover of the 50 and 90 % ranges; ``off`` are made-up less observed values, (n_observed, n_draws).

    Allowed is 4 and 3 points off, or as far as chance reaches in 99 of 100 records where those are short.
    """
    found = []
    for level, room in ((0.5, 0.04), (0.9, 0.03)):
        low, high = np.quantile(off, [(1.0 - level) / 2.0, (1.0 + level) / 2.0], axis=1)
        inside = float(np.mean((low <= 0.0) & (high >= 0.0)))
        reach = max(room, together * 2.576 * np.sqrt(level * (1.0 - level) / len(off)))
        limits = {"low": level - reach, "high": min(level + reach, 1.0)}
        quantity = f"{what}: inside the {level:.0%} range, of {len(off)}"
        found.append(judged(model, "posterior_predictive", quantity, inside, **limits))
    return found


def psense(stages: dict[str, Stage]) -> list[Row]:
    """How far each posterior moves when its prior is made a little stronger or weaker.

    A row fails where the prior moves it and the record does not. One above the threshold that passes is moved by both:
    what the record says stands beside it, in a row that is not judged.

    Parameters
    ----------
    stages : dict of Stage
        From ``real_stages``.

    Returns
    -------
    list of dict
        A row a main parameter.
    """
    found = []
    for name, stage in stages.items():
        priors = [rv.name for rv in stage.model.free_RVs if rv.name not in LATENT]
        tree = xr.DataTree.from_dict({"posterior": stage.posterior})
        pm.stats.compute_log_prior(tree, var_names=priors, model=stage.model, progressbar=False)
        if name == "leaders":
            tree["log_likelihood"] = xr.DataTree(_log_likelihood(stage))
        else:
            pm.stats.compute_log_likelihood(tree, model=stage.model, progressbar=False)
        table = az.psense_summary(tree, var_names=MAIN[name], prior_var_names=priors, threshold=THRESHOLD, round_to=6)
        for quantity, line in table.iterrows():
            prior, likelihood = float(line["prior"]), float(line["likelihood"])
            ok = not (prior > THRESHOLD and likelihood < THRESHOLD)
            found.append(judged(name, "psense", f"{quantity}: moved by its prior", prior, high=THRESHOLD, ok=ok))
            found.append(judged(name, "psense", f"{quantity}: moved by the record", likelihood))
    return found


def _log_likelihood(stage: Stage) -> xr.Dataset:
    inputs, sizes = leader_inputs(stage.model), stage.posterior.sizes
    told = [ratings_log_likelihood(stage.data, inputs(values)) for values in draws_of(stage.model, stage.posterior)]
    return xr.Dataset({"ratings": (("chain", "draw"), np.reshape(told, (sizes["chain"], sizes["draw"])))})
