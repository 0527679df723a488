"""Page of polls: every poll with its part in the forecast, the trend three ways, pollsters' leans, what came in."""

from typing import Any

import polars as pl
import streamlit as st

from data import load_evidence
from data.catalogue import read_package
from data.catalogue.package import PollCount
from data.catalogue.provenance import Publisher, read_provenance
from data.errors import SelectorateError
from models.forecast import Forecast
from models.poll_leans import PollErrors, measure
from models.poll_news import News, recent, since_forecast
from models.poll_table import poll_rows
from models.poll_trend import MODEL, SMOOTHERS
from models.seat_compare import previous_forecast
from models.store import stored_forecasts
from views import (
    answers,
    captions_polls,
    charts_polls,
    frames,
    frames_poll_table,
    frames_polls,
    palette,
    polls_own,
    sentences_polls,
    shell,
    words,
)
from views.draw import DAY, draw, offer
from views.fragments import fragment

DRAWN_AT_FIRST = 3
"""Parties drawn before the visitor chooses: the leading ones, for with all of them marks hide each other."""
ANY = "all"
STATUSES = (ANY, "used", "excluded")


def show() -> None:
    """Draw the page."""
    shell.page("Polls", _body, follows=False)


@st.cache_resource(max_entries=2, show_spinner="Reading the polls")
def _measured(_forecast: Forecast, stamp: str) -> tuple[pl.DataFrame, PollErrors]:
    """Polls of a forecast and how far they are off, once for all visitors; ``stamp`` names forecast and own rows."""
    rows = poll_rows(_forecast, load_evidence())
    return rows, measure(_forecast, rows)


@st.cache_resource(max_entries=2, show_spinner="Looking for an earlier forecast")
def _news(_forecast: Forecast, _rows: pl.DataFrame, stamp: str, stored: tuple[str, ...]) -> dict[str, News]:
    """What happened in the last days and since the forecast before, by the label of the choice."""
    found = {"The last 14 days": recent(_forecast, _rows)}
    earlier = previous_forecast(_forecast)
    if earlier is not None:
        label = f"The forecast of {words.day(earlier.manifest.as_of)}"
        found[label] = since_forecast(_forecast, _rows, earlier, poll_rows(earlier, load_evidence()))
    return found


def _body(shown: shell.Shown) -> None:
    forecast = shown.base
    try:
        stamp = answers.stamp_with_own(forecast)
        rows, errors = _measured(forecast, stamp)
        news = _news(forecast, rows, stamp, tuple(map(str, stored_forecasts())))
        publishers = {one.key: one for subject in read_provenance() for one in subject.publishers}
        left_out = sentences_polls.left_out(_count(forecast))
    except SelectorateError as error:
        st.error(words.safe(str(error)))
        return
    st.markdown(words.safe(sentences_polls.headline(forecast, rows)))
    parties = frames_polls.followed(forecast)
    accessible = shell.accessible_colours()
    _trend(forecast, rows, errors, accessible)
    _arrivals(news, parties)
    _leans(errors, parties, accessible)
    _table(forecast, rows, errors, publishers, left_out)
    polls_own.show(forecast, errors)


def _count(forecast: Forecast) -> PollCount | None:
    """Rows read and kept of the Parliament of a forecast, where the tables count it under one name."""
    day = forecast.manifest.election_date
    held = day in load_evidence().elections["election_date"].to_list()
    name = str(day.year) if held else "next"
    return next((count for count in read_package().poll_counts if count.parliament == name), None)


def _short(code: str) -> str:
    return palette.line(code).short


def _name(code: str) -> str:
    return palette.line(code).name


@fragment
def _trend(forecast: Forecast, rows: pl.DataFrame, errors: PollErrors, accessible: bool) -> None:
    st.subheader("Trend", anchor=False)
    offered = frames_polls.followed(forecast)
    parties, smoother = _choice(offered)
    if not parties:
        st.info("Choose a party to draw.")
        return
    manifest = forecast.manifest
    standing = frames_polls.standing(forecast, rows, parties)
    sentence = sentences_polls.trend(standing, smoother, manifest.as_of)
    st.markdown(words.safe(sentence))
    draw(
        charts_polls.trend,
        {
            "path": frames_polls.bands(forecast, parties),
            "line": frames_polls.line(forecast, rows, parties, smoother),
            "polls": frames_polls.marks(rows, errors, parties),
        },
        key=f"polls_trend_{smoother}",
        sentence=sentence,
        table=lambda: frames_polls.standing_table(frames_polls.standing(forecast, rows, offered)),
        looks=frames_polls.looks(parties, accessible),
        model=smoother == MODEL,
        days=(manifest.previous_election, manifest.as_of),
    )
    st.caption(captions_polls.ABOUT_SMOOTHERS[smoother])


