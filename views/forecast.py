"""First page: who is likely to win, by how much, and how voting intention got there."""

import polars as pl
import streamlit as st

from models.forecast import Forecast, LeaderState
from models.seat_holders import seats_held
from views import (
    charts,
    charts_fan,
    frames,
    frames_fan,
    frames_twins,
    one_election,
    palette,
    save,
    sentences,
    shell,
    why,
    words,
)
from views.draw import draw, offer

CHAIN = "MPs' support → leader's standing with voters → voting intention → votes on the day → seats → who can govern"


def show() -> None:
    """Draw the page."""
    shell.page("Forecast", _body)


def _body(shown: shell.Shown) -> None:
    forecast = shown.forecast
    st.subheader(words.safe(sentences.headline(forecast)), anchor=False)
    accessible = shell.accessible_colours()
    left, right = st.columns([3, 2], gap="large")
    with left:
        _seats(forecast, accessible)
    with right:
        _outcomes(forecast, accessible)
    _intention(forecast, accessible)
    one_election.show(forecast, accessible=accessible)
    _table(shown)
    save.show(shown)
    _method(forecast)


def _seats(forecast: Forecast, accessible: bool) -> None:
    lines = frames.contenders(forecast)
    top = frames.axis_end(forecast)
    sentence = sentences.dots(forecast, lines)
    st.subheader("Seats", anchor=False)
    st.markdown(words.safe(sentence))
    draw(
        charts.seat_dots,
        {"dots": frames.quantile_dots(forecast, lines, bin_width=top / charts.BINS, accessible=accessible)},
        key="dots",
        sentence=sentence,
        table=lambda: frames_twins.seats(forecast, lines),
        rows=len(lines),
        majority=forecast.majority,
        top=top,
    )


def _outcomes(forecast: Forecast, accessible: bool) -> None:
    sentence = sentences.outcome(forecast)
    st.subheader("Who can govern", anchor=False)
    st.markdown(words.safe(sentence))
    table = frames.outcomes(forecast)
    segments = frames.outcome_segments({"": table}, accessible=accessible)
    likely = table.filter(pl.col("percent") >= 1).sort("p", descending=True)
    shown = pl.DataFrame({"Outcome": likely["label"], "Chance": map(words.chance, likely["p"])})
    draw(
        charts.outcome_bars,
        {"outcomes": segments},
        key="outcomes",
        sentence=sentence,
        table=frames_twins.outcomes({"In 100 simulations": table}),
        rows=1,
    )
    st.table(shown, border="horizontal", hide_index=True, alt=sentence)
    st.markdown(words.safe(sentences.govern(forecast)))
    pairs = frames.partnerships(forecast)
    if not pairs.is_empty():
        shown = pl.DataFrame({"Two parties together": pairs["parties"], "Chance": map(words.frequency, pairs["p"])})
        st.table(shown, border="horizontal", hide_index=True, alt="Chances that two parties together have a majority")
        st.caption("Chance that the two have a majority together and neither alone: arithmetic, not a deal.")


def _intention(forecast: Forecast, accessible: bool) -> None:
    st.subheader("Voting intention", anchor=False)
    parties = frames.main_parties(forecast)
    sentence = sentences.fan(forecast, parties)
    polls, every = frames_fan.poll_dots(forecast, parties)
    span = frames_fan.Span.between(forecast.manifest.previous_election, forecast.manifest.as_of)
    st.markdown(words.safe(sentence))
    draw(
        charts_fan.fan,
        {
            "path": frames_fan.intention(forecast, parties),
            "polls": polls,
            "day": frames_fan.polling_day(forecast, parties, span=span, accessible=accessible),
        },
        key="fan",
        sentence=sentence,
        table=lambda: frames_twins.intention(forecast, parties),
        lines=tuple((palette.line(p).short, palette.colour(p, accessible)) for p in parties),
        span=span,
    )
    shown = "Each small mark is a poll" if every == 1 else f"Each small mark is a poll, 1 in {every} shown"
    st.caption(
        f"Lines are medians; bands hold 50, 80 and 95 of 100 simulations, the paler the more. {shown}. "
        f"On the right, not to scale: polling day, {words.day(forecast.manifest.election_date)}."
    )


