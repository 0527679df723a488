"""The card of one seat: who may win it and by how much, what would change it, what changed, and seats like it."""

from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from models.forecast import Forecast
from models.seat_compare import changed_since, earlier_chances, previous_forecast, similar_seats
from models.seat_holders import seat_lines
from models.seat_table import seat_table
from models.store import stored_forecasts
from views import charts, frames, frames_twins, sentences_seats, words
from views.draw import draw

AT_MOST = 7
"""Parties on a card."""


def show(base: Forecast, forecast: Forecast, seat: dict[str, Any], *, accessible: bool) -> None:
    """Draw the card.

    Parameters
    ----------
    base : Forecast
        The forecast.
    forecast : Forecast
        The same, or what a scenario makes of it.
    seat : dict
        A row of ``models.seat_map.seats_to_map`` with ``elected``, who won the seat, or none.
    accessible : bool
        Whether to use the accessible colours.
    """
    sentence = sentences_seats.one_seat(seat, scenario=forecast is not base)
    with st.container(border=True):
        st.subheader(words.safe(seat["name"]), anchor=False)
        parts = [seat["region"], seat["constituency"], *([f"elected: {seat['elected']}"] if seat["elected"] else [])]
        st.caption(words.safe(" · ".join(parts)))
        st.markdown(words.safe(sentence))
        if sentences_seats.is_speakers(seat):
            return
        shares = seat_lines(forecast, seat["constituency"])
        rows = frames.card_rows(shares.head(AT_MOST), accessible=accessible)
        draw(
            charts.seat_card,
            {"shares": rows},
            key="card",
            sentence=sentence,
            table=lambda: frames_twins.seat(shares),
            rows=rows.height,
        )
        last = base.manifest.previous_election
        st.caption(words.safe(sentences_seats.diamond(seat, last)))
        facts = {
            "Chances": sentences_seats.chances(shares),
            "Last general election": sentences_seats.last_result(shares, seat, last),
            **_facts(base, forecast, seat, shares),
        }
        st.markdown("\n".join(f"- **{label}:** {words.safe(text)}" for label, text in facts.items()))
        if forecast is not base:
            _majority(forecast, seat)
        _earlier(base, seat)


def _facts(base: Forecast, forecast: Forecast, seat: dict[str, Any], shares: pl.DataFrame) -> dict[str, str]:
    code = seat["constituency"]
    swing = {"Swing needed": sentences_seats.swing(seat)}
    alike = {"Most like it": sentences_seats.similar(similar_seats(forecast, code))}
    if forecast is not base:
        return {"Scenario": sentences_seats.scenario_change(seat_lines(base, code), shares), **swing, **alike}
    since, changes = _changes(*_made(base), base)
    moved = changes.filter(pl.col("constituency") == code).to_dicts()
    return {
        "Majority": _drawn(base, code),
        **swing,
        "Change": sentences_seats.change(moved[0] if moved else None, since),
        **alike,
    }


def _drawn(forecast: Forecast, code: str) -> str:
    """Majority with its range, from joint draws of all shares."""
    with st.spinner("Drawing the shares of every seat"):
        table = seat_table(forecast)
    return sentences_seats.majority(table.row(by_predicate=pl.col("constituency") == code, named=True))


def _majority(answer: Forecast, seat: dict[str, Any]) -> None:
    """Tell the majority in a scenario when asked for: a slider cannot wait for all shares to be drawn."""
    box = st.expander("Majority in the scenario", key="card_majority", on_change="rerun")
    if box.open:
        with box:
            st.markdown(words.safe(f"{_drawn(answer, seat['constituency'])}."))


def _earlier(base: Forecast, seat: dict[str, Any]) -> None:
    """Tell the chances of the likeliest winner in earlier forecasts, which take seconds to read, when asked for."""
    box = st.expander("Earlier forecasts", key="card_earlier", on_change="rerun")
    if not box.open:
        return
    with box, st.spinner("Reading earlier forecasts"):
        table = _chances(*_made(base), base)
        mine = table.filter(pl.col("constituency") == seat["constituency"], pl.col("party") == seat["winner"])
        st.markdown(words.safe(sentences_seats.earlier(seat["winner"], mine)))


def _made(base: Forecast) -> tuple[str, tuple[str, ...]]:
    """What a forecast was made from and which forecasts are stored: the key of what is kept of earlier ones."""
    return base.manifest.model_dump_json(), tuple(map(str, stored_forecasts()))


@st.cache_resource(max_entries=2, show_spinner=False)
def _chances(made: str, stored: tuple[str, ...], _base: Forecast) -> pl.DataFrame:
    """Chances in all seats by the last earlier forecasts."""
    return earlier_chances(_base)


@st.cache_resource(max_entries=2, show_spinner=False)
def _changes(made: str, stored: tuple[str, ...], _base: Forecast) -> tuple[date | None, pl.DataFrame]:
    """Day of the last stored forecast of this election, and what changed since; kept by what was made and is stored."""
    earlier = previous_forecast(_base)
    if earlier is None:
        return None, changed_since(_base, _base)
    return earlier.manifest.as_of, changed_since(_base, earlier)
