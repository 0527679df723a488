"""What can be saved of a forecast or a scenario: a brief, the answer, every simulation."""

import streamlit as st

from models.export import answer_json, draws_csv, draws_netcdf
from views.brief import brief_html
from views.draw import offer
from views.shell import Shown

NETCDF = "application/x-netcdf"


def show(shown: Shown) -> None:
    """Draw the buttons; each file is made when its button is pressed.

    Parameters
    ----------
    shown : Shown
        The forecast, or the answer to a scenario.
    """
    name = "scenario" if shown.is_scenario else "forecast"
    address, forecast, scenario = st.context.url, shown.forecast, shown.scenario
    st.subheader("Save", anchor=False)
    with st.container(horizontal=True):
        offer(
            "Brief (HTML)",
            lambda: brief_html(shown, address),
            f"brief_{name}.html",
            mime="text/html",
            key="save_brief",
        )
        offer(
            "Answer (JSON)",
            lambda: answer_json(forecast, scenario),
            f"{name}.json",
            mime="application/json",
            key="save_json",
        )
        offer(
            "Simulations (netCDF)",
            lambda: draws_netcdf(forecast, scenario),
            f"{name}_draws.nc",
            mime=NETCDF,
            key="save_netcdf",
        )
        offer(
            "Simulations (CSV)",
            lambda: draws_csv(forecast),
            f"{name}_draws.csv",
            mime="text/csv",
            key="save_csv",
        )
    st.caption(
        "The brief is one page of A4: open it in a browser, and print it or save it as PDF from there. "
        f"Simulations: votes, seats and, in netCDF, the winner of every seat, in each of the {forecast.n_draws:,}."
    )
