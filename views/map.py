"""Second page: every seat as a hexagon or in its outline, with a card for the one that is clicked or searched."""

from dataclasses import dataclass

import polars as pl
import streamlit as st

from models.forecast import Forecast
from models.seat_map import seats_to_map
from models.seat_targets import elected
from views import charts_geo, charts_hex, frames_geo, hexes, map_tables, seat_card, sentences_map, shell, words
from views.draw import draw
from views.fragments import fragment
from views.seat_search import SEAT_KEY, search

WHOLE = "United Kingdom"
HEX_KEY, GEO_KEY = "hexes", "outlines"
TABS = ("Hexagons", "Geographic")


@dataclass(frozen=True, kw_only=True)
class View:
    """What is looked at: all ``seats``, those ``within`` the region chosen, and how they are coloured.

    ``forecast`` is ``base`` itself, or what a scenario makes of it.
    """

    base: Forecast
    forecast: Forecast
    seats: pl.DataFrame
    within: pl.DataFrame
    mode: str
    accessible: bool
    sentence: str

    @property
    def scenario(self) -> bool:
        """Whether a scenario is set."""
        return self.forecast is not self.base


def show() -> None:
    """Draw the page."""
    shell.page("Map", _body, whole=True)


@fragment
def _body(shown: shell.Shown) -> None:
    base, forecast = shown.base, shown.whole if shown.is_scenario else shown.base
    seats = seats_to_map(base, forecast).join(elected(base), on="constituency", how="left", maintain_order="left")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        mode = _mode()
        accessible = shell.accessible_colours()
    told = st.container()
    left, right = st.columns([3, 2], gap="large")
    with right:
        regions = [WHOLE, *sorted(seats["region"].unique())]
        region = st.selectbox("Zoom to", regions, key="map_region", persist_state="session")
        within = seats if region == WHOLE else seats.filter(pl.col("region") == region)
        search(seats, within)
        card = st.container()
    where, scenario = None if region == WHOLE else region, forecast is not base
    sentence = sentences_map.on_map(within, mode, region=where, scenario=scenario)
    view = View(
        base=base,
        forecast=forecast,
        seats=seats,
        within=within,
        mode=mode,
        accessible=accessible,
        sentence=sentence,
    )
    told.markdown(words.safe(sentence))
    with left:
        _maps(view)
    with card:
        _card(view)
    map_tables.seats(base, forecast, seats)
    map_tables.tipping(forecast)


def _mode() -> str:
    chosen = st.segmented_control(
        "Show",
        list(hexes.MODES),
        default="winner",
        required=True,
        format_func=hexes.MODES.__getitem__,
        key="map_mode",
        persist_state="session",
        wrap=True,
    )
    return chosen or "winner"


def _maps(view: View) -> None:
    """Draw the kind of map whose tab is open."""
    hexagons, outlines = st.tabs(TABS, key="map_tab", on_change="rerun")
    if outlines.open:
        with outlines:
            _outlines(view)
    else:
        with hexagons:
            _hexagons(view)
    if view.mode in {"chance", "category"}:
        st.caption("Safe: 95 in 100 or more; likely: 80; lean: 60; else a toss-up.")
    elif view.mode == "winner":
        st.caption(words.safe(sentences_map.favourites(view.forecast, view.seats)))
    elif view.mode == "swing":
        st.caption(sentences_map.SWING)
    elif view.mode == "uniform":
        st.caption(sentences_map.UNIFORM)


def _hexagons(view: View) -> None:
    shown = hexes.place(view.within)
    if shown.is_empty():
        shown = hexes.place(view.seats)
    if shown.is_empty():
        st.info("There is no hex map for the constituencies of this election. The table below has every seat.")
        return
    _draw(view, shown, key=HEX_KEY)
    st.caption("Each seat has the same weight; hexagons stand near their seats' place. Letters: " + _letters(view.mode))


def _outlines(view: View) -> None:
    shown = frames_geo.place(view.within, view.seats)
    if shown.is_empty():
        st.info("No outlines are held for the constituencies of this election. The tab Hexagons has every seat.")
        return
    _draw(view, shown, key=GEO_KEY)
    st.caption(
        "Outlines as published for maps of the whole country, generalised to half a kilometre. Land does not vote: "
        "seats in cities are small, so zoom to a region to see them. Letters, where they fit: " + _letters(view.mode)
    )


def _letters(mode: str) -> str:
    return "the party ahead at the expected shares." if mode == "swing" else "the likeliest winner."


def _draw(view: View, shown: pl.DataFrame, *, key: str) -> None:
    """Draw seats with their places; a click on one opens its card."""
    title, entries = hexes.legend(shown, mode=view.mode, accessible=view.accessible, scenario=view.scenario)
    painted = hexes.paint(shown, mode=view.mode, accessible=view.accessible)
    ring = shown.filter(pl.col("constituency") == (st.session_state.get(SEAT_KEY) or ""))
    draw(
        charts_geo.geo_map if key == GEO_KEY else charts_hex.hex_map,
        {
            "seats": painted,
            "ring": ring.select("x", "y", pl.selectors.by_name("path", require_all=False)),
        },
        key=key,
        sentence=view.sentence,
        table=lambda: map_tables.readable(
            shown.with_columns(painted["outlook"].alias(map_tables.ON_MAP)), scenario=view.scenario
        ),
        beside=True,
        on_click=_clicked_outline if key == GEO_KEY else _clicked_hexagon,
        box=frames_geo.box(shown) if key == GEO_KEY else hexes.box(shown),
        title=title,
        entries=entries,
    )


def _clicked_hexagon() -> None:
    _clicked(HEX_KEY)


def _clicked_outline() -> None:
    _clicked(GEO_KEY)


def _clicked(key: str) -> None:
    """Take the clicked seat as the one that is looked at; a click beside the map changes nothing."""
    state = st.session_state.get(key)
    points = state.selection.get(charts_hex.SELECTION) if state else None
    if points:
        st.session_state[SEAT_KEY] = points[0]["constituency"]


def _card(view: View) -> None:
    code = st.session_state.get(SEAT_KEY)
    if code is None:
        st.info("Click a seat, or find one by its name, its MP or a party, to see who may win it.")
        return
    seat = view.seats.row(by_predicate=pl.col("constituency") == code, named=True)
    seat_card.show(view.base, view.forecast, seat, accessible=view.accessible)
