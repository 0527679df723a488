"""Sixth page: how such forecasts did at past elections, beside simple rules and published forecasts."""

import os
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from data.errors import BadInput, DamagedArtefact, SelectorateError
from models.reports import REPORTS, SUMMARY, TABLE, TrackRecord, read_report
from views import (
    charts_calibration,
    charts_track,
    frames_track,
    sentences_past,
    sentences_track,
    shell,
    words,
)
from views.charts import Chart
from views.draw import draw, made_from, offer
from views.fragments import name_as_in
from views.frames import csv
from views.metrics_track import METHOD_COLOURS, METRICS, Metric

FOLDER = "SELECTORATE_REPORTS"
"""Environment variable that names another folder than the shipped one."""
TOGETHER = "All together"
STORY_LEADS = (365, 30, 1)
WHAT = {"Votes": "vote", "Seats": "seat"}


@st.cache_data(max_entries=2, show_spinner="Reading the track record")
def _read(folder: str, stamps: tuple[int, ...]) -> TrackRecord:
    """Read a record once for all visitors; ``stamps`` (times of writing) make a new report a new entry."""
    record = read_report(Path(folder))
    missing = frames_track.missing(record)
    if missing or not record.summary["elections"] or not record.summary["leads"]:
        raise DamagedArtefact(
            f"{SUMMARY} in {Path(folder).name}/ is damaged: it has no {words.listed(missing) or 'elections'}. "
            "Make it again with: make backtest."
        )
    return record


def show() -> None:
    """Draw the page."""
    st.title("Track record")
    name_as_in(None)  # elections of many years
    shell.panel_alone()
    folder = Path(os.environ.get(FOLDER) or REPORTS)
    stamps = tuple(file.stat().st_mtime_ns for name in (TABLE, SUMMARY) if (file := folder / name).is_file())
    try:
        record = _read(str(folder), stamps)
        _verdict(record)
    except BadInput as error:
        st.info(words.safe(str(error)))
    except SelectorateError as error:
        st.error(words.safe(str(error)))
    else:
        accessible = shell.accessible_colours()
        made_from(f"selectorate, past elections forecast anew with {sentences_track.made_with(record)}")
        _skill(record)
        _evidence(record)
        _calibration(record)
        _misses(record)
        _story(record, accessible)
        _others(record)
        offer("All scores (CSV)", lambda: csv(record.table), "track_record.csv", mime="text/csv", key="csv_track")


def _verdict(record: TrackRecord) -> None:
    st.markdown(words.safe(sentences_track.verdict(record)))
    current = record.is_current()
    st.caption(
        words.safe(
            f"Made with {sentences_track.made_with(record)}"
            + (", which are those at hand. " if current else ". ")
            + sentences_track.made_again(record)
        )
    )
    if not current:
        st.warning(
            "This record was made with other code or tables than those at hand: what they would score may differ. "
            "Make it again with `make backtest`."
        )


def _choose(label: str, options: Iterable[str], *, default: str, key: str) -> str:
    chosen = st.segmented_control(label, list(options), default=default, required=True, key=key, wrap=True)
    return chosen or default


def _leads(record: TrackRecord) -> dict[str, int]:
    return {words.plural(lead, "day"): lead for lead in sorted(record.summary["leads"], reverse=True)}


def _lead(record: TrackRecord, key: str) -> int:
    """Ask for a lead time."""
    usual = words.plural(frames_track.usual_lead(record), "day")
    leads = _leads(record)
    return leads[_choose("Before polling day", leads, default=usual, key=key)]


def _metric(key: str, metrics: dict[str, Metric]) -> Metric:
    return metrics[_choose("Score", metrics, default=next(iter(metrics)), key=key)]


def _figure(
    chart: Callable[..., Chart],
    table: pl.DataFrame,
    sentence: str,
    *,
    key: str,
    columns: dict[str, str],
    caption: str = "",
    **settings: Any,
) -> None:
    """A sentence, its chart, what the marks mean, and the same numbers as a table (``columns`` to headings)."""
    st.markdown(words.safe(sentence))
    if table.is_empty():
        return
    plain = pl.selectors.string().str.replace_all("|", " ", literal=True)
    twin = table.with_columns(pl.selectors.float().round(3), plain).select(list(columns)).rename(columns)
    draw(chart, {"rows": table}, key=key, sentence=sentence, table=twin, **settings)
    if caption:
        st.caption(words.safe(caption))


def _skill(record: TrackRecord) -> None:
    st.subheader("Skill by lead time", anchor=False)
    metric = _metric("track_skill_metric", METRICS)
    lines = frames_track.skill_lines(record, metric)
    lead = frames_track.usual_lead(record)
    parts = (sentences_track.skill(record, metric, lead), sentences_track.skill_at_all_leads(record, metric))
    sentence = " ".join(part for part in parts if part)
    better = "Lower is better" if metric.smaller_is_better else "Higher is better"
    columns = {"method": "Forecast", "lead_days": "Days before", "value": metric.axis, "elections": "Elections"}
    _figure(
        charts_track.skill,
        lines,
        sentence,
        key="track_skill",
        caption=f"{better}. Simple rules turn votes into seats by uniform swing. {metric.note} "
        f"{sentences_track.shared(lines)}",
        columns=columns,
        methods=tuple((name, METHOD_COLOURS[name]) for name in lines["method"].unique(maintain_order=True)),
        axis=metric.axis,
        zero=metric.smaller_is_better,
    )


