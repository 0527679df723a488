"""What-if questions as they are written down: settings, types, ranges. If they fit is for ``scenario_check`` to say."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from data.errors import BadInput
from data.strict_json import check_json
from models.leader_events import EventKind
from models.polling_error import PollingError


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
    stand_downs : dict
        Party code to the constituencies (codes), regions or nations of Great Britain where it does not stand. Its
        supporters there vote for the others, in proportion; elsewhere its votes are as forecast.
    turnout : dict
        Party code to a change in how many of its supporters vote, -0.5 to 0.5 (0.1 = a tenth more), alike everywhere.
    seats : dict
        Constituency code to the party that wins it whatever the draws say; shares of the vote stay as they are.
    polling_error : str, optional
        How wrong all polls turn out to be together: ``none``, or a year, as they were then; as drawn if left out.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    name: str | None = Field(default=None, max_length=80)
    election_date: date | None = None
    parties: dict[str, PartyScenario] = Field(default_factory=dict)
    regional_swing: dict[str, dict[str, float]] = Field(default_factory=dict)
    tactical: float = Field(default=1.0, ge=0, le=1.5)
    stand_downs: dict[str, list[str]] = Field(default_factory=dict)
    turnout: dict[str, Annotated[float, Field(ge=-0.5, le=0.5)]] = Field(default_factory=dict)
    seats: dict[str, str] = Field(default_factory=dict)
    polling_error: PollingError | None = None


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

    Examples
    --------
    >>> read_scenario('{"parties": {"lab": {"favourability": 10}}}').parties["lab"].favourability
    10.0
    >>> read_scenario('{"tactical": 2}')
    Traceback (most recent call last):
    data.errors.BadInput: Scenario setting "tactical" = 2 is not allowed: Input should be less than or equal to 1.5.
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

    Examples
    --------
    >>> print(scenario_json({"tactical": 0.0, "turnout": {"grn": 0.1}}))
    {
      "tactical": 0.0,
      "turnout": {
        "grn": 0.1
      }
    }
    """
    model = scenario if isinstance(scenario, Scenario) else Scenario.model_validate(scenario)
    return model.model_dump_json(indent=2, exclude_defaults=True)
