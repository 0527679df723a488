"""Second page: every seat as a hexagon, with a card for the one that is clicked or searched."""

import polars as pl
import streamlit as st

from models.forecast import Forecast
from models.seat_holders import seats_held
from models.seat_margins import can_have_majority
from models.seat_table import seat_table, tipping_seats
from views import charts_hex, frames, hexes, palette, seat_card, sentences_seats, shell, words
from views.draw import draw, offer

WHOLE = "United Kingdom"
CHART_KEY = "hexes"
SEAT_KEY = "seat"
TIPPING_ROWS = 30


def show() -> None:
    """Draw the page."""
    shell.page("Map", _body)


@st.fragment
def _body(forecast: Forecast) -> None:
    seats = seats_held(forecast)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        mode = st.segmented_control(
            "Show",
            list(hexes.MODES),
            default="winner",
            required=True,
            format_func=hexes.MODES.__getitem__,
            key="map_mode",
            persist_state="session",
            wrap=True,
        )
        accessible = shell.accessible_colours()
    told = st.container()
    left, right = st.columns([3, 2], gap="large")
    with right:
        region = st.selectbox("Zoom to", [WHOLE, *_regions(seats)], key="map_region", persist_state="session")
        _search(seats)
        card = st.container()
    within = seats if region == WHOLE else seats.filter(pl.col("region") == region)
    sentence = sentences_seats.on_map(within, None if region == WHOLE else region)
    told.markdown(words.safe(sentence))
    with left:
        _map(seats, within, mode or "winner", accessible, sentence)
        if mode == "winner":
            st.caption(words.safe(sentences_seats.favourites(forecast, seats)))
    with card:
        _card(forecast, seats, accessible)
    _table(forecast, seats)
    _tipping(forecast)


def _regions(seats: pl.DataFrame) -> list[str]:
    return sorted(seats["region"].unique())


def _search(seats: pl.DataFrame) -> None:
    names = dict(seats.sort("name").select("constituency", "name").iter_rows())
    if st.session_state.get(SEAT_KEY) not in names:
        st.session_state.pop(SEAT_KEY, None)
    st.selectbox(
        "Find a seat",
        list(names),
        index=None,
        format_func=names.__getitem__,
        key=SEAT_KEY,
        persist_state="session",
        placeholder="Type a name, or click a hexagon",
    )


def _clicked() -> None:
    """Take the clicked hexagon as the seat that is looked at; a click beside the map changes nothing."""
    state = st.session_state.get(CHART_KEY)
    points = state.selection.get(charts_hex.SELECTION) if state else None
    if points:
        st.session_state[SEAT_KEY] = points[0]["constituency"]


def _map(seats: pl.DataFrame, within: pl.DataFrame, mode: str, accessible: bool, sentence: str) -> None:
    shown = hexes.place(within)
    if shown.is_empty():
        shown = hexes.place(seats)
    if shown.is_empty():
        st.info("There is no hex map for the constituencies of this election. The table below has every seat.")
        return
    title, entries = hexes.legend(shown, mode=mode, accessible=accessible)
    chosen = pl.col("constituency") == (st.session_state.get(SEAT_KEY) or "")
    draw(
        charts_hex.hex_map,
        {
            "hexagons": hexes.paint(shown, mode=mode, accessible=accessible),
            "ring": shown.filter(chosen).select("x", "y"),
        },
        key=CHART_KEY,
        sentence=sentence,
        on_click=_clicked,
        box=hexes.box(shown),
        title=title,
        entries=entries,
    )
    st.caption("Safe: 95 in 100 or more; likely: 80; lean: 60; else a toss-up. Hexagons stand near their seats' place.")


def _card(forecast: Forecast, seats: pl.DataFrame, accessible: bool) -> None:
    code = st.session_state.get(SEAT_KEY)
    if code is None:
        st.info("Click a hexagon or find a seat by name to see who may win it.")
        return
    seat_card.show(forecast, seats.row(by_predicate=pl.col("constituency") == code, named=True), accessible=accessible)


def _table(forecast: Forecast, seats: pl.DataFrame) -> None:
    st.subheader("Table", anchor=False)
    only = st.toggle("Only seats that change hands", key="map_changes", persist_state="session")
    rows = seats.filter(pl.col("winner") != pl.col("holder")) if only else seats
    shown = rows.sort("p_winner").select(
        Seat="name",
        Region="region",
        Holder=_names("holder"),
        Likeliest=_names("winner"),
        Chance=(100 * pl.col("p_winner")).round(0).cast(pl.Int64),
        Second=_names("second"),
        Category=pl.col("p_winner").map_elements(words.category, return_dtype=pl.String),
    )
    count = f"{shown.height:,} of {seats.height:,} seats, of all regions, the most open first."
    st.caption(words.safe(f"{count} {sentences_seats.holder(forecast.manifest.previous_election)} Chance is in 100."))
    st.dataframe(shown, hide_index=True, height=420, alt="Seats with their holders and likeliest winners")
    offer("All seats (CSV)", lambda: frames.csv(seat_table(forecast)), "seats.csv", mime="text/csv", key="map_csv")


def _tipping(forecast: Forecast) -> None:
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
            Holder=_names("holder"),
            Chance=(100 * pl.col("p_win")).round(0).cast(pl.Int64),
            Place="place",
            Tips=(100 * pl.col("p_tip")).round(1),
        )
        st.caption(words.safe(sentences_seats.tipping(party, forecast.majority)))
        st.dataframe(shown, hide_index=True, alt="Seats most likely to complete a majority")
        offer("Tipping seats (CSV)", lambda: frames.csv(table), "tipping.csv", mime="text/csv", key="tipping_csv")


def _names(column: str) -> pl.Expr:
    return pl.col(column).map_elements(lambda code: palette.line(code).short, return_dtype=pl.String)
