"""The chain on the page of leaders: from the leader to seats, link by link."""

import polars as pl
import streamlit as st

from data.errors import SelectorateError
from models.forecast import Forecast, LeaderState
from models.leader_chain import COURSES, LINKS, Chain, chain, courses
from models.reports import read_report
from views import charts_leaders, frames_leaders, words
from views import sentences_links as sentences
from views.draw import draw

SCREEN_DRAWS = 2_000
BY_VOTERS = ("new_leader", "standing_share", "share_seats", "standing_seats")
"""Links in the order of the upper row; all others follow from MPs."""


@st.cache_data(max_entries=24, show_spinner="Following each link")
def _chain(_forecast: Forecast, party: str, stamp: str) -> tuple[Chain, pl.DataFrame]:
    """Links by polling day and by days, counted once for all visitors."""
    return chain(_forecast, party, draws=SCREEN_DRAWS), courses(_forecast, party, draws=SCREEN_DRAWS)


def links(forecast: Forecast, state: LeaderState, fill: str, stamp: str) -> None:
    """Draw what each link is worth by polling day, and by days.

    Parameters
    ----------
    forecast : Forecast
        A forecast, not the answer to a scenario.
    state : LeaderState
        The leader in office.
    fill : str
        Colour of the marks.
    stamp : str
        Name of the forecast.
    """
    st.subheader("From the leader to seats", anchor=False)
    if note := sentences.carried_over(state.party):
        st.markdown(words.safe(note))
    found, by_days = _chain(forecast, state.party, stamp)
    for row in (BY_VOTERS, [link for link in LINKS if link not in BY_VOTERS]):
        shown = [link for link in row if link in found.draws]
        for place, link in zip(st.columns(len(shown), gap="medium") if shown else (), shown, strict=True):
            with place:
                _link(forecast, state, found, link, fill)
    if state.support is None:
        st.markdown(words.safe(sentences.without_mps(state)))
    st.caption("Each dot is 1 chance in 20. A change is taken to last from today to polling day, and rivals to stay.")
    _courses(by_days, found, state, fill)
    st.markdown(words.safe(_adds(forecast)))


def _link(forecast: Forecast, state: LeaderState, found: Chain, link: str, fill: str) -> None:
    name, axis, form = frames_leaders.PANELS[link]
    sentence = sentences.link(found, link, state, forecast.manifest.lead_days)
    st.markdown(f"**{words.safe(name)}**")
    draw(
        charts_leaders.dots,
        {"dots": frames_leaders.link_dots(found, link)},
        key=f"leaders_{link}",
        sentence=sentence,
        table=lambda: frames_leaders.chain_table(found, link),
        fill=fill,
        axis=axis,
        form=form,
    )
    st.markdown(words.safe(sentence))


def _courses(by_days: pl.DataFrame, found: Chain, state: LeaderState, fill: str) -> None:
    tables = frames_leaders.courses_of(by_days)
    shown = [link for link in COURSES if link in tables]
    st.markdown("**How long it takes**")
    for place, link in zip(st.columns(len(shown), gap="medium"), shown, strict=True):
        with place:
            sentence = sentences.course(tables[link], link, found, state)
            st.markdown(words.safe(sentence))
            draw(
                charts_leaders.course,
                {"rows": tables[link]},
                key=f"leaders_course_{link}",
                sentence=sentence,
                table=frames_leaders.course_table(tables[link]),
                fill=fill,
                axis=frames_leaders.PANELS[link][1],
            )
    st.caption("Lines: medians; bands: 50, 80 and 95%.")


def _adds(forecast: Forecast) -> str:
    """What leaders and MPs have added beyond the polls; empty where the track record cannot be read."""
    try:
        record = read_report()
    except SelectorateError:
        return ""
    return sentences.adds(*frames_leaders.added(record, forecast.manifest.lead_days))
