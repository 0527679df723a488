from pathlib import Path

import numpy as np
import polars as pl
import pytest

from benchmarks.seat_report import SWINGS, TERMS, eve, nation_shares, our_chances, plain_rows, row_of
from data import Evidence, load_evidence
from models.cli import DEFAULT_SEED
from models.pairs import SeatPair, seat_pairs
from models.stages import Run


@pytest.fixture(scope="module")
def tables() -> Evidence:
    return load_evidence(own=False)


@pytest.fixture(scope="module")
def pairs(tables: Evidence) -> list[SeatPair]:
    return seat_pairs(tables)


@pytest.fixture(scope="module")
def report(root: Path) -> pl.DataFrame:
    return pl.read_csv(root / "reports" / "seats_true_votes.csv")


def test_every_pair_in_the_same_seats_is_there(report: pl.DataFrame, pairs: list[SeatPair]) -> None:
    """Four models for each pair on one set of boundaries or recast on the later ones."""
    scored = [pair.name for pair in pairs if pair.match != "name"]
    assert report["pair"].unique(maintain_order=True).to_list() == scored
    assert {rows["model"].n_unique() for _, rows in report.group_by("pair")} == {len(SWINGS) + 1}
    assert report["called"].is_between(0.5, 1.0).all()


def test_every_effect_is_taken_out_of_every_pair(root: Path, report: pl.DataFrame) -> None:
    """The effects' report has a row an effect and pair, and the model has the parameters they name."""
    terms = pl.read_csv(root / "reports" / "seats_terms.csv")
    assert terms.height == len(TERMS) * report["pair"].n_unique()
    assert set(terms["without"]) == set(TERMS)


def test_plain_swings_come_out_again(report: pl.DataFrame, pairs: list[SeatPair]) -> None:
    """The figures of the three plain swings are those of today's tables."""
    found = pl.DataFrame([row for pair in pairs if pair.match != "name" for row in plain_rows(pair)])
    kept = report.filter(pl.col("model") != "selectorate")
    assert found.with_columns(pl.col("called").round(4)).equals(kept)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_our_figures_come_out_again(report: pl.DataFrame, tables: Evidence, pairs: list[SeatPair]) -> None:
    """The model learned from the pairs before 1979 gives the kept figures, to a seat and a hundredth of the seats."""
    pair = next(pair for pair in pairs if pair.name == "1974O-1979")
    run = Run(DEFAULT_SEED, progress=False)
    row = row_of(pair, "selectorate", our_chances(*eve(tables, pair, run), pair, run.seed)["win"].values)
    kept = report.row(by_predicate=(pl.col("pair") == pair.name) & (pl.col("model") == "selectorate"), named=True)
    assert row["abs_error_seats"] == pytest.approx(kept["abs_error_seats"], abs=1.0)
    assert row["called"] == pytest.approx(kept["called"], abs=0.01)


def test_swings_reach_the_votes_of_the_nation() -> None:
    """Each plain swing takes two seats of unlike size to the new shares of their nation."""
    base, weight = np.array([[0.6, 0.4], [0.3, 0.7]]), np.array([1.0, 3.0])
    old, new = np.average(base, axis=0, weights=weight), np.array([0.5, 0.5])
    for name, swing in SWINGS.items():
        moved = swing(base, old, new, weight)
        shares = moved / moved.sum(axis=1, keepdims=True) if name == "logit_nation" else moved
        assert np.average(shares, axis=0, weights=weight) == pytest.approx(new, abs=1e-6)


def test_nations_weigh_seats_by_their_votes(pairs: list[SeatPair]) -> None:
    """Shares of a nation are those of its voters, not the mean of its seats."""
    pair = pairs[-1]
    here = pair.nation == "Wales"
    votes = (pair.new * pair.votes[:, None])[here].sum(axis=0)
    assert nation_shares(pair, pair.new)[2] == pytest.approx(votes / votes.sum())
