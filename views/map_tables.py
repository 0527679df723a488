"""Tables under the map: every seat, and the seats that tip a majority."""

import polars as pl
import streamlit as st

from models.forecast import Forecast
from models.seat_margins import can_have_majority
from models.seat_table import seat_table, tipping_seats
from views import frames, palette, sentences_map, words
from views.draw import offer

TIPPING_ROWS = 30
ON_MAP = "On the map"
"""Column of what the colour of a seat says."""


def seats(base: Forecast, forecast: Forecast, table: pl.DataFrame) -> None:
    """Draw the table of all seats, and offer it as a file.

    Parameters
    ----------
    base : Forecast
        The forecast.
    forecast : Forecast
        The same, or what a scenario makes of it.
    table : pl.DataFrame
        As ``models.seat_map.seats_to_map`` gives it.
    """
    st.subheader("Table", anchor=False)
    scenario = forecast is not base
    label = "Only seats that the scenario changes" if scenario else "Only seats that change hands"
    only = st.toggle(label, key="map_changes", persist_state="session")
    rows = table.filter(pl.col("winner") != pl.col("was")) if only else table
    shown = readable(rows, scenario=scenario)
    count = f"{shown.height:,} of {table.height:,} seats, of all regions, the most open first."
    told = f"{count} {sentences_map.holder(base.manifest.previous_election)} Chance is in 100."
    st.caption(words.safe(f"{told} Without: the likeliest winner without the scenario." if scenario else told))
    st.dataframe(shown, hide_index=True, height=420, alt="Seats with their holders and likeliest winners")
    label, file = ("All seats in the scenario", "seats_scenario") if scenario else ("All seats", "seats")
    offer(f"{label} (CSV)", lambda: frames.csv(seat_table(forecast)), f"{file}.csv", mime="text/csv", key="map_csv")


def readable(table: pl.DataFrame, *, scenario: bool) -> pl.DataFrame:
    """Seats as a table to read.

    Parameters
    ----------
    table : pl.DataFrame
        As ``models.seat_map.seats_to_map`` gives it, with what the map says of each seat (``ON_MAP``) if that is asked.
    scenario : bool
        Whether the likeliest winner without the scenario is told, too.

    Returns
    -------
    pl.DataFrame
        A row a seat, the most open first; the chance is in 100.
    """
    before = {"Without": frames.names("was", short=True)} if scenario else {}
    ordered = table.sort("p_winner")
    told = ordered.select(pl.selectors.by_name(ON_MAP, require_all=False))
    return ordered.select(
        Seat="name",
        Region="region",
        Holder=frames.names("holder", short=True),
        **before,
        Likeliest=frames.names("winner", short=True),
        Chance=(100 * pl.col("p_winner")).round(0).cast(pl.Int64),
        Second=frames.names("second", short=True),
        Category=pl.col("p_winner").map_elements(words.category, return_dtype=pl.String),
    ).with_columns(told)


def tipping(forecast: Forecast) -> None:
    """Draw the box of seats that tip a majority, which is filled when it is opened.

    Parameters
    ----------
    forecast : Forecast
        What the page shows.
    """
    box = st.expander("Seats that tip a majority", key="map_tipping", on_change="rerun")
    if not box.open:
        return
    with box:
        names = {code: palette.line(code).name for code in can_have_majority(forecast)}
        party = st.selectbox(
            "Majority of",
            list(names),
            format_func=names.__getitem__,
            key="map_tipping_party",
            persist_state="session",
        )
        table = tipping_seats(forecast, party)
        shown = table.head(TIPPING_ROWS).select(
            Seat="name",
            Region="region",
            Holder=frames.names("holder", short=True),
            Chance=(100 * pl.col("p_win")).round(0).cast(pl.Int64),
            Place="place",
            Tips=(100 * pl.col("p_tip")).round(1),
        )
        st.caption(words.safe(sentences_map.tipping(party, forecast.majority)))
        st.dataframe(shown, hide_index=True, alt="Seats most likely to complete a majority")
        offer("Tipping seats (CSV)", lambda: frames.csv(table), "tipping.csv", mime="text/csv", key="tipping_csv")
