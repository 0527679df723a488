"""What-if questions: a scenario shifts the same draws, so that differences are paired and no change is no change."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import xarray as xr
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from data.errors import BadInput
from data.strict_json import check_json
from models.arrival import ArrivalDials, arrive
from models.forecast import Forecast, LeaderState
from models.leader_events import EventKind
from models.scenario_check import check_scenario
from models.seat_plan import SeatDials
from models.swing import SeatSimulator, outcome_of

NEW_LEADER = "A new leader"


class PartyScenario(BaseModel):
    """What changes for one party. Whatever is left out stays as forecast.

    ``event`` befalls the leader on ``event_date`` (the last day of evidence), large and fading as past ones.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    leader: str | None = Field(default=None, min_length=1, max_length=80)
    favourability: float | None = Field(default=None, ge=-100, le=100)
    mp_support: float | None = Field(default=None, ge=0, le=1)
    event: EventKind | None = None
    event_date: date | None = None
    share_shift: float | None = Field(default=None, ge=-0.3, le=0.3)


class Scenario(BaseModel):
    """A what-if question.

    Attributes
    ----------
    name : str, optional
        A label of the user's.
    election_date : date, optional
        Another polling day.
    parties : dict
        Party code to ``PartyScenario``.
    regional_swing : dict
        Region to party code to a change of share there (0.02 = two points).
    tactical : float
        Strength of tactical voting as a multiple of the estimate, 0 to 1.5; 1 as forecast, 0 none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    name: str | None = Field(default=None, max_length=80)
    election_date: date | None = None
    parties: dict[str, PartyScenario] = Field(default_factory=dict)
    regional_swing: dict[str, dict[str, float]] = Field(default_factory=dict)
    tactical: float = Field(default=1.0, ge=0, le=1.5)


def read_scenario(text: str) -> Scenario:
    """Parse a scenario from JSON.

    Parameters
    ----------
    text : str
        A JSON object.

    Returns
    -------
    Scenario
        Checked for types and ranges; parties and regions are checked against a forecast when it is run.

    Raises
    ------
    BadInput
        If the text is too long or too deep, is not JSON, has a key twice, NaN or infinity, or breaks the schema.
    """
    check_json(text, "The scenario")
    try:
        return Scenario.model_validate_json(text)
    except ValidationError as error:
        raise BadInput(_sentence(error)) from error


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"]) or "the scenario"
    if first["type"] == "extra_forbidden":
        known = PartyScenario.model_fields if where.startswith("parties.") else Scenario.model_fields
        return f'Unknown setting "{where}" in the scenario. Allowed: {", ".join(known)}.'
    more = f" ({error.error_count() - 1} more faults)" if error.error_count() > 1 else ""
    return f'Scenario setting "{where}" = {first["input"]!r} is not allowed: {first["msg"]}.{more}'


def leader_choices(forecast: Forecast) -> dict[str, list[str]]:
    """Leaders to choose from, the one in office first, for each party that has one.

    Parameters
    ----------
    forecast : Forecast
        The base forecast.

    Returns
    -------
    dict
        Party code to names; the last is an unnamed new leader, who starts where new leaders have started.
    """
    return {state.party: [state.leader, NEW_LEADER] for state in forecast.manifest.leaders}


def _start(forecast: Forecast) -> float:
    return float(forecast.tree["votes"].ds.attrs["new_leader_favourability"])


def _standing(change: PartyScenario, state: LeaderState, start: float) -> float:
    """Favourability of a party's leader in a scenario: as set, else as known, else where new leaders start."""
    if change.favourability is not None:
        return change.favourability
    return start if change.leader and change.leader != state.leader else state.favourability


def _arrival_dials(forecast: Forecast, scenario: Scenario) -> ArrivalDials:
    states = {state.party: state for state in forecast.manifest.leaders}
    start = _start(forecast)
    polling_day = scenario.election_date or forecast.manifest.election_date
    favourability, backing, events, shift = {}, {}, {}, {}
    for party, change in scenario.parties.items():
        wanted = _standing(change, states[party], start) if party in states else None
        if wanted is not None and wanted != states[party].favourability:
            favourability[party] = wanted - states[party].favourability
        support = states[party].support if party in states else None
        if change.mp_support is not None and support is not None and change.mp_support != support:
            backing[party] = change.mp_support - support
        if change.event:
            events[party] = change.event, (polling_day - (change.event_date or forecast.manifest.as_of)).days
        if change.share_shift:
            shift[party] = change.share_shift
    return ArrivalDials(favourability=favourability, support=backing, events=events, share_shift=shift)


def _leaders(forecast: Forecast, scenario: Scenario) -> tuple[LeaderState, ...]:
    changed = []
    for state in forecast.manifest.leaders:
        change = scenario.parties.get(state.party)
        if change is None:
            changed.append(state)
            continue
        liked = _standing(change, state, _start(forecast))
        sd = state.favourability_sd if liked == state.favourability else 0.0  # what is supposed is certain
        update: dict[str, Any] = {"favourability": liked, "favourability_sd": sd}
        if change.leader and change.leader != state.leader:
            update |= {"leader": change.leader, "n_ratings": 0, "basis": "scenario"}
        if change.mp_support is not None:
            update |= {"support": change.mp_support, "basis": "scenario"}
        changed.append(state.model_copy(update=update))
    return tuple(changed)


