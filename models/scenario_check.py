"""Whether a scenario can be put to a forecast: parties, regions, dates and sums that only the forecast knows."""

from datetime import date
from typing import TYPE_CHECKING

from data.errors import BadInput
from models.forecast import Forecast

if TYPE_CHECKING:  # the scenario engine calls these checks, so importing it here would go round in a circle
    from models.scenario import Scenario

LAST_ELECTION = date(2024, 7, 4)
LAST_LAWFUL_DAY = date(2029, 8, 15)
"""Latest polling day of the Parliament of 2024 (Dissolution and Calling of Parliament Act 2022)."""


def check_scenario(forecast: Forecast, scenario: "Scenario") -> None:
    """Check a scenario against the forecast it is to change.

    Parameters
    ----------
    forecast : Forecast
        The base forecast.
    scenario : Scenario
        The question.

    Raises
    ------
    BadInput
        If it names an unknown party or region, a date that cannot be, a leader's figures for a party whose
        standing is not known, or shares that cannot sum to 1.
    """
    if forecast.manifest.scenario not in (None, "{}"):
        raise BadInput("This forecast is the answer to a scenario already. Put all changes into one, on the base.")
    known = set(forecast.parties)
    _check_codes("party", set(scenario.parties), known)
    regions = {str(r) for r in forecast.tree["seats"].ds["region_of"].values} - {"Northern Ireland"}
    _check_codes("region", set(scenario.regional_swing), regions)
    for region, swing in scenario.regional_swing.items():
        _check_codes(f"party in {region}", set(swing), known)
        for party, amount in swing.items():
            if abs(amount) > 0.3:
                raise BadInput(f"Regional swing of {party} in {region} is {amount:+.3f}; allowed are -0.3 to 0.3.")
    _check_day(forecast, scenario.election_date)
    _check_backing(forecast, scenario)
    _check_events(forecast, scenario)
    means = dict(zip(forecast.parties, forecast.votes.mean(axis=0), strict=True))
    total = sum(means[p] + (c.share_shift or 0.0) for p, c in scenario.parties.items() if c.share_shift)
    every = all(p in scenario.parties and scenario.parties[p].share_shift for p in forecast.parties)
    if total > (1.0 + 1e-9 if every else 0.99):
        raise BadInput(f"The shares set by share_shift would sum to {total:.1%} of the vote; at most 99% is left.")


def _check_codes(what: str, given: set[str], known: set[str]) -> None:
    unknown = sorted(given - known)
    if unknown:
        raise BadInput(f'No {what} "{unknown[0]}" in this forecast. Available: {", ".join(sorted(known))}.')


def possible_days(forecast: Forecast) -> tuple[date, date]:
    """First and last polling day a scenario may set.

    Parameters
    ----------
    forecast : Forecast
        The base forecast.

    Returns
    -------
    tuple of date
        The last day of its evidence; and the law's last day, or for an election that was held its own day.
    """
    manifest = forecast.manifest
    held = manifest.previous_election < LAST_ELECTION
    return manifest.as_of, manifest.election_date if held else max(LAST_LAWFUL_DAY, manifest.election_date)


def _check_day(forecast: Forecast, day: date | None) -> None:
    if day is None:
        return
    first, last = possible_days(forecast)
    if not first <= day <= last:
        raise BadInput(f"election_date {day} is not possible here: choose a day from {first} to {last}.")


def _check_backing(forecast: Forecast, scenario: "Scenario") -> None:
    states = {state.party: state for state in forecast.manifest.leaders}
    for party, change in scenario.parties.items():
        of_leader = (change.leader, change.favourability, change.mp_support, change.event)
        if any(value is not None for value in of_leader) and party not in states:
            raise BadInput(f'"{party}" has no leader in the data; only share_shift can be set for it.')
        if change.mp_support is not None and states[party].support is None:
            raise BadInput(f'There is no evidence of MPs\' support in "{party}", so mp_support cannot be set for it.')


def _check_events(forecast: Forecast, scenario: "Scenario") -> None:
    first = forecast.manifest.as_of
    last = scenario.election_date or forecast.manifest.election_date
    for party, change in scenario.parties.items():
        if change.event_date is None:
            continue
        if change.event is None:
            raise BadInput(f'"{party}" has an event_date but no event. Name the event, or leave the date out.')
        if not first <= change.event_date <= last:
            raise BadInput(
                f'event_date {change.event_date} of "{party}" is not possible: choose a day from {first} to {last}.'
            )
