"""What every page has in common: the stored forecast, the scenario panel, the status line and the choice of colours."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from data.errors import BadInput, SelectorateError
from models.export import scenario_id
from models.forecast import Forecast
from models.scenario import Scenario
from models.store import MANIFEST, load_forecast
from views import panel, sentences, sentences_scenario, time_machine, words
from views.answers import NOTHING, answer, is_nothing
from views.draw import made_from
from views.fragments import name_as_in

ASIDE = "The scenario in the panel does not change this page."
COLOUR_SETS = {"Usual": False, "Accessible": True}


@dataclass(frozen=True)
class Shown:
    """What a page shows: the stored forecast, the panel's scenario and its answer (the base where nothing is set)."""

    base: Forecast
    scenario: Scenario
    forecast: Forecast

    @property
    def is_scenario(self) -> bool:
        """Whether the scenario changes anything."""
        return self.forecast is not self.base

    @property
    def whole(self) -> Forecast:
        """The answer with shares by constituency."""
        return answer(self.base, self.scenario, summaries=True)


@st.cache_resource(max_entries=4, show_spinner="Reading the forecast")
def _read(folder: str, stamp: int) -> Forecast:
    """Load a stored forecast once for all visitors; ``stamp`` (time of writing) makes a new fit a new entry."""
    forecast = load_forecast(Path(folder))
    for array in (forecast.votes, forecast.winner, forecast.seats):
        array.flags.writeable = False
    return forecast


def open_forecast() -> Forecast | None:
    """Ask for a day, and read the forecast stored as of it, or say in one sentence why there is none.

    Returns
    -------
    Forecast or None
        None when a message stands in its place.
    """
    with st.sidebar:
        folder = time_machine.choose()
    try:
        stamp = (folder / MANIFEST).stat().st_mtime_ns
    except OSError:
        st.info("No forecast is stored yet. Make one in a terminal with `selectorate fit`, then reload this page.")
        return None
    try:
        return _read(str(folder), stamp)
    except SelectorateError as error:
        st.error(words.safe(str(error)))
        return None


def status(forecast: Forecast) -> None:
    """Write the status line, what made the forecast if not the model as shipped, and a red band over failed checks.

    Parameters
    ----------
    forecast : Forecast
        What the page shows.
    """
    manifest = forecast.manifest
    parts = [
        f"Data to {words.day(manifest.as_of)}",
        f"polling day {words.day(manifest.election_date)}",
        f"{words.plural(forecast.n_draws, 'simulation')}",
        f"{words.plural(manifest.n_polls, 'poll')}",
        f"fit {manifest.data_fingerprint[:8]}",
        "fitted models passed their checks" if forecast.is_good else "fitted models failed their checks",
        f"{words.plural(manifest.n_unverified, 'unverified row')}",
    ]
    if manifest.n_own:
        parts.append(f"{words.plural(manifest.n_own, 'row')} of your own")
    st.caption(" · ".join(words.safe(part) for part in parts))
    _say_other_model(forecast)
    if not forecast.is_good:
        st.error(" ".join(words.safe(w) for w in manifest.warnings if "diagnostics" in w))
    for warning in manifest.warnings:
        if "diagnostics" not in warning:
            st.warning(words.safe(warning))


def _say_other_model(forecast: Forecast) -> None:
    """Name what made a forecast that does not come from the model as shipped."""
    if told := sentences.not_as_shipped(forecast):
        st.caption(f":material/science: **{words.safe(told)}**")


def accessible_colours() -> bool:
    """Ask which set of colours to use; the answer holds for all pages of the session."""
    chosen = st.segmented_control(
        "Colours",
        list(COLOUR_SETS),
        default="Usual",
        required=True,
        key="colours",
        persist_state="session",
        wrap=True,
        help="The accessible set keeps parties apart under red-green colour blindness.",
    )
    return COLOUR_SETS[chosen or "Usual"]


def page(
    title: str, body: Callable[[Shown], None], *, follows: bool = True, whole: bool = False, aside: str = ASIDE
) -> None:
    """Draw one page: panel, title, status line and body, or one sentence where there is no forecast.

    Parameters
    ----------
    title : str
        Heading of the page.
    body : callable
        Draws the rest.
    follows : bool
        Whether the page shows the scenario's answer; one that does not says so while a scenario is set.
    whole : bool
        Whether the page needs shares by constituency of the answer, which then is made with them at once.
    aside : str
        What a page that does not follow says of a scenario that is set.
    """
    st.title(title)
    base = open_forecast()
    if base is None:
        return
    name_as_in(base.manifest.as_of.year)
    shown = beside(base, whole=whole)
    status(base)
    made_from(_source(shown, follows=follows))
    if shown.is_scenario:
        _say_scenario(shown, aside=None if follows else aside)
    body(shown)


def panel_alone() -> None:
    """Draw the panel beside a page that needs no forecast; where none can be shown, the page stands alone."""
    with st.sidebar:
        folder = time_machine.choose()
        try:
            base = _read(str(folder), (folder / MANIFEST).stat().st_mtime_ns)
            _say_other_model(base)
            panel.show(base)
        except (OSError, SelectorateError):  # other pages say what is wrong with it
            st.caption("The scenario panel comes with a forecast.")


def beside(base: Forecast, *, whole: bool = False) -> Shown:
    """Draw the scenario panel beside a page, and answer what it asks.

    Parameters
    ----------
    base : Forecast
        The stored forecast.
    whole : bool
        As for ``page``.

    Returns
    -------
    Shown
        The base alone, under one sentence, where the scenario cannot be answered.
    """
    with st.sidebar:
        scenario = panel.show(base)
        if not is_nothing(scenario):
            st.caption(words.safe(f"Set: {_set(base, scenario)}."))
    try:
        return Shown(base, scenario, answer(base, scenario, summaries=whole))
    except BadInput as error:
        st.error(words.safe(str(error)))
        return Shown(base, NOTHING, base)


def _say_scenario(shown: Shown, *, aside: str | None) -> None:
    """Name the scenario where the page shows its answer, and say where it does not."""
    text = words.safe(_set(shown.base, shown.scenario))
    if aside is None:
        name = words.safe(shown.scenario.name or "Scenario")
        st.info(f"**{name}, if we made it so:** {text}. This page shows its answer.", icon=":material/tune:")
    else:
        st.caption(aside)


def _source(shown: Shown, *, follows: bool) -> str:
    """Say what the charts of a page are made from, for their files."""
    scenario = follows and shown.is_scenario
    manifest = shown.forecast.manifest if scenario else shown.base.manifest
    named = scenario_id(shown.scenario, shown.base.manifest) if scenario else None
    kind = "scenario" if scenario else "forecast"
    days = f"data to {words.day(manifest.as_of)}, polling day {words.day(manifest.election_date)}"
    told = sentences.not_as_shipped(shown.base)
    return f"selectorate, {days}, {kind}{f' {named}' if named else ''}{f'. {told}' if told else ''}"


def _set(base: Forecast, scenario: Scenario) -> str:
    return "; ".join(sentences_scenario.settings(base, scenario))
