"""Fit any model and hand back all that modellers ask of a fit, as one tree that ArviZ reads like any other.

``models.fit`` samples and judges; here prior, posterior predictive, pointwise likelihood and log prior are added, and
where it all came from. It works on every builder of ours and on any ``pm.Model`` of the user's.
"""

import json
import logging
import platform
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import arviz as az
import numpy as np
import pymc as pm
import xarray as xr
from pymc.backends.arviz import coords_and_dims_for_inferencedata, find_constants, find_observations

from data.errors import BadInput, SelectorateError
from models import dims
from models.fit import CHAINS, MAX_RHAT, MIN_BFMI, MIN_ESS, SamplerConfig, diagnose, is_good, moving, sample
from models.graph_hash import model_fingerprint
from models.pointwise import LIKELIHOODS, Readings, readings_of, values_of
from models.store import code_version

PRIOR_DRAWS = 1000
QUICK = {"mode": "FAST_COMPILE"}
"""How graphs are evaluated after sampling: a few thousand evaluations end before a compiler has begun."""
PACKAGES = ("arviz", "nutpie", "numba", "numpy", "preliz", "pymc", "pytensor", "xarray")
UNKNOWN = "unknown"
_AT_LEAST = {
    "min_ess_bulk": ("bulk ESS", MIN_ESS),
    "min_ess_tail": ("tail ESS", MIN_ESS),
    "min_bfmi": ("BFMI", MIN_BFMI),
}


class NotConverged(SelectorateError):
    """A fit that fails its gates; ``tree`` holds what was sampled."""

    def __init__(self, sentence: str, tree: xr.DataTree) -> None:
        super().__init__(sentence)
        self.tree = tree


def fit(
    model: pm.Model,
    *,
    sampler: SamplerConfig | None = None,
    seed: int | None = None,
    progress: bool = True,
    prior: bool = True,
    predictive: bool = True,
    likelihoods: Sequence[str] = LIKELIHOODS,
    data_fingerprint: str | None = None,
    allow_unconverged: bool = False,
) -> xr.DataTree:
    """Sample a model, judge the fit, and add what checks and comparisons need.

    Parameters
    ----------
    model : pm.Model
        A model of ours or of your own.
    sampler : SamplerConfig, optional
        Sampler and its settings.
    seed : int, optional
        Seed of all random numbers; that of ``sampler`` unless given.
    progress : bool
        Show a progress bar on stderr.
    prior : bool
        Add draws from the prior, and the log prior at each draw of the posterior.
    predictive : bool
        Add posterior predictive draws and the log likelihood of each reading.
    likelihoods : sequence of str
        Potentials that hold data; any other counts as a part of the prior, and stands in ``log_prior``.
    data_fingerprint : str, optional
        ``Evidence.fingerprint()`` of the tables behind the model, for ``provenance``.
    allow_unconverged : bool
        Return a fit that fails its gates, with the sentence in ``provenance``, instead of raising.

    Returns
    -------
    xr.DataTree
        ``posterior``, ``sample_stats``, ``observed_data``, ``constant_data``, ``prior``, ``prior_predictive``,
        ``posterior_predictive``, ``log_likelihood``, ``log_prior`` and ``provenance`` (attributes only). A group that a
        model cannot have is left out, and ``provenance`` says why in ``left_out``.

    Raises
    ------
    BadInput
        If the sampler cannot sample the model, or there is no such likelihood.
    NotConverged
        If the fit fails a gate of ``models.fit``.

    Examples
    --------
    >>> import pymc as pm
    >>> from models import fit
    >>> with pm.Model() as seats_of_ten:
    ...     held = pm.Beta("held", 1.0, 1.0)
    ...     wins = pm.Binomial("wins", n=10, p=held, observed=7)
    >>> tree = fit(seats_of_ten, seed=1, progress=False)
    >>> round(float(tree["posterior"]["held"].mean()), 1)
    0.7
    >>> tree["provenance"].attrs["verdict"]
    'The fit passes its gates.'
    """
    settings = sampler or SamplerConfig()
    settings = settings if seed is None else replace(settings, seed=seed)
    _check(model, settings, likelihoods)
    tree = sample(model, settings, progress=progress)
    measured = diagnose(tree)
    verdict = "" if is_good(measured) else _sentence(tree, measured)
    if verdict and not allow_unconverged:
        raise NotConverged(verdict, tree)
    left_out: list[str] = []
    with quietly():
        _given(tree, model)
        if prior:
            _add_prior(tree, model, likelihoods, settings.seed)
        if predictive:
            _add_observed(tree, model, settings.seed)
            left_out = _add_potentials(tree, model, likelihoods, settings.seed)
    tree["provenance"] = xr.Dataset(
        attrs={
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "code_version": code_version(),
            "data_fingerprint": data_fingerprint or UNKNOWN,
            "model_fingerprint": model_fingerprint(model),
            "seed": settings.seed,
            "sampler": json.dumps(asdict(settings)),
            "packages": json.dumps({"python": platform.python_version()} | {name: version(name) for name in PACKAGES}),
            "diagnostics": json.dumps(measured),
            "converged": str(not verdict),
            "verdict": verdict or "The fit passes its gates.",
            "left_out": " ".join(left_out),
        }
    )
    return tree


