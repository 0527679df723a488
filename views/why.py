"""Fifth page: what moved the forecast, whose its uncertainty is, and what leaders and MPs are worth."""

from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st

from models.explain import contributions, link_worth, variance_budget
from models.explain_text import ASSOCIATION, EFFECT, ORDER, REBELLIONS
from models.forecast import Forecast
from views import charts_why, frames, frames_why, palette, scenario, sentences_why, shell, words
from views.answers import stamp
from views.charts import Chart
from views.draw import draw, offer

WHAT = {"Votes": "votes", "Seats": "seats"}
AXES = {"votes": "Share of the vote, in per cent", "seats": "Seats"}


def show() -> None:
    """Draw the page."""
    shell.page("Why", _body, follows=False)


@st.cache_data(max_entries=4, show_spinner="Taking the forecast apart")
def _moved(_forecast: Forecast, stamp: str) -> pl.DataFrame:
    """Contributions, counted once for all visitors; ``stamp`` names the forecast."""
    return contributions(_forecast)


@st.cache_data(max_entries=4, show_spinner="Sharing out the uncertainty")
def _budget(_forecast: Forecast, stamp: str) -> pl.DataFrame:
    """Variance budget, counted once for all visitors; ``stamp`` names the forecast."""
    return variance_budget(_forecast)


def _body(shown: shell.Shown) -> None:
    forecast = shown.base
    st.markdown(
        "What the forecast rests on, counted from its own simulations: what each kind of evidence adds, which source "
        "of uncertainty makes its ranges wide, and what leaders and their MPs are worth in votes."
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        parties = frames_why.parties(forecast)
        party = st.selectbox("Party", parties, format_func=_name, key="why_party", width=260)
        chosen = st.segmented_control("Measured in", list(WHAT), default="Votes", required=True, key="why_what")
        what = WHAT[chosen or "Votes"]
        accessible = shell.accessible_colours()
    _evidence(forecast, party, what, accessible)
    _uncertainty(forecast, party, what)
    _links(forecast, party)


def _name(code: str) -> str:
    return palette.line(code).name


def _figure(
    chart: Callable[..., Chart],
    drawn: pl.DataFrame,
    sentence: str,
    *,
    key: str,
    table: pl.DataFrame,
    caption: str,
    **settings: Any,
) -> None:
    """A sentence, its chart, what the marks mean, and the same numbers as a table."""
    st.markdown(words.safe(sentence))
    if not drawn.is_empty():
        draw(chart, {"rows": drawn}, key=key, sentence=sentence, table=table, **settings)
        st.caption(words.safe(caption))


def _evidence(forecast: Forecast, party: str, what: str, accessible: bool) -> None:
    st.subheader("What moved the forecast", anchor=False)
    moved = _moved(forecast, stamp(forecast))
    steps = {kind: frames_why.steps(forecast, moved, party, kind) for kind in WHAT.values()}
    rows = steps[what]
    _figure(
        charts_why.waterfall,
        frames_why.waterfall(rows, party, what, accessible=accessible),
        sentences_why.moved(rows, party, what),
        key="why_moved",
        table=frames_why.steps_table(steps["votes"], steps["seats"]),
        caption="Diamonds: where the party is expected; bars: what a step adds (green) or takes (orange); grey lines: "
        "90% ranges, of a step how far it may move the party from where its bar starts. These are means, which add up; "
        "the Forecast page shows medians. Seats keep today's Scottish and Welsh polls from the start. " + ORDER,
        rows=rows.height,
        axis=AXES[what],
    )
    offer("All parties (CSV)", lambda: frames.csv(moved), "contributions.csv", mime="text/csv", key="csv_moved")


def _uncertainty(forecast: Forecast, party: str, what: str) -> None:
    st.subheader("Whose is the uncertainty", anchor=False)
    budget = _budget(forecast, stamp(forecast))
    lines = frames_why.budget_lines(forecast, party)
    segments = frames_why.budget_segments(budget, lines, what)
    _figure(
        charts_why.budget,
        segments,
        sentences_why.owners(budget, party, what),
        key="why_budget",
        table=frames_why.budget_table(budget, lines),
        caption="Parts of the variance, the square of the width, because those add up: with a source that owns 36 in "
        "100 known for certain, ranges would keep 80 in 100 of their width. Several together: what no source owns "
        "alone.",
        rows=segments["rank"].n_unique() if segments.height else 0,
        looks=frames_why.budget_looks(what),
    )
    offer("All parties (CSV)", lambda: frames.csv(budget), "uncertainty.csv", mime="text/csv", key="csv_budget")


def _links(forecast: Forecast, party: str) -> None:
    st.subheader("What leaders and MPs are worth", anchor=False)
    worth = link_worth(forecast, party)
    said = sentences_why.worth(worth, party)
    st.markdown(words.safe(sentences_why.where_it_starts(forecast, party)))
    left, right = st.columns([3, 2], gap="large")
    with left:
        lines = frames_why.worth_lines(worth)
        _figure(
            charts_why.worth,
            lines,
            " ".join(said),
            key="why_worth",
            table=_worth_table(lines),
            caption="Lines: means; bands: 90% ranges. The change lasts, and rivals stay as they are.",
            links=tuple(frames_why.LINK_LABELS.values()),
            polling_day=forecast.manifest.lead_days,
        )
        offer("These numbers (CSV)", lambda: frames.csv(worth), "links.csv", mime="text/csv", key="csv_worth")
    with right:
        st.markdown("**Association or effect?**")
        for text in (ASSOCIATION, EFFECT, REBELLIONS):
            st.markdown(words.safe(text))
        st.page_link(
            st.Page(scenario.show, title="Scenario", url_path="scenario"), label="Change a leader: to the page Scenario"
        )


def _worth_table(lines: pl.DataFrame) -> pl.DataFrame:
    """Worth of links as a table to read."""
    points = pl.col("mean", "lo90", "hi90").round(2)
    hundred = (100 * pl.col("p_positive")).round().cast(pl.Int64)
    names = {"link": "Change", "days": "Days after", "mean": "Points", "lo90": "90% from", "hi90": "90% to"}
    shown = lines.filter(pl.col("days") > 0).select("link", "days", points, hundred.alias("Positive in 100"))
    return shown.rename(names)
