import numpy as np
import pytest

from models.forecast import Forecast
from models.one_election import one_election
from tests.views.synthetic import synthetic_forecast
from views.one_election import sentence


@pytest.fixture(scope="module")
def forecast() -> Forecast:
    return synthetic_forecast()


def test_it_is_a_simulation_of_the_forecast(forecast: Forecast) -> None:
    """Seats and votes are those of the simulation named, and fill the House."""
    one = one_election(forecast, 3)
    draw = one.number - 1
    assert one.lines["seats"].sum() == forecast.n_seats
    for row in one.lines.iter_rows(named=True):
        assert row["seats"] == forecast.seats[draw, forecast.lines.index(row["party"])]
        if row["party"] in forecast.parties:
            assert row["votes"] == pytest.approx(forecast.votes[draw, forecast.parties.index(row["party"])])


def test_every_seat_has_the_winner_it_has_there(forecast: Forecast) -> None:
    """Seats are those of the simulation named, one by one, and add up to its lines."""
    one = one_election(forecast, 5)
    won = [forecast.lines[line] for line in forecast.winner[one.number - 1]]
    assert one.seats["winner"].to_list() == won
    assert dict(one.seats["winner"].value_counts().rows()) == dict(one.lines.select("party", "seats").rows())


def test_none_comes_twice_before_all_have(forecast: Forecast) -> None:
    """As many turns as simulations show each of them once, the next one begins again."""
    numbers = [one_election(forecast, turn).number for turn in range(forecast.n_draws)]
    assert sorted(numbers) == list(range(1, forecast.n_draws + 1))
    assert one_election(forecast, forecast.n_draws).number == numbers[0]


def test_majorities_are_counted_as_everywhere(forecast: Forecast) -> None:
    """Over all turns a majority is as frequent as the forecast says, and who is short of one is told by how much."""
    ones = [one_election(forecast, turn) for turn in range(forecast.n_draws)]
    assert np.mean([one.winner is None for one in ones]) == pytest.approx(forecast.p_hung())
    for one in ones:
        largest = int(one.lines["seats"][0])
        assert one.short == max(forecast.majority - largest, 0)
        assert (one.winner is None) == (one.short > 0)


def test_the_sentence_says_who_is_ahead(forecast: Forecast) -> None:
    """It has the number of the simulation, the two largest, and how many seats are missing."""
    one = one_election(forecast, 0)
    said = sentence(one, forecast.n_draws)
    assert f"simulation {one.number:,} of {forecast.n_draws:,}" in said
    assert str(one.lines["seats"][0]) in said
    assert ("more seat" in said) == (one.winner is None)
