"""What each datum adds to a likelihood that is one node of a model's graph, and what the model expected in its place.

Most of our models integrate something out (the path of opinion, a leader's standing, regions' errors), so their
likelihood is a ``pm.Potential`` and PyMC sees no data. Here it is taken apart again. Where data hang together it falls
into one-step-ahead terms, ``p(y[i] | y[0], ..., y[i - 1], parameters)``: their sum is the likelihood, exactly. So
``loo`` says how well each reading is foretold by those before it, with the parameters learned from all others.

The node is found in the graph, so a model of the user's own that calls the same operation is taken apart as well.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pymc as pm
import pytensor
import pytensor.tensor as pt
from pytensor.compile.sharedvalue import SharedVariable
from pytensor.graph.basic import Apply, Constant
from pytensor.scalar.basic import Add, Sub
from pytensor.tensor.elemwise import Elemwise
from pytensor.tensor.math import Sum

from models import dims
from models.contest_kernel import contest_likelihood
from models.drift import drift_covariance, drift_root
from models.houses import house_effects
from models.kalman import Floats, Ints, compiled
from models.kernel_op import KernelOp
from models.leader_kernel import _filtered, leader_likelihood, shock_paths
from models.poll_kernel import poll_likelihood

Ahead = tuple[Floats, Floats]
"""Mean and variance that a model foretells for each reading, of one draw."""
LIKELIHOODS = ("polls", "ratings", "seen", "seats", "ireland")
"""Potentials of our models that are likelihoods; any other is taken for a part of the prior."""


@dataclass(frozen=True)
class Readings:
    """What a likelihood was made from, reading by reading; all arrays of shape (sample, reading) but the last two.

    ``log_likelihood`` sums over readings to the likelihood (up to a constant where data come as sums of squares).
    ``predictive`` and ``observed`` (reading,) are None where nothing can be drawn, as data come as sums.
    ``labels`` name the readings.
    """

    log_likelihood: Floats
    predictive: Floats | None
    observed: Floats | None
    labels: list[Any]


def readings_of(model: pm.Model, name: str, draws: dict[str, Floats], rng: np.random.Generator) -> Readings | None:
    """Take one potential apart.

    Parameters
    ----------
    model : pm.Model
        The model.
    name : str
        One of its potentials.
    draws : dict
        Draws of every free variable, each with the sample as first axis.
    rng : np.random.Generator
        Source of what is drawn in place of the data.

    Returns
    -------
    Readings or None
        None where the potential is one number that nothing here can take apart.
    """
    potential = model[name]
    node = potential.owner
    if node is not None and isinstance(node.op, KernelOp) and node.op.kernel in _KNOWN:
        return _KNOWN[node.op.kernel](model, node, draws, rng)
    elements = _elements(potential)
    if elements is None:
        return None
    values = np.array([found for (found,) in _each(model, [elements], draws)])
    moving = values.min(axis=0) != values.max(axis=0)  # a place without data is the same constant in every draw
    return Readings(values[:, moving], None, None, np.flatnonzero(moving).tolist())


def values_of(model: pm.Model, wanted: Sequence[Any], draws: dict[str, Floats]) -> list[Floats]:
    """Evaluate some variables of the graph at every draw.

    Parameters
    ----------
    model : pm.Model
        The model.
    wanted : sequence of tensors
        Variables of its graph.
    draws : dict
        As `readings_of` takes them.

    Returns
    -------
    list of arrays
        One a variable, with the sample as first axis.
    """
    return [np.array(values) for values in zip(*_each(model, wanted, draws), strict=True)]


def _each(model: pm.Model, wanted: Sequence[Any], draws: dict[str, Floats]) -> Iterator[Any]:
    """Value of some variables of the graph at every draw of the model's free variables, one draw after the other."""
    free = model.free_RVs
    # Compiling would take longer than a few thousand evaluations of these small graphs do.
    function = pytensor.function(list(free), list(wanted), on_unused_input="ignore", mode="FAST_COMPILE")
    columns = [draws[variable.name] for variable in free]
    for i in range(len(columns[0])):
        yield function(*(np.asarray(column[i], dtype=np.float64) for column in columns))


def _elements(variable: Any) -> Any:
    """Terms of a sum as one vector; None where there is only the sum."""
    if variable.ndim:
        return pt.flatten(variable)
    parts = _parts(variable)
    return pt.concatenate(parts) if any(part.type.shape != (1,) for part in parts) else None


def _parts(variable: Any) -> list[Any]:
    node = variable.owner
    if node is not None and isinstance(node.op, Sum):
        return [pt.flatten(node.inputs[0])]
    if node is not None and isinstance(node.op, Elemwise) and isinstance(node.op.scalar_op, Add):
        return [part for one in node.inputs for part in _parts(one)]
    return [pt.atleast_1d(variable)]


def _gather(ahead: Iterable[Ahead], observed: Floats, labels: list[Any], rng: np.random.Generator) -> Readings:
    """Readings that are normal given those before them, from mean and variance of each, draw by draw."""
    density, drawn = [], []
    for mean, variance in ahead:
        density.append(-0.5 * (np.log(2.0 * np.pi * variance) + (observed - mean) ** 2 / variance))
        drawn.append(mean + np.sqrt(variance) * rng.standard_normal(mean.shape))
    return Readings(np.array(density), np.array(drawn), observed, labels)


# POLLS