def run_scenario(
    forecast: Forecast, scenario: Scenario, *, draws: int | None = None, summaries: bool = True
) -> Forecast:
    """Answer a what-if question with the forecast's own draws.

    The scenario is an intervention ("if we made it so"): leaders' standing and MPs' support move voting intention by
    the association the models learned, everything else being equal.

    Parameters
    ----------
    forecast : Forecast
        The base; its draws are reused one for one.
    scenario : Scenario
        The question. An empty one gives the base outcome bit for bit.
    draws : int, optional
        Use the first draws only (for speed); all by default.
    summaries : bool
        Whether shares by constituency are wanted, too; without them ``constituency`` cannot be asked.

    Returns
    -------
    Forecast
        With the same draws, shifted. Compare it with ``compare``.

    Raises
    ------
    BadInput
        If the scenario does not fit the forecast.
    """
    check_scenario(forecast, scenario)
    n_draws = forecast.n_draws if draws is None else min(draws, forecast.n_draws)
    state = forecast.tree["votes"].ds.isel(draw=slice(0, n_draws))
    day = scenario.election_date or forecast.manifest.election_date
    votes = arrive(state, (day - forecast.manifest.as_of).days, _arrival_dials(forecast, scenario))
    dials = SeatDials(
        regional_swing={
            (region, party): amount
            for region, swing in scenario.regional_swing.items()
            for party, amount in swing.items()
            if amount
        },
        tactical=scenario.tactical,
    )
    seats = simulator(forecast).simulate(votes, dials, summaries=summaries)
    base = forecast.tree["outcome"].ds
    outcome = outcome_of(votes, seats, base.coords)
    groups: dict[str, xr.Dataset] = {name: forecast.tree[name].to_dataset() for name in ("seats", "path", "polls")}
    tree = xr.DataTree.from_dict({**groups, "votes": state, "outcome": outcome})
    manifest = forecast.manifest.model_copy(
        update={
            "election_date": day,
            "leaders": _leaders(forecast, scenario),
            "scenario": scenario.model_dump_json(exclude_defaults=True),
        }
    )
    return Forecast(tree, manifest)


_SIMULATORS: dict[int, tuple[Forecast, SeatSimulator]] = {}


def simulator(forecast: Forecast) -> SeatSimulator:
    """Return the seat simulator of a forecast, kept for the last forecast asked for (its noise is large).

    Parameters
    ----------
    forecast : Forecast
        A forecast with its ``seats`` group.

    Returns
    -------
    SeatSimulator
        Ready to run on votes of this forecast's draws.
    """
    held = _SIMULATORS.get(id(forecast))
    if held is not None and held[0] is forecast:
        return held[1]
    made = SeatSimulator.from_datasets(forecast.tree["seats"].to_dataset())
    _SIMULATORS.clear()
    _SIMULATORS[id(forecast)] = (forecast, made)
    return made


def compare(base: Forecast, other: Forecast) -> pl.DataFrame:
    """Compare two forecasts draw by draw.

    Parameters
    ----------
    base, other : Forecast
        Forecasts of the same draws; the shorter decides how many are used.

    Returns
    -------
    pl.DataFrame
        ``party, votes_base, votes_other, seats_base, seats_other, seats_change, lo90, hi90``: means, and the 90 %
        interval of the paired difference in seats. Votes are null for lines without a Great Britain vote.
    """
    n = min(base.n_draws, other.n_draws)
    change = (other.seats[:n] - base.seats[:n]).astype(float)
    lo, hi = np.quantile(change, [0.05, 0.95], axis=0)
    votes = pl.DataFrame(
        {
            "party": base.parties,
            "votes_base": base.votes[:n].mean(axis=0),
            "votes_other": other.votes[:n].mean(axis=0),
        }
    )
    seats = pl.DataFrame(
        {
            "party": base.lines,
            "seats_base": base.seats[:n].mean(axis=0),
            "seats_other": other.seats[:n].mean(axis=0),
            "seats_change": change.mean(axis=0),
            "lo90": lo,
            "hi90": hi,
        }
    )
    joined = seats.join(votes, on="party", how="left")
    return joined.select("party", "votes_base", "votes_other", *seats.columns[1:])


def scenario_json(scenario: Scenario | Mapping[str, Any]) -> str:
    """Write a scenario as JSON that ``read_scenario`` reads back.

    Parameters
    ----------
    scenario : Scenario or mapping
        The question, or its fields.

    Returns
    -------
    str
        Indented JSON without the settings left at their defaults.
    """
    model = scenario if isinstance(scenario, Scenario) else Scenario.model_validate(scenario)
    return model.model_dump_json(indent=2, exclude_defaults=True)
