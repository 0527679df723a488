"""Scores: each against a case counted by hand."""

import numpy as np
import pytest

from models.metrics import seat_scores, vote_scores, winner_scores


def whole(rows: list[tuple[str, str, float]]) -> dict[str, float]:
    """Scores that are of no one party."""
    return {metric: value for metric, party, value in rows if not party}


def test_votes_are_scored_on_the_three_main_parties() -> None:
    """Errors of the expected share over Con, Lab and Lib, and over all parties; PIT and intervals per party."""
    draws = np.array([[0.40, 0.30, 0.20, 0.10], [0.44, 0.30, 0.20, 0.06]])
    rows = list(vote_scores(draws, np.array([0.45, 0.30, 0.14, 0.11]), ["con", "lab", "lib", "oth"]))
    found = whole(rows)
    assert found["vote_mae"] == pytest.approx((0.03 + 0 + 0.06) / 3)
    assert found["vote_mae_all"] == pytest.approx((0.03 + 0 + 0.06 + 0.03) / 4)
    assert found["vote_rmse"] == pytest.approx(np.sqrt((0.03**2 + 0.06**2) / 3))
    # CRPS of two draws: mean distance to what came, less half the mean distance between draws.
    assert found["vote_crps"] == pytest.approx(((0.05 + 0.01) / 2 - 0.04 / 4 + 0 + 0.06) / 3)
    assert found["votes_cover90"] == pytest.approx(1 / 4)
    assert ("vote_pit", "con", 1.0) in rows
    assert ("vote_pit", "lab", 0.5) in rows
    assert ("vote_result", "lib", 0.14) in rows


def test_seats_are_scored_with_and_without_the_snp() -> None:
    """Errors of expected seats over Con, Lab, Lib, SNP, and without the SNP; who governs is scored by its chance."""
    draws = np.array([[400, 200, 30, 10, 10]] * 3 + [[300, 280, 30, 30, 10]])
    truth = np.array([375, 220, 30, 15, 10])
    found = whole(list(seat_scores(draws, truth, ["con", "lab", "lib", "snp", "oth"], np.ones(5, dtype=bool))))
    assert found["seat_mae"] == pytest.approx((0 + 0 + 0 + 0) / 4)
    draws = draws.copy()
    draws[:, 3] += 4
    draws[:, 4] -= 4
    found = whole(list(seat_scores(draws, truth, ["con", "lab", "lib", "snp", "oth"], np.ones(5, dtype=bool))))
    assert found["seat_mae"] == pytest.approx(1.0)
    assert found["seat_mae_no_snp"] == pytest.approx(0.0)
    assert found["majority_log_score"] == pytest.approx(-np.log(0.75))
    assert found["majority_brier"] == pytest.approx(0.25**2 * 2)
    assert found["majority_right"] == 1.0
    assert found["largest_log_score"] == pytest.approx(0.0)


def test_a_chance_of_nought_counts_as_half_a_draw() -> None:
    """What no draw showed costs much, but not everything."""
    draws = np.array([[400, 250]] * 10)
    found = whole(list(seat_scores(draws, np.array([250, 400]), ["con", "lab"], np.ones(2, dtype=bool))))
    assert found["majority_log_score"] == pytest.approx(-np.log(0.05))
    assert found["largest_right"] == 0.0


def test_winners_are_scored_by_seat() -> None:
    """Called is the part of likeliest winners that won; Brier is the multiclass score, 0 at best and 2 at worst."""
    chances = np.array([[1.0, 0.0], [0.3, 0.7], [0.6, 0.4]])
    found = whole(list(winner_scores(chances, np.array([0, 1, 1]), 100)))
    assert found["called"] == pytest.approx(2 / 3)
    assert (found["n_called"], found["n_scored"]) == (2, 3)
    assert found["seat_brier"] == pytest.approx((0 + 2 * 0.3**2 + 2 * 0.6**2) / 3)
    assert found["seat_log_score"] == pytest.approx(-np.log([1, 0.7, 0.4]).mean())
