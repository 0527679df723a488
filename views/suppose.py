"""A section of the page Scenario: suppose something had been observed, and read what else would then be likely."""

from collections.abc import Callable

import polars as pl
import streamlit as st

from data.errors import BadInput
from models.compare_many import seat_moves, seats_beside
from models.condition import FEWEST, HUNG, Given, condition, matching
from models.forecast import Forecast
from models.scenario_check import is_answer
from views import (
    charts,
    charts_compare,
    frames,
    frames_compare,
    frames_suppose,
    frames_twins,
    palette,
    sentences,
    words,
)
from views import sentences_suppose as said
from views.answers import stamp
from views.draw import draw, offer
from views.fragments import fragment

SEAT, PARTY, LARGEST, MAJORITY, NEAR = "sup_seat", "sup_party", "sup_largest", "sup_majority", "sup_near"
OBSERVED = "If observed"
SEATS_SHOWN = 12


@st.cache_resource(max_entries=8, show_spinner=False)
def _seen(_forecast: Forecast, stamp: str, text: str) -> tuple[Forecast, float]:
    """Weigh once; ``stamp`` names the forecast, ``text`` is what is given, as JSON."""
    given = Given.model_validate_json(text)
    return condition(_forecast, given, summaries=False), matching(_forecast, given)


@fragment
def show(forecast: Forecast, *, accessible: bool = False) -> None:
    """Draw the section.

    Parameters
    ----------
    forecast : Forecast
        The forecast, or the answer to a scenario.
    accessible : bool
        Whether to use the accessible colours.
    """
    st.subheader("Suppose it happened", anchor=False)
    st.markdown(said.LABEL)
    left, right = st.columns([2, 3], gap="large")
    with left:
        given = _given(forecast)
    with right:
        if given.is_empty:
            st.caption("Nothing is supposed yet: choose a seat, a share of the vote, the largest party or a majority.")
            return
        try:
            seen, effective = _seen(forecast, stamp(forecast), given.model_dump_json())
        except BadInput as error:
            st.warning(words.safe(f"{error} Fewer than {FEWEST} are too few to count on."))
        else:
            _results(forecast, seen, (given, effective), accessible)


def _given(forecast: Forecast) -> Given:
    """Draw the controls and read off them what is supposed."""
    table = forecast.constituencies()
    names = dict(table.select("constituency", "name").iter_rows())
    asked: dict[str, object] = {}
    seat = _choice("A seat", list(names), SEAT, names.__getitem__, "Any winner")
    if seat is not None:
        place = table["constituency"].to_list().index(seat)
        asked["seats"] = {seat: _sure("is won by", frames_suppose.winners(forecast, place), f"{SEAT}_{seat}")}
    party = _choice("A party's share of the vote", forecast.parties, PARTY, _name, "Any share")
    if party is not None:
        mean = float(forecast.votes[:, forecast.parties.index(party)].mean())
        usual = round(200 * mean) / 2
        one, two = st.columns(2)
        share = one.number_input("is, in %", 0.0, 100.0, usual, 0.5, format="%.1f", key=f"{PARTY}_{party}")
        near = two.number_input("give or take, in points", 0.5, 5.0, 1.0, 0.5, format="%.1f", key=NEAR)
        asked |= {"votes": {party: share / 100}, "tolerance": near / 100}
    largest = sorted(forecast.p_largest().items(), key=lambda item: -item[1])
    asked["largest"] = _choice("The largest party", [code for code, _ in largest], LARGEST, _name, "Any")
    majorities = sorted(forecast.p_majority().items(), key=lambda item: -item[1])
    asked["majority"] = _choice("A majority for", [HUNG, *(code for code, _ in majorities)], MAJORITY, _majority, "Any")
    st.button("Suppose nothing", on_click=_clear, icon=":material/restart_alt:", key="sup_clear")
    return Given.model_validate(asked)


