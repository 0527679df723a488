from datetime import timedelta

import numpy as np
import pytest

from data import load_evidence
from models.forecast import Forecast
from models.polling_error import LAST_POLLS, with_polling_error
from models.record import gb_shares, past_elections
from models.scenario import Scenario, run_scenario
from models.score import poll_mean
from tests.views.synthetic import synthetic_forecast


@pytest.fixture(scope="module")
def forecast() -> Forecast:
    """A made-up forecast that scenarios can be put to."""
    return synthetic_forecast(draws=300)


@pytest.mark.parametrize("year", list(LAST_POLLS))
def test_past_errors_are_those_of_the_tables(year: str) -> None:
    """Means of last polls and results are what the tables give, to a tenth of a point."""
    evidence = load_evidence(own=False)
    polling_day = next(day for day in past_elections(evidence) if day.year == int(year))
    eve = polling_day - timedelta(days=1)
    polled, result = poll_mean(evidence.as_of(eve), eve), gb_shares(evidence, polling_day)
    for party, (mean, share) in LAST_POLLS[year].items():
        assert mean == pytest.approx(polled[party], abs=0.00051)
        assert share == pytest.approx(result[party], abs=0.00051)


def test_polls_that_are_right_leave_less_to_chance(forecast: Forecast) -> None:
    """Without a polling error votes spread less; one as in 1992 lifts Conservatives and costs Labour, in every draw."""
    base = run_scenario(forecast, Scenario(), summaries=False)
    right, wrong = (
        run_scenario(forecast, Scenario.model_validate({"polling_error": error}), summaries=False)
        for error in ("none", "1992")
    )
    con, lab = forecast.parties.index("con"), forecast.parties.index("lab")
    assert right.votes[:, con].std() < base.votes[:, con].std()
    assert (wrong.votes[:, con] > right.votes[:, con]).all()
    assert (wrong.votes[:, lab] < right.votes[:, lab]).all()


def test_an_error_left_out_changes_nothing(forecast: Forecast) -> None:
    """Where no error is asked for, the very state is handed on."""
    state = forecast.tree["votes"].ds
    assert with_polling_error(state, None) is state
    assert np.abs(with_polling_error(state, "none")["bias"].values).max() == 0
