"""The scenario panel's values and the ``Scenario`` they stand for: one translated into the other, both ways.

The panel shows points and per cent; ``Scenario`` holds shares. A value left where the forecast has it is not part of
the scenario, so that an untouched panel is the forecast itself.
"""

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from models.forecast import Forecast
from models.scenario import PartyScenario, Scenario

NO_EVENT = "none"
DAY, TACTICAL, NAME, POLLING_ERROR = "sc_day", "sc_tactical", "sc_name", "sc_polling_error"
REGIONAL, SEATS, STAND_DOWNS = "sc_regional", "sc_seats", "sc_stand_downs"
"""Settings listed in the panel: (region, party) to points, constituency to party, party to a list of places."""
State = MutableMapping[Any, Any]


@dataclass(frozen=True, kw_only=True)
class Start:
    """Where a party's controls stand when nothing is changed; None where the forecast has no evidence or leader."""

    leader: str | None
    favourability: float | None
    support: float | None


def start_of(forecast: Forecast, party: str) -> Start:
    """Starting values of one party's controls.

    Parameters
    ----------
    forecast : Forecast
        The base.
    party : str
        Party code.

    Returns
    -------
    Start
        Leader's name, net favourability in whole points, MPs behind the leader in whole per cent.
    """
    for state in forecast.manifest.leaders:
        if state.party == party:
            support = None if state.support is None else float(round(100 * state.support))
            return Start(leader=state.leader, favourability=float(round(state.favourability)), support=support)
    return Start(leader=None, favourability=None, support=None)


def new_leader_start(forecast: Forecast) -> float:
    """Net favourability, in whole points, at which new leaders have started."""
    return float(round(float(forecast.tree["votes"].ds.attrs["new_leader_favourability"])))


def key(party: str, field: str) -> str:
    """Key of one control of a party: ``leader, favourability, event, when, support, shift`` or ``turnout``."""
    return f"sc_{party}_{field}"


def keys(forecast: Forecast) -> list[str]:
    """Keys of all settings of the panel, drawn or not."""
    found = [DAY, TACTICAL, POLLING_ERROR, NAME, REGIONAL, SEATS, STAND_DOWNS]
    for party in forecast.parties:
        start = start_of(forecast, party)
        fields = ["shift", "turnout"]
        fields += ["leader", "favourability", "event", "when"] if start.leader is not None else []
        fields += ["support"] if start.support is not None else []
        found += [key(party, field) for field in fields]
    return found


def hold(state: State, forecast: Forecast) -> bool:
    """Keep settings whose control is not drawn this time: Streamlit drops the value of one that is not.

    Parameters
    ----------
    state : mapping
        The session's state.
    forecast : Forecast
        The base.

    Returns
    -------
    bool
        Whether all settings are there.
    """
    wanted = keys(forecast)
    for name in wanted:
        if name in state:
            state[name] = state[name]
    return all(name in state for name in wanted)


def _hundred(part: float) -> float:
    """Points from a share, so that 0.57 gives 57 and not 56.99999999999999."""
    return round(100 * part, 6)


def put(state: State, forecast: Forecast, scenario: Scenario) -> None:
    """Set every control to what a scenario says.

    Parameters
    ----------
    state : mapping
        The session's state.
    forecast : Forecast
        The base.
    scenario : Scenario
        An empty one resets the panel.
    """
    for party in forecast.parties:
        change, start = scenario.parties.get(party, PartyScenario()), start_of(forecast, party)
        state[key(party, "shift")] = _hundred(change.share_shift or 0.0)
        state[key(party, "turnout")] = _hundred(scenario.turnout.get(party, 0.0))
        if start.leader is not None:
            state[key(party, "leader")] = change.leader or start.leader
            renewed = change.leader not in (None, start.leader)
            usual = new_leader_start(forecast) if renewed else start.favourability
            state[key(party, "favourability")] = usual if change.favourability is None else change.favourability
            state[key(party, "event")] = change.event or NO_EVENT
            state[key(party, "when")] = change.event_date or forecast.manifest.as_of
        if start.support is not None:
            state[key(party, "support")] = start.support if change.mp_support is None else _hundred(change.mp_support)
    state[DAY] = scenario.election_date or forecast.manifest.election_date
    state[TACTICAL] = _hundred(scenario.tactical)
    state[NAME] = scenario.name or ""
    state[REGIONAL] = {
        (region, party): _hundred(amount)
        for region, swing in scenario.regional_swing.items()
        for party, amount in swing.items()
    }
    state[SEATS], state[STAND_DOWNS] = dict(scenario.seats), {p: list(v) for p, v in scenario.stand_downs.items() if v}
    state[POLLING_ERROR] = scenario.polling_error


def gather(state: State, forecast: Forecast) -> Scenario:
    """Read the scenario off the controls.

    Parameters
    ----------
    state : mapping
        The session's state.
    forecast : Forecast
        The base.

    Returns
    -------
    Scenario
        Only what differs from the forecast.
    """
    parties = {p: change for p in forecast.parties if (change := _party(state, forecast, p)) != PartyScenario()}
    regional: dict[str, dict[str, float]] = {}
    for (region, party), points in state[REGIONAL].items():
        if points:
            regional.setdefault(region, {})[party] = points / 100
    day = state[DAY]
    return Scenario(
        name=state.get(NAME) or None,
        election_date=None if day in (None, forecast.manifest.election_date) else day,
        parties=parties,
        regional_swing=regional,
        tactical=state[TACTICAL] / 100,
        stand_downs=state[STAND_DOWNS],
        turnout={p: points / 100 for p in forecast.parties if (points := state[key(p, "turnout")])},
        seats=state[SEATS],
        polling_error=state[POLLING_ERROR],
    )


def _party(state: State, forecast: Forecast, party: str) -> PartyScenario:
    shift = state[key(party, "shift")]
    moved = shift / 100 if shift else None
    start = start_of(forecast, party)
    if start.leader is None:  # what the panel held of a leader in another forecast is not of this one
        return PartyScenario(share_shift=moved)
    leader = state[key(party, "leader")]
    leader = None if leader == start.leader else leader and str(leader)[:80]
    usual = start.favourability if leader is None else new_leader_start(forecast)
    favourability = state[key(party, "favourability")]
    support = None if start.support is None else state[key(party, "support")]
    event, when = state[key(party, "event")], state[key(party, "when")]
    event = None if event == NO_EVENT else event
    return PartyScenario(
        leader=leader,
        favourability=None if favourability in (None, usual) else favourability,
        mp_support=None if support in (None, start.support) else support / 100,
        event=event,
        event_date=None if event is None or when == forecast.manifest.as_of else when,
        share_shift=moved,
    )
