"""A scenario in words: what it sets, in the order of the panel."""

from collections.abc import Iterator

from models.forecast import Forecast
from models.scenario import PartyScenario, Scenario
from models.seat_holders import party_mps
from views import palette, words

ERRORS = {
    None: "As in the simulations",
    "none": "None: polls are right",
    "1992": "As in 1992: Conservatives polled 5 points too low",
    "2015": "As in 2015: Conservatives polled 4 points too low",
    "2017": "As in 2017: Labour polled 5 points too low",
    "2024": "As in 2024: Labour polled 5 points too high",
}
"""Common error of the last polls; a test holds the figures to ``models.polling_error``."""


def settings(base: Forecast, scenario: Scenario) -> list[str]:
    """Say what a scenario sets, a phrase a setting.

    Parameters
    ----------
    base : Forecast
        The forecast it is put to.
    scenario : Scenario
        The question.

    Returns
    -------
    list of str
        Phrases of plain text, as ``Reform +2 points``; empty for a scenario that sets nothing.
    """
    found: list[str] = []
    for party, change in scenario.parties.items():
        found += _of_party(base, party, change)
    for party, part in scenario.turnout.items():
        found.append(f"{_short(party)} supporters who vote {words.signed(100 * part)}%")
    for region, swing in scenario.regional_swing.items():
        found += [f"{_short(party)} {_points(amount)} in {region}" for party, amount in swing.items()]
    called = _names(base)
    found += [f"{_short(party)} wins {called.get(code, code)}" for code, party in scenario.seats.items()]
    for party, places in scenario.stand_downs.items():
        found += [f"{_short(party)} does not stand in {called.get(place, place)}" for place in places]
    if scenario.tactical != 1.0:
        found.append(f"tactical voting at {100 * scenario.tactical:.0f}% of the estimate")
    if scenario.polling_error is not None:
        error = ERRORS[scenario.polling_error]
        found.append(f"polls' error: {error[0].lower()}{error[1:]}")
    if scenario.election_date is not None:
        found.append(f"polling day {words.day(scenario.election_date)}")
    return found


def _of_party(base: Forecast, party: str, change: PartyScenario) -> Iterator[str]:
    short = _short(party)
    if change.leader is not None:
        yield f"{short} led by {change.leader}"
    if change.favourability is not None:
        yield f"{short} leader's net favourability {words.signed(change.favourability)}"
    if change.mp_support is not None:
        mps = party_mps(base).get(party)
        count = f" ({round(change.mp_support * mps)} of {mps})" if mps else ""
        yield f"{100 * change.mp_support:.0f}% of {short} MPs behind the leader{count}"
    if change.event is not None:
        when = "" if change.event_date is None else f" on {words.day(change.event_date)}"
        yield f"{short} leader: {change.event.replace('_', ' ')}{when}"
    if change.share_shift is not None:
        yield f"{short} {_points(change.share_shift)}"


def _points(amount: float) -> str:
    points = round(100 * amount, 1)
    return f"{words.signed(points, 0 if points == round(points) else 1)} points"


def _short(party: str) -> str:
    return palette.line(party).short


def _names(base: Forecast) -> dict[str, str]:
    ds = base.tree["seats"].ds
    return dict(zip(ds["constituency"].values.tolist(), ds["name"].values.tolist(), strict=True))
