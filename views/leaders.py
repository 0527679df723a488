"""Page of leaders: how voters and MPs have seen them, what that is worth in seats, and who else might lead."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import polars as pl
import streamlit as st

from data import Evidence
from data.errors import SelectorateError
from models.forecast import Forecast, LeaderState
from models.leader_alternatives import alternatives, summary
from models.leader_chain import state_of
from models.leader_history import favourability_paths, newest_rating, ratings_on_scale, spells
from models.mp_history import Backing, backing_history, facts_on
from models.seat_holders import known_on_day, party_mps
from models.shipped_links import ShippedLinks, shipped_links
from views import charts_leaders, frames, frames_alternatives, frames_leaders, leaders_links, palette, shell, words
from views import sentences_alternatives as others
from views import sentences_leaders as sentences
from views.answers import stamp, stamp_with_own
from views.draw import DAY, draw, offer
from views.fragments import fragment

SCREEN_DRAWS = 2_000
POINTS, SHARE_OF_MPS = (-80.0, 80.0), (0.0, 1.0)
"""Ends of the axes over time, the same for all parties."""


@dataclass(frozen=True, kw_only=True)
class History:
    """What is known of a party's leaders over time; ``unrated`` are those of whom no rating is held."""

    path: pl.DataFrame
    ratings: pl.DataFrame
    backing: Backing
    unrated: list[str]


def show() -> None:
    """Draw the page."""
    shell.page("Leaders", _body, follows=False)


@st.cache_resource(max_entries=2, show_spinner="Reading what ratings mean")
def _known(_forecast: Forecast, stamp: str) -> tuple[Evidence, ShippedLinks]:
    """Tables as of the forecast, and what ratings and votes of MPs mean; ``stamp`` names forecast and tables."""
    evidence = known_on_day(_forecast.manifest.as_of)
    return evidence, shipped_links(evidence, _forecast.manifest.previous_election)


@st.cache_data(max_entries=24, show_spinner="Reading ratings and votes of MPs")
def _history(_forecast: Forecast, party: str, since: date, stamp: str) -> History:
    """Standing and backing over time, counted once for all visitors."""
    evidence, links = _known(_forecast, stamp)
    path = favourability_paths(evidence, links.scale, party, since)
    led = dict.fromkeys(spell.leader for spell in spells(evidence, party) if spell.end > since)
    return History(
        path=path,
        ratings=ratings_on_scale(evidence, links.scale, party, since),
        backing=backing_history(evidence, links.habits, party, since),
        unrated=[leader for leader in led if leader not in path["leader"]],
    )


@st.cache_data(max_entries=24, show_spinner="Letting others lead")
def _alternatives(_forecast: Forecast, party: str, stamp: str) -> pl.DataFrame:
    """Who else might lead, counted once for all visitors."""
    evidence, links = _known(_forecast, stamp)
    return summary(alternatives(_forecast, evidence, links.scale, party, draws=SCREEN_DRAWS))


