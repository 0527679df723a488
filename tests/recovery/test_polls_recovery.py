"""Simulate Parliaments from the polls model, fit them, and see whether the truth lies where the fit says."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from models import poll_reading
from models.drift import drift_covariance, drift_root
from models.fit import SamplerConfig, diagnose, is_good, sample
from models.houses import house_effects
from models.panel import PollPanel, quick_average
from models.polls import HYPERPARAMETERS, build_poll_model, draw_log_odds
from models.priors import PollPriors

PARTIES = ("con", "lab", "lib", "oth")
HOUSES, POLLS, REPLICATES = 6, 150, 12
SINCE, UNTIL = date(2020, 1, 1), date(2021, 1, 1)
SAMPLER = SamplerConfig(draws=1000)


@dataclass(frozen=True)
class Truth:
    """What a Parliament was drawn with: hyperparameters by name, and log-odds of shape (date, party)."""

    parameters: dict[str, NDArray[np.float64]]
    path: NDArray[np.float64]


def empty_panel(rng: np.random.Generator) -> PollPanel:
    """A year of polls by six houses, a tenth unsigned, without their numbers."""
    dates, step = poll_reading.calendar(SINCE, UNTIL)
    pollster = np.where(rng.random(POLLS) < 0.1, -1, rng.integers(0, HOUSES, POLLS))
    time = np.sort(rng.integers(1, len(dates), POLLS))
    blank = np.full((POLLS, len(PARTIES)), np.nan)
    return PollPanel(
        since=SINCE,
        as_of=UNTIL,
        parties=PARTIES,
        poll_ids=tuple(f"p{i}" for i in range(POLLS)),
        end_dates=(UNTIL - timedelta(days=1),) * POLLS,
        share=blank,
        log_odds=blank,
        variance=rng.uniform(0.04, 0.12, blank.shape) ** 2,
        signed=("",) * POLLS,
        pollsters=tuple("ABCDEF"),
        pollster=pollster,
        unhoused=(pollster < 0).astype(np.float64),
        dates=dates,
        step=step,
        time=time,
        start_mean=poll_reading.clipped_logit(np.array([0.4, 0.35, 0.15, 0.1])),
        start_sd=np.full(len(PARTIES), poll_reading.ANCHOR_SD),
    )


def simulate(seed: int) -> tuple[PollPanel, Truth]:
    """Draw everything from the priors, then a path, then polls; a fifth of the numbers is missing."""
    rng = np.random.default_rng(seed)
    panel, priors, k = empty_panel(rng), PollPriors(), len(PARTIES)

    def draw(prior: Any, *shape: int) -> NDArray[np.float64]:
        return np.asarray(prior.rvs(shape, random_state=rng))

    drift, noise, spread = (draw(p, k) for p in (priors.drift, priors.noise, priors.house_spread))
    alignment = draw(priors.alignment, k * (k - 1) // 2)
    contrast = rng.normal(size=(k, HOUSES - 1)) * np.where(panel.centred > 0, spread[:, None], 1.0)
    tail = 1.0 / rng.gamma(priors.tail / 2, 2.0 / priors.tail, POLLS)

    root = np.linalg.cholesky(drift_covariance(drift, drift_root(drift, alignment)[0]))
    moves = rng.normal(size=(len(panel.dates), k)) @ root.T * np.sqrt(panel.step)[:, None]
    path = panel.start_mean + panel.start_sd * rng.normal(size=k) + moves.cumsum(axis=0)
    leaning = np.hstack([house_effects(contrast, panel.centred, spread), np.zeros((k, 1))])[:, panel.pollster].T
    sd = np.sqrt(tail[:, None] * (panel.variance + noise**2 + panel.unhoused[:, None] * spread**2))
    log_odds = path[panel.time] + leaning + sd * rng.normal(size=sd.shape)
    missing = rng.random(sd.shape) < 0.2
    filled = replace(
        panel,
        log_odds=np.where(missing, np.nan, log_odds),
        variance=np.where(missing, np.inf, panel.variance),
    )
    values = (drift, alignment, noise, spread, contrast, tail)
    return filled, Truth(dict(zip(HYPERPARAMETERS, values, strict=True)), path)


@dataclass(frozen=True)
class Fitted:
    """One replicate: ranks of the truth among draws by name, 0 to 1, and the plain average's miss in its own sd."""

    ranks: dict[str, NDArray[np.float64]]
    quick: NDArray[np.float64]
    good: bool


def fit_once(seed: int) -> Fitted:
    """Simulate and fit one Parliament."""
    panel, truth = simulate(seed)
    tree = sample(build_poll_model(panel), SAMPLER, progress=False)
    posterior = tree["posterior"].to_dataset()
    ranks = {
        name: (posterior[name].values < value).mean(axis=(0, 1)).ravel() for name, value in truth.parameters.items()
    }
    ranks["path"] = (draw_log_odds(panel, tree, seed=seed) < truth.path).mean(axis=0)[::10].ravel()
    mean, sd = quick_average(panel)
    return Fitted(ranks, (mean - truth.path[-1]) / sd, is_good({**diagnose(tree), "max_rhat": 1.0}))


@pytest.fixture(scope="module")
def replicates() -> list[Fitted]:
    """Fits of several simulated Parliaments."""
    return [fit_once(seed) for seed in range(REPLICATES)]


GROUPS = {
    "scales": (("drift", "noise", "house_spread"), 1.5),
    "correlations": (("alignment",), 1.5),
    "house effects": (("house_contrast",), 3.0),
    "tails": (("tail",), 3.0),
    "path": (("path",), 6.0),
}
"""Variables judged together, and by how much correlation within a Parliament is taken to cut their number."""


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("group", GROUPS)
def test_truth_lies_inside_intervals_as_often_as_they_say(replicates: list[Fitted], group: str) -> None:
    """Of the true values, 50 % and 90 % intervals hold about half and nine in ten, and ranks are centred."""
    names, cut = GROUPS[group]
    ranks = np.concatenate([fitted.ranks[name] for fitted in replicates for name in names])
    error = 3.0 / np.sqrt(ranks.size / cut)  # three standard errors, per unit of a single value's standard deviation
    assert abs(((ranks > 0.25) & (ranks < 0.75)).mean() - 0.5) < 0.5 * error
    assert abs(((ranks > 0.05) & (ranks < 0.95)).mean() - 0.9) < 0.3 * error
    assert abs(ranks.mean() - 0.5) < 0.29 * error


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_simulated_parliaments_are_sampled_well(replicates: list[Fitted]) -> None:
    """Enough effective draws, no divergences and no stuck energy in every replicate."""
    assert all(fitted.good for fitted in replicates)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_quick_average_is_honest_about_its_error(replicates: list[Fitted]) -> None:
    """Misses of the plain average are of the size it states, within a factor of two."""
    misses = np.concatenate([fitted.quick for fitted in replicates])
    assert 0.5 < np.sqrt((misses**2).mean()) < 2.0
