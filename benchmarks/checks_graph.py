"""The numbers between the parameters of the leaders model and its likelihood, read off the model's own graph.

Its likelihood is a potential, which PyMC can neither draw from nor split by reading. What goes into the likelihood is
enough for both: draws of made-up ratings, and how far each real rating lay from what was expected of it.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pymc as pm
import pytensor
import xarray as xr
from numpy.typing import NDArray
from pytensor.graph.traversal import ancestors

from models.kernel_op import KernelOp
from models.leader_events import HONEYMOONS
from models.leader_kernel import _filtered, leader_likelihood, shock_paths

Array = NDArray[np.float64]
NAMES = ("value", "load", "noise", "fade", "step", "pull", "size", "rate")


def leader_inputs(model: pm.Model) -> Callable[[dict[str, Array]], dict[str, Array]]:
    """Compile the way from parameters to what the likelihood takes.

    Parameters
    ----------
    model : pm.Model
        From ``build_leader_model``.

    Returns
    -------
    callable
        Takes values of all free variables by name and gives ``NAMES``, as `models.leader_kernel` describes them.
    """
    found = {node.owner for node in ancestors(model.potentials) if node.owner is not None}
    (likelihood,) = [apply for apply in found if isinstance(apply.op, KernelOp)]
    free = [variable.name for variable in model.free_RVs]
    run = pytensor.function(
        model.free_RVs, likelihood.inputs[-len(NAMES) :], on_unused_input="ignore", mode="FAST_COMPILE"
    )
    return lambda values: dict(zip(NAMES, run(*(np.asarray(values[name]) for name in free)), strict=True))


def draws_of(model: pm.Model, posterior: xr.Dataset) -> Iterator[dict[str, Array]]:
    """Values of the free variables, draw by draw, chain after chain.

    Parameters
    ----------
    model : pm.Model
        The model.
    posterior : xr.Dataset
        With dims chain and draw.

    Yields
    ------
    dict
        Variable to value.
    """
    flat = {v.name: posterior[v.name].transpose("chain", "draw", ...).values for v in model.free_RVs}
    for chain in range(posterior.sizes["chain"]):
        for draw in range(posterior.sizes["draw"]):
            yield {name: values[chain, draw] for name, values in flat.items()}


def _design(record: Any) -> tuple[Any, ...]:
    return record.entry, record.age, (record.kind >= len(HONEYMOONS)).astype(np.int64), record.gap


def simulated_ratings(record: Any, given: dict[str, Array], rng: np.random.Generator) -> Array:
    """Walk every leader forward and rate her with error.

    Parameters
    ----------
    record : LeaderRecord
        Who was rated when, and by whom.
    given : dict
        From ``leader_inputs``.
    rng : np.random.Generator
        Source of the noise.

    Returns
    -------
    array of shape (n_cells,)
        Nets in points.
    """
    path = shock_paths(*_design(record), given["size"], given["rate"]).sum(axis=1)
    level = np.zeros(record.gap.size + 1)
    moved = given["pull"] + np.sqrt(given["step"]) * rng.standard_normal(record.gap.size)
    for i in range(record.gap.size):
        level[i + 1] = given["fade"][i] * level[i] + moved[i]
    read = given["load"] * (level[1:] + path) + np.sqrt(given["noise"]) * rng.standard_normal(record.gap.size)
    return np.asarray(read + record.net - given["value"])


def surprises(record: Any, given: dict[str, Array]) -> tuple[Array, Array]:
    """How far each rating lay from what the leader's earlier ones let expect, and the sd of that, in points."""
    paths = shock_paths(*_design(record), given["size"], given["rate"])
    names = ("value", "load", "noise", "fade", "step", "pull")
    _, _, surprise, spread, _, _ = _filtered(paths, *(np.ascontiguousarray(given[name]) for name in names))
    return surprise, np.sqrt(spread)


def ratings_log_likelihood(record: Any, given: dict[str, Array]) -> float:
    """Log likelihood of all ratings together."""
    values = (np.ascontiguousarray(given[name]) for name in NAMES)
    return float(leader_likelihood(*_design(record), *values)[0])
