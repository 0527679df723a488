import itertools
from datetime import timedelta

import numpy as np
import pytest

from data.errors import BadInput
from models.forecast import Forecast
from models.scenario import PartyScenario, Scenario, read_scenario, run_scenario
from models.solve import COARSE, STEPS, frontier, grid_of, solve
from models.solve_schema import (
    Dial,
    Goal,
    Question,
    Range,
    movable,
    range_of,
    reached,
    read_question,
    scenario_of,
    with_dials,
)
from tests.views.synthetic import synthetic_forecast

SHARE = Dial(kind="share", party="lab")
LARGEST = Goal(kind="largest", party="lab")


@pytest.fixture(scope="module")
def made() -> Forecast:
    """A made-up forecast of 200 draws."""
    return synthetic_forecast(draws=200)


def chance_of(forecast: Forecast, goal: Goal, dial: Dial, value: float) -> float:
    """Chance of a goal with one dial set."""
    moved = run_scenario(forecast, scenario_of(forecast, [(dial, value)]), summaries=False)
    return float(reached(moved, goal).mean())


@pytest.mark.parametrize("chance", [0.7, 0.75, 0.9])
def test_goal_is_reached_with_the_least_change(made: Forecast, chance: float) -> None:
    """At the solution the goal has the chance, a little before it has not, and the interval holds the solution."""
    found = solve(made, Question(goal=LARGEST, chance=chance, dial=SHARE))
    assert found.status == "reached"
    assert found.monotone
    assert found.value is not None
    assert found.lo is not None
    assert found.hi is not None
    assert found.lo <= found.value <= found.hi
    assert chance_of(made, LARGEST, SHARE, found.value) == found.chance
    assert found.chance is not None
    assert chance <= found.chance < chance + 0.03
    assert chance_of(made, LARGEST, SHARE, found.value - 1.01 * 60 / STEPS) < chance


def test_curve_is_what_scenarios_say(made: Forecast) -> None:
    """The curve spans the dial, marks forecast and solution, and holds each chance inside its interval."""
    found = solve(made, Question(goal=LARGEST, chance=0.75, dial=SHARE))
    curve = found.curve
    assert curve["value"].to_list()[:: curve.height - 1] == [-30.0, 30.0]
    assert sorted(curve["kind"]) == ["forecast", *["grid"] * 8, "solution"]
    at_rest = curve.filter(curve["kind"] == "forecast").row(0, named=True)
    assert at_rest["chance"] == made.p_largest()["lab"] == found.base
    assert ((curve["lo95"] <= curve["chance"]) & (curve["chance"] <= curve["hi95"])).all()


@pytest.mark.parametrize(
    ("goal", "dial"),
    [
        (Goal(kind="seats", party="plaid", seats=400), Dial(kind="tactical")),
        (Goal(kind="majority", party="grn"), Dial(kind="mp_support", party="con")),
    ],
)
def test_what_cannot_be_reached_is_said(made: Forecast, goal: Goal, dial: Dial) -> None:
    """Where no value of the dial will do, there is no solution but the greatest chance met."""
    found = solve(made, Question(goal=goal, chance=0.5, dial=dial))
    assert (found.status, found.value, found.lo, found.hi, found.chance) == ("unreachable", None, None, None, None)
    assert found.best < 0.5
    assert found.best == found.curve["chance"].max()


def test_what_is_so_already_takes_nothing(made: Forecast) -> None:
    """Where the forecast has the chance already, the dial stays where it is."""
    found = solve(made, Question(goal=Goal(kind="seats", party="lab", seats=1), chance=0.9, dial=SHARE))
    assert (found.status, found.value, found.chance) == ("already", 0.0, found.base)
    assert found.base >= 0.9


def test_a_hump_is_not_called_monotone(made: Forecast) -> None:
    """A hung parliament is likeliest in between: the search says so and looks on a finer grid."""
    found = solve(made, Question(goal=Goal(kind="hung"), chance=0.999, dial=SHARE))
    assert not found.monotone
    assert found.curve.height >= 33


def test_one_seat_can_be_the_goal(made: Forecast) -> None:
    """A named seat is won in the wanted part of draws with the least change of the party's vote."""
    seats = made.constituencies()
    row = seats.filter((seats["second"] == "lab") & (seats["p_second"] > 0.1)).row(0, named=True)
    goal = Goal(kind="seat", party="lab", seat=row["constituency"])
    found = solve(made, Question(goal=goal, chance=0.75, dial=SHARE))
    assert found.base == row["p_second"]
    assert found.value is not None
    assert found.value > 0
    assert chance_of(made, goal, SHARE, found.value) >= 0.75


