"""The panel's ways in and out: a name, a file, a link."""

import streamlit as st

from data.errors import BadInput
from models.forecast import Forecast
from models.scenario import Scenario, read_scenario, scenario_json
from models.scenario_check import check_scenario
from views import scenario_share, words
from views.draw import offer
from views.scenario_state import NAME, put

UPLOAD, PROBLEM = "sc_upload", "sc_error"


def show(forecast: Forecast, scenario: Scenario) -> None:
    """Draw the boxes for the scenario's name and for a file that holds one, and the button that saves it.

    Parameters
    ----------
    forecast : Forecast
        The base.
    scenario : Scenario
        As the panel has it.
    """
    with st.expander("Save and load"):
        st.text_input("Name of the scenario", key=NAME, max_chars=80)
        offer(
            "Download scenario (JSON)",
            lambda: scenario_json(scenario),
            "scenario.json",
            mime="application/json",
            key="sc_json",
        )
        st.file_uploader(
            "Load a scenario (JSON, at most 1 MB)",
            type="json",
            max_upload_size=1,
            key=UPLOAD,
            on_change=_load,
            args=(forecast,),
        )
    if problem := st.session_state.get(PROBLEM):
        st.error(words.safe(problem))


def forget() -> None:
    """Take back what was wrong with the last file."""
    st.session_state.pop(PROBLEM, None)


def _load(forecast: Forecast) -> None:
    file = st.session_state.get(UPLOAD)
    if file is None:
        return
    forget()
    try:
        scenario = read_scenario(file.getvalue().decode("utf-8"))
        check_scenario(forecast, scenario)
    except UnicodeDecodeError:
        st.session_state[PROBLEM] = "The file is not text in UTF-8. Save the scenario as JSON and load it again."
    except BadInput as error:
        st.session_state[PROBLEM] = str(error)
    else:
        scenario_share.forget()
        put(st.session_state, forecast, scenario)
