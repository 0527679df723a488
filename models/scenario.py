"""What-if questions: a scenario shifts the same draws, so that differences are paired and no change is no change."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import numpy as np
import polars as pl
import xarray as xr

from models.answer import Answer
from models.arrival import ArrivalDials, arrive
from models.forecast import Forecast, LeaderState
from models.kernel import F32
from models.polling_error import with_polling_error
from models.scenario_check import check_scenario
from models.scenario_schema import PartyScenario, Scenario, read_scenario, scenario_json
from models.seat_plan import SeatDials
from models.swing import SeatSimulator, outcome_of

__all__ = [
    "NEW_LEADER",
    "PartyScenario",
    "Scenario",
    "compare",
    "keep_last",
    "leaders_in",
    "read_scenario",
    "run_scenario",
    "scenario_json",
    "simulator",
]
NEW_LEADER = "A new leader"
KEPT = 3
"""Forecasts of which what was made is kept: visitors may look at several days at once, at 100 MB each."""


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


def _seat_dials(scenario: Scenario) -> SeatDials:
    """What the scenario asks of the seats; settings that change nothing are left out."""
    swing = {
        (region, party): amount
        for region, amounts in scenario.regional_swing.items()
        for party, amount in amounts.items()
        if amount
    }
    return SeatDials(
        regional_swing=swing,
        tactical=scenario.tactical,
        stand_downs={party: places for party, places in scenario.stand_downs.items() if places},
        turnout={party: change for party, change in scenario.turnout.items() if change},
        seats=scenario.seats,
    )


def leaders_in(forecast: Forecast, scenario: Scenario) -> tuple[LeaderState, ...]:
    """Leaders as a scenario has them.

    Parameters
    ----------
    forecast : Forecast
        The base.
    scenario : Scenario
        The question.

    Returns
    -------
    tuple of LeaderState
        In the order of the forecast's manifest.
    """
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
    state = with_polling_error(forecast.tree["votes"].ds.isel(draw=slice(0, n_draws)), scenario.polling_error)
    day = scenario.election_date or forecast.manifest.election_date
    votes = arrive(state, (day - forecast.manifest.as_of).days, _arrival_dials(forecast, scenario))
    dials = _seat_dials(scenario)
    seats = simulator(forecast).simulate(votes, dials, summaries=summaries)
    base = forecast.tree["outcome"].ds
    outcome = outcome_of(seats.votes, seats, base.coords)
    groups: dict[str, xr.Dataset] = {name: forecast.tree[name].to_dataset() for name in ("seats", "path", "polls")}
    tree = xr.DataTree.from_dict({**groups, "votes": state, "outcome": outcome})
    manifest = forecast.manifest.model_copy(
        update={
            "election_date": day,
            "leaders": leaders_in(forecast, scenario),
            "scenario": scenario.model_dump_json(exclude_defaults=True),
        }
    )

    def blocks() -> Iterator[F32]:
        again = simulator(forecast)  # not held: errors of all seats are large, and one forecast's are kept at a time
        return again.share_blocks(again.prepare(votes, dials))

    return Answer(tree, manifest, forecast, blocks)


def keep_last[T](make: Callable[[Forecast], T]) -> Callable[[Forecast], T]:
    """Keep what a function makes of a forecast, for the last few asked for: it is large and slow to make.

    Parameters
    ----------
    make : callable
        Function of a forecast alone.

    Returns
    -------
    callable
        The same function with a memory of ``KEPT``.
    """
    held: dict[int, tuple[Forecast, T]] = {}

    @wraps(make)
    def kept(forecast: Forecast) -> T:
        found = held.pop(id(forecast), None) or (forecast, make(forecast))
        held[id(forecast)] = found  # the newest stands last; the forecast is held, so its number is not given anew
        while len(held) > KEPT:
            held.pop(next(iter(held)), None)
        return found[1]

    return kept


@keep_last
def simulator(forecast: Forecast) -> SeatSimulator:
    """Return the seat simulator of a forecast.

    Parameters
    ----------
    forecast : Forecast
        A forecast with its ``seats`` group.

    Returns
    -------
    SeatSimulator
        Ready to run on votes of this forecast's draws.
    """
    return SeatSimulator.from_datasets(forecast.tree["seats"].to_dataset())


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
