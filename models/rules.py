"""How a party chooses its leader, as data: stages, who votes in each, with which weight, by which ballot.

Rules of the past are rows of ``selection_rules`` and ``selection_sections``; a rule of the user's own is JSON with the
same parts (``read_rule``). ``models.ballots`` counts any of them; no rule has code of its own.
"""

import json
from datetime import date
from typing import Annotated, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from data import Evidence
from data.errors import BadInput
from data.strict_json import check_json

Group = Literal["mps", "members", "affiliates", "supporters"]
Method = Literal["alternative_vote", "exhaustive_ballot", "two_way"]
GROUPS: tuple[Group, ...] = ("mps", "members", "affiliates", "supporters")
PARTY_GROUPS: dict[str, tuple[Group, ...]] = {"lab": GROUPS}
"""Groups a party has. Only Labour has had affiliates (trade unions, socialist societies) and registered supporters."""
PLAIN_GROUPS: tuple[Group, ...] = ("mps", "members")
NEAR = 1e-3
"""Weights may miss 1 by this much, as thirds are written 0.333."""
_STRICT = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Section(BaseModel):
    """Who votes, and how much of the stage the section is worth; in a section of several groups all votes are equal."""

    model_config = _STRICT

    who: Annotated[list[Group], Field(min_length=1, max_length=4)]
    weight: float = Field(default=1.0, gt=0, le=1)


class Stage(BaseModel):
    """One ballot paper. ``advance`` candidates go on to the next stage; the last stage has none and decides."""

    model_config = _STRICT

    sections: Annotated[list[Section], Field(min_length=1, max_length=4)]
    method: Method = "alternative_vote"
    advance: int | None = Field(default=None, ge=2, le=10)

    @model_validator(mode="after")
    def _adds_up(self) -> "Stage":
        total = sum(section.weight for section in self.sections)
        if abs(total - 1.0) > NEAR:
            raise ValueError(f"the weights of a stage sum to {total:.3f}; they must sum to 1")
        named = [group for section in self.sections for group in section.who]
        twice = {group for group in named if named.count(group) > 1}
        if twice:
            raise ValueError(f"{min(twice)} vote twice in one stage; name each group once")
        return self


class Rule(BaseModel):
    """A rule of selection.

    Attributes
    ----------
    rule : str
        Code, as in ``selection_rules``; ``own`` for the user's.
    name : str
        The rule in a few words.
    nomination : float, optional
        Share of the party's MPs a candidate needs to stand, 0 to 1; none where anybody may.
    incumbent_stands : bool
        Whether a challenged leader stands without nominations.
    lead : float, optional
        Lead over the runner-up that the first ballot needs beside a majority, 0 to 1.
    stages : list of Stage
        In the order in which they vote.
    """

    model_config = _STRICT

    rule: str = Field(default="own", min_length=1, max_length=20)
    name: str = Field(default="A rule of your own", min_length=1, max_length=120)
    nomination: float | None = Field(default=None, ge=0, le=1)
    incumbent_stands: bool = False
    lead: float | None = Field(default=None, ge=0, le=1)
    stages: Annotated[list[Stage], Field(min_length=1, max_length=3)]

    @model_validator(mode="after")
    def _ends(self) -> "Rule":
        if self.stages[-1].advance is not None:
            raise ValueError("the last stage decides, so it has no advance; leave it out")
        if any(stage.advance is None for stage in self.stages[:-1]):
            raise ValueError("every stage but the last needs advance, the number of candidates who go on")
        return self

    @property
    def groups(self) -> set[Group]:
        """All groups that vote under the rule."""
        return {group for stage in self.stages for section in stage.sections for group in section.who}


def read_rule(text: str) -> Rule:
    """Parse a rule of the user's own.

    Parameters
    ----------
    text : str
        A JSON object with the fields of ``Rule``.

    Returns
    -------
    Rule
        Checked: weights sum to 1, every stage but the last says how many go on.

    Raises
    ------
    BadInput
        If the text is not JSON or breaks the schema.
    """
    check_json(text, "The rule")
    try:
        return Rule.model_validate_json(text)
    except ValidationError as error:
        raise BadInput(_sentence(error)) from error


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"]) or "the rule"
    if first["type"] == "extra_forbidden":
        return f'Unknown setting "{where}" in the rule. Allowed: {", ".join(Rule.model_fields)}.'
    reason = first["msg"].removeprefix("Value error, ")
    given = json.dumps(first["input"], default=str)
    shown = f" = {given}" if len(given) <= 60 else ""
    return f'Rule setting "{where}"{shown} is not allowed: {reason}.'


def known_rules(evidence: Evidence) -> dict[str, Rule]:
    """All rules the tables hold.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut or not.

    Returns
    -------
    dict
        Code to rule, oldest first.
    """
    sections = evidence.selection_sections.sort("rule", "stage", "section").to_dicts()
    found = {}
    for row in evidence.selection_rules.sort("start", "rule").iter_rows(named=True):
        own = [part for part in sections if part["rule"] == row["rule"]]
        stages = [
            Stage(
                sections=[
                    Section(who=(part["electorate"] or part["section"]).split(), weight=part["weight"])
                    for part in own
                    if part["stage"] == number
                ],
                method=next(part["method"] for part in own if part["stage"] == number),
                advance=next(part["advance"] for part in own if part["stage"] == number),
            )
            for number in sorted({part["stage"] for part in own})
        ]
        found[row["rule"]] = Rule(
            rule=row["rule"],
            name=row["name"],
            nomination=row["nomination"],
            # Where it is not known she stands, as every leader who was challenged under such a rule has.
            incumbent_stands=row["incumbent_stands"] is not False,
            lead=row["lead"],
            stages=stages,
        )
    return found


def rule_on(evidence: Evidence, party: str, day: date) -> Rule:
    """Give the rule a party had in force on a day.

    Parameters
    ----------
    evidence : Evidence
        Tables.
    party : str
        Party code.
    day : date
        Day.

    Returns
    -------
    Rule
        The last to start by then.

    Raises
    ------
    BadInput
        If no rule of the party is known for the day.
    """
    rows = evidence.selection_rules.filter(pl.col("party") == party, pl.col("start") <= day).sort("start")
    if rows.is_empty():
        known = sorted(set(evidence.selection_rules["party"]))
        raise BadInput(
            f'No rule of selection is known for "{party}" on {day}. Rules are known for {", ".join(known)}; '
            "give one of your own with --rule FILE."
        )
    return known_rules(evidence)[rows["rule"][-1]]


def groups_of(party: str) -> tuple[Group, ...]:
    """Groups that a party has: MPs and members, and in Labour affiliates and supporters."""
    return PARTY_GROUPS.get(party, PLAIN_GROUPS)


def check_rule(rule: Rule, party: str) -> None:
    """Refuse a rule under which groups vote that a party does not have.

    Parameters
    ----------
    rule : Rule
        The rule.
    party : str
        Party code.

    Raises
    ------
    BadInput
        If it does not fit the party.
    """
    has = groups_of(party)
    missing = sorted(rule.groups - set(has))
    if missing:
        raise BadInput(
            f'Rule {rule.rule} gives a vote to {missing[0]}, whom "{party}" does not have. '
            f"It has {' and '.join(has)}: choose another rule, or give one of your own."
        )
