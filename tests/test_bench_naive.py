from collections.abc import Callable
from typing import Any

import numpy as np
import pymc as pm
import pytest

from benchmarks import naive
from benchmarks.ess_models import MODELS
from models.contest import contest_record
from models.leader_record import leader_record
from models.mp_model import mp_record
from models.pairs import seat_pairs
from models.panel import PollPanel
from models.survival_record import survival_record
from models.synthetic import synthetic_history
from tests.models.every_model import known
from tests.models.made_up_panel import made_up_panel
from tests.models.made_up_polls import THREE, made_up

Point = dict[str, np.ndarray]
QUICK = {"mode": "FAST_COMPILE"}
SMALL: dict[str, tuple[Callable[[], Any], tuple[str, ...]]] = {
    "polls": (lambda: made_up(8, 3, THREE, {"A": 0.1, "B": -0.1}), ("start", "moves")),
    "leaders": (lambda: leader_record(known(1984)), ("level",)),
    "mps": (lambda: mp_record(known(1992)), ("level",)),
    "response": (lambda: made_up_panel(2, 1), ()),
    "votes": (lambda: synthetic_history(6, 1), ()),
    "seats": (lambda: seat_pairs(known(2018))[-1:], ("region",)),
    "contest": (
        lambda: contest_record(known(1984)),
        ("with_mps", "with_members", *(f"{name}_error" for name in naive.COMMON)),
    ),
    "survival": (lambda: survival_record(known(1970)), ()),
}
"""Little data for each model, and what its naive form samples and ours sums out."""
SPREADS = {"theta_z": "theta_sd", "usual_z": "usual_sd", "kappa_offset": "kappa_spread"}


def some_point(model: pm.Model, seed: int) -> Point:
    """A point at random, on the scales the sampler walks on."""
    rng = np.random.default_rng(seed)
    return {name: value + 0.3 * rng.normal(size=np.shape(value)) for name, value in model.initial_point().items()}


def density_of(model: pm.Model) -> Callable[[Point], float]:
    """Log density of a model at a point, added up here: PyTensor without a compiler adds no more than 32 terms."""
    terms = model.compile_logp(sum=False, **QUICK)
    return lambda point: sum(float(np.sum(term)) for term in terms(point))


def summed_out(plain: pm.Model, point: Point, latent: tuple[str, ...]) -> float:
    """Log density of a naive form at a point, with the variables that it alone has, all normal, integrated out."""
    density = density_of(plain)
    if not latent:
        return density(point)
    slope = plain.compile_dlogp(vars=[plain[name] for name in latent], **QUICK)
    sizes = [point[name].size for name in latent]

    def at(values: np.ndarray) -> Point:
        parts = np.split(values, np.cumsum(sizes)[:-1])
        return point | {name: part.reshape(point[name].shape) for name, part in zip(latent, parts, strict=True)}

    start = slope(at(np.zeros(sum(sizes))))
    curve = np.array([slope(at(one)) - start for one in np.eye(sum(sizes))])
    peak = np.linalg.solve(-curve, start)
    return density(at(peak)) - float(np.linalg.slogdet(-curve)[1]) / 2


def translated(data: Any, ours: pm.Model, plain: pm.Model, point: Point) -> tuple[Point, float]:
    """A point of a naive form on the scales of ours, and the log of how far that stretches."""
    theirs = ours.initial_point()
    moved = [name for name in theirs if name not in point]
    if isinstance(data, PollPanel):
        scale = np.where(data.centred, 1.0, np.exp(point["house_spread_log__"])[:, None])
        values, stretched = [point["house_zerosum__"] / scale], float(np.log(scale).sum())
    else:
        inside = plain.replace_rvs_by_values([plain[name] for name in moved])
        given = [point[value.name] for value in plain.value_vars]
        values = pm.compile(plain.value_vars, inside, on_unused_input="ignore", **QUICK)(*given)
        stretched = sum(v.size * float(point[f"{SPREADS[n]}_log__"]) for n, v in zip(moved, values, strict=True))
    return {name: point.get(name) for name in theirs} | dict(zip(moved, values, strict=True)), stretched


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_naive_form_is_the_same_posterior(name: str) -> None:
    """From point to point, log densities of both forms change alike once what ours sums out is summed out."""
    make, latent = SMALL[name.partition(",")[0]]
    data = make()
    ours, plain = MODELS[name].ours(data), MODELS[name].naive(data)
    density = density_of(ours)
    apart = []
    for seed in range(2):
        point = some_point(plain, seed)
        theirs, stretched = translated(data, ours, plain, point)
        apart.append(density(theirs) - stretched - summed_out(plain, point, latent))
    assert apart[0] == pytest.approx(apart[1], abs=1e-6)
