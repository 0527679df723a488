from dataclasses import fields, replace

import numpy as np
import pytest

from data import load_evidence
from models.contest import SAMPLER, ContestRecord, build_contest_model, contest_record, prior_habits
from models.contest_odds import ContestHabits, habits_from
from models.contest_priors import ContestPriors
from models.contest_terms import edges, weights
from models.fit import diagnose, is_good, sample

pytestmark = pytest.mark.slow
RECORDS = 5
NAMES = [f.name for f in fields(ContestHabits)]


def made_up(record: ContestRecord, truth: dict[str, float], rng: np.random.Generator) -> ContestRecord:
    """The contests of the tables, with other outcomes: drawn from habits that are known."""
    y, at = np.empty_like(record.y), 0
    w, e = np.array(weights(truth)), np.array(edges(truth))
    for first, last in zip(record.start[:-1], record.start[1:], strict=True):
        n = int(last - first)
        covariance = np.tensordot(w, record.basis[:, at : at + n * n], axes=1).reshape(n, n)
        y[first:last] = rng.multivariate_normal(e @ record.edges[:, first:last], covariance)
        at += n * n
    size = np.array([truth["size_affiliates"], truth["size_supporters"]])
    return replace(record, y=y, size=size + truth["size_spread"] * rng.standard_normal(record.size.shape))


def test_ninety_per_cent_intervals_hold_the_truth() -> None:
    """Over made-up records, intervals of the habits hold the values the outcomes were drawn from, and fits are good."""
    record = contest_record(load_evidence(own=False))
    drawn = habits_from(prior_habits(ContestPriors(), n_draws=RECORDS, seed=11))
    inside = []
    for i in range(RECORDS):
        truth = drawn.at(i)
        tree = sample(
            build_contest_model(made_up(record, truth, np.random.default_rng([i, 3]))), SAMPLER, progress=False
        )
        assert is_good(diagnose(tree))
        posterior = tree["posterior"].to_dataset()
        for name in NAMES:
            lo, hi = np.quantile(posterior[name].values, [0.05, 0.95])
            inside.append(lo <= truth[name] <= hi)
    # 95 of 95 or 78 of 95 would each happen by chance less than once in a hundred.
    assert 0.82 <= np.mean(inside) < 1.0


def test_the_record_narrows_what_the_priors_say() -> None:
    """What contests tell most of, the spread among MPs and how far members follow them, is known far better after."""
    tree = sample(build_contest_model(contest_record(load_evidence(own=False))), SAMPLER, progress=False)
    assert is_good(diagnose(tree))
    after, before = (
        habits_from(tree["posterior"].to_dataset()),
        habits_from(prior_habits(ContestPriors(), n_draws=2000, seed=1)),
    )
    for name in ("spread", "rho", "stay", "poll"):
        assert getattr(after, name).std() < 0.6 * getattr(before, name).std(), name
