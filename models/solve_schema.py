"""Questions the other way round: a goal, the chance it should have, and the one or two dials that may move."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from data.errors import BadInput
from data.strict_json import check_json
from models.count import has_majority, is_largest
from models.forecast import Forecast
from models.scenario import Scenario
from models.scenario_check import possible_days

GoalKind = Literal["majority", "largest", "seats", "seat", "hung"]
DialKind = Literal["favourability", "mp_support", "share", "tactical", "turnout", "day"]
LIMITS: dict[str, tuple[float, float]] = {
    "favourability": (-100.0, 100.0),
    "mp_support": (0.0, 100.0),
    "share": (-30.0, 30.0),
    "tactical": (0.0, 150.0),
    "turnout": (-50.0, 50.0),
}
"""How far each dial goes, in points or per cent: as far as a scenario allows. Days are the calendar's."""
COMMON = ("tactical", "day")
"""Dials that belong to no party."""
_FIELDS = {"favourability": "favourability", "mp_support": "mp_support", "share": "share_shift"}
_SCALE = {"favourability": 1.0}
_STRICT = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Goal(BaseModel):
    """What is to happen: ``seats`` (at least so many) and ``seat`` (a constituency's code) belong to their kinds."""

    model_config = _STRICT

    kind: GoalKind
    party: str | None = None
    seats: int | None = Field(default=None, ge=1)
    seat: str | None = None


class Dial(BaseModel):
    """What may move: of a party, but for tactical voting and the days to polling day, which are everybody's."""

    model_config = _STRICT

    kind: DialKind
    party: str | None = None


class Question(BaseModel):
    """What would it take? ``second`` is moved beside ``dial`` where a frontier is asked for."""

    model_config = _STRICT

    goal: Goal
    chance: float = Field(gt=0, lt=1)
    dial: Dial
    second: Dial | None = None


@dataclass(frozen=True, kw_only=True)
class Range:
    """Where a dial stands in the forecast, and how far it goes."""

    start: float
    lo: float
    hi: float


def read_question(text: str) -> Question:
    """Parse a question from JSON.

    Parameters
    ----------
    text : str
        A JSON object.

    Returns
    -------
    Question
        Checked for types and ranges; parties and seats are checked against a forecast when it is solved.

    Raises
    ------
    BadInput
        If the text is no JSON or breaks the schema.

    Examples
    --------
    >>> read_question('{"goal": {"kind": "hung"}, "chance": 0.5, "dial": {"kind": "tactical"}}').dial.kind
    'tactical'
    """
    check_json(text, "The question")
    try:
        return Question.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the question"
        raise BadInput(
            f'Setting "{where}" = {first["input"]!r} of the question is not allowed: {first["msg"]}.'
        ) from error


def range_of(forecast: Forecast, dial: Dial) -> Range:
    """Say where a dial stands in a forecast.

    Parameters
    ----------
    forecast : Forecast
        The base.
    dial : Dial
        Any dial.

    Returns
    -------
    Range
        In points, per cent or days.

    Raises
    ------
    BadInput
        If the party is unknown, or has no leader or no evidence of MPs' support.
    """
    if dial.kind in COMMON and dial.party is not None:
        what = "Tactical voting" if dial.kind == "tactical" else "Polling day"
        raise BadInput(f"{what} is moved for all parties at once; leave the party out.")
    if dial.kind == "day":
        first, last = ((day - forecast.manifest.as_of).days for day in possible_days(forecast))
        return Range(start=float(forecast.manifest.lead_days), lo=float(first), hi=float(last))
    lo, hi = LIMITS[dial.kind]
    if dial.kind == "tactical":
        return Range(start=100.0, lo=lo, hi=hi)
    if dial.party not in forecast.parties:
        raise BadInput(f'No party "{dial.party}" whose {dial.kind} could move. Known: {", ".join(forecast.parties)}.')
    if dial.kind in {"share", "turnout"}:
        return Range(start=0.0, lo=lo, hi=hi)
    state = next((state for state in forecast.manifest.leaders if state.party == dial.party), None)
    if state is None:
        raise BadInput(f'"{dial.party}" has no leader in the data, so {dial.kind} cannot be moved for it.')
    start = state.favourability if dial.kind == "favourability" else state.support
    if start is None:
        raise BadInput(f'There is no evidence of MPs\' support in "{dial.party}", so it cannot be moved.')
    return Range(start=start if dial.kind == "favourability" else 100.0 * start, lo=lo, hi=hi)


