from collections.abc import Callable

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
from numpy.typing import NDArray

from models import drift, houses, kalman, poll_kernel
from models.kernel_op import log_likelihood

Array = NDArray[np.float64]
TIMES, PARTIES, HOUSES, POLLS = 9, 4, 3, 25


def chain(rng: np.random.Generator) -> tuple[Array, ...]:
    """Arguments of the filter: a correlated walk with uneven steps, and evidence on half of the numbers."""
    root, start_root = rng.normal(size=(2, PARTIES, PARTIES))
    step = np.append(0.0, rng.uniform(0.5, 7.0, TIMES - 1))
    precision = rng.gamma(2.0, 2.0, (TIMES, PARTIES)) * (rng.random((TIMES, PARTIES)) < 0.5)
    information = precision * rng.normal(size=(TIMES, PARTIES))
    start_cov = start_root @ start_root.T + 0.2 * np.eye(PARTIES)
    return 0.1 * root @ root.T, step, precision, information, rng.normal(size=PARTIES), start_cov


def walk_covariance(drift_cov: Array, step: Array, start_cov: Array) -> Array:
    """Covariance of the whole path, laid out by time and then party."""
    passed = np.cumsum(step)
    ones = np.ones((step.size, step.size))
    return np.asarray(np.kron(ones, start_cov) + np.kron(np.minimum.outer(passed, passed), drift_cov))


def dense_posterior(
    drift_cov: Array, step: Array, precision: Array, information: Array, start_mean: Array, start_cov: Array
) -> tuple[Array, Array]:
    """Mean and covariance of the path given the evidence, by one large matrix."""
    prior = walk_covariance(drift_cov, step, start_cov)
    mean = np.tile(start_mean, step.size)
    system = np.eye(mean.size) + prior @ np.diag(precision.ravel())
    return np.linalg.solve(system, mean + prior @ information.ravel()), np.linalg.solve(system, prior)


def test_filter_and_smoother_give_the_moments_of_the_dense_posterior() -> None:
    """Smoothed means and variances, and the last filtered ones, equal those of one large normal distribution."""
    arguments = chain(np.random.default_rng(1))
    _, step, precision, information, _, _ = arguments
    mean, cov = dense_posterior(*arguments)
    _, means, columns, filtered_mean, filtered_var = kalman.forward(*arguments)
    _, smooth_mean, smooth_var, _, _ = kalman.backward(step, precision, information, means, columns)
    seen = precision > 0
    var = np.diag(cov).reshape(TIMES, PARTIES)
    np.testing.assert_allclose(smooth_mean[seen], mean.reshape(TIMES, PARTIES)[seen], atol=1e-12)
    np.testing.assert_allclose(smooth_var[seen], var[seen], atol=1e-12)
    np.testing.assert_allclose(filtered_mean[-1], mean[-PARTIES:], atol=1e-12)
    np.testing.assert_allclose(filtered_var[-1], var[-1], atol=1e-12)
    np.testing.assert_allclose(kalman.smooth_means(*arguments).ravel(), mean, atol=1e-12)


def test_drawn_paths_have_the_mean_and_covariance_of_the_dense_posterior() -> None:
    """Twenty thousand draws of the simulation smoother match the exact moments within Monte Carlo error."""
    rng = np.random.default_rng(2)
    arguments = chain(rng)
    mean, cov = dense_posterior(*arguments)
    paths = np.array([kalman.draw_path(*arguments, rng.normal(size=(2, TIMES, PARTIES))) for _ in range(20_000)])
    flat = paths.reshape(len(paths), -1)
    sd = np.sqrt(np.diag(cov))
    assert np.abs((flat.mean(axis=0) - mean) / sd).max() < 5 / np.sqrt(len(paths))
    assert np.abs((np.cov(flat.T) - cov) / np.outer(sd, sd)).max() < 6 / np.sqrt(len(paths))


