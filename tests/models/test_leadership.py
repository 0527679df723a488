from dataclasses import replace

import numpy as np
import pytest

from data.errors import BadInput
from models.arrival import ArrivalDials, arrive
from models.contest_forecast import Held, hold
from models.forecast import Forecast
from models.leadership import lead, leadership_table, price_table, rule_seats
from models.scenario import PartyScenario, Scenario, run_scenario
from tests.models.test_contest_odds import MEMBERS_DECIDE, MPS_DECIDE, case, habits, rallying, reading
from tests.views.synthetic import synthetic_forecast

START = (0.0, 10.0)


@pytest.fixture(scope="module")
def forecast() -> Forecast:
    return synthetic_forecast()


def contest(forecast: Forecast, *, party: str = "lab", rival: str = "B") -> Held:
    """The leader of a party against a rival: members want her, MPs do not."""
    leader = next(state.leader for state in forecast.manifest.leaders if state.party == party)
    base = case(party=party)
    held = case(
        reading("ballot", "members", "AB", 0.9, 0.1, day=base.result_day),
        reading("confidence", "mps", "A", 20.0, 180.0),
        party=party,
    )
    names = {"A": leader, "B": rival}
    named = tuple(type(one)(**{**one.__dict__, "who": tuple(names[name] for name in one.who)}) for one in held.readings)
    whole = type(held)(**{**held.__dict__, "paper": (leader, rival), "incumbent": leader, "readings": named})
    n = min(400, forecast.n_draws)
    return hold(whole, [MEMBERS_DECIDE, MPS_DECIDE], habits(), rallying(), n_draws=n, seed=1)


def test_a_leader_who_stays_is_the_forecast(forecast: Forecast) -> None:
    """The seats of her who leads already are those of the forecast, draw for draw."""
    held = contest(forecast)
    led = lead(forecast, held, {}, new_leader=START, seed=1)
    own = led[held.candidates[0]]
    assert (own.seats == forecast.seats[: own.seats.size, forecast.lines.index("lab")]).all()
    assert own.basis.endswith("ratings")


def test_a_rival_moves_the_vote_as_a_scenario_does(forecast: Forecast) -> None:
    """With a standing that is certain, a rival's seats are those of the same what-if question."""
    held = contest(forecast)
    state = next(s for s in forecast.manifest.leaders if s.party == "lab")
    one = lead(forecast, held, {"B": (25.0, 0.0)}, new_leader=START, seed=1)["B"]
    backed = None if state.support is None else float(np.mean(one.support))
    asked = PartyScenario(leader="B", favourability=25.0, mp_support=backed)
    answer = run_scenario(forecast, Scenario(parties={"lab": asked}), draws=one.seats.size)
    assert one.seats.mean() == pytest.approx(answer.seats[:, answer.lines.index("lab")].mean(), abs=1.0)
    assert one.basis == "given"


def test_better_liked_leaders_win_more_seats(forecast: Forecast) -> None:
    """Thirty points more win seats, thirty less lose them, in the mean over draws."""
    held = contest(forecast)
    seats = [
        float(lead(forecast, held, {"B": (points, 0.0)}, new_leader=START, seed=1)["B"].seats.mean())
        for points in (-40.0, 0.0, 40.0)
    ]
    assert seats[0] < seats[1] < seats[2]


def test_the_price_is_the_difference_draw_by_draw(forecast: Forecast) -> None:
    """Seats under a rule are those of its winner in every draw; the rule in force costs nothing beside itself."""
    held = contest(forecast)
    led = lead(forecast, held, {"B": (40.0, 5.0)}, new_leader=START, seed=1)
    table = price_table(held, led, forecast.majority)
    mine, theirs = (rule_seats(held, led, rule) for rule in ("members", "mps"))
    assert (mine == led[held.candidates[0]].seats).all()
    won = held.counts["mps"].winner == 1
    assert (theirs[won] == led["B"].seats[won]).all()
    assert table["price"].to_list() == [0.0, pytest.approx(float((theirs - mine).mean()))]
    assert table["price"][1] > 0
    assert table["car_crash"][0] > 0.9


def test_a_rating_of_the_leader_leaves_her_mps_where_they_are(forecast: Forecast) -> None:
    """Saying how voters see a leader who is there does not make her MPs rally anew."""
    held = contest(forecast)
    leader = held.candidates[0]
    as_is, rated = (
        lead(forecast, held, liked, new_leader=START, seed=1)[leader] for liked in ({}, {leader: (8.0, 1.0)})
    )
    assert rated.support.mean() == pytest.approx(as_is.support.mean(), abs=0.01)


def test_where_nobody_can_stand_nobody_wins_seats(forecast: Forecast) -> None:
    """Draws without a candidate have the leader's seats if she stays, and none to speak of if nobody leads."""
    held = contest(forecast)
    led = lead(forecast, held, {}, new_leader=START, seed=1)
    held.counts["mps"].winner[:] = -1
    assert (rule_seats(held, led, "mps") == led[held.candidates[0]].seats).all()
    vacant = Held(type(held.case)(**{**held.case.__dict__, "incumbent": None}), *list(held.__dict__.values())[1:])
    assert np.isnan(rule_seats(vacant, led, "mps")).all()
    table = price_table(vacant, led, forecast.majority)
    assert table["seats"][1] is None
    assert table["p_nobody"][1] == 1.0


def test_who_governs_needs_her_own_mps(forecast: Forecast) -> None:
    """The chance to govern is that of a majority with half of the MPs behind her, so never larger."""
    held = contest(forecast)
    led = lead(forecast, held, {}, new_leader=START, seed=1)
    led = {name: replace(one, support=np.where(np.arange(one.support.size) % 2, 0.9, 0.1)) for name, one in led.items()}
    table = leadership_table(led, 200)
    told = table.filter(table["p_govern"].is_not_null())
    assert told.height
    one = led[held.candidates[0]]
    by_hand = ((one.seats >= 200) & (one.support >= 0.5)).mean()
    assert 0.0 < told["p_govern"][0] < told["p_majority"][0] < 1.0
    assert told["p_govern"][0] == pytest.approx(by_hand)


def test_without_a_forecast_there_are_no_seats(forecast: Forecast) -> None:
    """Rules can be compared without seats; their columns are then empty."""
    table = price_table(contest(forecast), None, 0)
    assert table["seats"].null_count() == table.height
    assert table["winner"].to_list()[0] == contest(forecast).candidates[0]


def test_a_party_without_votes_is_refused(forecast: Forecast) -> None:
    """A party that the forecast has no line for cannot be led anywhere."""
    held = contest(forecast)
    other = Held(type(held.case)(**{**held.case.__dict__, "party": "xyz"}), *list(held.__dict__.values())[1:])
    with pytest.raises(BadInput, match='"xyz" has no vote of its own'):
        lead(forecast, other, {}, new_leader=START, seed=1)


def test_dials_of_nothing_change_nothing(forecast: Forecast) -> None:
    """A rival just like the leader, in standing and support, moves no vote."""
    state = forecast.tree["votes"].to_dataset()
    lead_days = forecast.manifest.lead_days
    same = arrive(state, lead_days, ArrivalDials(favourability={"lab": 0.0}, support={"lab": 0.0}))
    assert np.allclose(same, arrive(state, lead_days))