def _check(model: pm.Model, settings: SamplerConfig, likelihoods: Sequence[str]) -> None:
    """Refuse what would end in an error of the compiler's, or be passed over."""
    if not model.free_RVs:
        raise BadInput("The model has no free variable, so there is nothing to sample. Give a parameter a prior.")
    discrete = [variable.name for variable in model.discrete_value_vars]
    if discrete and settings.sampler == "nutpie":
        raise BadInput(
            f'nutpie samples continuous variables only, and "{discrete[0]}" is discrete. Sum it out of the model, or '
            'sample with SamplerConfig(sampler="pymc").'
        )
    there = [potential.name for potential in model.potentials]
    unknown = [name for name in likelihoods if name not in (*there, *LIKELIHOODS)]
    if unknown:
        raise BadInput(f'No potential "{unknown[0]}" to be a likelihood. The model has: {", ".join(there) or "none"}.')


@contextmanager
def quietly() -> Iterator[None]:
    """Keep PyMC from listing what it draws, and from warning that draws from the prior leave potentials aside.

    Ours are likelihoods, which those draws are meant to leave aside.
    """
    log = logging.getLogger("pymc.sampling.forward")
    level = log.level
    log.setLevel(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="The effect of Potentials")
            yield
    finally:
        log.setLevel(level)


def _sentence(tree: xr.DataTree, measured: dict[str, float]) -> str:
    """Say which gates a fit failed, and what to do."""
    failed = []
    if tree["posterior"].sizes[dims.CHAIN] < 2:
        return (
            "The chain cannot be trusted: there is one, and R-hat compares two or more. Sample with chains=2 or more."
        )
    if measured["max_rhat"] >= MAX_RHAT:
        failed.append(f"R-hat of {_worst(tree)} is {measured['max_rhat']:g} (limit {MAX_RHAT})")
    for name, (what, limit) in _AT_LEAST.items():
        if measured[name] < limit:
            failed.append(f"{what} is {measured[name]:g} (at least {limit:g} are needed)")
    if measured["divergences"]:
        failed.append(f"divergences are {measured['divergences']:g} (none is allowed)")
    return (
        f"The chains cannot be trusted: {', '.join(failed)}. Draw more, tune longer or raise target_accept, "
        "or pass allow_unconverged=True."
    )


def _worst(tree: xr.DataTree) -> str:
    """Variable with the largest R-hat; as for ``diagnose``, one that moves and has none is the worst there is."""
    posterior = tree["posterior"].to_dataset()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # dividing by the variance of a constant
        found = az.rhat(posterior)
    largest = {
        name: float(np.nan_to_num(found[name].values[where], nan=np.inf).max(initial=0.0))
        for name, where in moving(posterior).items()
    }
    return max(largest, key=lambda name: largest[name])


def _given(tree: xr.DataTree, model: pm.Model) -> None:
    """Add what was observed and what was held constant."""
    coords, names = coords_and_dims_for_inferencedata(model)
    for group, found in (("constant_data", find_constants(model)), ("observed_data", find_observations(model))):
        if group not in tree.children:
            tree[group] = az.dict_to_dataset(found, coords=coords, dims=names, sample_dims=[])


