"""Whether a scenario can be put to a forecast: parties, places, dates and sums that only the forecast knows."""

from datetime import date
from difflib import get_close_matches

import numpy as np

from data.errors import BadInput
from models.forecast import Forecast
from models.pairs import GB_NATIONS
from models.scenario_schema import Scenario
from models.standing_in import SPEAKER

LAST_ELECTION = date(2024, 7, 4)
LAST_LAWFUL_DAY = date(2029, 8, 15)
"""Latest polling day of the Parliament of 2024 (Dissolution and Calling of Parliament Act 2022)."""


def is_answer(forecast: Forecast) -> bool:
    """Say whether a forecast answers a scenario that set something, so that its draws are no longer the base's.

    Parameters
    ----------
    forecast : Forecast
        Any forecast.

    Returns
    -------
    bool
        False for a base, and for the answer to an empty scenario, which is the base bit for bit.
    """
    return forecast.manifest.scenario not in (None, "{}")


def check_scenario(forecast: Forecast, scenario: Scenario) -> None:
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
        If it names an unknown party or place, a place that the party does not contest, a winner that does not stand, a
        date that cannot be, a leader's figures for a party whose standing is not known, or shares that cannot sum to 1.
    """
    if is_answer(forecast):
        raise BadInput("This forecast is the answer to a scenario already. Put all changes into one, on the base.")
    known = set(forecast.parties)
    _check_codes("party", set(scenario.parties), known)
    _check_codes("party", set(scenario.turnout) | set(scenario.stand_downs), known)
    seats = forecast.tree["seats"].ds
    regions = {str(r) for r in seats["region_of"].values[np.isin(seats["nation_of"].values, GB_NATIONS)]}
    _check_codes("region", set(scenario.regional_swing), regions)
    for region, swing in scenario.regional_swing.items():
        _check_codes(f"party in {region}", set(swing), known)
        for party, amount in swing.items():
            if abs(amount) > 0.3:
                raise BadInput(f"Regional swing of {party} in {region} is {amount:+.3f}; allowed are -0.3 to 0.3.")
    _check_seats(forecast, scenario)
    _check_contested(forecast, scenario)
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


def _check_seats(forecast: Forecast, scenario: Scenario) -> None:
    seats = forecast.tree["seats"].ds
    codes, names, regions, nations = (
        seats[field].values.astype(str) for field in ("constituency", "name", "region_of", "nation_of")
    )
    ours = np.isin(nations, GB_NATIONS)
    called = dict(zip(codes[ours], names[ours], strict=True))
    places = called | {str(place): str(place) for place in (*regions[ours], *nations[ours])}
    lines = [str(line) for line in seats["line"].values]
    stands = seats["base_share"].values > 0
    for party, given in scenario.stand_downs.items():
        for place in given:
            _check_place(f"place of {party}'s stand_downs", place, places)
        stands[np.isin(codes, given) | (np.isin(regions, given) | np.isin(nations, given)), lines.index(party)] = False
    if not stands.any(axis=1).all():
        raise BadInput(f"Nobody would stand in {names[~stands.any(axis=1)][0]}; leave a party in stand_downs out.")
    for seat, party in scenario.seats.items():
        _check_place("constituency", seat, dict(zip(codes, names, strict=True)))
        row = codes.tolist().index(seat)
        able = {lines[i] for i in np.flatnonzero(stands[row])}
        if party not in able:
            raise BadInput(f'"{party}" does not stand in {names[row]} ({seat}). Standing: {", ".join(sorted(able))}.')


def _check_contested(forecast: Forecast, scenario: Scenario) -> None:
    """Refuse what is asked of a party where it contests no seat: it would change nothing."""
    seats = forecast.tree["seats"].ds
    codes, names, regions, nations, held = (
        seats[field].values.astype(str) for field in ("constituency", "name", "region_of", "nation_of", "base_winner")
    )
    lines = [str(line) for line in seats["line"].values]
    contested = (seats["base_share"].values > 0) & (np.isin(nations, GB_NATIONS) & (held != SPEAKER))[:, None]
    asked = [("regional_swing", party, region) for region, by in scenario.regional_swing.items() for party in by]
    asked += [("stand_downs", party, place) for party, places in scenario.stand_downs.items() for place in places]
    for setting, party, place in asked:
        stands = contested[:, lines.index(party)]
        if not stands[(codes == place) | (regions == place) | (nations == place)].any():
            called = {code: f"{name} ({code})" for code, name in zip(codes, names, strict=True)}
            called |= {code: f"{called[code]}, the Speaker's seat" for code in codes[held == SPEAKER]}
            raise BadInput(
                f'"{party}" contests no seat in {called.get(place, place)}, so {setting} would change nothing there. '
                f"Leave it out, or choose a place in {', '.join(sorted(set(regions[stands])))}."
            )


def _check_place(what: str, given: str, known: dict[str, str]) -> None:
    """Refuse an unknown place, naming the one whose code or name comes nearest."""
    if given in known:
        return
    words = {word.lower(): code for code, name in known.items() for word in (code, name)}
    code = words[get_close_matches(given.lower(), words, n=1, cutoff=0.0)[0]]
    raise BadInput(f'No {what} "{given}" in this forecast. Nearest: "{code}" ({known[code]}).')


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


def _check_backing(forecast: Forecast, scenario: Scenario) -> None:
    states = {state.party: state for state in forecast.manifest.leaders}
    for party, change in scenario.parties.items():
        of_leader = (change.leader, change.favourability, change.mp_support, change.event)
        if any(value is not None for value in of_leader) and party not in states:
            raise BadInput(f'"{party}" has no leader in the data; only share_shift can be set for it.')
        if change.mp_support is not None and states[party].support is None:
            raise BadInput(f'There is no evidence of MPs\' support in "{party}", so mp_support cannot be set for it.')


def _check_events(forecast: Forecast, scenario: Scenario) -> None:
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
