"""Page between Scenario and Leadership: scenarios side by side, and the forecast beside past elections and others'."""

import streamlit as st

from data.errors import BadInput
from models.compare_many import FEWEST, Comparison, compare_many
from models.forecast import Forecast
from models.scenario import Scenario
from views import (
    charts,
    charts_compare,
    compare_choice,
    compare_past,
    compare_published,
    frames,
    frames_compare,
    frames_twins,
    sentences,
    sentences_compare,
    shell,
    words,
)
from views.answers import answer, stamp
from views.draw import draw, offer
from views.fragments import fragment

SCENARIOS, PAST, PUBLISHED = "Scenarios", "Past elections", "Published forecasts"
ASIDE = (
    "The scenario in the panel is one of those to choose from under Scenarios; all else on this page is the forecast."
)
SEATS_SHOWN = 15
LETTERS, MARKS = frames_compare.LETTERS, frames_compare.MARKS


def show() -> None:
    """Draw the page."""
    shell.page("Compare", _body, follows=False, aside=ASIDE)


@st.cache_resource(max_entries=8, show_spinner="Running the scenarios")
def _compare(_forecast: Forecast, stamp: str, texts: tuple[str, ...]) -> tuple[list[Forecast], Comparison]:
    """Answer some scenarios and compare them; ``stamp`` names the forecast, ``texts`` are scenarios as JSON."""
    answers = [answer(_forecast, Scenario.model_validate_json(text)) for text in texts]
    return answers, compare_many(answers)


@fragment
def _body(shown: shell.Shown) -> None:
    forecast = shown.base
    what = st.segmented_control(
        "Compare with each other, or the forecast with",
        [SCENARIOS, PAST, PUBLISHED],
        default=SCENARIOS,
        required=True,
        key="cmp_what",
        persist_state="session",
        wrap=True,
    )
    if what == PAST:
        compare_past.show(forecast, stamp(forecast), accessible=shell.accessible_colours())
    elif what == PUBLISHED:
        compare_published.show(forecast, accessible=shell.accessible_colours())
    else:
        _scenarios(forecast)


def _scenarios(forecast: Forecast) -> None:
    st.markdown(
        "Scenarios side by side, **all else equal** and on the same simulations, so that they differ by what is set "
        "and not by chance. What leaders are worth in them is an association, as the page Scenario says."
    )
    chosen = compare_choice.choose(forecast)
    if len(chosen) < FEWEST:
        st.info("Choose two scenarios or more.")
        return
    texts = tuple(scenario.model_dump_json(exclude={"name"}) for _, scenario in chosen)
    try:
        answers, found = _compare(forecast, stamp(forecast), texts)
    except BadInput as error:
        st.error(words.safe(str(error)))
        return
    names = [name for name, _ in chosen]
    _words(found, names)
    accessible = shell.accessible_colours()
    lines = frames_compare.parties(answers)
    _outcomes(answers, names, accessible)
    _seats(found, lines, names, answers[0].majority, accessible)
    _differences(found, lines, names, accessible)
    _moves(found, len(names))
    _tables(found, answers, lines, names)


def _words(found: Comparison, names: list[str]) -> None:
    st.subheader(words.safe(sentences_compare.outcomes(found, names[0])), anchor=False)
    st.markdown(" · ".join(f"{MARKS[i]} **{LETTERS[i]}** {words.safe(name)}" for i, name in enumerate(names)))
    st.caption("Outcome: which party is largest, and whether one has a majority.")
    for place in range(1, len(names)):
        st.markdown(f"- {words.safe(sentences_compare.pair(found, place, names[place]))}")


def _outcomes(answers: list[Forecast], names: list[str], accessible: bool) -> None:
    st.subheader("Outcomes", anchor=False)
    tables = {
        f"{LETTERS[i]} {frames_compare.short(name)}": frames.outcomes(answer)
        for i, (name, answer) in enumerate(zip(names, answers, strict=True))
    }
    said = " ".join(f"{LETTERS[i]}. {sentences.outcome(answer)}" for i, answer in enumerate(answers))
    segments = frames.outcome_segments(tables, accessible=accessible)
    draw(
        charts.outcome_bars,
        {"outcomes": segments},
        key="cmp_outcomes",
        sentence=said,
        table=lambda: frames_twins.outcomes(tables),
        rows=len(names),
    )
    st.caption(words.safe(said))


def _seats(found: Comparison, lines: list[str], names: list[str], majority: int, accessible: bool) -> None:
    st.subheader("Seats", anchor=False)
    rows = frames_compare.seat_rows(found.seats, lines, names, accessible=accessible)
    said = sentences_compare.seats(found)
    draw(
        charts_compare.ranges,
        {"seats": rows},
        key="cmp_seats",
        sentence=said,
        table=lambda: frames_compare.seat_table(found.seats, lines, len(names)),
        rows=len(lines),
        letters=tuple(LETTERS[: len(names)]),
        first=0,
        ends=frames_compare.seat_ends(rows, majority),
        at=majority,
        said=f"{majority} for a majority",
        axis="Seats (mean and 90% range)",
    )
    st.caption(words.safe(said))


def _differences(found: Comparison, lines: list[str], names: list[str], accessible: bool) -> None:
    st.subheader("Seats more or fewer than in A", anchor=False)
    rows = frames_compare.difference_rows(found, lines, names, accessible=accessible)
    said = sentences_compare.differences(found)
    draw(
        charts_compare.ranges,
        {"differences": rows},
        key="cmp_differences",
        sentence=said,
        table=lambda: frames_compare.difference_table(found, lines),
        rows=len(lines),
        letters=tuple(LETTERS[1 : len(names)]),
        first=1,
        ends=frames_compare.difference_ends(rows),
        at=0,
        said="as in A",
        axis="Seats more or fewer (mean and 90% range)",
    )
    st.caption(words.safe(said))


def _moves(found: Comparison, count: int) -> None:
    st.subheader("Seats that change most", anchor=False)
    st.caption(words.safe(sentences_compare.moves(found)) + " The likeliest winner, with the chance in 100.")
    table = frames_compare.move_table(found.moves, count, at_most=SEATS_SHOWN)
    if table.is_empty():
        st.caption("None changes.")
        return
    st.dataframe(table, hide_index=True, height="content", alt="Seats that change most")


def _tables(found: Comparison, answers: list[Forecast], lines: list[str], names: list[str]) -> None:
    offer(
        "Seats and differences (CSV)",
        lambda: frames_compare.seats_csv(found, names),
        "compare_seats.csv",
        mime="text/csv",
        key="cmp_csv_seats",
    )
    offer(
        "Constituencies (CSV)",
        lambda: frames_compare.moves_csv(found, len(names)),
        "compare_constituencies.csv",
        mime="text/csv",
        key="cmp_csv_moves",
    )
    st.caption(f"All on this page, files too, is made from all {answers[0].n_draws:,} simulations.")
