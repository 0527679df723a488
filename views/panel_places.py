"""The panel's controls of places: shares by nation and region, seats, and where a party does not stand."""

import polars as pl
import streamlit as st

from data.errors import BadInput
from models.area_shares import BRITAIN, area_shares, areas, with_shares, without_regions
from models.forecast import Forecast
from models.standing_in import SPEAKER
from views import palette, words
from views.answers import answer
from views.scenario_state import REGIONAL, SEATS, STAND_DOWNS, gather, put

AREA, SHARE, PROBLEM = "sc_area", "sc_area_share", "sc_area_problem"
SEAT, PLACE = "sc_seat", "sc_place"
OPEN_SHARES, OPEN_SEATS = "sc_open_shares", "sc_open_seats"
"""Boxes are filled only while they are open: shares by region take a run of the scenario."""


def shares(forecast: Forecast, party: str) -> None:
    """Draw the box that takes a party's share in a nation or region, and says what it means for Great Britain.

    Parameters
    ----------
    forecast : Forecast
        The base.
    party : str
        Party code.
    """
    state, name = st.session_state, palette.line(party).name
    with st.expander("Shares by nation and region", key=OPEN_SHARES, on_change="rerun") as box:
        if not box.open:
            return
        area = st.selectbox("Area", list(areas(forecast)), key=AREA, persist_state="session")
        try:
            found = area_shares(answer(forecast, gather(state, forecast), summaries=True))
        except BadInput as error:
            st.error(words.safe(str(error)))
            return
        now = {where: share for where, code, share in found.rows() if code == party}
        state[SHARE] = round(100 * now[area], 1)
        st.number_input(
            f"{name} in {area}, in %", 0.0, 90.0, step=0.5, format="%.1f", key=SHARE,
            on_change=_set_share, args=(forecast, area, party),
            help="Mean share on polling day. Type another, and the change that gives it is put into the scenario.",
        )  # fmt: skip
        if problem := state.get(PROBLEM):
            st.error(words.safe(problem))
        _reconcile(forecast, party, now[BRITAIN])
        for (region, code), points in sorted(state[REGIONAL].items()):
            label = f"{region}: {palette.line(code).short} {words.signed(points, 1)}"
            _listed(label, f"sc_drop_{region}_{code}", REGIONAL, (region, code))


def _set_share(forecast: Forecast, area: str, party: str) -> None:
    _solve(forecast, {(area, party): st.session_state[SHARE] / 100})


def _solve(forecast: Forecast, wanted: dict[tuple[str, str], float]) -> None:
    """Put into the panel the scenario that gives the shares wanted, or say why there is none."""
    state = st.session_state
    state.pop(PROBLEM, None)
    try:
        put(state, forecast, with_shares(forecast, gather(state, forecast), wanted))
    except BadInput as error:
        state[PROBLEM] = str(error)


def _reconcile(forecast: Forecast, party: str, now: float) -> None:
    """Say what regions imply for Great Britain, and offer to hold either."""
    state = st.session_state
    if not any(code == party for _, code in state[REGIONAL]):
        return
    plain = without_regions(gather(state, forecast), party)
    alone = area_shares(answer(forecast, plain, summaries=True))
    before = alone.row(by_predicate=(pl.col("area") == BRITAIN) & (pl.col("party") == party), named=True)["share"]
    short = palette.line(party).short
    st.caption(f"Regions put {short} at {100 * now:.1f}% of Great Britain; without them it is {100 * before:.1f}%.")
    st.button(
        f"Hold Great Britain at {100 * before:.1f}%",
        on_click=_hold,
        args=(forecast, party, before),
        key="sc_hold_britain",
        help="Regions keep the shares you gave them, and the rest of the country makes up for it.",
    )


def _hold(forecast: Forecast, party: str, britain: float) -> None:
    """Keep both: the shares of regions that were set, and that of Great Britain without them."""
    state = st.session_state
    now = area_shares(answer(forecast, gather(state, forecast), summaries=True))
    set_here = {region for region, code in state[REGIONAL] if code == party}
    kept = {(area, code): share for area, code, share in now.rows() if code == party and area in set_here}
    _solve(forecast, kept | {(BRITAIN, party): britain})


def seats(forecast: Forecast, party: str) -> None:
    """Draw the boxes for seats that a party wins whatever happens, and for places where it does not stand.

    Parameters
    ----------
    forecast : Forecast
        The base.
    party : str
        Party code.
    """
    state, name, ds = st.session_state, palette.line(party).name, forecast.tree["seats"].ds
    codes, names = ds["constituency"].values.tolist(), ds["name"].values.tolist()
    held = ds["base_winner"].values.tolist()
    called = {code: seat for code, seat, line in zip(codes, names, held, strict=True) if line != SPEAKER}
    with st.expander("Single seats and stand-downs", key=OPEN_SEATS, on_change="rerun") as box:
        if not box.open:
            return
        st.selectbox("Seat", sorted(called, key=called.__getitem__), key=SEAT, format_func=called.__getitem__)
        with st.container(horizontal=True):
            st.button(f"{palette.line(party).short} wins it", on_click=_set_seat, args=(party,), key="sc_set_seat")
            st.button(
                f"{palette.line(party).short} does not stand", on_click=_stand_down, args=(party, SEAT), key="sc_stand"
            )
        for code, line in sorted(state[SEATS].items()):
            _listed(f"{palette.line(line).short} wins {called.get(code, code)}", f"sc_drop_{code}", SEATS, code)
        st.selectbox(f"{name} stands nowhere in", list(areas(forecast))[1:], key=PLACE, persist_state="session")
        st.button("Leave it out there", on_click=_stand_down, args=(party, PLACE), key="sc_stand_place")
        for line, places in sorted(state[STAND_DOWNS].items()):
            for place in places:
                label = f"{palette.line(line).short} does not stand in {called.get(place, place)}"
                _listed(label, f"sc_stand_drop_{line}_{place}", STAND_DOWNS, (line, place))


def _set_seat(party: str) -> None:
    state = st.session_state
    state[SEATS] = {**state[SEATS], state[SEAT]: party}


def _stand_down(party: str, chosen: str) -> None:
    state = st.session_state
    places = [*state[STAND_DOWNS].get(party, []), state[chosen]]
    state[STAND_DOWNS] = {**state[STAND_DOWNS], party: list(dict.fromkeys(places))}


def _listed(label: str, name: str, setting: str, entry: object) -> None:
    """Name a setting, with a button that takes it back."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(words.safe(label))
        st.button("Remove", on_click=_drop, args=(setting, entry), key=name, help=f"Take back: {label}")


def _drop(setting: str, entry: object) -> None:
    state = st.session_state
    if setting == STAND_DOWNS and isinstance(entry, tuple):
        party, place = entry
        left = [kept for kept in state[STAND_DOWNS][party] if kept != place]
        others = {line: places for line, places in state[STAND_DOWNS].items() if line != party}
        state[STAND_DOWNS] = others | ({party: left} if left else {})
    else:
        state[setting] = {kept: value for kept, value in state[setting].items() if kept != entry}
