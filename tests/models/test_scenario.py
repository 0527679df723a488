import numpy as np
import pytest

from data.errors import BadInput
from models.forecast import Forecast
from models.scenario import Scenario, read_scenario, run_scenario, scenario_json
from tests.views.synthetic import synthetic_forecast


@pytest.fixture(scope="module")
def made() -> Forecast:
    """A made-up forecast of 300 draws."""
    return synthetic_forecast(draws=300)


def mean_seats(forecast: Forecast, party: str) -> float:
    """Mean number of seats of a party."""
    return float(forecast.seats[:, forecast.lines.index(party)].mean())


@pytest.mark.parametrize(
    "text",
    ["{}", '{"stand_downs": {"lib": []}, "turnout": {"lab": 0.0}, "regional_swing": {"London": {"con": 0.0}}}'],
)
def test_dials_at_rest_are_the_forecast_bit_for_bit(made: Forecast, text: str) -> None:
    """Settings that change nothing give the same votes, winners and shares, to the last bit."""
    same = run_scenario(made, read_scenario(text))
    for name in ("vote_share", "winner", "share_mean", "share_quantile"):
        assert same.tree["outcome"].ds[name].values.tobytes() == made.tree["outcome"].ds[name].values.tobytes()


@pytest.mark.parametrize(
    ("scenario", "party", "sign"),
    [
        (Scenario(stand_downs={"ref": ["England"]}), "ref", -1),
        (Scenario(stand_downs={"ref": ["England"]}), "con", 1),
        (Scenario(turnout={"lab": 0.3}), "lab", 1),
        (Scenario(turnout={"lab": -0.3}), "lab", -1),
        (Scenario(seats={}), "lab", 0),
    ],
)
def test_dials_reach_the_seats(made: Forecast, scenario: Scenario, party: str, sign: int) -> None:
    """A dial moves seats and votes the way it should, in a House that stays full."""
    moved = run_scenario(made, scenario)
    assert (moved.seats.sum(axis=1) == made.n_seats).all()
    assert np.sign(mean_seats(moved, party) - mean_seats(made, party)) == sign
    column = made.parties.index(party)
    assert np.sign(moved.votes[:, column].mean() - made.votes[:, column].mean()) == sign
    np.testing.assert_allclose(moved.votes.sum(axis=1), 1)


def test_a_seat_that_is_given_away_is_won_in_every_draw(made: Forecast) -> None:
    """A seat set by hand counts for its party in every draw, and the rest of the House does not move."""
    seats = made.tree["seats"].ds
    code = str(seats["constituency"].values[0])
    moved = run_scenario(made, Scenario(seats={code: "lab"}))
    assert (moved.winner[:, 0] == made.lines.index("lab")).all()
    np.testing.assert_array_equal(moved.winner[:, 1:], made.winner[:, 1:])


def test_settings_survive_a_trip_through_json() -> None:
    """Every dial is read back as it was written."""
    scenario = Scenario(stand_downs={"lib": ["Wales"]}, turnout={"con": -0.2}, seats={"E14001063": "grn"})
    assert read_scenario(scenario_json(scenario)) == scenario


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"turnout": {"lab": 0.6}}', "turnout.lab"),
        ('{"turnout": {"labour": 0.1}}', 'No party "labour"'),
        ('{"stand_downs": {"nobody": ["Wales"]}}', 'No party "nobody"'),
        ('{"stand_downs": {"lib": ["Wails"]}}', 'Nearest: "Wales"'),
        ('{"stand_downs": {"lib": ["Northern Ireland"]}}', "No place"),
        ('{"seats": {"E99": "lab"}}', 'No constituency "E99"'),
        ('{"stand_downs": {"snp": ["London"]}}', '"snp" contests no seat in London.*choose a place in Scotland'),
        ('{"stand_downs": {"con": ["Wales", "E14001170"]}}', r"Chorley \(E14001170\), the Speaker's seat"),
        ('{"stand_downs": {"grn": ["E14001170"]}}', r"Chorley \(E14001170\), the Speaker's seat"),
        ('{"regional_swing": {"London": {"lab": 0.01, "snp": 0.02}}}', '"snp" contests no seat in London'),
    ],
)
def test_what_does_not_fit_is_named(made: Forecast, text: str, message: str) -> None:
    """A setting out of range or of an unknown party or place is refused in a sentence that names it."""
    with pytest.raises(BadInput, match=message):
        run_scenario(made, read_scenario(text))


def test_a_seat_needs_somebody_who_stands(made: Forecast) -> None:
    """A seat cannot be won by a party that does not stand there, nor be left without any."""
    code = str(made.tree["seats"].ds["constituency"].values[0])
    with pytest.raises(BadInput, match='"lib" does not stand in'):
        run_scenario(made, Scenario(seats={code: "lib"}, stand_downs={"lib": [code]}))
    with pytest.raises(BadInput, match="Nobody would stand"):
        run_scenario(made, Scenario(stand_downs={party: [code] for party in made.parties}))


def test_fewer_draws_are_the_first_ones(made: Forecast) -> None:
    """A quick answer uses the first draws of the full one, with every dial set."""
    scenario = Scenario(
        stand_downs={"lib": ["Wales"]}, turnout={"con": -0.2}, regional_swing={"London": {"lab": 0.03}}, tactical=1.4
    )
    quick = run_scenario(made, scenario, draws=100, summaries=False)
    assert quick.winner.tobytes() == run_scenario(made, scenario).winner[:100].tobytes()