def _choice(label: str, options: list[str], key: str, name: Callable[[str], str], none: str) -> str | None:
    if st.session_state.get(key) not in options:  # another forecast has other winners
        st.session_state.pop(key, None)
    chosen: str | None = st.selectbox(
        label, options, index=None, key=key, format_func=name, placeholder=none, persist_state="session"
    )
    return chosen


def _sure(label: str, options: list[str], key: str) -> str:
    return str(st.selectbox(label, options, key=key, format_func=_name, persist_state="session"))


def _name(code: str) -> str:
    return palette.line(code).name


def _majority(code: str) -> str:
    return "Nobody (hung parliament)" if code == HUNG else _name(code)


def _clear() -> None:
    for key in (SEAT, PARTY, LARGEST, MAJORITY):
        st.session_state[key] = None


def _results(forecast: Forecast, seen: Forecast, supposed: tuple[Given, float], accessible: bool) -> None:
    given, effective = supposed
    names = ["Scenario" if is_answer(forecast) else "Forecast", OBSERVED]
    st.subheader(words.safe(said.headline(forecast, seen, given)), anchor=False)
    st.markdown(words.safe(said.matched(forecast, given, effective)))
    table = seats_beside([forecast, seen])
    lines = frames_compare.parties([forecast, seen])
    rows = frames_compare.seat_rows(table, lines, names, accessible=accessible)
    sentence = said.seats(forecast, table)
    draw(
        charts_compare.ranges,
        {"seats": rows},
        key="sup_seats",
        sentence=sentence,
        table=lambda: frames_compare.seat_table(table, lines, 2).rename(dict(zip(("A", "B"), names, strict=True))),
        rows=len(lines),
        letters=("A", "B"),
        first=0,
        ends=frames_compare.seat_ends(rows, forecast.majority),
        at=forecast.majority,
        said=f"{forecast.majority} for a majority",
        axis="Seats (mean and 90% range)",
    )
    marks = " · ".join(f"{frames_compare.MARKS[i]} **{frames_compare.LETTERS[i]}** {names[i]}" for i in range(2))
    st.caption(f"{marks}. {words.safe(sentence)}")
    both = {name: frames.outcomes(one) for name, one in zip(names, (forecast, seen), strict=True)}
    alt = f"{names[0]}: {sentences.outcome(forecast)} If observed: {sentences.outcome(seen)}"
    segments = frames.outcome_segments(both, accessible=accessible)
    draw(
        charts.outcome_bars,
        {"outcomes": segments},
        key="sup_outcomes",
        sentence=alt,
        table=lambda: frames_twins.outcomes(both),
        rows=2,
    )
    st.caption(words.safe(alt))
    _tables(forecast, seen, names)


def _tables(forecast: Forecast, seen: Forecast, names: list[str]) -> None:
    moves = seat_moves([forecast, seen]).sort("moved", descending=True, maintain_order=True)
    st.markdown("**Seats most affected**")
    st.caption(f"{words.safe(said.moved(moves))} The likeliest winner, with the chance in 100.")
    letters = dict(zip(frames_compare.LETTERS, names, strict=False))
    most = frames_compare.move_table(moves, 2, at_most=SEATS_SHOWN).rename(letters)
    st.dataframe(most, hide_index=True, height="content", alt="Seats most affected")
    with st.expander("Who could govern"):
        title = "Simulations in which a party, or two together, have a majority"
        st.caption(f"{title}. Two count where neither has one alone: arithmetic, not that they would agree.")
        st.table(frames_suppose.governing(forecast, seen, names), border="horizontal", hide_index=True, alt=title)
    name = "suppose_constituencies.csv"
    offer("Constituencies (CSV)", lambda: _csv(moves), name, mime="text/csv", key="sup_csv")


def _csv(moves: pl.DataFrame) -> bytes:
    ends = ("forecast", "observed")
    names = {f"{field}_{i}": f"{field}_{ends[i]}" for i in range(2) for field in ("winner", "p")}
    return frames.csv(moves.drop("others").rename(names))