@compiled
def poll_ahead(
    value: Floats, spread: Floats, time: Ints, step: Floats, drift_cov: Floats, start_mean: Floats, start_cov: Floats
) -> Ahead:
    """Foretell each poll's log-odds of each party from the polls before it, and from the parties before in the same.

    Parameters
    ----------
    value : (poll, party)
        Log-odds less house effects.
    spread : (poll, party)
        Variance around the state, infinite where a party is not named.
    time : (poll,)
        Position of the step; polls of one step are taken in the order given.
    step, drift_cov, start_mean, start_cov
        As `models.kalman.forward` takes them.

    Returns
    -------
    mean, variance : (poll, party)
        Of ``value``; 0 where a party is not named.
    """
    polls, parties = value.shape
    found_mean, found_variance = np.zeros((polls, parties)), np.zeros((polls, parties))
    mean, cov = start_mean.copy(), start_cov.copy()
    now = -1
    for i in np.argsort(time, kind="mergesort"):
        while now < time[i]:
            now += 1
            cov += step[now] * drift_cov
        for k in range(parties):
            if spread[i, k] == np.inf:
                continue
            column = cov[k].copy()
            variance = column[k] + spread[i, k]
            found_mean[i, k], found_variance[i, k] = mean[k], variance
            gain = (value[i, k] - mean[k]) / variance
            for a in range(parties):
                mean[a] += column[a] * gain
                for b in range(parties):
                    cov[a, b] -= column[a] * column[b] / variance
    return found_mean, found_variance


def _polls(model: pm.Model, node: Apply, draws: dict[str, Floats], rng: np.random.Generator) -> Readings:
    log_odds, variance = next(_each(model, node.inputs[:2], draws))
    named = np.isfinite(variance)
    polls, parties = (list(model.coords.get(dim) or range(n)) for dim, n in zip(POLL_DIMS, named.shape, strict=True))
    labels = [f"{polls[i]} {parties[k]}" for i, k in np.argwhere(named)]
    found = (_poll_draw(*inputs) for inputs in _each(model, node.inputs, draws))
    return _gather(((mean[named], spread[named]) for mean, spread in found), log_odds[named], labels, rng)


POLL_DIMS = (dims.POLL, dims.PARTY)


def _poll_draw(*inputs: Any) -> Ahead:
    """Mean and variance of one draw, of log-odds as polls print them."""
    log_odds, variance, unhoused, pollster, time, step, start_mean, start_cov, centred, *unknown = inputs
    drift, alignment, noise_sd, house_sd, contrast, tail = (np.ascontiguousarray(value) for value in unknown)
    drift_cov = drift_covariance(drift, drift_root(drift, alignment)[0])
    house = house_effects(contrast, np.ascontiguousarray(centred), house_sd)
    leaning = np.hstack([house, np.zeros((len(house), 1))])[:, pollster].T  # the last column is that of no house
    spread = tail[:, None] * (variance + noise_sd**2 + unhoused[:, None] * house_sd**2)
    mean, told = poll_ahead(log_odds - leaning, spread, time, step, drift_cov, start_mean, start_cov)
    return mean + leaning, told


# LEADERS


def _ratings(model: pm.Model, node: Apply, draws: dict[str, Floats], rng: np.random.Generator) -> Readings:
    net = _minuend(node.inputs[4])  # what is observed; the input has offset and quirk taken off, draw by draw

    def ahead() -> Iterator[Ahead]:
        for entry, age, family, gap, *moving, size, rate in _each(model, node.inputs, draws):
            paths = shock_paths(entry, age, family, gap, np.ascontiguousarray(size), np.ascontiguousarray(rate))
            _, _, surprise, spread, _, _ = _filtered(paths, *(np.ascontiguousarray(one) for one in moving))
            yield net - surprise, spread

    return _gather(ahead(), net, list(range(net.size)), rng)


def _minuend(variable: Any) -> Floats:
    """What a constant is that something is taken from; a variable that is no such difference counts from nought."""
    node = variable.owner
    if node is not None and isinstance(node.op, Elemwise) and isinstance(node.op.scalar_op, Sub):
        whole = node.inputs[0]
        if isinstance(whole, Constant | SharedVariable):
            return _held(whole)
    return np.zeros(variable.type.shape)


def _held(given: Any) -> Floats:
    """Value of a constant, or of data as they are now."""
    return np.asarray(given.eval(mode="FAST_COMPILE"))


# CONTESTS


def _contests(model: pm.Model, node: Apply, draws: dict[str, Floats], rng: np.random.Generator) -> Readings:
    y = _held(node.inputs[0])
    found = (_contest_draw(*inputs) for inputs in _each(model, node.inputs, draws))
    return _gather(found, y, list(range(y.size)), rng)


def _contest_draw(y: Floats, basis: Floats, edge: Floats, start: Ints, weight: Floats, advantage: Floats) -> Ahead:
    """Each reading of a contest given those before it in the same: what a Cholesky root says of it."""
    mean, variance, square = advantage @ edge, np.empty(y.size), 0
    for first, last in pairwise(start):
        n = last - first
        root = np.linalg.cholesky((weight @ basis[:, square : square + n * n]).reshape(n, n))
        square += n * n
        away = y[first:last] - mean[first:last]
        own = np.diag(root)
        mean[first:last] += away - own * np.linalg.solve(root, away)
        variance[first:last] = own**2
    return mean, variance


_KNOWN: dict[Callable[..., Any], Callable[..., Readings]] = {
    poll_likelihood: _polls,
    leader_likelihood: _ratings,
    contest_likelihood: _contests,
}
