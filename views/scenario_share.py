"""Links to a scenario: one that the address holds is put into the panel, and one is made when it is asked for."""

import streamlit as st

from data.errors import BadInput
from models.forecast import Forecast
from models.scenario_check import check_scenario
from models.scenario_link import ForecastName, forecast_name, one_line, read_link, write_link
from views import words
from views.scenario_state import gather, put

PARAMETER = "s"
OPENED, NOTICE, REFUSED, ASKED = "sc_link_opened", "sc_link_notice", "sc_link_refused", "sc_link_asked"


def open_link(forecast: Forecast) -> None:
    """Put the scenario in the address into the panel, once; drop it from the address if it is refused.

    Parameters
    ----------
    forecast : Forecast
        The base.
    """
    link = st.query_params.get(PARAMETER)
    if link is None or link == st.session_state.get(OPENED):
        return
    forget()
    st.session_state[OPENED] = link
    try:
        scenario, made_with = read_link(link)
        check_scenario(forecast, scenario)
    except BadInput as error:
        st.session_state[REFUSED] = one_line(f"The link was not opened. {error}")
        del st.query_params[PARAMETER]
        return
    put(st.session_state, forecast, scenario)
    if made_with != forecast_name(forecast.manifest):
        st.session_state[NOTICE] = _elsewhere(made_with)


def _elsewhere(made_with: ForecastName) -> str:
    return (
        f"The link was made with another forecast (data to {words.day(made_with.as_of)}, polling day "
        f"{words.day(made_with.election_date)}, fit {made_with.data}), and its scenario is put to this one here."
    )


def forget() -> None:
    """Take back what was said of the last link."""
    for kept in (NOTICE, REFUSED):
        st.session_state.pop(kept, None)


def notices() -> None:
    """Say why the link was refused, or that it was made with another forecast."""
    if problem := st.session_state.get(REFUSED):
        st.error(words.safe(problem))
    if notice := st.session_state.get(NOTICE):
        st.info(words.safe(notice))


def button(forecast: Forecast) -> None:
    """Draw the button for a link.

    Parameters
    ----------
    forecast : Forecast
        The base.
    """
    st.button("Link", on_click=_ask, args=(forecast,), icon=":material/link:", key="sc_link")


def made_link(forecast: Forecast) -> None:
    """Show the link that was asked for, while it is that of the panel.

    Parameters
    ----------
    forecast : Forecast
        The base.
    """
    asked = st.session_state.get(ASKED)
    if asked is None:
        return
    try:
        current = _link(forecast)
    except BadInput as error:
        st.error(words.safe(str(error)))
        return
    if asked == current:
        st.code(f"{st.context.url or ''}?{PARAMETER}={asked}", language=None, wrap_lines=True)
        st.caption("Copy it: the whole scenario is in it, name and all. It is in the address of this page too.")


def _ask(forecast: Forecast) -> None:
    """Make the link, and put it into the address: what stood there is the panel's own now, and is not opened again."""
    try:
        link = _link(forecast)
    except BadInput:  # said below the button, where the link would stand
        st.session_state[ASKED] = ""
        return
    st.session_state[ASKED] = st.session_state[OPENED] = link
    st.query_params[PARAMETER] = link


def _link(forecast: Forecast) -> str:
    return write_link(gather(st.session_state, forecast), forecast_name(forecast.manifest))
