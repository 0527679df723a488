"""The panel of the contest lab: which contest, who stands, which rules, and a rule of the user's own."""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl
import streamlit as st

from data import Evidence
from data.errors import BadInput
from models.contest_answer import USUAL_DAYS
from models.contest_input import ContestInput, read_candidates
from models.contest_replay import PARTIES, rules_beside
from models.forecast import Forecast
from models.rules import Rule, check_rule, groups_of, known_rules
from views import frames_leadership_past, leadership_rule, palette, words
from views.names_leadership import rule_name, rule_title

KEPT = "le_candidates"
PAST, OWN = "A past contest", "One of your own"
OPENS_WITH = "lab2016"
"""The contest that the page opens with: the question it answers."""
FIELDS = {
    "favourability": ("Favourability", 1.0),
    "mps": ("% of MPs", 100.0),
    "members": ("% of members", 100.0),
    "affiliates": ("% of affiliates", 100.0),
    "supporters": ("% of supporters", 100.0),
}
"""What may be said of a candidate: heading, and by how much a number on the screen is larger than in the model."""
CHALLENGER = "A challenger"


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked: a past contest (``contest_id``) or the user's (``given``), and the rules beside the one in force.

    ``own`` is the user's rule as JSON, empty where there is none.
    """

    party: str
    day: date
    contest_id: str = ""
    given: ContestInput | None = None
    codes: tuple[str, ...] = ()
    own: str = ""

    def text(self) -> str:
        """All of it as JSON, by which an answer is kept."""
        given = None if self.given is None else self.given.model_dump(mode="json")
        return json.dumps([self.party, self.day.isoformat(), self.contest_id, given, self.codes, self.own])


def ask(tables: Evidence, forecast: Forecast, contests: pl.DataFrame) -> Question:
    """Draw the panel and read the question off it.

    Parameters
    ----------
    tables : Evidence
        All tables, uncut.
    forecast : Forecast
        The shown forecast, whose day is that of the user's own contest.
    contests : pl.DataFrame
        ``reports/contests.csv``; empty where there is none.

    Returns
    -------
    Question
        What the user asks.

    Raises
    ------
    BadInput
        If the user's candidates cannot be read.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        party = st.segmented_control(
            "Party", PARTIES, default="lab", required=True, key="le_party", format_func=_party_name,
            persist_state="session",
        ) or "lab"  # fmt: skip
        past = frames_leadership_past.newest_first(contests, party)
        modes = [PAST, OWN] if past.height else [OWN]
        mode = st.segmented_control(
            "Contest", modes, default=modes[0], required=True, key="le_mode", persist_state="session"
        )
        contest = _past_contest(past) if mode == PAST else None
    day = contest["eve"] if contest else forecast.manifest.as_of
    wrong, given = "", None
    if contest is None:
        try:
            given = _candidates(forecast, party, day)
        except BadInput as error:
            wrong = str(error)
    codes = _rules(tables, party, day)
    own = leadership_rule.own_rule(party)
    if wrong:
        raise BadInput(wrong)
    key = contest["contest_id"] if contest else ""
    return Question(party=party, day=day, contest_id=key, given=given, codes=codes, own=own)


def _party_name(code: str) -> str:
    return palette.line(code).name


def _past_contest(past: pl.DataFrame) -> dict[str, Any]:
    titles = {frames_leadership_past.title(row): row for row in past.iter_rows(named=True)}
    usual = next((i for i, row in enumerate(titles.values()) if row["contest_id"] == OPENS_WITH), 0)
    party = next(iter(titles.values()))["party"]
    chosen = st.selectbox(
        "Held on its eve", list(titles), index=usual, key=f"le_past_{party}", width=330, persist_state="session"
    )
    return titles[chosen]


def _rules(tables: Evidence, party: str, day: date) -> tuple[str, ...]:
    """Ask for the rules to compare; the one in force is always there and not among them."""
    ours, *beside = rules_beside(tables, party, day)
    usual = {rule.rule for rule in beside}
    fitting = [rule for rule in known_rules(tables).values() if rule.rule != ours.rule and _fits(rule, party)]
    told = st.container()
    # Boxes and not tags: tags are white on the pale accent of the dark theme.
    with st.expander("Rules to compare"):
        chosen = [
            rule
            for rule in fitting
            if st.checkbox(
                words.safe(rule_name(rule)),
                rule.rule in usual,
                key=f"le_rule_{rule.rule}_{party}_{ours.rule}",
                persist_state="session",
            )
        ]
    named = words.listed([rule_title(rule.rule) for rule in chosen]) or "no other of the past"
    told.markdown(words.safe(f"Rule in force: {rule_name(ours)}. Compared with: {named}."))
    return tuple(rule.rule for rule in chosen)


