"""Candidates as the user gives them: names and, where the data know nothing, the user's own ranges."""

from dataclasses import replace
from datetime import date
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from data.errors import BadInput
from data.strict_json import check_json
from models.contest_record import Case, Reading
from models.rules import GROUPS

NORMAL_90 = 1.6449
"""Standard deviations from the middle to the end of a 90 % range."""
NARROW, EDGE = 1e-3, 0.005
_STRICT = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
Share = Annotated[float, Field(ge=0, le=1)]
Points = Annotated[float, Field(ge=-100, le=100)]


class CandidateInput(BaseModel):
    """A candidate with the user's own 90 % ranges; what is left out the model supplies.

    ``favourability`` is net, in points, among voters; the others are the candidate's share of the first votes of a
    group, 0 to 1.
    """

    model_config = _STRICT

    name: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\x00-\x1f]+$")
    ]
    favourability: tuple[Points, Points] | None = None
    mps: tuple[Share, Share] | None = None
    members: tuple[Share, Share] | None = None
    affiliates: tuple[Share, Share] | None = None
    supporters: tuple[Share, Share] | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "CandidateInput":
        for field in ("favourability", *GROUPS):
            given = getattr(self, field)
            if given is not None and given[0] > given[1]:
                raise ValueError(f"the range {field} of {self.name} runs from {given[0]:g} down to {given[1]:g}")
        return self

    def standing(self) -> tuple[float, float] | None:
        """Mean and sd of favourability, in points; None where it is not given."""
        if self.favourability is None:
            return None
        lo, hi = self.favourability
        return (lo + hi) / 2.0, (hi - lo) / (2.0 * NORMAL_90)

    def readings(self, day: date) -> list[Reading]:
        """The ranges as readings of the contest."""
        found = []
        for group in GROUPS:
            given = getattr(self, group)
            if given is not None:
                lo, hi = (np.clip(end, EDGE, 1.0 - EDGE) for end in given)
                ends = np.log(lo) - np.log1p(-lo), np.log(hi) - np.log1p(-hi)
                middle = 1.0 / (1.0 + np.exp(-(ends[0] + ends[1]) / 2.0))
                found.append(
                    Reading(
                        kind="range",
                        group=group,
                        who=(self.name,),
                        share=np.array([middle, 1.0 - middle]),
                        day=day,
                        sd=max(float(ends[1] - ends[0]) / (2.0 * NORMAL_90), NARROW),
                    )
                )
        return found


class ContestInput(BaseModel):
    """The candidates of a contest, and the day its deciding ballot ends where that is not known."""

    model_config = _STRICT

    candidates: Annotated[list[CandidateInput], Field(min_length=1, max_length=12)]
    result_day: date | None = None

    @model_validator(mode="after")
    def _can_be(self) -> "ContestInput":
        for group in GROUPS:
            given = [ends for one in self.candidates if (ends := getattr(one, group)) is not None]
            least, most = sum(lo for lo, _ in given), sum(hi for _, hi in given)
            if least > 1.0 + NARROW or (len(given) == len(self.candidates) and most < 1.0 - NARROW):
                raise ValueError(
                    f"the shares of {group} cannot sum to 1: they run from {least:.2f} to {most:.2f} in all"
                )
        return self


def read_candidates(text: str) -> ContestInput:
    """Parse candidates from JSON.

    Parameters
    ----------
    text : str
        A JSON object with the fields of ``ContestInput``; ranges are lists of two numbers.

    Returns
    -------
    ContestInput
        Checked for types and ranges.

    Raises
    ------
    BadInput
        If the text is not JSON or breaks the schema.
    """
    check_json(text, "The list of candidates")
    try:
        return ContestInput.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the list"
        if first["type"] == "extra_forbidden":
            allowed = ", ".join([*ContestInput.model_fields, *CandidateInput.model_fields])
            raise BadInput(f'Unknown setting "{where}" in the list of candidates. Allowed: {allowed}.') from error
        reason = first["msg"].removeprefix("Value error, ")
        raise BadInput(f'Setting "{where}" in the list of candidates is not allowed: {reason}.') from error


def with_ranges(case: Case, given: ContestInput, day: date) -> Case:
    """Add the user's ranges to what the data know of a contest.

    Parameters
    ----------
    case : Case
        The contest with the user's candidates on its paper.
    given : ContestInput
        The candidates.
    day : date
        The cut.

    Returns
    -------
    Case
        With a reading for each range.
    """
    ranges = tuple(reading for one in given.candidates for reading in one.readings(day))
    return replace(case, readings=(*case.readings, *ranges))
