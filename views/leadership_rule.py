"""The form for a rule of the user's own, in the contest lab."""

import json
from collections.abc import Mapping
from typing import Any

import streamlit as st

from data.errors import BadInput
from models.rules import Rule, check_rule, groups_of, read_rule
from views import words
from views.draw import offer
from views.names_leadership import GROUP_LABELS, OWN

HELD, ERROR, UPLOAD = "le_own", "le_own_error", "le_own_file"
METHODS = {
    "alternative_vote": "Alternative vote: preferences are counted",
    "exhaustive_ballot": "Ballot after ballot, the last falls out",
    "two_way": "One ballot between two",
}
SHORTLISTS = (0, 2, 3, 4, 5)
WEIGHTS = {"mps": 34.0, "members": 33.0, "affiliates": 33.0, "supporters": 0.0}
PLAIN_WEIGHTS = {"mps": 50.0, "members": 50.0}


def own_rule(party: str) -> str:
    """Draw the form and give the rule that is held.

    Parameters
    ----------
    party : str
        Party code.

    Returns
    -------
    str
        The rule as JSON; empty where none is held, or the one held does not fit the party.
    """
    state = st.session_state
    with st.expander("A rule of your own", expanded=bool(state.get(HELD) or state.get(ERROR))):
        _form(party)
        st.file_uploader(
            "Or load a rule (JSON, at most 1 MB)",
            type="json",
            max_upload_size=1,
            key=UPLOAD,
            on_change=_load,
            args=(party,),
        )
        if problem := state.get(ERROR):
            st.error(words.safe(problem))
        held = str(state.get(HELD, ""))
        if not held:
            return ""
        rule = read_rule(held)
        try:
            check_rule(rule, party)
        except BadInput as error:
            st.error(words.safe(str(error)))
            held = ""
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(words.safe(f"Compared: {rule.name}." if held else f"Not compared: {rule.name}."))
            offer(
                "Save it (JSON)", lambda: rule.model_dump_json(indent=2), "rule.json", mime="text/json", key="le_save"
            )
            st.button("Leave it out", on_click=_drop, key="le_drop")
    return held


def _form(party: str) -> None:
    groups = groups_of(party)
    usual = WEIGHTS if len(groups) > len(PLAIN_WEIGHTS) else PLAIN_WEIGHTS
    with st.form(f"le_form_{party}", border=False):
        st.text_input("Name", "A rule of your own", max_chars=120, key=f"le_name_{party}")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            for group in groups:
                st.number_input(
                    f"{GROUP_LABELS[group]}: weight in %", 0.0, 100.0, usual[group], 1.0, "%.0f",
                    key=f"le_weight_{group}_{party}", width=170,
                )  # fmt: skip
        st.checkbox(
            "No sections: votes of all groups with a weight count alike, whatever it is", key=f"le_alike_{party}"
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.selectbox(
                "Deciding ballot", list(METHODS), format_func=_method, key=f"le_method_{party}",
                width=330,
            )  # fmt: skip
            st.selectbox(
                "MPs choose beforehand", SHORTLISTS, format_func=_shortlist, key=f"le_advance_{party}", width=200
            )
            st.number_input(
                "MPs who must nominate, in %", 0.0, 100.0, 0.0, 1.0, "%.0f", key=f"le_nomination_{party}", width=200
            )
        st.checkbox("A leader in office needs no nominations", key=f"le_incumbent_{party}")
        st.form_submit_button("Compare this rule", on_click=_submit, args=(party,))


def _method(code: str) -> str:
    return METHODS[code]


def _shortlist(count: int) -> str:
    return f"{count} candidates" if count else "nobody: all go on"


def rule_json(
    weights: Mapping[str, float],
    *,
    name: str,
    alike: bool,
    method: str,
    advance: int,
    nomination: float,
    incumbent_stands: bool,
) -> str:
    """Put a rule together from what the form holds.

    Parameters
    ----------
    weights : mapping
        Group to weight in per cent; a group without weight does not vote.
    name : str
        The rule in a few words.
    alike : bool
        Whether all who vote count alike, in one section.
    method : str
        How the deciding ballot is counted.
    advance : int
        Candidates whom MPs choose beforehand; 0 where they choose none.
    nomination : float
        MPs a candidate needs, in per cent; 0 where anybody may stand.
    incumbent_stands : bool
        Whether a leader in office needs no nominations.

    Returns
    -------
    str
        JSON, not checked yet.
    """
    voting = [group for group, weight in weights.items() if weight > 0]
    sections: list[dict[str, Any]] = [{"who": [group], "weight": weights[group] / 100} for group in voting]
    deciding = {"sections": [{"who": voting}] if alike else sections, "method": method}
    first = {"sections": [{"who": ["mps"]}], "method": "exhaustive_ballot", "advance": advance}
    return json.dumps(
        {
            "name": name.strip() or "A rule of your own",
            "nomination": nomination / 100 if nomination else None,
            "incumbent_stands": incumbent_stands,
            "stages": [first, deciding] if advance else [deciding],
        }
    )


def _submit(party: str) -> None:
    state = st.session_state
    weights: dict[str, float] = {group: state[f"le_weight_{group}_{party}"] for group in groups_of(party)}
    if not any(weights.values()):
        state[ERROR] = "Nobody votes under this rule: give a group a weight above nought."
        return
    _hold(
        rule_json(
            weights,
            name=state[f"le_name_{party}"],
            alike=state[f"le_alike_{party}"],
            method=state[f"le_method_{party}"],
            advance=state[f"le_advance_{party}"],
            nomination=state[f"le_nomination_{party}"],
            incumbent_stands=state[f"le_incumbent_{party}"],
        ),
        party,
    )


def _load(party: str) -> None:
    file = st.session_state.get(UPLOAD)
    if file is None:
        return
    try:
        text = file.getvalue().decode("utf-8")
    except UnicodeDecodeError:
        st.session_state[ERROR] = "The file is not text in UTF-8. Save the rule as JSON and load it again."
    else:
        _hold(text, party)


def _hold(text: str, party: str) -> None:
    """Hold a rule, or say what is wrong with it and leave the one held."""
    state = st.session_state
    state.pop(ERROR, None)
    try:
        rule = read_rule(text)
        check_rule(rule, party)
    except BadInput as error:
        state[ERROR] = str(error)
    else:
        state[HELD] = _as_own(rule).model_dump_json()


def _as_own(rule: Rule) -> Rule:
    """The rule under the user's code, so that it is never taken for a known one."""
    return rule.model_copy(update={"rule": OWN})


def _drop() -> None:
    for key in (HELD, ERROR):
        st.session_state.pop(key, None)
