"""The scenario panel in the sidebar of every page: what the user sets there, every page answers."""

import streamlit as st

from data.errors import BadInput
from models.forecast import Forecast
from models.scenario import Scenario
from models.scenario_check import check_scenario, possible_days
from views import panel_files, panel_party, panel_places, scenario_history, scenario_share, words
from views.scenario_state import DAY, POLLING_ERROR, TACTICAL, gather, hold, put
from views.sentences_scenario import ERRORS

OPEN_REST = "sc_open_rest"


def show(forecast: Forecast) -> Scenario:
    """Draw the panel and read the scenario off it.

    Parameters
    ----------
    forecast : Forecast
        The base.

    Returns
    -------
    Scenario
        What the user set; empty when nothing differs from the forecast.
    """
    _restore(forecast)
    scenario_share.open_link(forecast)
    st.subheader("Your scenario", anchor=False, help="If we made it so, all else equal.")
    buttons = st.container(horizontal=True)
    scenario_share.notices()
    scenario_share.made_link(forecast)
    party = panel_party.choose(forecast)
    panel_party.controls(forecast, party)
    panel_places.shares(forecast, party)
    panel_places.seats(forecast, party)
    _rest(forecast)
    scenario = gather(st.session_state, forecast)
    scenario_history.remember(forecast, scenario)
    panel_files.show(forecast, scenario)
    with buttons:
        scenario_history.buttons(forecast)
        st.button("Reset", on_click=_reset, args=(forecast,), icon=":material/restart_alt:", key="sc_reset")
        scenario_share.button(forecast)
    return scenario


def _rest(forecast: Forecast) -> None:
    """Draw what is the same for all parties."""
    with st.expander("Tactical voting, polls' error, polling day", key=OPEN_REST, on_change="rerun") as box:
        if not box.open:
            return
        st.slider(
            "Tactical voting, in % of the estimate", 0.0, 150.0, step=5.0, format="%.0f%%", key=TACTICAL,
            help="100% is as past elections had it, 0% none.",
        )  # fmt: skip
        st.selectbox(
            "Polls' error on the day", list(ERRORS), key=POLLING_ERROR, format_func=ERRORS.__getitem__,
            help="How far the last polls are out together, in log-odds of Conservatives, Labour and Liberal Democrats.",
        )  # fmt: skip
        first, last = possible_days(forecast)
        st.date_input(
            "Polling day", min_value=first, max_value=last, key=DAY, format="DD/MM/YYYY",
            help=f"Latest: {words.day(last)}",
        )  # fmt: skip


def _restore(forecast: Forecast) -> None:
    """Hold all settings; set them to the scenario last held on a first visit, and where the forecast is another one."""
    if hold(st.session_state, forecast) and not scenario_history.is_other(forecast):
        return
    kept = Scenario.model_validate_json(st.session_state.get(scenario_history.KEPT, "{}"))
    try:
        check_scenario(forecast, kept)
    except BadInput:  # it does not fit the forecast shown now
        kept = Scenario()
    put(st.session_state, forecast, kept)


def _reset(forecast: Forecast) -> None:
    scenario_share.forget()
    panel_files.forget()
    put(st.session_state, forecast, Scenario())