def polls(rng: np.random.Generator) -> dict[str, Array]:
    """Arguments of the polls' likelihood, with parties not named, polls without a house, and both kinds of contrast."""
    variance = rng.uniform(0.5, 2.0, (POLLS, PARTIES))
    variance[rng.random((POLLS, PARTIES)) < 0.3] = np.inf
    pollster = rng.integers(-1, HOUSES, POLLS)
    _, step, _, _, start_mean, start_cov = chain(rng)
    return {
        "log_odds": rng.normal(size=(POLLS, PARTIES)),
        "variance": variance,
        "unhoused": (pollster < 0).astype(np.float64),
        "pollster": pollster,
        "time": np.sort(rng.integers(0, TIMES, POLLS)),
        "step": step,
        "start_mean": start_mean,
        "start_cov": start_cov,
        "centred": (rng.random((PARTIES, HOUSES - 1)) < 0.5).astype(np.float64),
        "drift": rng.uniform(0.2, 0.6, PARTIES),
        "alignment": rng.normal(size=PARTIES * (PARTIES - 1) // 2),
        "noise_sd": rng.uniform(0.3, 1.0, PARTIES),
        "house_sd": rng.uniform(0.3, 1.0, PARTIES),
        "contrast": rng.normal(size=(PARTIES, HOUSES - 1)),
        "tail": rng.uniform(0.5, 3.0, POLLS),
    }


def dense_likelihood(given: dict[str, Array]) -> float:
    """Log density of all named log-odds under one multivariate normal, written from the model's formulas."""
    root, _ = drift.drift_root(given["drift"], given["alignment"])
    drift_cov = np.outer(given["drift"], given["drift"]) * (root @ root.T)
    house = houses.house_effects(given["contrast"], given["centred"], given["house_sd"])
    house = np.hstack([house, np.zeros((PARTIES, 1))])
    poll, party = np.nonzero(np.isfinite(given["variance"]))
    place = given["time"][poll] * PARTIES + party
    mean = given["start_mean"][party] + house[party, given["pollster"][poll]]
    own = given["variance"][poll, party] + given["noise_sd"][party] ** 2
    own = own + given["unhoused"][poll] * given["house_sd"][party] ** 2
    cov = walk_covariance(drift_cov, given["step"], given["start_cov"])[np.ix_(place, place)]
    cov = cov + np.diag(own * given["tail"][poll])
    miss = given["log_odds"][poll, party] - mean
    _, log_det = np.linalg.slogdet(2 * np.pi * cov)
    return float(-0.5 * (log_det + miss @ np.linalg.solve(cov, miss)))


def test_likelihood_is_the_dense_multivariate_normal() -> None:
    """Kernel and one large normal density agree to rounding."""
    given = polls(np.random.default_rng(3))
    assert poll_kernel.poll_likelihood(*given.values())[0] == pytest.approx(dense_likelihood(given), abs=1e-9)


def slope(function: Callable[[dict[str, Array]], float], given: dict[str, Array], name: str, place: int) -> float:
    """Central difference of a function in one number of one argument."""
    values = []
    for shift in (1e-5, -1e-5):
        moved = given[name].copy()
        moved.flat[place] += shift
        values.append(function({**given, name: moved}))
    return (values[0] - values[1]) / 2e-5


@pytest.mark.parametrize("position", range(6))
def test_gradients_are_those_of_the_dense_density(position: int) -> None:
    """Every analytic gradient equals finite differences of the dense density."""
    given = polls(np.random.default_rng(4))
    name = ("drift", "alignment", "noise_sd", "house_sd", "contrast", "tail")[position]
    gradient = poll_kernel.poll_likelihood(*given.values())[1 + position]
    expected = [slope(dense_likelihood, given, name, place) for place in range(given[name].size)]
    np.testing.assert_allclose(np.ravel(gradient), expected, rtol=1e-5, atol=1e-6)


def test_party_not_named_says_nothing() -> None:
    """Whatever number stands where a poll does not name a party, the likelihood is the same."""
    given = polls(np.random.default_rng(5))
    changed = np.where(np.isinf(given["variance"]), 1e6, given["log_odds"])
    before = poll_kernel.poll_likelihood(*given.values())[0]
    assert poll_kernel.poll_likelihood(*{**given, "log_odds": changed}.values())[0] == before


def test_house_effects_sum_to_zero_and_keep_lengths() -> None:
    """Contrasts become effects with zero sum over houses and the same length, so the prior stays what it is."""
    rng = np.random.default_rng(6)
    contrast = rng.normal(size=(3, 7))
    house = houses.house_effects(contrast, np.ones_like(contrast), np.ones(3))
    np.testing.assert_allclose(house.sum(axis=1), 0.0, atol=1e-12)
    np.testing.assert_allclose((house**2).sum(axis=1), (contrast**2).sum(axis=1))


def test_contrast_not_centred_is_a_multiple_of_the_spread() -> None:
    """A free number z off centre means the same as z times the spread on centre."""
    contrast, spread = np.array([[0.5, -1.0]]), np.array([0.2])
    off = houses.house_effects(contrast, np.zeros((1, 2)), spread)
    np.testing.assert_allclose(off, houses.house_effects(spread * contrast, np.ones((1, 2)), spread))


def test_any_numbers_make_a_correlation_matrix() -> None:
    """Rows of the root have length one and the covariance has the sizes given."""
    rng = np.random.default_rng(7)
    size = rng.uniform(0.1, 2.0, 5)
    root, _ = drift.drift_root(size, 10 * rng.normal(size=10))
    cov = drift.drift_covariance(size, root)
    np.testing.assert_allclose(np.diag(cov), size**2)
    assert np.linalg.eigvalsh(cov).min() > -1e-12


def test_operation_gives_the_kernels_value_and_gradients_to_pytensor() -> None:
    """The graph evaluates to the kernel's numbers, and its gradient is wired to the right inputs."""
    given = polls(np.random.default_rng(8))
    unknown = {name: pt.as_tensor(given[name]).type(name) for name in list(given)[9:]}
    value = log_likelihood(poll_kernel.poll_likelihood, 9, *{**given, **unknown}.values())
    gradients = pytensor.grad(3.0 * value, list(unknown.values()))
    mode = pytensor.compile.mode.Mode(linker="py", optimizer=None)
    run = pytensor.function(list(unknown.values()), [value, *gradients], mode=mode)
    found = run(*(given[name] for name in unknown))
    expected = poll_kernel.poll_likelihood(*given.values())
    assert float(found[0]) == expected[0]
    for got, want in zip(found[1:], expected[1:], strict=True):
        np.testing.assert_allclose(got, 3.0 * want)