def _choice(offered: list[str]) -> tuple[list[str], str]:
    """Ask for parties and a smoother."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        chosen = st.pills(
            "Parties",
            offered,
            selection_mode="multi",
            default=offered[:DRAWN_AT_FIRST],
            format_func=_short,
            key="polls_parties",
            wrap=True,
        )
        smoother = st.segmented_control(
            "Smoothed by",
            list(SMOOTHERS),
            default=MODEL,
            required=True,
            format_func=frames_polls.SMOOTHER_NAMES.__getitem__,
            key="polls_smoother",
            wrap=True,
        )
    return [code for code in offered if code in (chosen or [])], smoother or MODEL


@fragment
def _arrivals(news: dict[str, News], parties: list[str]) -> None:
    st.subheader("What came in, what went out", anchor=False)
    label = st.segmented_control(
        "Since", list(news), default=next(iter(news)), required=True, key="polls_since", wrap=True
    )
    what = news[label or next(iter(news))]
    st.markdown(words.safe(sentences_polls.news(what, parties)))
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.markdown("**Came in**")
        _listed(what.came, parties, "No poll came in.")
        st.markdown("**Went out**")
        _listed(what.went, parties, "No poll went out.")
    with right:
        st.markdown("**Voting intention**")
        moved = frames_polls.moved_table(what, parties)
        st.dataframe(moved, hide_index=True, height="content", alt="Voting intention then and now")
    lately = label == next(iter(news))
    st.caption(captions_polls.LATELY if lately else captions_polls.SINCE_FORECAST)


def _listed(polls: pl.DataFrame, parties: list[str], none: str) -> None:
    if polls.is_empty():
        st.markdown(none)
        return
    table = frames_polls.short_list(polls, parties)
    st.dataframe(table, hide_index=True, height="content", alt="Polls", placeholder="–", column_config=_columns(table))


@fragment
def _leans(errors: PollErrors, parties: list[str], accessible: bool) -> None:
    st.subheader("Pollsters' leans, measured against the median path", anchor=False)
    party = _party(parties, "polls_lean")
    table = frames_polls.leans(errors, party)
    sentence = sentences_polls.leans(table, party)
    st.markdown(words.safe(sentence))
    if not table.is_empty():
        draw(
            charts_polls.leans,
            {"rows": table},
            key="polls_leans",
            sentence=sentence,
            table=lambda: frames_polls.leans_table(errors, parties),
            rows=table.height,
            fill=palette.colour(party, accessible),
        )
    st.caption(captions_polls.ABOUT_LEANS)


def _party(parties: list[str], key: str) -> str:
    chosen = st.selectbox("Party", parties, format_func=_name, key=key, width=260)
    return str(chosen)


@fragment
def _table(
    forecast: Forecast, rows: pl.DataFrame, errors: PollErrors, publishers: dict[str, Publisher], left_out: str
) -> None:
    st.subheader("Every poll", anchor=False)
    parties = [*frames.main_parties(forecast), *(code for code in ("snp", "plaid") if code in forecast.parties)]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        hint = "YouGov, 2026-09, Scotland …"
        wanted = st.text_input("Polls that contain", key="polls_find", placeholder=hint, width=300)
        status = st.segmented_control(
            "Status", STATUSES, default=ANY, required=True, format_func=str.capitalize, key="polls_status"
        )
        party = _party(frames_polls.followed(forecast), "polls_party")
    whole = frames_poll_table.whole(rows, errors, publishers)
    why = sentences_polls.reasons(rows, forecast.parties)
    table = frames_poll_table.polls_table(whole, list(dict.fromkeys(parties)), party, why)
    shown = frames_poll_table.found(table, wanted or "", None if status in (None, ANY) else status)
    if shown.is_empty():
        st.info("No such poll.")
    else:
        st.dataframe(
            shown, hide_index=True, height=420, alt="Every poll", placeholder="–", column_config=_columns(shown)
        )
    st.caption(words.safe(f"{words.plural(shown.height, 'poll')}, newest first. {left_out}"))
    with st.expander("What the columns mean"):
        for column, text in captions_polls.COLUMNS.items():
            st.markdown(f"**{column}**: {text}")
    offer(
        "Every poll (CSV)",
        lambda: frames.csv(whole.with_columns(why=pl.Series(why))),
        "polls.csv",
        mime="text/csv",
        key="csv_polls",
    )


def _columns(shown: pl.DataFrame) -> dict[str, Any]:
    """How columns of the table are written."""
    count = st.column_config.NumberColumn(format="localized")
    points = [name for name in shown.columns if name.startswith(("Lean", "Residual"))]
    return {
        **dict.fromkeys(points, st.column_config.NumberColumn(format="%+.1f")),
        **dict.fromkeys(("Ended", "Started"), DAY),
        **dict.fromkeys(("Counts as", "Sample"), count),
        "Link": st.column_config.LinkColumn(display_text="open"),
    }