def test_two_dials_share_the_work(made: Forecast) -> None:
    """The more of the first dial, the less of the second; the last point takes the first alone; each has the chance."""
    second = Dial(kind="turnout", party="lab")
    found = frontier(made, Question(goal=LARGEST, chance=0.75, dial=SHARE, second=second))
    points = found.points
    assert points.height == 7
    assert (points["chance"] >= 0.75).all()
    needed = points["second"].drop_nulls().to_list()
    assert all(one >= other - 100 / COARSE for one, other in itertools.pairwise(needed))
    assert needed[-1] == 0.0
    row = points.row(-2, named=True)
    both = scenario_of(made, [(SHARE, row["first"]), (second, row["second"])])
    assert reached(run_scenario(made, both, summaries=False), LARGEST).mean() == row["chance"]


def test_dials_at_rest_are_no_scenario(made: Forecast) -> None:
    """A dial where the forecast has it is left out, for every dial that can be moved."""
    dials = [Dial(kind="tactical"), Dial(kind="day")]
    dials += [Dial(kind=kind, party=party) for kind in ("share", "turnout") for party in movable(made, kind)]
    dials += [Dial(kind="favourability", party=party) for party in movable(made, "favourability")]
    dials += [Dial(kind="mp_support", party=party) for party in movable(made, "mp_support")]
    assert scenario_of(made, [(dial, range_of(made, dial).start) for dial in dials]) == Scenario()


def test_a_dial_is_set_in_a_scenario(made: Forecast) -> None:
    """A dial replaces what a scenario says of it, wherever the forecast has it, and leaves all else alone."""
    asked = read_scenario('{"tactical": 0.5, "parties": {"lab": {"favourability": 20, "share_shift": 0.02}}}')
    moved = with_dials(made, asked, [(SHARE, 0.0), (Dial(kind="day"), 30.0), (Dial(kind="tactical"), 100.0)])
    assert moved.parties["lab"] == PartyScenario(favourability=20.0, share_shift=0.0)
    assert moved.election_date == made.manifest.as_of + timedelta(days=30)
    assert moved.tactical == 1.0


@pytest.mark.parametrize("start", [-100.0, -99.0, 0.0, 8.3, 100.0])
def test_grid_holds_ends_and_start(start: float) -> None:
    """Nine points or so, with both ends and the forecast's own place among them."""
    grid = grid_of(Range(start=start, lo=-100.0, hi=100.0))
    assert {start, -100.0, 100.0} <= set(grid)
    assert len(grid) == 9
    assert (np.diff(grid) > 0).all()


@pytest.mark.parametrize(
    ("goal", "dial", "says"),
    [
        (Goal(kind="majority", party="xyz"), SHARE, 'No party "xyz"'),
        (Goal(kind="majority"), SHARE, "takes party, not nothing"),
        (Goal(kind="hung", party="lab"), SHARE, "takes nothing else, not party"),
        (Goal(kind="seats", party="lab", seats=651), SHARE, "the House has 650"),
        (Goal(kind="seat", party="lab", seat="E1"), SHARE, 'No constituency "E1"'),
        (Goal(kind="seat", party="snp", seat="E14001063"), SHARE, "does not stand in"),
        (LARGEST, Dial(kind="share"), 'No party "None"'),
        (LARGEST, Dial(kind="tactical", party="lab"), "leave the party out"),
        (LARGEST, Dial(kind="favourability", party="snp"), "has no leader"),
        (LARGEST, Dial(kind="mp_support", party="ref"), "no evidence of MPs' support"),
    ],
)
def test_bad_questions_get_one_sentence(made: Forecast, goal: Goal, dial: Dial, says: str) -> None:
    """What does not fit the forecast is refused in words."""
    with pytest.raises(BadInput, match=says):
        solve(made, Question(goal=goal, chance=0.5, dial=dial))


def test_a_frontier_takes_two_dials(made: Forecast) -> None:
    """No second dial, or the same one twice, is refused."""
    for second in (None, SHARE):
        with pytest.raises(BadInput, match="takes two dials"):
            frontier(made, Question(goal=LARGEST, chance=0.5, dial=SHARE, second=second))


@pytest.mark.parametrize("text", ["[]", '{"goal": {"kind": "win"}}', '{"chance": NaN}', "{"])
def test_text_that_is_no_question_is_refused(text: str) -> None:
    """Broken JSON and unknown kinds are faults of the input."""
    with pytest.raises(BadInput):
        read_question(text)


def test_question_survives_json() -> None:
    """A question written as JSON is read back the same."""
    asked = Question(goal=LARGEST, chance=0.5, dial=SHARE, second=Dial(kind="tactical"))
    assert read_question(asked.model_dump_json()) == asked
