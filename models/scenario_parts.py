"""A scenario taken apart into single settings, and any of them put together again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.forecast import Forecast
from models.scenario_schema import Scenario

OF_PARTY: dict[str, tuple[str, ...]] = {
    "leader": ("leader", "favourability"),
    "favourability": ("favourability",),
    "mp_support": ("mp_support",),
    "event": ("event", "event_date"),
    "share": ("share_shift",),
}
"""Kinds of parts of one party, and their settings. Another leader's favourability is hers: they are one part."""
BY_PARTY = ("turnout", "stand_downs")
CALLED = {"regional_swing": "region", "election_date": "day"}
"""Short names of settings of no party."""
MOST_SHARED = 0.99
"""All that parties with a share of their own may be given together (``models.scenario_check``)."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One setting: its kind, its party where it has one, and a scenario of nothing else.

    Kinds are ``leader, favourability, mp_support, event, share, turnout, stand_downs`` of a party, and ``day``,
    ``region``, ``tactical``, ``seats``, ``polling_error``. A ``share`` without a party is that of all parties together.
    """

    kind: str
    party: str | None = None
    scenario: Scenario


def parts_of(forecast: Forecast, scenario: Scenario) -> list[Part]:
    """Take a scenario apart.

    Parameters
    ----------
    forecast : Forecast
        The base.
    scenario : Scenario
        One that fits it.

    Returns
    -------
    list of Part
        Only what is set, along the chain from leaders to seats. Any of them together fit the forecast. Where shares of
        several parties would not, they are one part.
    """
    found = [_part(kind, party, change) for kind, party, change in _settings(scenario)]
    shares = [part for part in found if part.kind == "share"]
    if len(shares) > 1 and not _fit(forecast, scenario):
        joint = Part(kind="share", scenario=together(forecast, shares))
        found = [joint if part is shares[0] else part for part in found if part not in shares[1:]]
    return found


def _part(kind: str, party: str | None, fields: dict[str, Any]) -> Part:
    return Part(kind=kind, party=party, scenario=Scenario.model_validate(fields))


def _settings(scenario: Scenario) -> Iterable[tuple[str, str | None, dict[str, Any]]]:
    """Kind, party and fields of every setting that is set."""
    said = {party: change.model_dump(exclude_defaults=True) for party, change in scenario.parties.items()}
    for kind, fields in OF_PARTY.items():
        for party, change in said.items():
            hers = kind == "favourability" and "leader" in change
            still = kind == "share" and not change.get("share_shift")
            if fields[0] not in change or hers or still:
                continue
            yield kind, party, {"parties": {party: {field: change[field] for field in fields if field in change}}}
    whole = scenario.model_dump(exclude_defaults=True, exclude={"name", "parties"})
    for kind in BY_PARTY:
        for party, amount in whole.pop(kind, {}).items():
            if amount:
                yield kind, party, {kind: {party: amount}}
    for field, value in whole.items():
        yield CALLED.get(field, field), None, {field: value}


def _fit(forecast: Forecast, scenario: Scenario) -> bool:
    """Whether any of the shares that are set leave the others enough."""
    means = dict(zip(forecast.parties, forecast.votes.mean(axis=0), strict=True))
    given = [means[party] + change.share_shift for party, change in scenario.parties.items() if change.share_shift]
    return bool(sum(max(share, 0.0) for share in given) <= MOST_SHARED)


def together(forecast: Forecast, parts: Iterable[Part]) -> Scenario:
    """Put parts together.

    Parameters
    ----------
    forecast : Forecast
        The base.
    parts : iterable of Part
        Any of those of one scenario.

    Returns
    -------
    Scenario
        One that fits the forecast.
    """
    asked: dict[str, Any] = {}
    for part in parts:
        for field, value in part.scenario.model_dump(exclude_defaults=True).items():
            if field == "parties":
                for party, change in value.items():
                    asked.setdefault("parties", {}).setdefault(party, {}).update(change)
            elif isinstance(value, dict):
                asked.setdefault(field, {}).update(value)
            else:
                asked[field] = value
    return until(Scenario.model_validate(asked), forecast.manifest.election_date)


def until(scenario: Scenario, usual: date) -> Scenario:
    """Leave out events that come after polling day: they befall nobody by then.

    Parameters
    ----------
    scenario : Scenario
        Any scenario.
    usual : date
        Polling day where it sets none.

    Returns
    -------
    Scenario
        The same where no event comes too late.
    """
    day = scenario.election_date or usual
    kept = {
        party: change.model_copy(update={"event": None, "event_date": None})
        if change.event_date is not None and change.event_date > day
        else change
        for party, change in scenario.parties.items()
    }
    return scenario.model_copy(update={"parties": kept})
