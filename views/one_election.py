"""One possible election on the first page: a simulation of the forecast, another at each press of the button."""

import polars as pl
import streamlit as st

from models.forecast import Forecast
from models.one_election import OneElection, one_election
from views import charts_hex, hexes, palette, words
from views.draw import draw
from views.fragments import fragment

TURN = "one_election_turn"


@fragment
def show(forecast: Forecast, *, accessible: bool) -> None:
    """Draw the button and, once it was pressed, one simulation.

    Parameters
    ----------
    forecast : Forecast
        What the page shows.
    accessible : bool
        Whether to use the accessible colours.
    """
    st.subheader("One possible election", anchor=False)
    if st.button("Show me one", key="one_election", icon=":material/casino:"):
        st.session_state[TURN] = st.session_state.get(TURN, -1) + 1
    if TURN not in st.session_state:
        st.caption(f"One of the {forecast.n_draws:,} simulations, as if it had happened. Each press shows another.")
        return
    one = one_election(forecast, st.session_state[TURN])
    said = sentence(one, forecast.n_draws)
    st.markdown(words.safe(said))
    rows = [
        {
            "Party": palette.line(row["party"]).name,
            "Seats": row["seats"],
            "Votes": "–" if row["votes"] is None else words.share(row["votes"]),
        }
        for row in one.lines.iter_rows(named=True)
    ]
    left, right = st.columns([2, 3], gap="large")
    with left:
        st.table(pl.DataFrame(rows), border="horizontal", hide_index=True, alt=said)
    placed = hexes.place(one.seats)
    if not placed.is_empty():
        with right:
            _map(one, placed, said, accessible=accessible)


def _map(one: OneElection, placed: pl.DataFrame, said: str, *, accessible: bool) -> None:
    """Draw who wins each seat in the simulation."""
    names = {code: palette.line(code).name for code in placed["winner"].unique()}
    named = placed.with_columns(party=pl.col("winner").replace_strict(names, return_dtype=pl.String))
    order = [(names[code], palette.colour(code, accessible)) for code in one.lines["party"] if code in names]
    draw(
        charts_hex.hex_map,
        {"seats": hexes.paint_winners(named, accessible=accessible), "ring": placed.head(0).select("x", "y")},
        key="one_election_map",
        sentence=said,
        table=lambda: named.select(Seat="name", Winner="party"),
        box=hexes.box(placed),
        title="Winner in this simulation",
        entries=tuple(order),
    )


def sentence(one: OneElection, n_draws: int) -> str:
    """Say what happened in one simulation.

    Parameters
    ----------
    one : OneElection
        The simulation.
    n_draws : int
        Of how many.

    Returns
    -------
    str
        The largest line, the one after it, and who has a majority.
    """
    (first, won), (second, after) = one.lines.select("party", "seats").head(2).rows()
    largest = palette.line(first).who
    end = (
        f"a majority for {palette.line(one.winner).who}"
        if one.winner
        else f"nobody has a majority, for which {words.plural(one.short, 'more seat')} would be needed"
    )
    return (
        f"In simulation {one.number:,} of {n_draws:,}: {words.plural(won, 'seat')} for {largest} and "
        f"{after} for {palette.line(second).who}; {end}. It is as likely as any other of them."
    )