@fragment
def _body(shown: shell.Shown) -> None:
    forecast = shown.base
    st.markdown(
        "How voters have seen each leader and how far MPs have stood behind them, what either is worth in votes and "
        "seats, and what the party would win under somebody else."
    )
    names = frames_leaders.parties(forecast)
    if not names:
        st.info("The forecast knows no leader of any party.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        party = _party(names)
        since = _since(forecast)
        accessible = shell.accessible_colours()
    state = state_of(forecast, party)
    fill = palette.colour(party, accessible)
    if note := sentences.scenario_note(state_of(shown.forecast, party), state):
        st.info(words.safe(note))
    try:
        held = _history(forecast, party, since, stamp_with_own(forecast))
    except SelectorateError as error:
        st.info(words.safe(words.with_days(f"{error} {sentences.WITHOUT_HISTORY}")))
        leaders_links.links(forecast, state, fill, stamp(forecast))
    else:
        _trend(forecast, state, held, since, fill)
        _backing(forecast, state, held.backing, since, fill)
        leaders_links.links(forecast, state, fill, stamp(forecast))
        _others(forecast, state, accessible)
    _evidence(forecast, state)


def _party(names: dict[str, str]) -> str:
    if st.session_state.get("leaders_party") not in names:
        st.session_state.pop("leaders_party", None)
    chosen = st.selectbox(
        "Party", list(names), format_func=names.__getitem__, key="leaders_party", persist_state="session", width=260
    )
    return str(chosen)


def _since(forecast: Forecast) -> date:
    days = frames_leaders.ranges(forecast)
    first = next(iter(days))
    if st.session_state.get("leaders_since") not in days:
        st.session_state.pop("leaders_since", None)
    chosen = st.segmented_control(
        "Since",
        list(days),
        default=first,
        required=True,
        key="leaders_since",
        persist_state="session",
        help="The first is the last general election; ratings are held from 1979 on.",
    )
    return days[chosen or first]


def _over_time(
    points: pl.DataFrame,
    marks: pl.DataFrame,
    sentence: str,
    *,
    key: str,
    table: Callable[[], pl.DataFrame],
    fill: str,
    axis: str,
    form: str,
    domain: tuple[float, float],
    kinds: tuple[str, ...],
    ends: tuple[date, date],
) -> None:
    draw(
        charts_leaders.history,
        {"path": points, "marks": marks},
        key=key,
        sentence=sentence,
        table=table,
        fill=fill,
        axis=axis,
        form=form,
        domain=domain,
        kinds=kinds,
        begun=frames_leaders.begun(points),
        ends=ends,
    )


def _trend(forecast: Forecast, state: LeaderState, held: History, since: date, fill: str) -> None:
    st.subheader("What voters think", anchor=False)
    sentence = sentences.trend(held.path, state)
    st.markdown(words.safe(sentence))
    if held.path.is_empty():
        return
    marks, every = frames_leaders.rating_marks(held.ratings)
    _over_time(
        frames_leaders.trend_points(held.path),
        marks,
        sentence,
        key="leaders_trend",
        table=lambda: frames_leaders.trend_table(held.path),
        fill=fill,
        axis="Net favourability, in points on one scale",
        form="+.0f",
        domain=POINTS,
        kinds=("Rating",),
        ends=(since, forecast.manifest.as_of),
    )
    st.caption(words.safe(sentences.trend_note(held.path, state, every, held.unrated)))
    offer(
        "Ratings on the one scale (CSV)",
        lambda: frames.csv(held.ratings),
        f"ratings_{state.party}.csv",
        mime="text/csv",
        key="leaders_ratings_csv",
    )


def _backing(forecast: Forecast, state: LeaderState, held: Backing, since: date, fill: str) -> None:
    st.subheader("How far MPs stand behind them", anchor=False)
    sentence = sentences.backing(held, state, party_mps(forecast).get(state.party, 0))
    st.markdown(words.safe(sentence))
    if not held.path.is_empty():
        _over_time(
            frames_leaders.backing_points(held.path),
            frames_leaders.backing_marks(held.facts),
            sentence,
            key="leaders_backing",
            table=lambda: frames_leaders.backing_table(held.path),
            fill=fill,
            axis="MPs behind the leader",
            form=".0%",
            domain=SHARE_OF_MPS,
            kinds=(frames_leaders.VOTE, frames_leaders.ACT),
            ends=(since, forecast.manifest.as_of),
        )
        st.caption(words.safe(sentences.BACKING_NOTE))
    if not held.facts.is_empty():
        with st.expander("Votes of MPs and acts behind it", expanded=True):
            st.dataframe(
                frames_leaders.facts_table(held.facts),
                hide_index=True,
                column_config={"Day": DAY},
                alt="Votes of MPs and acts against leaders",
            )


def _others(forecast: Forecast, state: LeaderState, accessible: bool) -> None:
    st.subheader("If somebody else led", anchor=False)
    found = _alternatives(forecast, state.party, stamp_with_own(forecast))
    day = forecast.manifest.election_date
    sentence = others.alternatives(found, state.party, day)
    rows = frames_alternatives.alternative_rows(found, state.party, accessible=accessible)
    table = frames_alternatives.alternatives_table(found, day)
    st.markdown(words.safe(sentence))
    draw(
        charts_leaders.seats,
        {"rows": rows},
        key="leaders_others",
        sentence=sentence,
        table=table,
        beside=True,
        rows=rows.height,
        majority=forecast.majority,
        top=frames_alternatives.axis_end(rows, frames.axis_end(forecast)),
    )
    st.caption(words.safe(others.ALTERNATIVES_NOTE))
    st.dataframe(table, hide_index=True, height="content", alt=sentence)
    st.markdown(words.safe(f"{others.unrated(found)} {others.lasting_note(state.party)}"))
    offer(
        "These leaders (CSV)",
        lambda: frames.csv(found),
        f"leaders_{state.party}.csv",
        mime="text/csv",
        key="leaders_others_csv",
    )


def _evidence(forecast: Forecast, state: LeaderState) -> None:
    st.subheader("How strong the evidence is", anchor=False)
    evidence = known_on_day(forecast.manifest.as_of)
    newest = newest_rating(evidence, state.leader)
    lines = sentences.strength(forecast, state, facts_on(evidence, state.party), newest)
    st.markdown("\n".join(f"- {words.safe(line)}" for line in lines))
