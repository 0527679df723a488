"""Fourth page: a leadership contest under several rules, and what each leader would be worth in seats."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from data import Evidence, load_evidence
from data.errors import SelectorateError
from data.own.overlay import stamp as own_stamp
from models.contest_answer import Answer, answer, chosen_rules, contest_on
from models.contest_replay import case_on
from models.contest_reports import RULES, SCORES, read_contests
from models.contest_text import contest_json, headline, limits
from models.forecast import Forecast
from models.store import MANIFEST, load_forecast, stored_forecasts
from views import charts_leadership, frames, frames_leadership, leadership_controls, leadership_past, shell, words
from views import sentences_leadership as sentences
from views.answers import stamp as stamp_of
from views.charts import Chart
from views.draw import draw, offer
from views.fragments import fragment
from views.leadership_controls import Question
from views.names_leadership import looks_of

SCREEN_DRAWS = 2_000


def show() -> None:
    """Draw the page."""
    shell.page("Leadership", _body, follows=False)


@st.cache_resource(max_entries=2, show_spinner="Reading the forecast of that day")
def _read(folder: str, stamp: int) -> Forecast:
    """Load the forecast of a past day once for all visitors; ``stamp`` (time of writing) makes a new entry."""
    return load_forecast(Path(folder))


@st.cache_data(max_entries=32, show_spinner="Holding the contest")
def _answer(
    _tables: Evidence, _forecast: Forecast | None, _question: Question, text: str, stamp: str, seed: int
) -> Answer:
    """Answer a question once for all visitors; ``text`` is the question, ``stamp`` names tables and forecast."""
    asked, day = _question, _question.day
    if asked.contest_id:
        case = case_on(_tables, asked.contest_id, day)
    else:
        case = contest_on(_tables, asked.party, day, asked.given)
    own = [asked.own] if asked.own else []
    rules = chosen_rules(_tables, asked.party, day, asked.codes, own)
    given = asked.given.candidates if asked.given else ()
    return answer(
        _tables,
        case,
        rules if asked.codes or own else rules[:1],
        day,
        forecast=_forecast,
        given=given,
        n_draws=SCREEN_DRAWS,
        seed=seed,
    )


def _body(shown: shell.Shown) -> None:
    forecast = shown.base
    st.markdown(
        "In the summer of 2016 Labour's members were choosing a leader in whom 172 of the party's 229 MPs had no "
        "confidence. **Does the way a party picks its leader cost it seats?** Hold a contest under the rule in force "
        "and under others, in the same simulations, and see who wins, whom MPs would stand behind, and what each "
        "leader would be worth on polling day."
    )
    (contests, no_contests), (rules, no_rules) = _report(SCORES), _report(RULES)
    _lab(forecast, contests, rules)
    leadership_past.history(contests, rules)
    for problem in filter(None, (no_contests, no_rules)):
        st.info(words.safe(problem))


def _report(name: str) -> tuple[pl.DataFrame, str]:
    """A report of past contests; an empty table, and what is wrong, where it cannot be read."""
    try:
        return read_contests(name), ""
    except SelectorateError as error:
        return pl.DataFrame(), str(error)


@fragment
def _lab(forecast: Forecast, contests: pl.DataFrame, rules: pl.DataFrame) -> None:
    try:
        tables = load_evidence()
        question = leadership_controls.ask(tables, forecast, contests)
        with_seats, stamp = _forecast_of(question.day, forecast)
        made_of = f"{stamp} {own_stamp()}"
        found = _answer(tables, with_seats, question, question.text(), made_of, forecast.manifest.seed)
    except SelectorateError as error:
        st.error(words.safe(str(error)))
    else:
        _results(found, question, rules)


def _forecast_of(day: date, shown: Forecast) -> tuple[Forecast | None, str]:
    """The shown forecast where it is of that day, else one that is stored, of the election next after; and its name."""
    if shown.manifest.as_of == day:
        return shown, stamp_of(shown)
    for folder in stored_forecasts():
        if folder.name.startswith(f"{day}_"):
            try:
                stamp = (folder / MANIFEST).stat().st_mtime_ns
                return _read(str(folder), stamp), f"{folder.name} {stamp}"
            except (OSError, SelectorateError):
                continue
    return None, ""


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
    draw(chart, {"rows": drawn}, key=key, sentence=sentence, table=table, **settings)
    st.caption(words.safe(caption))


def _results(found: Answer, question: Question, report: pl.DataFrame) -> None:
    rules = found.rules
    st.markdown(f"**{words.safe(headline(found))}**")
    if not found.led:
        rules = _without_seats(rules, question, report)
    _rules(found, rules)
    _chain(found)
    if found.led:
        _leaders(found)
    _groups(found)
    st.subheader("What the evidence cannot say", anchor=False)
    st.markdown("\n".join(f"- {words.safe(line)}" for line in limits(found)))
    with st.container(horizontal=True):
        offer("This answer (JSON)", lambda: _json(found), "contest.json", mime="application/json", key="le_json")
        offer("These rules (CSV)", lambda: frames.csv(rules), "rules.csv", mime="text/csv", key="le_csv")


def _json(found: Answer) -> str:
    return json.dumps(contest_json(found), indent=2)


def _without_seats(rules: pl.DataFrame, question: Question, report: pl.DataFrame) -> pl.DataFrame:
    """Say that no forecast of that day is here, and take seats from the report where it has them."""
    filled = rules
    if question.contest_id and report.height:
        filled = frames_leadership.with_report(rules, report, question.contest_id)
    known = filled["seats"].null_count() < filled.height
    said = sentences.FROM_REPORT if known else sentences.WITHOUT_SEATS
    st.info(said.format(day=words.day(question.day), party=question.party, iso=question.day))
    return filled


def _rules(found: Answer, rules: pl.DataFrame) -> None:
    st.subheader("Who wins, by rule", anchor=False)
    segments = frames_leadership.chances(found)
    _figure(
        charts_leadership.chances,
        segments,
        sentences.chances(found),
        key="le_chances",
        table=frames_leadership.chances_table(found),
        caption="Each bar is 100 simulations. All rules count the same simulated voters, so they differ by what they "
        "are and not by luck.",
        rows=len(found.held.counts),
        looks=looks_of(found),
    )
    st.markdown("**Rules side by side**")
    st.dataframe(
        frames_leadership.rules_table(rules),
        hide_index=True,
        height="content",
        column_config={"Likeliest winner": st.column_config.TextColumn(width=150)},
        alt="Rules side by side",
    )
    st.caption(
        "Car crash: MPs would rather have had another candidate than the winner. Price: seats under the rule less "
        "those under the one in force, draw by draw; below nought the rule costs seats."
    )


def _chain(found: Answer) -> None:
    st.subheader("From the ballot to seats", anchor=False)
    for name, steps in frames_leadership.chain(found):
        st.markdown(f"**{words.safe(name)}**")
        with st.container(horizontal=True, gap="small"):
            for place, (label, value, ends) in enumerate(steps):
                shown = f"→ {label}" if place else label
                st.metric(shown, value, ends, delta_color="off", delta_arrow="off", border=True, width=170)
    st.caption(
        "The two likeliest winners under the rule in force, each as leader from then to polling day; 90% ranges below. "
        "MPs behind a leader move what voters think of her, both move votes, votes fall over seats."
    )


def _leaders(found: Answer) -> None:
    st.subheader("Candidates as leaders", anchor=False)
    drawn, sentence = frames_leadership.seats_by_leader(found), sentences.leaders(found)
    table = frames_leadership.leaders_table(found)
    st.markdown(words.safe(sentence))
    draw(
        charts_leadership.seats,
        {"rows": drawn},
        key="le_leaders",
        sentence=sentence,
        table=table,
        beside=True,
        rows=drawn.height,
        majority=found.majority,
        top=frames_leadership.seats_end(found),
    )
    st.dataframe(table, hide_index=True, height="content", alt=sentence)
    st.caption(
        "Dots: means; bars: 90% ranges. To govern, a leader needs a majority and at least half of her own MPs behind "
        "her. The last two columns: the chance that she still leads on polling day, and that she is gone within a year "
        "if the party loses."
    )


def _groups(found: Answer) -> None:
    st.subheader("Where they stand", anchor=False)
    points = frames_leadership.standings(found)
    groups = tuple(points["group"].unique(maintain_order=True))
    share = pl.col("mean", "lo90", "hi90").mul(100).round(1)
    names = {"name": "Candidate", "group": "Group", "mean": "First votes in 100", "lo90": "90% from", "hi90": "90% to"}
    left, right = st.columns(2, gap="large")
    with left:
        _figure(
            charts_leadership.standings,
            points,
            sentences.standings(found),
            key="le_standings",
            table=points.select("name", "group", share).rename(names),
            caption="Share of first votes if all candidates were on one ballot paper. Dots: means; lines: 90% ranges.",
            rows=points["name"].n_unique(),
            groups=groups,
        )
    with right:
        margins = frames_leadership.margins(found)
        _figure(
            charts_leadership.ranges,
            margins,
            sentences.margins(found),
            key="le_margins",
            table=margins.select("name", pl.col("mean", "lo90", "hi90").round(1)).rename(
                {"name": "Of", "mean": "Points", "lo90": "90% from", "hi90": "90% to"}
            ),
            caption="Margins between the two likeliest winners if only they stood. The last row says how far members "
            "are from their MPs.",
            rows=margins.height,
            axis="Points",
            form="+.0f",
        )
