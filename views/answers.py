"""Answers to scenarios, made once for all visitors: every page shows the same simulations."""

from hashlib import sha256

import streamlit as st

from data.own.overlay import stamp as own_stamp
from models.forecast import Forecast
from models.scenario import Scenario, run_scenario

NOTHING = Scenario()


def is_nothing(scenario: Scenario) -> bool:
    """Whether a scenario changes nothing; its name does not count."""
    return scenario.model_copy(update={"name": None}) == NOTHING


def stamp(forecast: Forecast) -> str:
    """Name a forecast for the caches that all visitors share.

    Parameters
    ----------
    forecast : Forecast
        A stored forecast, or the answer to a scenario.

    Returns
    -------
    str
        Different for two forecasts that differ, and for one that was read anew.
    """
    # The place in memory alone would not do: an answer that is dropped leaves its place to the next.
    return f"{sha256(forecast.manifest.model_dump_json().encode()).hexdigest()[:16]}-{id(forecast)}"


def stamp_with_own(forecast: Forecast) -> str:
    """Name a forecast and the user's own rows, for what is counted from both.

    Parameters
    ----------
    forecast : Forecast
        As for ``stamp``.

    Returns
    -------
    str
        Different, too, when rows of the user's own come or go.

    Raises
    ------
    DamagedArtefact
        If the own rows are damaged.
    """
    return f"{stamp(forecast)}-{own_stamp()}"


def answer(base: Forecast, scenario: Scenario, *, summaries: bool = False) -> Forecast:
    """Answer a scenario with all draws of a forecast.

    Parameters
    ----------
    base : Forecast
        A stored forecast.
    scenario : Scenario
        The question.
    summaries : bool
        Whether shares by constituency are wanted, too, which takes twice as long.

    Returns
    -------
    Forecast
        The answer; the forecast itself where nothing is changed.

    Raises
    ------
    BadInput
        If the scenario does not fit the forecast.
    """
    if is_nothing(scenario):
        return base
    return _run(base, stamp(base), scenario.model_dump_json(exclude={"name"}), summaries)


@st.cache_resource(max_entries=32, show_spinner=False)
def _run(_base: Forecast, stamp: str, text: str, summaries: bool) -> Forecast:
    """Run one scenario; ``stamp`` names the forecast, ``text`` is the scenario as JSON."""
    return run_scenario(_base, Scenario.model_validate_json(text), summaries=summaries)