def _add_prior(tree: xr.DataTree, model: pm.Model, likelihoods: Sequence[str], seed: int) -> None:
    drawn = pm.sample_prior_predictive(PRIOR_DRAWS, model=model, random_seed=seed, compile_kwargs=QUICK)
    for group in ("prior", "prior_predictive"):
        if group in drawn.children and drawn[group].data_vars:
            tree[group] = drawn[group].to_dataset()
    settings = {"model": model, "extend_inferencedata": False, "progressbar": False, "compile_kwargs": QUICK}
    tree["log_prior"] = pm.stats.compute_log_prior(tree, **settings)
    others = [potential for potential in model.potentials if potential.name not in likelihoods]
    if others:
        draws, shape = _free_draws(tree, model)
        for potential, values in zip(others, values_of(model, others, draws), strict=True):
            held = values.reshape(*shape, -1).sum(axis=2)  # PyMC's log prior leaves potentials out
            tree["log_prior"] = tree["log_prior"].to_dataset().assign({potential.name: (CHAINS, held)})


def _free_draws(tree: xr.DataTree, model: pm.Model) -> tuple[dict[str, Any], tuple[int, ...]]:
    """Draws of every free variable with all chains in one axis, and how many chains and draws there are."""
    posterior = tree["posterior"].to_dataset()
    shape = tuple(posterior.sizes[dim] for dim in CHAINS)
    free = {variable.name: posterior[variable.name].transpose(*CHAINS, ...).values for variable in model.free_RVs}
    return {name: values.reshape(shape[0] * shape[1], *values.shape[2:]) for name, values in free.items()}, shape


def _add_observed(tree: xr.DataTree, model: pm.Model, seed: int) -> None:
    """Add what PyMC itself can say of the data: that of observed variables."""
    if not model.observed_RVs:
        return
    drawn = pm.sample_posterior_predictive(tree, model=model, random_seed=seed, progressbar=False, compile_kwargs=QUICK)
    tree["posterior_predictive"] = drawn["posterior_predictive"].to_dataset()
    settings = {"model": model, "extend_inferencedata": False, "progressbar": False, "compile_kwargs": QUICK}
    tree["log_likelihood"] = pm.stats.compute_log_likelihood(tree, **settings)


def _add_potentials(tree: xr.DataTree, model: pm.Model, likelihoods: Sequence[str], seed: int) -> list[str]:
    """Add the readings of likelihoods that are one node; return a sentence for each that cannot be taken apart."""
    names = [potential.name for potential in model.potentials if potential.name in likelihoods]
    others = [potential.name for potential in model.potentials if potential.name not in likelihoods]
    left_out = [f'The potential "{name}" is not named in likelihoods, so it counts as prior.' for name in others]
    if not names:
        return left_out
    draws, shape = _free_draws(tree, model)
    for number, name in enumerate(names):
        found = readings_of(model, name, draws, np.random.default_rng([seed, 41, number]))
        if found is None:
            left_out.append(f'The likelihood "{name}" is one number, so there is no log likelihood of its readings.')
            continue
        if found.predictive is None:
            left_out.append(
                f'"{name}" is a sum that no data are drawn from, so there is no posterior predictive of it.'
            )
        _add_readings(tree, name, found, shape)
    return left_out


def _add_readings(tree: xr.DataTree, name: str, found: Readings, shape: tuple[int, ...]) -> None:
    dim = f"{name}_reading"
    drawn = {"posterior_predictive": found.predictive, "log_likelihood": found.log_likelihood}
    for group, values in drawn.items():
        if values is not None:
            _put(tree, group, name, (*CHAINS, dim), values.reshape(*shape, -1), found.labels)
    if found.observed is not None:
        _put(tree, "observed_data", name, (dim,), found.observed, found.labels)


def _put(tree: xr.DataTree, group: str, name: str, names: tuple[str, ...], values: Any, labels: list[Any]) -> None:
    """Put one variable into a group, which is made where there is none."""
    held = tree[group].to_dataset() if group in tree.children else xr.Dataset()
    sampled = {dim: tree["posterior"][dim].values for dim in CHAINS if dim in names}
    array = xr.DataArray(values, dims=names, coords={**sampled, names[-1]: labels})
    tree[group] = held.assign({name: array})
