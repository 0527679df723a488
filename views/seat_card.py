"""The card of one seat: who may win it and by how much, what would change it, what changed, and seats like it."""

from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from models.forecast import Forecast
from models.seat_compare import changed_since, previous_forecast, similar_seats
from models.seat_holders import seat_lines
from models.seat_table import seat_table
from models.store import stored_forecasts
from views import charts, frames, sentences_seats, words
from views.draw import draw


def show(forecast: Forecast, seat: dict[str, Any], *, accessible: bool) -> None:
    """Draw the card.

    Parameters
    ----------
    forecast : Forecast
        What the page shows.
    seat : dict
        A row of ``models.seat_holders.seats_held``.
    accessible : bool
        Whether to use the accessible colours.
    """
    sentence = sentences_seats.one_seat(seat)
    with st.container(border=True):
        st.subheader(words.safe(seat["name"]), anchor=False)
        st.caption(words.safe(f"{seat['region']} · {seat['constituency']}"))
        st.markdown(words.safe(sentence))
        if sentences_seats.is_speakers(seat):
            return
        shares = seat_lines(forecast, seat["constituency"]).head(7)
        rows = frames.card_rows(shares, accessible=accessible)
        draw(charts.seat_card, {"shares": rows}, key="card", sentence=sentence, rows=rows.height)
        st.caption(words.safe(sentences_seats.diamond(seat, forecast.manifest.previous_election)))
        facts = _facts(forecast, seat["constituency"])
        st.markdown("\n".join(f"- **{label}:** {words.safe(text)}" for label, text in facts.items()))


def _facts(forecast: Forecast, code: str) -> dict[str, str]:
    here = pl.col("constituency") == code
    with st.spinner("Drawing the shares of every seat"):
        row = seat_table(forecast).row(by_predicate=here, named=True)
    since, changes = _changes(forecast.manifest.model_dump_json(), tuple(map(str, stored_forecasts())), forecast)
    moved = changes.filter(here).to_dicts()
    return {
        "Majority": sentences_seats.majority(row),
        "Swing needed": sentences_seats.swing(row),
        "Change": sentences_seats.change(moved[0] if moved else None, since),
        "Most like it": sentences_seats.similar(similar_seats(forecast, code)),
    }


@st.cache_resource(max_entries=2, show_spinner=False)
def _changes(made: str, stored: tuple[str, ...], _forecast: Forecast) -> tuple[date | None, pl.DataFrame]:
    """Day of the last stored forecast of this election, and what changed since; kept by what was made and is stored."""
    earlier = previous_forecast(_forecast)
    if earlier is None:
        return None, changed_since(_forecast, _forecast)
    return earlier.manifest.as_of, changed_since(_forecast, earlier)
