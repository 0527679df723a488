"""Undo and redo of the scenario panel: the last scenarios it held, in this session only."""

import streamlit as st

from models.forecast import Forecast
from models.scenario import Scenario
from models.scenario_link import forecast_name
from views.scenario_state import put

KEPT = "sc_kept"
"""The scenario the panel holds, as JSON."""
PAST, FUTURE, MADE_WITH = "sc_past", "sc_future", "sc_made_with"
LENGTH = 20


def is_other(forecast: Forecast) -> bool:
    """Whether the panel was last drawn for another forecast, where its controls start elsewhere."""
    return st.session_state.get(MADE_WITH) not in (None, forecast_name(forecast.manifest))


def remember(forecast: Forecast, scenario: Scenario) -> None:
    """Note what the panel holds now; what it held before can be undone.

    Parameters
    ----------
    forecast : Forecast
        The base. Another one ends the history, as its controls start elsewhere.
    scenario : Scenario
        As read off the panel.
    """
    state, name, now = st.session_state, forecast_name(forecast.manifest), scenario.model_dump_json()
    before = state.get(KEPT)
    if state.get(MADE_WITH) != name:
        state[PAST], state[FUTURE], state[MADE_WITH] = [], [], name
    elif before not in (None, now):
        state[PAST], state[FUTURE] = [*state[PAST], before][-LENGTH:], []
    state[KEPT] = now


def buttons(forecast: Forecast) -> None:
    """Draw Undo and Redo, each greyed out where there is nothing to go to."""
    for label, icon, source, target in (("Undo", "undo", PAST, FUTURE), ("Redo", "redo", FUTURE, PAST)):
        st.button(
            label,
            on_click=_step,
            args=(forecast, source, target),
            icon=f":material/{icon}:",
            key=f"sc_{icon}",
            disabled=not st.session_state[source],
        )


def _step(forecast: Forecast, source: str, target: str) -> None:
    state = st.session_state
    if not state[source]:  # a second press that was under way when the first was answered
        return
    *rest, text = state[source]
    state[source], state[target] = rest, [*state[target], state[KEPT]][-LENGTH:]
    state[KEPT] = text
    put(state, forecast, Scenario.model_validate_json(text))