def _fits(rule: Rule, party: str) -> bool:
    try:
        check_rule(rule, party)
    except BadInput:
        return False
    return True


def fields_of(party: str) -> list[str]:
    """What may be said of a candidate of a party: favourability, and a share of each group the party has."""
    return ["favourability", *groups_of(party)]


def start_rows(forecast: Forecast, party: str) -> list[dict[str, Any]]:
    """Rows the table of candidates starts with: the leader in office, where there is one, and a challenger."""
    leader = [state.leader for state in forecast.manifest.leaders if state.party == party]
    return [{"name": name} for name in [*leader, CHALLENGER, "Another challenger"][:2]]


def _candidates(forecast: Forecast, party: str, day: date) -> ContestInput:
    """Draw the table of candidates and read it."""
    st.markdown(
        f"A contest as of {words.safe(words.day(day))}. One candidate a row; ranges are 90% ranges and may stay empty: "
        "**what is left empty the model supplies**. On candidates who are not in the data, the answer is no better "
        "than the ranges you give."
    )
    state, names = st.session_state, fields_of(party)
    kept: dict[str, list[dict[str, Any]]] = state.setdefault(KEPT, {})
    key = f"le_editor_{party}"
    if key not in state or f"{key}_base" not in state:  # first visit, or return from another page
        state[f"{key}_base"] = kept.get(party) or start_rows(forecast, party)
    with st.form(f"le_stand_{party}", border=False):
        rows = st.data_editor(
            frame_of(state[f"{key}_base"], names),
            num_rows="dynamic",
            hide_index=True,
            key=key,
            column_config=_columns(names),
            placeholder="model",
            alt="Candidates and your ranges for them",
        ).to_dicts()
        with st.container(horizontal=True, vertical_alignment="bottom"):
            due = st.date_input(
                "Result due", day + timedelta(days=USUAL_DAYS), min_value=day + timedelta(days=1),
                max_value=day + timedelta(days=365), key=f"le_due_{party}", format="DD/MM/YYYY", width=200,
            )  # fmt: skip
            st.form_submit_button("Hold this contest")
    kept[party] = rows
    return read_rows(rows, names, due)


def frame_of(rows: Iterable[Mapping[str, Any]], fields: list[str]) -> pl.DataFrame:
    """Rows as a table with a name and both ends of each range."""
    ends = [f"{field}_{end}" for field in fields for end in ("lo", "hi")]
    schema: dict[str, Any] = {"name": pl.String} | dict.fromkeys(ends, pl.Float64)
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def _columns(fields: list[str]) -> dict[str, Any]:
    config: dict[str, Any] = {
        "name": st.column_config.TextColumn("Candidate", max_chars=80, width=160, default="Another candidate")
    }
    for field in fields:
        label, _ = FIELDS[field]
        least, step = (-100, 1) if field == "favourability" else (0, 1)
        for end, name in (("lo", f"{label} from"), ("hi", "to")):
            config[f"{field}_{end}"] = st.column_config.NumberColumn(
                name, min_value=least, max_value=100, step=step, width=150 if end == "lo" else 64
            )
    return config


def read_rows(rows: Iterable[Mapping[str, Any]], fields: list[str], due: date | None) -> ContestInput:
    """Read candidates off the rows of the table.

    Parameters
    ----------
    rows : iterable of mapping
        ``name`` and both ends of each range, as on the screen; a row without anything is passed over.
    fields : list of str
        What may be said of a candidate.
    due : date, optional
        Day of the result.

    Returns
    -------
    ContestInput
        The candidates.

    Raises
    ------
    BadInput
        If a range has one end, a row has no name, or the candidates break the schema.
    """
    found = []
    for row in rows:
        name = str(row.get("name") or "").strip()
        ends = {field: [_number(row.get(f"{field}_{end}")) for end in ("lo", "hi")] for field in fields}
        given = {field: pair for field, pair in ends.items() if pair != [None, None]}
        if given and not name:
            raise BadInput("A row has ranges but no candidate. Name the candidate, or delete the row.")
        one: dict[str, Any] = {"name": name}
        for field, pair in given.items():
            label, scale = FIELDS[field]
            low, high = pair
            if low is None or high is None:
                raise BadInput(f'The range "{label}" of {name} has one end only. Give both ends, or neither.')
            one[field] = [low / scale, high / scale]
        found += [one] if name else []
    if len(found) < 2:
        raise BadInput("Fewer than two candidates are named, so there is no contest to hold: name two or more.")
    return read_candidates(json.dumps({"candidates": found, "result_day": due.isoformat() if due else None}))


def _number(value: Any) -> float | None:
    return None if value is None or math.isnan(value) else float(value)