def _evidence(record: TrackRecord) -> None:
    st.subheader("What each kind of evidence adds", anchor=False)
    lead = _lead(record, "track_evidence_lead")
    metric = _metric(
        "track_evidence_metric", {label: metric for label, metric in METRICS.items() if metric.smaller_is_better}
    )
    table = frames_track.evidence(record, metric, lead)
    columns = {"row": "Forecast", "difference": metric.axis, "lo90": "90% from", "hi90": "90% to"}
    _figure(
        charts_track.evidence,
        table,
        sentences_track.evidence(table, metric, lead),
        key="track_evidence",
        caption="Each row is the model with something taken out: dots are this model's score minus that one's, bars "
        "90% intervals over elections. Left of the line, what was taken out helps. The last row learned from later "
        "elections too: it is not a forecast, and shows what a longer record would be worth.",
        columns=columns | {"elections": "Elections"},
        rows=table.height,
        axis=metric.axis,
    )


def _calibration(record: TrackRecord) -> None:
    st.subheader("Calibration", anchor=False)
    _coverage(record)
    lead = _lead(record, "track_chances_lead")
    left, right = st.columns(2, gap="large")
    with left:
        _reliability(record, lead)
    with right:
        _pit(record, lead)


def _coverage(record: TrackRecord) -> None:
    leads = _leads(record)
    chosen = _choose("Before polling day", [TOGETHER, *leads], default=TOGETHER, key="track_coverage_lead")
    lead = leads.get(chosen)
    table = frames_track.coverage(record, lead)
    ends = {"covered": "Inside, in 100", "band_lo": "Right ranges: from", "band_hi": "Right ranges: to"}
    _figure(
        charts_calibration.coverage,
        table,
        sentences_track.coverage(table, lead),
        key="track_coverage",
        caption="Dots: results inside the ranges. Ticks: the part that should be. Pale bars: where the part lies in 9 "
        "of 10 records like this one if ranges are right. Ranges of seats are of whole seats and so hold a little "
        "more than they say. The Speaker is left out, and others before 2010, who hold Northern Ireland then.",
        columns={"row": "Ranges", **ends, "verdict": "Verdict", "elections": "Elections"},
        rows=table.height,
    )


def _reliability(record: TrackRecord, lead: int) -> None:
    table = frames_track.reliability(record, lead)
    ends = {"lo90": "90% from", "hi90": "90% to"}
    st.markdown("**Chances to win a seat**")
    _figure(
        charts_calibration.reliability,
        table,
        sentences_track.reliability(table, lead),
        key="track_chances",
        columns={"chance": "Chance, in 100", "won": "Won, in 100", **ends, "n": "Chances"},
    )


def _pit(record: TrackRecord, lead: int) -> None:
    table = frames_track.pit(record, lead)
    st.markdown("**Where results fell within the draws**")
    _figure(
        charts_calibration.pit,
        table,
        sentences_track.pit(table, lead),
        key="track_pit",
        columns={"what": "Of", "tenth": "Tenth of the draws", "n": "Results", "expected": "If ranges were right"},
    )


def _misses(record: TrackRecord) -> None:
    st.subheader("Largest misses", anchor=False)
    what = WHAT[_choose("Of", WHAT, default="Votes", key="track_misses_what")]
    lead = _lead(record, "track_misses_lead")
    rows = frames_track.misses(record, what, lead)
    sentence = sentences_past.misses(rows, what, lead)
    st.markdown(words.safe(sentence))
    if rows:
        st.dataframe(
            pl.DataFrame([sentences_past.miss_row(row, what) for row in rows]),
            hide_index=True,
            height="content",
            alt=sentence,
        )


def _story(record: TrackRecord, accessible: bool) -> None:
    st.subheader("Each election's story", anchor=False)
    days: dict[str, date] = {words.day(day): day for day in frames_track.elections(record)}
    election = days[st.selectbox("Election", list(days), key="track_election")]
    table = frames_track.story(record, election, accessible=accessible)
    if table.is_empty():
        st.markdown("The record holds no forecast of this election.")
        return
    held = frames_track.leads_of(record, election)
    said = [sentences_past.would_have_said(record, election, lead) for lead in STORY_LEADS if lead in held]
    lines = [*said, sentences_past.what_came(record, election)]
    st.markdown("What the model would have said, 90% ranges in brackets:")
    st.markdown("\n".join(f"- {words.safe(line)}" for line in lines))
    if election.year in sentences_past.THIN_SCOTLAND:
        st.info(sentences_past.NO_SCOTTISH_POLLS)
    ends = {"lo90": "90% from", "hi90": "90% to"}
    _figure(
        charts_track.story,
        table,
        sentences_past.story(table, election),
        key="track_story",
        caption="Dots: expected seats; bars: 90% ranges; diamonds and dashed lines: what came.",
        columns={"place": "Days before", "short": "Party", "mean": "Expected seats", **ends, "came": "Came"},
        lines=tuple(table.select("short", "fill").unique(maintain_order=True).iter_rows()),
        places=tuple(table["place"].unique(maintain_order=True)),
    )


def _others(record: TrackRecord) -> None:
    st.subheader("Beside published forecasts", anchor=False)
    table = frames_track.published(record)
    if table.is_empty():
        st.markdown("No published forecast of these elections is held.")
        return
    eve = words.plural(min(record.summary["leads"]), "day")
    names = {"polled": "Election", "name": "Forecast"}
    _figure(
        charts_track.published,
        table,
        sentences_past.published(table),
        key="track_published",
        caption="Mean error in seats over Conservatives, Labour and Liberal Democrats, of forecasts that name all "
        f"three; the SNP is left out, because not all forecast it. This model: {eve} before polling day; others: the "
        "last of theirs that is held. The exit poll asks people who have voted.",
        columns=names | {"error": "Mean error (seats)", "error_snp": "With the SNP"},
        rows=table["polled"].n_unique(),
    )