def scenario_of(forecast: Forecast, settings: Sequence[tuple[Dial, float]]) -> Scenario:
    """Write dials as a scenario; one that stands where the forecast has it is left out.

    Parameters
    ----------
    forecast : Forecast
        The base.
    settings : sequence of (Dial, float)
        Dials and where they stand, in points, per cent or days.

    Returns
    -------
    Scenario
        Ready to run.
    """
    moved = [(dial, value) for dial, value in settings if value != range_of(forecast, dial).start]
    return with_dials(forecast, Scenario(), moved)


def with_dials(forecast: Forecast, scenario: Scenario, settings: Sequence[tuple[Dial, float]]) -> Scenario:
    """Set dials in a scenario, whatever it says of them; all else in it stays.

    Parameters
    ----------
    forecast : Forecast
        The base.
    scenario : Scenario
        Where to set them.
    settings : sequence of (Dial, float)
        Dials and where they are to stand, in points, per cent or days (whole ones).

    Returns
    -------
    Scenario
        Ready to run.
    """
    asked: dict[str, Any] = scenario.model_dump(exclude_defaults=True)
    for dial, value in settings:
        scaled = value * _SCALE.get(dial.kind, 0.01)
        if dial.kind == "tactical":
            asked["tactical"] = scaled
        elif dial.kind == "day":
            asked["election_date"] = forecast.manifest.as_of + timedelta(days=round(value))
        elif dial.kind == "turnout":
            asked.setdefault("turnout", {})[dial.party] = scaled
        else:
            asked.setdefault("parties", {}).setdefault(dial.party, {})[_FIELDS[dial.kind]] = scaled
    return Scenario.model_validate(asked)


def check_goal(forecast: Forecast, goal: Goal) -> None:
    """Refuse a goal that cannot be asked of a forecast.

    Parameters
    ----------
    forecast : Forecast
        The base.
    goal : Goal
        What is to happen.

    Raises
    ------
    BadInput
        If party, number or seat are missing, unknown or do not belong to this kind of goal.
    """
    wanted = {"hung": set(), "seats": {"party", "seats"}, "seat": {"party", "seat"}}.get(goal.kind, {"party"})
    given = {name for name in ("party", "seats", "seat") if getattr(goal, name) is not None}
    if given != wanted:
        needs = " and ".join(sorted(wanted)) or "nothing else"
        raise BadInput(f'The goal "{goal.kind}" takes {needs}, not {" and ".join(sorted(given)) or "nothing"}.')
    if goal.party is not None and goal.party not in forecast.parties:
        raise BadInput(f'No party "{goal.party}" in this forecast. Known: {", ".join(forecast.parties)}.')
    if goal.seats is not None and goal.seats > forecast.n_seats:
        raise BadInput(f"No party can win {goal.seats} seats: the House has {forecast.n_seats}.")
    if goal.seat is not None:
        _check_seat(forecast, goal.seat, str(goal.party))


def _check_seat(forecast: Forecast, seat: str, party: str) -> None:
    ground = forecast.tree["seats"].ds
    codes = ground["constituency"].values.astype(str).tolist()
    if seat not in codes:
        raise BadInput(f'No constituency "{seat}" in this forecast; give its code, such as "{codes[0]}".')
    if ground["base_share"].values[codes.index(seat), forecast.lines.index(party)] <= 0:
        raise BadInput(f'"{party}" does not stand in {ground["name"].values[codes.index(seat)]}.')


def reached(forecast: Forecast, goal: Goal) -> NDArray[np.float64]:
    """Say of every draw whether the goal is reached.

    Parameters
    ----------
    forecast : Forecast
        The base, or the answer to a scenario.
    goal : Goal
        What is to happen.

    Returns
    -------
    array of shape (n_draws,)
        0 or 1; a tie for the largest party counts in part.
    """
    if goal.kind == "hung":
        return np.asarray(~has_majority(forecast.seats).any(axis=1), dtype=float)
    column = forecast.lines.index(str(goal.party))
    if goal.kind == "majority":
        return np.asarray(has_majority(forecast.seats)[:, column], dtype=float)
    if goal.kind == "largest":
        return is_largest(forecast.seats)[:, column]
    if goal.kind == "seats":
        return np.asarray(forecast.seats[:, column] >= (goal.seats or 0), dtype=float)
    row = forecast.tree["seats"].ds["constituency"].values.astype(str).tolist().index(str(goal.seat))
    return np.asarray(forecast.winner[:, row] == column, dtype=float)


def movable(forecast: Forecast, kind: str) -> list[str]:
    """Name the parties whose dial of a kind can be moved, most votes first; none for a dial of no party."""
    if kind in COMMON:
        return []
    held = {state.party: state for state in forecast.manifest.leaders}
    parties = [forecast.parties[i] for i in np.argsort(-forecast.votes.mean(axis=0), kind="stable")]
    if kind in {"share", "turnout"}:
        return parties
    return [p for p in parties if p in held and (kind == "favourability" or held[p].support is not None)]
