"""Third page: change a leader, a rating, MPs' backing, shares or the day, and see the seats move."""

import polars as pl
import streamlit as st

from models.forecast import Forecast
from models.scenario import compare
from models.seat_holders import seats_held
from views import (
    charts,
    frames,
    frames_scenario,
    frames_twins,
    lab_curves,
    lab_waterfall,
    palette,
    save,
    sentences,
    shell,
    suppose,
    words,
)
from views.draw import draw, offer


def show() -> None:
    """Draw the page."""
    shell.page("Scenario", _body)


def _body(shown: shell.Shown) -> None:
    st.markdown(
        "Set what you like in the panel and read what happens to seats: **if we made it so**, all else equal. Leaders' "
        "standing and MPs' backing are **associated** with voting intention month by month since 1979; changes of "
        "leader bear that out, but that they cause it is not shown. It was learned from Conservatives, Labour and "
        "Liberals and is carried over to other parties."
    )
    accessible = _results(shown.base, shown.forecast)
    lab_waterfall.show(shown.base, shown.scenario)
    lab_curves.show(shown.base, shown.scenario, accessible=accessible)
    if st.toggle("Suppose something had been observed", key="sc_suppose", persist_state="session"):
        suppose.show(shown.forecast, accessible=accessible)
    save.show(shown)
    offer(
        "Seats in the scenario (CSV)",
        lambda: frames.csv(seats_held(shown.whole)),
        "scenario_seats.csv",
        mime="text/csv",
        key="sc_csv",
    )


def _results(base: Forecast, other: Forecast) -> bool:
    """Draw what the scenario changes, and return whether the accessible colours were chosen."""
    table = compare(base, other)
    sentence = sentences.comparison(table, base, other)
    st.subheader(words.safe(sentence), anchor=False)
    accessible = shell.accessible_colours()
    lines = list(dict.fromkeys(frames.contenders(base) + frames.contenders(other)))
    shown = table.filter(pl.col("party").is_in(lines)).sort("seats_base", descending=True)
    rows = frames_scenario.dumbbell_rows(shown, accessible=accessible)
    draw(
        charts.dumbbell,
        {"changes": rows},
        key="dumbbell",
        sentence=sentence,
        table=lambda: frames_twins.changes(shown),
        rows=rows.height,
        majority=base.majority,
        top=frames_scenario.mean_end(shown),
    )
    st.caption(
        "Ring: forecast; dot: scenario; beside the name the change with its 90% range, draw by draw, "
        f"of {words.plural(base.n_draws, 'simulation')}."
    )
    both = {"Forecast": frames.outcomes(base), "Scenario": frames.outcomes(other)}
    alt = f"Forecast: {sentences.outcome(base)} Scenario: {sentences.outcome(other)}"
    st.markdown(words.safe(f"Scenario: {sentences.outcome(other)}"))
    segments = frames.outcome_segments(both, accessible=accessible)
    draw(
        charts.outcome_bars,
        {"outcomes": segments},
        key="both_outcomes",
        sentence=alt,
        table=lambda: frames_twins.outcomes(both),
        rows=2,
    )
    _moved(base, other)
    return accessible


def _moved(base: Forecast, other: Forecast) -> None:
    moved = frames_scenario.seat_changes(base, other)
    st.subheader("Seats that move most", anchor=False)
    if moved.is_empty():
        st.caption("None yet.")
        return
    changed = moved.filter(pl.col("winner_base") != pl.col("winner_other")).height
    count = words.plural(changed, "seat")
    st.caption(f"{count} with another likeliest winner than in the forecast. The likeliest, with the chance in 100.")
    rows = [
        {
            "Seat": row["name"],
            "Forecast": f"{palette.line(row['winner_base']).short} {100 * row['p_base']:.0f}",
            "Scenario": f"{palette.line(row['winner_other']).short} {100 * row['p_other']:.0f}",
        }
        for row in moved.head(12).iter_rows(named=True)
    ]
    st.dataframe(pl.DataFrame(rows), hide_index=True, height="content", alt="Seats that move most")
