from dataclasses import fields, replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from data import Evidence, load_evidence
from models.contest import build_contest_model, contest_record, prior_habits
from models.contest_odds import ContestHabits, habits_from
from models.contest_priors import ContestPriors
from models.contest_terms import WEIGHTS

TABLES = load_evidence(own=False)
DAY = date(2010, 9, 24)


def test_the_record_lays_all_contests_out() -> None:
    """Readings, matrices and offsets fit together, and every matrix is symmetric."""
    record = contest_record(TABLES)
    lengths = np.diff(record.start)
    assert record.start[-1] == record.y.size == record.edges.shape[1]
    assert record.basis.shape == (len(WEIGHTS), int((lengths**2).sum()))
    assert (lengths > 0).all()
    at = 0
    for n in lengths:
        blocks = record.basis[:, at : at + n * n].reshape(-1, n, n)
        assert np.allclose(blocks, blocks.transpose(0, 2, 1))
        assert np.linalg.eigvalsh(blocks.sum(axis=0)).min() > 0
        at += n * n
    assert record.size.shape == (3, 2)


def test_contests_without_a_vote_teach_nothing() -> None:
    """Burnham's 379 nominations against one are not in the record."""
    before = TABLES.as_of(date(2026, 7, 14))
    assert contest_record(before).y.size == contest_record(TABLES).y.size


def later_rows_changed(tables: Evidence) -> Evidence:
    ballots = tables.member_ballots.with_columns(
        share=pl.when(pl.col("known_on") > DAY).then(0.5).otherwise(pl.col("share"))
    )
    mps = tables.mp_contests.with_columns(
        mp_votes=pl.when(pl.col("known_on") > DAY).then(7).otherwise(pl.col("mp_votes"))
    )
    return replace(tables, member_ballots=ballots, mp_contests=mps)


def test_what_is_known_later_changes_nothing() -> None:
    """Changing every vote known after a day leaves the record of that day as it was, to the byte."""
    one, two = (contest_record(tables.as_of(DAY)) for tables in (TABLES, later_rows_changed(TABLES)))
    assert all(getattr(one, f.name).tobytes() == getattr(two, f.name).tobytes() for f in fields(one))


def test_the_model_has_the_habits_and_a_finite_start() -> None:
    """The free variables are those of the habits, and the log density at the start is a number."""
    model = build_contest_model(contest_record(TABLES))
    assert {variable.name for variable in model.free_RVs} == {f.name for f in fields(ContestHabits)}
    assert all(np.isfinite(value) for value in model.point_logps().values())


def test_priors_say_what_they_claim() -> None:
    """Before any contest two candidates are apart as often as not, and polls miss a lead by some ten points."""
    drawn = habits_from(prior_habits(ContestPriors(), n_draws=2000, seed=1))
    lead = np.tanh(np.sqrt(2) * drawn.spread * 0.674 / 2)  # median over candidates
    assert 0.2 < np.median(lead) < 0.45
    miss = np.tanh(np.sqrt(2) * np.hypot(drawn.shared, drawn.poll) / 2)
    assert 0.1 < np.median(miss) < 0.3
    assert 0.05 < (drawn.rho < 0).mean() < 0.3


@pytest.mark.parametrize("name", ["spread", "rho"])
def test_thinning_keeps_the_distribution(name: str) -> None:
    """Kept draws have the mean of all."""
    whole = prior_habits(ContestPriors(), n_draws=4000, seed=2)
    kept = getattr(habits_from(whole), name)
    assert kept.size == 400
    assert kept.mean() == pytest.approx(float(whole[name].mean()), abs=0.1)
