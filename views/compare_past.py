"""The forecast beside past elections, on the page Compare."""

from datetime import date

import polars as pl
import streamlit as st

from data import load_evidence
from models.beside_past import as_large, beside_past, house_of, result_of
from models.forecast import Forecast
from models.record import past_elections
from views import charts_compare, frames, frames_beside, sentences_beside, words
from views.draw import draw, offer


@st.cache_data(max_entries=64, show_spinner=False)
def _beside(_forecast: Forecast, stamp: str, held: date) -> tuple[pl.DataFrame, int, float]:
    """Count once; ``stamp`` names the forecast. Also the size of the House, and how often any party is as large."""
    evidence = load_evidence()
    house = house_of(evidence, held)
    most = int(result_of(evidence, held)["seats"][0])
    return beside_past(_forecast, evidence, held), house, as_large(_forecast, most, house)


def show(forecast: Forecast, stamp: str, *, accessible: bool) -> None:
    """Draw the section.

    Parameters
    ----------
    forecast : Forecast
        The forecast, or the answer to a scenario.
    stamp : str
        Names the forecast.
    accessible : bool
        Whether to use the accessible colours.
    """
    days = past_elections(load_evidence())[::-1]
    names = {day: frames_beside.election_name(day, days) for day in days}
    held = st.selectbox(
        "General election", days, key="cmp_past", format_func=names.__getitem__, persist_state="session"
    )
    table, house, any_party = _beside(forecast, stamp, held)
    st.subheader(words.safe(sentences_beside.past(table, held, house, any_party)), anchor=False)
    twin = frames_beside.past_table(table, held)
    rows = frames_beside.past_rows(table, held, accessible=accessible)
    said = sentences_beside.chart(table, held)
    draw(
        charts_compare.beside,
        {"figures": rows},
        key="cmp_past_seats",
        sentence=said,
        table=twin,
        beside=True,
        rows=table.height,
        lanes=frames_beside.PAST_LANES,
        kinds=frames_beside.PAST_KINDS,
        end=frames_beside.end_of(rows, forecast.majority),
        at=forecast.majority,
    )
    st.caption(words.safe(said))
    st.caption(sentences_beside.HOUSES)
    title = f"{names[held]} beside the forecast"
    st.dataframe(twin, hide_index=True, height="content", alt=title)
    st.caption(
        "In how many of 100 simulations the party has at least as large a part of the House, and of the vote in Great "
        "Britain. Parties without votes then or without a line in the forecast are left out."
    )
    offer("This table (CSV)", lambda: frames.csv(table), f"beside_{held}.csv", mime="text/csv", key="cmp_past_csv")
