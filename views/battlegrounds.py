"""Page of battlegrounds: seats a party can gain or lose, those that tip a majority, and leaders' own seats."""

import polars as pl
import streamlit as st

from models.forecast import Forecast
from models.seat_table import tipping_seats
from models.seat_targets import DEFEND, GAIN, leader_seats, majority_swing, targets
from views import charts_battlegrounds, frames, frames_battlegrounds, palette, shell, words
from views import map as seat_map
from views import sentences_battlegrounds as sentences
from views.draw import draw, offer
from views.fragments import fragment
from views.seat_search import SEAT_KEY

SIDES = {GAIN: "Seats to gain", DEFEND: "Seats to defend"}
ANY = "All"
TIPPING_ROWS = 30


def show() -> None:
    """Draw the page."""
    shell.page("Battlegrounds", _body, whole=True)


@fragment
def _body(shown: shell.Shown) -> None:
    forecast = shown.whole
    with st.container(horizontal=True, vertical_alignment="bottom"):
        party = _party(forecast)
        side = st.segmented_control(
            "Show",
            list(SIDES),
            default=GAIN,
            required=True,
            format_func=SIDES.__getitem__,
            key="battle_side",
            persist_state="session",
            wrap=True,
        )
        accessible = shell.accessible_colours()
    with st.spinner("Drawing the shares of every seat"):
        swing = majority_swing(forecast, party)
    st.markdown(words.safe(sentences.majority(party, forecast.p_majority().get(party, 0.0), swing)))
    seats = targets(forecast, party)
    _ladder(forecast, seats, party=party, side=side or GAIN, accessible=accessible)
    if swing is not None:
        _tipping(forecast, seats, party)
    _leaders(forecast)


def _party(forecast: Forecast) -> str:
    names = {code: palette.line(code).name for code in frames.contenders(forecast) if code != "oth"}
    if st.session_state.get("battle_party") not in names:
        st.session_state.pop("battle_party", None)
    return str(
        st.selectbox(
            "Party",
            list(names),
            format_func=names.__getitem__,
            key="battle_party",
            persist_state="session",
            width=300,
        )
    )


def _choice(label: str, options: dict[str, str], key: str) -> str | None:
    """Ask for one of some values, or all; a value that is no longer offered is forgotten."""
    if st.session_state.get(key) not in {ANY, *options}:
        st.session_state.pop(key, None)
    shown = {ANY: ANY, **options}
    value = st.selectbox(label, list(shown), format_func=shown.__getitem__, key=key, persist_state="session")
    return None if value == ANY else value


def _filtered(rows: pl.DataFrame) -> pl.DataFrame:
    """Draw the filters and give the seats that pass them."""
    change, nation, region, close = st.columns(4, vertical_alignment="bottom")
    with change:
        turn = _choice("Held by → likeliest now", frames_battlegrounds.changes(rows), "battle_change")
    with nation:
        place = _choice("Nation", {name: name for name in sorted(rows["nation"].unique())}, "battle_nation")
    within = rows if place is None else rows.filter(pl.col("nation") == place)
    with region:
        part = _choice("Region", {name: name for name in sorted(within["region"].unique())}, "battle_region")
    with close:
        only = st.toggle("Close only", key="battle_close", persist_state="session", help="About 3 to 7 in 10.")
    return frames_battlegrounds.chosen(rows, change=turn, nation=place, region=part, close=only)


def _ladder(forecast: Forecast, seats: pl.DataFrame, *, party: str, side: str, accessible: bool) -> None:
    st.subheader(SIDES[side], anchor=False)
    rows, year = _filtered(frames_battlegrounds.in_play(seats, side)), forecast.manifest.previous_election.year
    if rows.is_empty():
        st.info("No seat is in play here. Choose other filters, or the other side.")
    else:
        known = leader_seats(forecast)
        sentence = sentences.ladder(rows, known, party=party, side=side)
        shown = frames_battlegrounds.readable(rows, known, side=side, year=year)
        st.markdown(words.safe(sentence))
        draw(
            charts_battlegrounds.ladder,
            {"seats": frames_battlegrounds.marks(rows)},
            key="ladder",
            sentence=sentence,
            table=shown,
            beside=True,
            looks=frames_battlegrounds.looks(rows, accessible=accessible),
            swing="Swing that would turn the seat (points)",
            chance=f"Chance to {'lose' if side == DEFEND else 'win'} (in 100)",
        )
        st.caption(words.safe(sentences.swing_note(party, side, year)))
        _choose(rows, shown)
    offer(
        f"All targets of {palette.line(party).who} (CSV)",
        lambda: frames.csv(seats),
        f"targets_{party}.csv",
        mime="text/csv",
        key="battle_csv",
    )


def _choose(rows: pl.DataFrame, shown: pl.DataFrame) -> None:
    """Draw the table; a row that is ticked is the seat that the page Map opens with."""
    key = f"battle_rows_{hash(tuple(rows['constituency']))}"
    event = st.dataframe(
        shown,
        hide_index=True,
        height=420,
        alt="Seats by the swing that would turn them",
        on_select="rerun",
        selection_mode="single-row",
        key=key,
        column_config={"Swing": st.column_config.NumberColumn(format="%.1f")},
    )
    picked = [at for at in event["selection"]["rows"] if at < rows.height]
    if picked:
        st.session_state[SEAT_KEY] = rows["constituency"][picked[0]]
        label = f"{rows['name'][picked[0]]} on the page Map"
    else:
        label = "To the page Map: tick a row above for its seat"
    st.page_link(st.Page(seat_map.show, title="Map", url_path="map"), label=words.safe(label))


def _tipping(forecast: Forecast, seats: pl.DataFrame, party: str) -> None:
    st.subheader("Seats that tip a majority", anchor=False)
    table = tipping_seats(forecast, party)
    st.markdown(words.safe(sentences.tipping(party, table, forecast.majority)))
    shown = frames_battlegrounds.tipping(table.head(TIPPING_ROWS), seats)
    st.dataframe(shown, hide_index=True, alt="Seats most likely to complete a majority")


def _leaders(forecast: Forecast) -> None:
    st.subheader("Leaders' own seats", anchor=False)
    known = leader_seats(forecast)
    st.markdown(words.safe(sentences.leaders(known)))
    shown = frames_battlegrounds.leaders(known)
    if not shown.is_empty():
        st.dataframe(shown, hide_index=True, alt="Leaders' own seats and the chance of their party there")
