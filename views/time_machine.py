"""The time machine: the day a forecast is as of, chosen among those stored or fitted while the page stays usable."""

import os
from datetime import date, timedelta
from math import ceil
from pathlib import Path

import streamlit as st

from data import load_evidence
from data.errors import SelectorateError
from models import fit_job
from models.fit_progress import usual_seconds
from models.record import next_election, past_elections, previous_election
from models.scenario_check import LAST_LAWFUL_DAY
from models.settle import settle_dates
from models.store import SHOWN_VARIABLE, default_path, forecast_path
from models.stored import Stored, usable, usable_forecasts
from views import words

CHOSEN = "as_of_folder"
"""Key of the folder a visitor looks at; it holds for all pages of the session."""
OPEN = "as_of_open"
_SEEN = "as_of_job"
"""Key of the fit a visitor saw running, to whom alone its end is told."""
POLL_SECONDS = 2


def choose() -> Path:
    """Ask as of which day the forecast is to be, and offer to fit other days.

    Returns
    -------
    Path
        Folder of the forecast to show; as ``default_path`` until a visitor chooses another.
    """
    default, stored = default_path(), usable_forecasts()
    labels, chosen = _labels(stored, default), str(default)
    if chosen in labels:
        if st.session_state.get(CHOSEN) not in labels:
            st.session_state[CHOSEN] = chosen
        chosen = st.selectbox(
            "As of",
            list(labels),
            format_func=labels.__getitem__,
            key=CHOSEN,
            persist_state="session",
            help="The last day of evidence: what became known later is not used.",
        )
        polling_day = next((one.election_date for one in stored if str(one.folder) == chosen), None)
        if polling_day:
            st.caption(words.safe(f"For the election of {words.day(polling_day)}."))
    if fit_job.readonly():
        st.caption("Other days cannot be fitted here: this dashboard only shows forecasts that are stored.")
    else:
        with st.expander("Another day", key=OPEN, on_change="rerun") as box:
            if box.open:  # its dates take as long to draw as the rest of the sidebar
                _another()
        _job()
    return Path(chosen)


def _labels(stored: list[Stored], default: Path) -> dict[str, str]:
    """Options in words by their folders, newest first; the default is among them even if it cannot be shown."""
    labels = {str(one.folder): _told(one) for one in stored}
    if str(default) not in labels and (os.environ.get(SHOWN_VARIABLE) or default.exists()):
        # Named or newest, but elsewhere, of other code, damaged or gone: chosen, and the page says what is wrong.
        one = usable(default)
        labels = {str(default): _told(one) if one else f"{_day_of(default)} (unusable)"} | labels
    days = {str(one.folder): one.election_date for one in stored}
    met = list(labels.values())
    for folder, told in labels.items():
        if met.count(told) > 1:  # two polling days of one year, or the same dates in two places
            rest = words.day(days[folder]) if folder in days else f"in {Path(folder).parent.name}/"
            labels[folder] = f"{told}: {rest}"
    return labels


def _told(one: Stored) -> str:
    """Words short enough for the sidebar; the caption below has the whole of polling day."""
    return f"{words.day(one.as_of)}, for {one.election_date.year}"


def _day_of(folder: Path) -> str:
    """Last day of evidence by the name of a folder, or the name where it has none."""
    try:
        return words.day(date.fromisoformat(folder.name.split("_")[0]))
    except ValueError:
        return folder.name


def _show(folder: Path) -> None:
    st.session_state[CHOSEN] = str(folder)
    st.session_state.pop(_SEEN, None)


def _close() -> None:
    st.session_state.pop(_SEEN, None)


@st.fragment
def _another() -> None:
    """Offer any day since 1979, in a fragment of its own: to look for a day does not draw the page anew."""
    evidence = load_evidence()
    day = st.date_input(
        "Last day of evidence",
        evidence.cut,
        min_value=fit_job.FIRST_DAY,
        max_value=evidence.cut,
        format="DD/MM/YYYY",
        key="as_of_day",
        persist_state="session",
    )
    usual = next_election(evidence, day)
    other = st.date_input(
        "Polling day, if another",
        None,
        min_value=previous_election(evidence, usual) + timedelta(days=1),
        max_value=usual if usual in past_elections(evidence) else LAST_LAWFUL_DAY,
        format="DD/MM/YYYY",
        key=f"as_of_election_{usual}",
        persist_state="session",
        help="An election that might have come earlier, or the next one on a day of your choice.",
    )
    polling_day = other if isinstance(other, date) else usual
    if polling_day < day:
        st.error("Polling day cannot come before the last day of evidence.")
        return
    try:
        _offer(*settle_dates(day, polling_day))
    except SelectorateError as error:
        st.error(words.safe(str(error)))


def _offer(day: date, polling_day: date) -> None:
    """Show a day that is stored; fit one that is not."""
    folder = forecast_path(day, polling_day)
    if usable(folder):
        st.caption(words.safe(f"The election of {words.day(polling_day)}: this forecast is stored."))
        if st.button("Show it", key="as_of_stored", on_click=_show, args=(folder,)):
            st.rerun()
        return
    job = fit_job.state()
    under_way = job is not None and job.running
    minutes = words.plural(ceil(usual_seconds(fit_job.is_learned(day)) / 60), "minute")
    st.caption(words.safe(f"The election of {words.day(polling_day)}, from what was known on {words.day(day)} alone."))
    if st.button(f"Fit it (about {minutes})", key="as_of_fit", disabled=under_way):
        fit_job.start(day, polling_day)
        st.rerun()
    if under_way:
        st.caption("One fit is made at a time.")


def _job() -> None:
    """Show a fit under way, whoever began it; tell those who saw it how it ended."""
    job = fit_job.state()
    if job is None:
        return
    began = job.started.isoformat()
    if job.running:
        st.session_state[_SEEN] = began
        _watch()
    elif st.session_state.get(_SEEN) == began:
        _end(job)


@st.fragment(run_every=POLL_SECONDS)
def _watch() -> None:
    """Follow a fit until it ends; the page is then drawn once more, without this."""
    job = fit_job.state()
    if job is None or not job.running:
        st.rerun()
    st.progress(job.done, words.safe(f"Fitting {words.day(job.as_of)}: {job.stage}"))
    st.caption("You can go on using the page.")


def _end(job: fit_job.JobState) -> None:
    told = words.day(job.as_of)
    if job.finished:
        st.success(words.safe(f"The forecast as of {told} is ready."))
        st.button("Show it", key="as_of_ready", on_click=_show, args=(job.folder,))
    else:
        st.error(words.safe(f"The fit of {told} failed. {job.failed}"))
        st.button("Close", key="as_of_close", on_click=_close)
