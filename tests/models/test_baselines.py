"""Baselines: learned from earlier elections only, and counted rightly."""

from datetime import date

import numpy as np
import pytest

from data import load_evidence
from models.baselines import PastError, approval_vote, error_sd, murr_call, normal_draws, past_errors, shrunk_mean


def past(said: float, came: float) -> PastError:
    """An election in which the polls said and the Conservatives got so much, after 30 per cent."""
    return PastError(election_date=date(2001, 6, 7), previous={"con": 0.3}, mean={"con": said}, result={"con": came})


def test_without_a_past_the_polls_are_taken_at_their_word() -> None:
    """With nothing to learn from, the shrunk mean is the mean."""
    mean = {"con": 0.4, "lab": 0.35, "grn": 0.05}
    assert shrunk_mean(mean, {"con": 0.3, "lab": 0.4}, []) == pytest.approx(mean)


def test_polls_that_always_overdid_it_are_drawn_home() -> None:
    """When only half of what polls showed came true at ten elections, about half is believed."""
    record = [past(0.4, 0.35), past(0.2, 0.25)] * 5
    drawn = shrunk_mean({"con": 0.4}, {"con": 0.3}, record)["con"]
    assert 0.35 <= drawn < 0.355


def test_a_usual_error_is_shrunk() -> None:
    """Six elections with the same error of two points move the mean by about one."""
    drawn = shrunk_mean({"con": 0.3}, {"con": 0.3}, [past(0.3, 0.32)] * 6)["con"]
    assert drawn == pytest.approx(0.31, abs=0.001)


def test_only_earlier_elections_are_learned_from() -> None:
    """The record for a target ends before it, whatever is known later."""
    evidence = load_evidence()
    days = [one.election_date for one in past_errors(evidence, date(2015, 5, 7), 30)]
    assert days[-1] == date(2010, 5, 6)
    assert len(days) >= 10
    then = past_errors(evidence.as_of(date(2015, 4, 7)), date(2015, 5, 7), 30)
    assert [one.mean for one in then] == [one.mean for one in past_errors(evidence, date(2015, 5, 7), 30)]


def test_draws_have_the_size_of_past_errors() -> None:
    """Draws around the poll mean sum to one and spread as far as polls have missed."""
    record = past_errors(load_evidence(), date(2019, 12, 12), 1)
    spread = error_sd(record)
    assert 0.01 < spread["con"] < 0.04
    parties = ["con", "lab", "lib", "ref", "oth"]
    drawn = normal_draws(np.array([0.43, 0.33, 0.12, 0.04, 0.08]), parties, record, 4000, 1)
    assert np.allclose(drawn.sum(axis=1), 1.0)
    assert drawn[:, 0].std() == pytest.approx(spread["con"], rel=0.15)


@pytest.mark.parametrize(
    ("day", "called"),
    [
        (date(2016, 8, 22), "con"),  # May, chosen by 199 of 330 with 84 for the next, beside Corbyn's 40 of 229
        (date(2026, 8, 18), "lab"),  # Burnham, nominated by 379 of 403, beside Badenoch's 42 of 121
        (date(2004, 1, 1), None),  # nobody stood against Howard
        (date(1960, 1, 1), None),
    ],
)
def test_murrs_rule_calls_the_leader_with_more_mps(day: date, called: str | None) -> None:
    """The party whose leader had the larger margin at her MPs' last vote is called; without two margins none is."""
    assert murr_call(load_evidence(own=False).as_of(day)) == called


def test_the_regression_needs_five_rated_prime_ministers() -> None:
    """It is silent in 1992 and speaks of the Conservatives in 2019."""
    evidence = load_evidence()
    assert approval_vote(evidence, date(1992, 4, 9), 30) is None
    told = approval_vote(evidence, date(2019, 12, 12), 30)
    assert told is not None
    assert told[0] == "con"
    assert 0.2 < told[1] < 0.6
