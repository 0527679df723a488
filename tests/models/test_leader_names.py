import pytest

from models.forecast import Forecast
from models.leader_names import last_standing, leader_choices
from models.scenario import NEW_LEADER
from tests.views.synthetic import synthetic_forecast


@pytest.fixture(scope="module")
def forecast() -> Forecast:
    """A made-up forecast of the next election."""
    return synthetic_forecast(draws=60)


def test_choices_begin_with_who_leads(forecast: Forecast) -> None:
    """First comes the leader in office, then an unnamed one, then each who led or stood, once."""
    for state in forecast.manifest.leaders:
        names = leader_choices(forecast)[state.party]
        assert names[:2] == [state.leader, NEW_LEADER]
        assert len(set(names)) == len(names)
    labour = leader_choices(forecast)["lab"]
    assert {"Jeremy Corbyn", "Owen Smith", "Lisa Nandy"} <= set(labour)
    assert "no confidence" not in labour
    assert "Neil Kinnock" not in labour


def test_who_was_rated_has_a_standing(forecast: Forecast) -> None:
    """A former leader stands where her ratings and the time since put her; who never led stands nowhere."""
    corbyn, truss = last_standing(forecast, "Jeremy Corbyn"), last_standing(forecast, "Liz Truss")
    assert corbyn is not None
    assert truss is not None
    assert -60 < corbyn < 0
    assert -70 < truss < 0
    assert last_standing(forecast, "Owen Smith") is None
