from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from data.errors import BadInput
from models.compare_many import (
    compare_many,
    majorities_of_two,
    ready_scenarios,
    same_outcome,
    seat_differences,
    seat_moves,
)
from models.forecast import Forecast
from models.scenario import Scenario, run_scenario
from tests.views.synthetic import synthetic_forecast


@pytest.fixture(scope="module")
def made() -> Forecast:
    """A made-up forecast of 200 draws."""
    return synthetic_forecast(draws=200)


def won(forecast: Forecast, winners: list[list[int]]) -> Forecast:
    """The small forecast with other winners, a row a draw."""
    outcome = forecast.tree["outcome"].to_dataset().isel(draw=slice(0, len(winners)))
    outcome["winner"] = (("draw", "constituency"), np.array(winners, dtype=np.int8))
    groups = {name: forecast.tree[name].to_dataset() for name in ("votes", "seats", "path", "polls")}
    return replace(forecast, tree=xr.DataTree.from_dict({**groups, "outcome": outcome}))


@pytest.fixture
def hand(forecast: Forecast) -> tuple[Forecast, Forecast]:
    """Five seats in four draws, of Conservatives (0), Labour (1), others (2) and the Speaker (3)."""
    first = won(forecast, [[0, 0, 0, 1, 3], [1, 1, 1, 0, 3], [0, 0, 1, 1, 3], [0, 0, 1, 2, 3]])
    other = won(forecast, [[0, 0, 0, 0, 3], [1, 1, 0, 0, 3], [0, 0, 1, 1, 3], [1, 1, 0, 2, 3]])
    return first, other


def test_a_scenario_that_changes_nothing_differs_nowhere(made: Forecast) -> None:
    """The forecast beside itself: no difference in any draw, the same outcome in 100 of 100, no seat moved."""
    answers = [run_scenario(made, Scenario(), draws=150, summaries=False) for _ in range(2)]
    found = compare_many(answers)
    assert (answers[0].seats == answers[1].seats).all()
    numbers = found.differences.drop("scenario", "party").to_numpy()
    assert (numbers == 0).all()
    assert found.same == (1.0,)
    assert found.moves["moved"].max() == 0
    assert found.moves["others"].max() == 0
    assert found.moves.height == made.n_seats


def test_differences_by_hand(hand: tuple[Forecast, Forecast]) -> None:
    """Differences are taken within a draw: Conservatives +1, +1, 0, -1, and Labour -1, -1, 0, +1."""
    rows = {row["party"]: row for row in seat_differences(*hand).iter_rows(named=True)}
    assert rows["con"]["mean"] == 0.25
    assert (rows["con"]["p_more"], rows["con"]["p_fewer"]) == (0.5, 0.25)
    assert rows["con"]["lo90"] == pytest.approx(-0.85)
    assert rows["con"]["hi90"] == 1
    assert rows["lab"]["mean"] == -0.25
    assert (rows["lab"]["p_more"], rows["lab"]["p_fewer"]) == (0.25, 0.5)
    assert rows["spk"]["mean"] == rows["oth"]["mean"] == 0


def test_same_outcome_by_hand(hand: tuple[Forecast, Forecast]) -> None:
    """Draw 1 keeps its majority, 2 loses it, 3 keeps its tie, 4 is hung with another largest party."""
    assert same_outcome(*hand) == 0.5


def test_moves_by_hand(hand: tuple[Forecast, Forecast]) -> None:
    """Seats with another likeliest winner come first, then those whose chances moved most."""
    table = seat_moves(hand)
    rows = {row["name"]: row for row in table.iter_rows(named=True)}
    assert table["name"][0] == "Seat 2"
    assert (rows["Seat 2"]["winner_0"], rows["Seat 2"]["p_0"]) == ("lab", 0.75)
    assert (rows["Seat 2"]["winner_1"], rows["Seat 2"]["p_1"]) == ("con", 0.75)
    assert rows["Seat 2"]["moved"] == 0.5
    assert rows["Seat 4"]["moved"] == 0


def test_ready_scenarios_fit(made: Forecast) -> None:
    """Ready scenarios run, each moves seats, and they stand beside the forecast in one table."""
    ready = ready_scenarios(made)
    assert set(ready) == {"tactical", "leader", "share"}
    answers = [run_scenario(made, scenario, draws=100, summaries=False) for scenario in (Scenario(), *ready.values())]
    found = compare_many(answers)
    assert found.seats.height == 4 * len(made.lines)
    for i in (1, 2, 3):
        assert found.differences.filter(scenario=i)["mean"].abs().max() > 0
    gained = found.differences.filter(scenario=3, party="ref").row(0, named=True)
    assert gained["mean"] > 0
    assert gained["p_more"] > 0.9


def test_what_cannot_be_compared_is_refused(made: Forecast) -> None:
    """One answer, five, or answers of other draws are refused, and an answer has no ready scenarios."""
    answer = run_scenario(made, Scenario(tactical=0.0), draws=50, summaries=False)
    fewer = run_scenario(made, Scenario(), draws=40, summaries=False)
    with pytest.raises(BadInput, match="two to four"):
        compare_many([answer])
    with pytest.raises(BadInput, match="two to four"):
        compare_many([answer] * 5)
    with pytest.raises(BadInput, match="same draws"):
        compare_many([answer, fewer])
    assert ready_scenarios(answer) == {}


def test_two_together_by_hand(hand: tuple[Forecast, Forecast]) -> None:
    """Two lines have a majority of five together only where neither has three alone."""
    pairs = majorities_of_two(hand[0], ["con", "lab", "oth"])
    assert list(pairs) == [("con", "lab"), ("con", "oth"), ("lab", "oth")]
    assert pairs["con", "lab"] == 0.5
    assert pairs["con", "oth"] == 0.25
    assert pairs["lab", "oth"] == 0
