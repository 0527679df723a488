from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import BadInput
from models.forecast import Forecast
from models.scenario import NEW_LEADER, PartyScenario, Scenario
from models.scenario_check import check_scenario, possible_days
from views import scenario_state as panel

percent = st.integers(-60, 60).map(lambda n: n / 2)
changes = st.builds(
    PartyScenario,
    leader=st.sampled_from([None, NEW_LEADER, "Wes Streeting"]),
    favourability=st.none() | st.integers(-100, 100).map(float),
    mp_support=st.none() | st.integers(0, 100).map(lambda n: n / 100),
    event=st.sampled_from([None, "gaffe", "war"]),
    share_shift=st.none() | percent.filter(bool).map(lambda points: points / 100),
)
scenarios = st.builds(
    Scenario,
    name=st.none() | st.text("abc ", min_size=1, max_size=9).filter(str.strip),
    election_date=st.none() | st.dates(date(2026, 9, 1), date(2029, 8, 15)),
    parties=st.dictionaries(st.sampled_from(["con", "lab"]), changes.filter(lambda c: c != PartyScenario())),
    regional_swing=st.dictionaries(
        st.sampled_from(["London", "Wales"]),
        st.dictionaries(st.sampled_from(["lab", "ref"]), percent.filter(bool).map(lambda n: n / 100), min_size=1),
    ),
    tactical=st.integers(0, 30).map(lambda n: n / 20),
)


def test_untouched_panel_is_the_forecast(forecast: Forecast) -> None:
    """Controls left where they start give the empty scenario."""
    state: dict[Any, Any] = {}
    panel.put(state, forecast, Scenario())
    assert panel.gather(state, forecast) == Scenario()


@given(scenarios)
@settings(deadline=None)
def test_panel_holds_a_scenario(forecast: Forecast, scenario: Scenario) -> None:
    """A scenario put into the panel is read back as it was, but for values equal to the forecast's."""
    state: dict[Any, Any] = {}
    panel.put(state, forecast, scenario)
    read = panel.gather(state, forecast)
    again: dict[Any, Any] = {}
    panel.put(again, forecast, read)
    assert again == state
    assert read.name == scenario.name
    assert read.tactical == pytest.approx(scenario.tactical)
    for party, change in scenario.parties.items():
        kept, start = read.parties.get(party, PartyScenario()), panel.start_of(forecast, party)
        usual = start.favourability if change.leader is None else panel.new_leader_start(forecast)
        assert kept.leader == change.leader
        assert (kept.event, kept.event_date) == (change.event, None)
        assert kept.favourability == (None if change.favourability == usual else change.favourability)
        assert (kept.share_shift or 0) == pytest.approx(change.share_shift or 0)
    for region, swing in scenario.regional_swing.items():
        assert read.regional_swing[region] == pytest.approx(swing)


@given(scenarios)
@settings(deadline=None, max_examples=40)
def test_panel_gives_only_what_can_be_run(forecast: Forecast, scenario: Scenario) -> None:
    """Whatever the panel holds passes the checks of the scenario engine, but for shares that cannot sum."""
    state: dict[Any, Any] = {}
    panel.put(state, forecast, scenario)
    refused = ""
    try:
        check_scenario(forecast, panel.gather(state, forecast))
    except BadInput as error:
        refused = str(error)
    assert not refused or "would sum to" in refused


def test_one_control_sets_one_value(forecast: Forecast) -> None:
    """Moving one slider sets that value and nothing else."""
    state: dict[Any, Any] = {}
    panel.put(state, forecast, Scenario())
    state[panel.key("lab", "support")] = 52.0
    assert panel.gather(state, forecast) == Scenario(parties={"lab": PartyScenario(mp_support=0.52)})


def test_same_day_is_no_change(forecast: Forecast) -> None:
    """The forecast's own polling day, or an emptied box, is not a change."""
    state: dict[Any, Any] = {}
    panel.put(state, forecast, Scenario())
    for day in (forecast.manifest.election_date, None):
        state[panel.DAY] = day
        assert panel.gather(state, forecast).election_date is None


def test_no_evidence_has_no_slider(forecast: Forecast) -> None:
    """A party whose MPs' backing is unknown has no such control, one without a leader none but its share."""
    keys = panel.keys(forecast)
    assert panel.key("lib", "support") not in keys
    assert panel.key("lib", "leader") in keys
    assert panel.key("snp", "leader") not in keys
    assert panel.key("snp", "shift") in keys


def test_days_end_with_the_law(forecast: Forecast) -> None:
    """The next polling day lies between the last evidence and 15 August 2029; a past one cannot be moved."""
    assert possible_days(forecast) == (date(2026, 8, 17), date(2029, 8, 15))
    past = forecast.manifest.model_copy(
        update={"as_of": date(2024, 6, 1), "election_date": date(2024, 7, 4), "previous_election": date(2019, 12, 12)}
    )
    assert possible_days(Forecast(forecast.tree, past)) == (date(2024, 6, 1), date(2024, 7, 4))


def test_leaders_of_another_forecast_are_not_carried_over(forecast: Forecast) -> None:
    """Where a party has no leader, what the panel held of hers in another forecast is no part of the scenario."""
    state: dict[Any, Any] = {}
    panel.put(state, forecast, Scenario())
    leaders = tuple(leader for leader in forecast.manifest.leaders if leader.party != "con")
    other = Forecast(forecast.tree, forecast.manifest.model_copy(update={"leaders": leaders}))
    panel.put(state, other, Scenario())
    assert state[panel.key("con", "leader")] == "Kemi Badenoch"
    assert panel.gather(state, other) == Scenario()
