"""The lower half of the page on leadership contests: past contests held again, and rules they were not held under."""

import polars as pl
import streamlit as st

from views import charts_leadership, frames, frames_leadership_past, sentences_leadership, shell, words
from views.draw import DAY, draw, offer

EVE = {"Eve": DAY}


def history(contests: pl.DataFrame, rules: pl.DataFrame) -> None:
    """Draw the record of past contests.

    Parameters
    ----------
    contests : pl.DataFrame
        ``reports/contests.csv``; empty where there is none.
    rules : pl.DataFrame
        ``reports/contest_rules.csv``, likewise.
    """
    if contests.height:
        _replays(contests)
        _divergence(contests)
    if rules.height:
        _rules(rules)


def _replays(contests: pl.DataFrame) -> None:
    st.subheader("Past contests held again", anchor=False)
    sentence = sentences_leadership.record(contests)
    st.markdown(words.safe(sentence))
    with st.expander("Scores"):
        st.dataframe(frames_leadership_past.scores_table(contests), hide_index=True, height="content", alt=sentence)
    table = frames_leadership_past.replays_table(contests)
    st.dataframe(table, hide_index=True, height=420, column_config=EVE, alt=sentence)
    st.caption(
        "Each as of the day before its result; what contests teach is learned from those over by then. Contests that "
        "ended without a vote are left out. Shares are those of the first count of the deciding ballot."
    )
    offer("All replays (CSV)", lambda: frames.csv(contests), "contests.csv", mime="text/csv", key="csv_contests")


def _divergence(contests: pl.DataFrame) -> None:
    st.subheader("Where members and MPs parted", anchor=False)
    table = frames_leadership_past.divergences(contests, accessible=shell.accessible_colours())
    sentence = sentences_leadership.divergences(table)
    st.markdown(words.safe(sentence))
    if table.is_empty():
        return
    twin = table.select("name", pl.col("points").round(1)).rename({"name": "Contest", "points": "Points"})
    draw(charts_leadership.past, {"rows": table}, key="le_past", sentence=sentence, table=twin, rows=table.height)
    st.caption(
        "The winner's margin over the main rival among members less that among MPs, as seen. Right of the line, "
        "members liked the winner better than MPs did. Letters name the party."
    )


def _rules(rules: pl.DataFrame) -> None:
    st.subheader("Under other rules", anchor=False)
    sentence = sentences_leadership.other_rules(rules)
    st.markdown(words.safe(sentence))
    table = frames_leadership_past.rules_table(rules)
    st.dataframe(table, hide_index=True, height=420, column_config=EVE, alt=sentence)
    st.caption("Price: seats under the rule less those under the one in force, with its 90% range.")
    offer("All rules (CSV)", lambda: frames.csv(rules), "contest_rules.csv", mime="text/csv", key="csv_contest_rules")