def _table(shown: shell.Shown) -> None:
    forecast = shown.forecast
    st.subheader("Table", anchor=False)
    table = frames.summary(forecast)
    rows = table.iter_rows(named=True)
    lines = pl.DataFrame(
        [
            {
                "Party": row["name"],
                "Seats": f"{row['seats_median']:.0f}",
                "90% of seats": words.seat_range(row["seats_lo90"], row["seats_hi90"]),
                "Votes": "–" if row["votes_median"] is None else words.share(row["votes_median"]),
                "90% of votes": "–"
                if row["votes_median"] is None
                else words.share_range(row["votes_lo90"], row["votes_hi90"]),
                "Largest": words.frequency(row["p_largest"]),
                "Majority": words.frequency(row["p_majority"]),
            }
            for row in rows
        ]
    )
    st.dataframe(lines, hide_index=True, height="content", alt="Seats and votes of every line")
    st.caption("Medians and 90% ranges; votes are shares of Great Britain. Means, which add up, are in the download.")
    with st.container(horizontal=True):
        offer("Seats and votes (CSV)", lambda: frames.csv(table), "forecast.csv", mime="text/csv", key="csv_lines")
        offer(
            "Constituencies (CSV)",
            lambda: frames.csv(seats_held(shown.whole)),
            "constituencies.csv",
            mime="text/csv",
            key="csv_seats",
        )


def _method(forecast: Forecast) -> None:
    with st.expander("How this was made"):
        st.markdown(f"**{CHAIN}**")
        st.markdown(
            "Polls give voting intention week by week, each pollster's own lean taken out. Ratings since 1979 give "
            "each leader's standing on one scale; votes and acts of MPs say how far they stand behind her. Every "
            "election since 1959 says how intention moves until polling day, how the gap between the two main parties' "
            "leaders, their MPs' backing and time in office bear on it, and how wrong all polls are together. Pairs "
            "of elections since 1955 say how a national swing falls in each seat. Everything on these pages is counted "
            "from one set of joint simulations."
        )
        st.markdown("Leaders' figures are **associated** with votes; that they cause them is not shown.")
        rows = [_leader_row(state) for state in forecast.manifest.leaders]
        if rows:
            st.table(pl.DataFrame(rows), border="horizontal", hide_index=True, alt="Leaders as the forecast knows them")
            known = [f"{palette.line(state.party).name}: {state.basis}" for state in forecast.manifest.leaders]
            st.caption(words.safe(words.with_days(f"What is known of MPs. {'. '.join(known)}.")))
        st.markdown("What moved this forecast, and what leaders and MPs are worth in votes:")
        st.page_link(st.Page(why.show, title="Why", url_path="why"), label="On to the page Why")
        checks = forecast.manifest.diagnostics
        for stage, figures in checks.items():
            st.caption(words.safe(f"{stage}: " + ", ".join(f"{name} {value:g}" for name, value in figures.items())))


def _leader_row(state: LeaderState) -> dict[str, str]:
    known = state.n_ratings > 0
    return {
        "Party": palette.line(state.party).name.replace("Conservative", "Conser\u00advative"),  # a phone may break it
        "Leader": words.safe(state.leader),
        "Net favourability": standing(state) if known else "no evidence",
        "MPs behind the leader": "no evidence" if state.support is None else f"{100 * state.support:.0f}%",
    }


def standing(state: LeaderState) -> str:
    """Net favourability with its standard deviation: ``−12 ± 5``."""
    return f"{words.signed(state.favourability)} ± {state.favourability_sd:.0f}"
