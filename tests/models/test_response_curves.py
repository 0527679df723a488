from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from data.errors import BadInput
from models.forecast import Forecast
from models.response_curves import POINTS, STEPS, at, positions, read_off, response_curves, stand, window_of
from models.scenario import PartyScenario, Scenario, read_scenario, run_scenario
from models.sensitivity import USUAL, dials_of, sensitivity, step_from
from models.solve_schema import Dial, range_of
from tests.views.synthetic import synthetic_forecast

SET = read_scenario("""{"tactical": 0.5, "turnout": {"con": 0.1}, "election_date": "2028-05-04",
    "parties": {"lab": {"favourability": 30, "mp_support": 0.4, "share_shift": -0.15}, "con": {"leader": "X"}}}""")
SHARE, TACTICAL, DAY = Dial(kind="share", party="lab"), Dial(kind="tactical"), Dial(kind="day")
LIKED, BACKED = Dial(kind="favourability", party="lab"), Dial(kind="mp_support", party="lab")
TURNOUT = Dial(kind="turnout", party="con")
ALL = [SHARE, TACTICAL, DAY, LIKED, BACKED, TURNOUT]


@pytest.fixture(scope="module")
def made() -> Forecast:
    """A made-up forecast of 80 draws."""
    return synthetic_forecast(draws=80)


def test_dials_stand_where_the_scenario_has_them(made: Forecast) -> None:
    """Where a dial stands is what the scenario sets, else what the forecast has, and a new leader's usual start."""
    days = float((SET.election_date - made.manifest.as_of).days) if SET.election_date else 0.0
    assert [stand(made, SET, dial) for dial in ALL] == pytest.approx([-15.0, 50.0, days, 30.0, 40.0, 10.0])
    assert [stand(made, Scenario(), dial) for dial in ALL] == [range_of(made, dial).start for dial in ALL]
    usual = float(made.tree["votes"].ds.attrs["new_leader_favourability"])
    assert stand(made, SET, Dial(kind="favourability", party="con")) == usual


@pytest.mark.parametrize("dial", ALL, ids=lambda dial: dial.kind)
@pytest.mark.parametrize("scenario", [Scenario(), SET], ids=["forecast", "set"])
def test_window_holds_scenario_and_forecast(made: Forecast, scenario: Scenario, dial: Dial) -> None:
    """The window lies in what the dial allows, holds both, and its slider ends no more than a step before it does."""
    window, span = window_of(made, scenario, dial), range_of(made, dial)
    assert span.lo <= window.lo <= min(window.start, span.start)
    assert max(window.start, span.start) <= window.hi <= span.hi
    curves = response_curves(made, scenario, dial, draws=4, points=3)
    places = positions(curves)
    assert places[0] == window.lo
    assert window.hi - STEPS[dial.kind] < places[-1] <= window.hi


def test_curve_is_what_scenarios_say(made: Forecast) -> None:
    """Where the scenario has the dial the curve has its seats, and elsewhere those of the scenario so changed."""
    curves = response_curves(made, SET, LIKED)
    assert curves.draws == 80
    values = curves.seats["value"].unique().sort().to_list()
    assert len(values) == POINTS + 1  # 30 is on the grid; the forecast's 8 is not
    assert {curves.window.start, curves.base, curves.window.lo, curves.window.hi} <= set(values)
    party = SET.parties["lab"].model_copy(update={"favourability": 60.0})
    for value, asked in ((30.0, SET), (60.0, SET.model_copy(update={"parties": {**SET.parties, "lab": party}}))):
        answer = run_scenario(made, asked, summaries=False)
        rows = curves.seats.filter(pl.col("value") == value)
        assert rows["mean"].to_numpy() == pytest.approx(answer.seats.mean(axis=0))
        assert rows["hi90"].to_numpy() == pytest.approx(np.quantile(answer.seats, 0.95, axis=0))
        chances = curves.chances.filter((pl.col("value") == value) & (pl.col("party") == "lab")).row(0, named=True)
        assert chances["majority"] == answer.p_majority().get("lab", 0.0)
        assert chances["largest"] == answer.p_largest().get("lab", 0.0)


def test_better_liked_means_more_seats(made: Forecast) -> None:
    """Along a leader's favourability her party's seats rise, and its bands lie in order."""
    seats = response_curves(made, Scenario(), LIKED).seats.filter(pl.col("party") == "lab")
    assert (np.diff(seats["mean"].to_numpy()) >= 0).all()
    assert seats["mean"][-1] > seats["mean"][0] + 20
    bands = seats.select("lo90", "lo50", "median", "hi50", "hi90").to_numpy()
    assert (np.diff(bands, axis=1) >= 0).all()


