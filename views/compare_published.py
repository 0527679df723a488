"""Forecasts of others beside this model's, on the page Compare."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import streamlit as st

from data import load_evidence
from data.errors import SelectorateError
from models.beside_past import result_of
from models.forecast import Forecast
from models.published import elections_forecast, published_ahead, published_for, stored_near
from models.record import past_elections
from models.reports import REPORTS, read_report
from models.store import MANIFEST, load_forecast
from views import charts_compare, frames, frames_beside, frames_track, sentences_beside, words
from views.draw import draw, offer
from views.frames_beside import Ours

NONE_AHEAD = (
    "No MRP, and no other forecast of others, is held for the coming election. When the table of published forecasts "
    "has one, it stands here beside this model's of the same day. Until then: past elections."
)
SPEAKER = (
    "Others mostly count the Speaker for his old party; this model and the result count him apart. Only national "
    "totals of published forecasts are held, the last of each before polling day. The exit poll, which asks people who "
    "have voted, is in the table only."
)
MAJORITY = 326
"""Seats for a majority at every election since 2010, before which no published forecast is held."""


def show(forecast: Forecast, *, accessible: bool) -> None:
    """Draw the section.

    Parameters
    ----------
    forecast : Forecast
        The forecast of the coming election.
    accessible : bool
        Whether to use the accessible colours.
    """
    evidence = load_evidence()
    ahead, days = published_ahead(evidence), elections_forecast(evidence)
    asked = forecast.manifest.election_date
    if asked not in past_elections(evidence):
        if ahead.is_empty():
            st.info(NONE_AHEAD)
        else:
            _ahead(forecast, ahead, accessible)
    if not days:
        return
    at = days.index(asked) if asked in days else 0
    held = st.selectbox(
        "General election",
        days,
        at,
        key="cmp_published",
        format_func=_year,
        persist_state="session",
    )
    won = dict(result_of(evidence, held).select("party", pl.col("seats").cast(pl.Float64)).iter_rows())
    ours, as_of = _on_the_eve(held)
    _figures(published_for(evidence, held), ours, won, (held, as_of), accessible, "past")


def _year(day: date) -> str:
    return f"{day.year}"


def _ahead(forecast: Forecast, ahead: pl.DataFrame, accessible: bool) -> None:
    """Draw what others forecast of the coming election by one day, beside this model's of that time."""
    days = ahead["known_on"].unique().sort(descending=True).to_list()
    day = st.selectbox("Published by", days, key="cmp_ahead", format_func=words.day, persist_state="session")
    folder = stored_near(day, forecast.manifest.previous_election)
    try:
        ours, as_of = _stored(str(folder), (folder / MANIFEST).stat().st_mtime_ns) if folder else ({}, None)
    except SelectorateError:  # kept from an earlier version, whose forecasts are not read
        ours, as_of = {}, None
    _figures(
        ahead.filter(pl.col("known_on") == day), ours, {}, (forecast.manifest.election_date, as_of), accessible, "ahead"
    )
    if as_of is None:
        st.caption("No forecast of this model is stored from within two weeks of that day.")


@st.cache_data(max_entries=16, show_spinner="Reading a stored forecast")
def _stored(folder: str, stamp: int) -> tuple[Ours, date]:
    """Seats of a stored forecast; ``stamp`` (time of writing) makes a new fit a new entry."""
    forecast = load_forecast(Path(folder))
    rows = forecast.seat_summary().select("party", "mean", "lo90", "hi90").iter_rows()
    return {party: (mean, lo, hi) for party, mean, lo, hi in rows}, forecast.manifest.as_of


@st.cache_data(max_entries=8, show_spinner=False)
def _eve(folder: str, held: date) -> tuple[Ours, date | None]:
    record = read_report(Path(folder))
    leads = frames_track.leads_of(record, held)
    if not leads:
        return {}, None
    said = frames_track.told(record, held, min(leads))
    ours = {
        party: (of["seat_mean"], of["seat_lo90"], of["seat_hi90"]) for party, of in said.items() if "seat_lo90" in of
    }
    return ours, held - timedelta(days=min(leads))


def _on_the_eve(held: date) -> tuple[Ours, date | None]:
    """Seats this model has last for a past election, from the track record, and as of when; none without a record."""
    try:
        return _eve(str(REPORTS), held)
    except SelectorateError as error:
        st.info(words.safe(str(error)))
        return {}, None


def _figures(
    table: pl.DataFrame,
    ours: Ours,
    came: dict[str, float],
    days: tuple[date, date | None],
    accessible: bool,
    key: str,
) -> None:
    """Draw sentence, chart and table; ``days`` are polling day and the last day of this model's evidence."""
    held, as_of = days
    when = words.day(as_of) if as_of else ""
    said = sentences_beside.published(table, ours, came, held, f"as of {when}")
    st.subheader(words.safe(said), anchor=False)
    rows = frames_beside.published_rows(table, ours, came, held.year, accessible=accessible)
    shown = frames_beside.published_table(table, ours, came, held.year, when)
    draw(
        charts_compare.beside,
        {"figures": rows},
        key=f"cmp_published_{key}",
        sentence=said,
        table=shown,
        beside=True,
        rows=len(frames_beside.parties_of(table)),
        lanes=frames_beside.LANES,
        kinds=frames_beside.KINDS,
        end=frames_beside.end_of(rows, MAJORITY),
        at=MAJORITY,
    )
    st.caption(SPEAKER)
    st.dataframe(shown, hide_index=True, height="content", alt=said)
    name = f"published_{held}.csv"
    csv = "Published forecasts with sources (CSV)"
    offer(csv, lambda: frames.csv(table), name, mime="text/csv", key=f"cmp_published_csv_{key}")
