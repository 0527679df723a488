"""What is supposed to have been observed, as it is written down, and whether it can be of a forecast.

A scenario sets things ("if we made it so"). What is given here is only seen ("if we had observed this"): nothing is
moved, and simulations in which it comes about count more.
"""

from difflib import get_close_matches
from typing import Annotated, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from data.errors import BadInput
from data.strict_json import check_json
from models.forecast import Forecast
from models.standing_in import SPEAKER

HUNG = "none"
"""Whose majority it is in a hung parliament."""
REACH = 3.0
"""How many tolerances a share may lie beyond all simulations: further off, none of them is like it."""
Share = Annotated[float, Field(ge=0, le=1)]


class Given(BaseModel):
    """What is supposed to have been observed on polling day. Whatever is left out may be anything.

    Attributes
    ----------
    votes : dict
        Party code to its share of the Great Britain vote, 0 to 1.
    tolerance : float
        How exactly shares are observed: the standard deviation of a normal kernel around them (0.01 = one point).
    seats : dict
        Constituency code to the line that wins it.
    largest : str, optional
        The line with the most seats.
    majority : str, optional
        The line with a majority; ``none`` for a hung parliament.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    votes: dict[str, Share] = Field(default_factory=dict)
    tolerance: float = Field(default=0.01, ge=0.001, le=0.1)
    seats: dict[str, str] = Field(default_factory=dict)
    largest: str | None = None
    majority: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is supposed to have been observed."""
        return not (self.votes or self.seats or self.largest or self.majority)


def read_given(text: str) -> Given:
    """Parse from JSON what is supposed to have been observed.

    Parameters
    ----------
    text : str
        A JSON object.

    Returns
    -------
    Given
        Checked for types and ranges; ``check_given`` checks it against a forecast.

    Raises
    ------
    BadInput
        If the text is too long or too deep, is not JSON, has a key twice (one seat with two winners, say), NaN or
        infinity, or breaks the schema.

    Examples
    --------
    >>> read_given('{"votes": {"lab": 0.3}, "largest": "con"}').votes
    {'lab': 0.3}
    >>> read_given("{}").is_empty
    True
    """
    check_json(text, "What is given")
    try:
        return Given.model_validate_json(text)
    except ValidationError as error:
        raise BadInput(_sentence(error)) from error


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"]) or "what is given"
    if first["type"] == "extra_forbidden":
        return f'Unknown setting "{where}" in what is given. Allowed: {", ".join(Given.model_fields)}.'
    more = f" ({error.error_count() - 1} more faults)" if error.error_count() > 1 else ""
    return f'Given "{where}" = {first["input"]!r} is not allowed: {first["msg"]}.{more}'


def check_given(forecast: Forecast, given: Given) -> None:
    """Check what is given against the forecast it is to be observed in.

    Parameters
    ----------
    forecast : Forecast
        A forecast, or the answer to a scenario.
    given : Given
        What is supposed to have been observed.

    Raises
    ------
    BadInput
        If it names an unknown party or seat, a winner that does not stand, shares that cannot sum to 1 or that no
        simulation comes near, or a majority of one party and most seats of another.
    """
    for party in given.votes:
        _check_code("party with a vote of its own", party, forecast.parties)
    able = [line for line in forecast.lines if line != SPEAKER]
    if given.largest is not None:
        _check_code("party", given.largest, able)
    if given.majority is not None:
        _check_code("party", given.majority, [*able, HUNG])
    if given.largest and given.majority not in (None, HUNG, given.largest):
        raise BadInput(
            f'"{given.majority}" cannot have a majority while "{given.largest}" is the largest party. '
            "Leave one of the two out."
        )
    _check_votes(forecast, given)
    _check_seats(forecast, given)


def _check_code(what: str, code: str, known: list[str]) -> None:
    if code not in known:
        nearest = get_close_matches(code.lower(), known, n=1, cutoff=0.0)[0]
        raise BadInput(f'No {what} "{code}" in this forecast. Nearest: "{nearest}"; available: {", ".join(known)}.')


def _check_votes(forecast: Forecast, given: Given) -> None:
    total, room = sum(given.votes.values()), given.tolerance * len(given.votes)
    if total > 1.0 + room + 1e-9:
        raise BadInput(f"The shares given sum to {total:.1%} of the vote; they cannot be more than all of it.")
    if set(given.votes) == set(forecast.parties) and total < 1.0 - room - 1e-9:
        raise BadInput(f"The shares given are of all parties, but sum to {total:.1%} of the vote. Leave one out.")
    for party, share in given.votes.items():
        drawn = forecast.votes[:, forecast.parties.index(party)]
        low, high = float(drawn.min()), float(drawn.max())
        if not low - REACH * given.tolerance <= share <= high + REACH * given.tolerance:
            raise BadInput(
                f'No simulation comes near {share:.1%} of the vote for "{party}": they have {low:.1%} to {high:.1%}. '
                'Choose a share among them, or use "make it so".'
            )


def _check_seats(forecast: Forecast, given: Given) -> None:
    seats = forecast.tree["seats"].ds
    names: dict[str, str] = dict(
        zip(seats["constituency"].values.astype(str), seats["name"].values.astype(str), strict=True)
    )
    stands: Any = seats["base_share"].values > 0
    lines = [str(line) for line in seats["line"].values]
    codes = list(names)
    for code, line in given.seats.items():
        if code not in names:
            words = {word.lower(): known for known, name in names.items() for word in (known, name)}
            nearest = words[get_close_matches(code.lower(), words, n=1, cutoff=0.0)[0]]
            raise BadInput(f'No constituency "{code}" in this forecast. Nearest: "{nearest}" ({names[nearest]}).')
        able = [lines[i] for i in np.flatnonzero(stands[codes.index(code)])]
        if line not in able:
            raise BadInput(f'"{line}" does not stand in {names[code]} ({code}). Standing: {", ".join(sorted(able))}.')
