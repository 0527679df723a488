"""Finding a seat without a mouse: one box for the seat's name, its MP or a party, and steps along the list."""

import unicodedata
from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from models.seat_holders import BY_ELECTION
from views import palette, words

SEAT_KEY = "seat"
"""Where the session keeps the code of the seat that is looked at."""


def entry(seat: Mapping[str, Any]) -> str:
    """Name a seat with who holds it, so that typing any of these words finds it.

    Parameters
    ----------
    seat : mapping
        A row of ``models.seat_holders.seats_held`` with ``elected`` of ``models.seat_targets.elected``, null where the
        tables do not name who won.

    Returns
    -------
    str
        ``Halifax — Kate Dearden (Labour)``; a name with accents stands there without them, too.
    """
    party = palette.line(seat["holder"]).name
    if seat["won_at"] == BY_ELECTION:
        said = f"{seat['name']} — won at a by-election on {words.day(seat['won_on'])} ({party})"
    else:
        said = f"{seat['name']} — {seat['elected']} ({party})" if seat["elected"] else f"{seat['name']} ({party})"
    return said if seat["name"].isascii() else f"{said} · {_unaccented(seat['name'])}"


def _unaccented(name: str) -> str:
    """Name as a keyboard without accents types it: the box knows ``ô`` and ``o`` as two letters."""
    return "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))


def search(seats: pl.DataFrame, within: pl.DataFrame) -> None:
    """Draw the box, and buttons to the seats before and after in the list.

    Parameters
    ----------
    seats : pl.DataFrame
        All seats, with the columns that ``entry`` reads.
    within : pl.DataFrame
        Those that the buttons go through.
    """
    listed = seats.sort("name")
    names = {row["constituency"]: entry(row) for row in listed.iter_rows(named=True)}
    if st.session_state.get(SEAT_KEY) not in names:
        st.session_state.pop(SEAT_KEY, None)
    st.selectbox(
        "Find a seat",
        list(names),
        index=None,
        format_func=names.__getitem__,
        key=SEAT_KEY,
        persist_state="session",
        placeholder="Type a seat, an MP or a party",
    )
    order = within.sort("name")["constituency"].to_list()
    with st.container(horizontal=True):
        st.button("Previous seat", key="seat_before", on_click=_step, args=(order, -1))
        st.button("Next seat", key="seat_after", on_click=_step, args=(order, 1))
    st.caption(
        "By keyboard: Tab to the box, type part of a seat, MP or party, as Halifax, Dearden or (Green), and choose "
        "with arrow keys and Enter; the buttons go through the seats on the map, by name. MPs are those elected, under "
        "the party they were elected for."
    )


def _step(order: list[str], by: int) -> None:
    """Go to the next seat of a list or the one before, round its ends; from outside the list to its start or end."""
    chosen = st.session_state.get(SEAT_KEY)
    at = order.index(chosen) + by if chosen in order else min(by, 0)
    st.session_state[SEAT_KEY] = order[at % len(order)]
