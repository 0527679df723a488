"""How far a made-up record is from the aims."""

from datetime import date

import polars as pl
import pytest

from models.aims import aims
from models.reports import SCHEMA

LAST = date(2024, 7, 4)


def test_aims_are_sorted_by_how_far_they_are_missed() -> None:
    """Votes at 30 days as wrong as the polls miss 0.7 by most; coverage and a Brier score within bounds come last."""
    rows = [
        (LAST, 30, "full", "vote_mae", "", 0.03),
        (LAST, 30, "poll_mean_uniform", "vote_mae", "", 0.03),
        (date(1970, 6, 18), 30, "full", "vote_mae", "", 0.5),
        (date(1970, 6, 18), 30, "poll_mean_uniform", "vote_mae", "", 0.01),
        (LAST, 1, "full", "seat_brier", "", 0.088),
        (LAST, 1, "full", "called", "", 0.8),
        (LAST, 1, "full", "votes_cover90", "", 1.0),
        (LAST, 7, "full", "votes_cover90", "", 0.8),
    ]
    found = aims(pl.DataFrame(rows, schema=SCHEMA, orient="row"))
    assert found.select("aim", "lead_days").rows() == [
        ("error of votes to that of the poll mean", 30),
        ("seats called in 2024", 1),
        ("90 % ranges of votes", None),
        ("Brier score of seats in 2024", 1),
    ]
    assert found["short"].to_list() == pytest.approx([1 / 0.7, 573 / 631 / 0.8, 0.9 / 0.95, 0.5])
    assert found["elections"].to_list() == [1, 1, 1, 1]


def test_a_record_without_scores_tells_of_no_aim() -> None:
    """An empty record has no line, and no error."""
    assert aims(pl.DataFrame(schema=SCHEMA)).is_empty()