def test_favourability_is_held_along_its_curve(made: Forecast) -> None:
    """Where MPs' support is set and the leader's standing follows it, the curve holds her standing and has no kink."""
    lost = Scenario(parties={"lab": PartyScenario(mp_support=0.3)})
    curves = response_curves(made, lost, LIKED)
    seats = curves.seats.filter(pl.col("party") == "lab").sort("value")
    assert (np.diff(seats["mean"].to_numpy()) >= 0).all()
    as_set = run_scenario(made, lost, summaries=False).seats[:, made.lines.index("lab")].mean()
    now = curves.now.row(by_predicate=pl.col("party") == "lab", named=True)
    assert now["mean"] == pytest.approx(as_set)
    held = seats.filter(pl.col("value") == curves.window.start)["mean"][0]
    assert held > as_set + 1
    table = sensitivity(made, lost, ["lab"])
    step = table.filter((pl.col("kind") == "favourability") & (pl.col("party") == "lab"))["mean"][0]
    assert held + step == pytest.approx(at(made, lost, LIKED, curves.window.start + 10).seats.mean(axis=0)[1])
    assert made.lines[1] == "lab"


def test_slider_reads_the_curve(made: Forecast) -> None:
    """At values that were run the slider shows what was run, and halfway between two it shows the middle."""
    curves = response_curves(made, Scenario(), SHARE)
    read = read_off(curves, ["lab", "ref"])
    assert read.height == 2 * 41
    run = curves.seats.filter(pl.col("party") == "lab")
    of = read.filter(pl.col("party") == "lab")
    assert of["median"].to_list()[::2] == run["median"].to_list()
    middle = (run["hi90"].to_numpy()[:-1] + run["hi90"].to_numpy()[1:]) / 2
    assert of["hi90"].to_numpy()[1::2] == pytest.approx(middle)


def test_sooner_polling_day_comes_before_an_event(made: Forecast) -> None:
    """With polling day before an event the answer is that without the event."""
    late = made.manifest.election_date - timedelta(days=10)
    asked = Scenario(parties={"lab": PartyScenario(event="scandal", event_date=late)})
    soon = at(made, asked, DAY, 100.0)
    assert np.array_equal(soon.seats, at(made, Scenario(), DAY, 100.0).seats)
    assert response_curves(made, asked, DAY, points=4).seats["value"].n_unique() >= 4


def test_what_a_forecast_lacks_is_refused(made: Forecast) -> None:
    """A dial the forecast has not is refused in words."""
    with pytest.raises(BadInput, match="no evidence of MPs' support"):
        response_curves(made, Scenario(), Dial(kind="mp_support", party="ref"))


def test_a_step_is_worth_what_a_scenario_says(made: Forecast) -> None:
    """Each row is the paired difference of two scenarios, from where the scenario stands."""
    table = sensitivity(made, SET, ["con", "lab"])
    row = table.filter((pl.col("kind") == "share") & (pl.col("of") == "lab") & (pl.col("party") == "lab"))
    party = SET.parties["lab"].model_copy(update={"share_shift": -0.14})
    asked = SET.model_copy(update={"parties": {**SET.parties, "lab": party}})
    change = run_scenario(made, asked, summaries=False).seats - run_scenario(made, SET, summaries=False).seats
    column = made.lines.index("lab")
    assert row.select("start", "step").row(0) == pytest.approx((-15.0, 1.0))
    assert row["mean"][0] == pytest.approx(change[:, column].mean())
    assert row["mean"][0] > 0
    assert row["lo90"][0] == pytest.approx(np.quantile(change[:, column], 0.05))


def test_every_dial_has_a_row(made: Forecast) -> None:
    """Every dial of the parties asked for is moved once, and those of no party; changes of all lines sum to nought."""
    table = sensitivity(made, Scenario(), ["con", "lab", "ref"])
    dials = table.select("kind", "of").unique(maintain_order=True).rows()
    assert len(dials) == len(dials_of(made, ["con", "lab", "ref"])) == 3 + 2 + 3 + 3 + 2
    assert table.group_by("kind", "of").agg(pl.col("mean").sum())["mean"].abs().max() == pytest.approx(0.0, abs=1e-9)


def test_a_dial_near_its_end_goes_the_other_way(made: Forecast) -> None:
    """With 94% of her MPs behind a leader there is no room for ten points more, so ten fewer are asked."""
    assert step_from(made, Scenario(), BACKED) == -USUAL["mp_support"]
    assert step_from(made, SET, BACKED) == USUAL["mp_support"]
    assert step_from(made, SET, LIKED) == USUAL["favourability"]
