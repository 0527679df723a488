"""What every page has in common: the stored forecast, the line that says where it stands, and the choice of colours."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from data.errors import SelectorateError
from models.forecast import Forecast
from models.store import MANIFEST, default_path, load_forecast
from views import words

COLOUR_SETS = {"Usual": False, "Accessible": True}


@st.cache_resource(max_entries=2, show_spinner="Reading the forecast")
def _read(folder: str, stamp: int) -> Forecast:
    """Load a stored forecast once for all visitors; ``stamp`` (time of writing) makes a new fit a new entry."""
    forecast = load_forecast(Path(folder))
    for array in (forecast.votes, forecast.winner, forecast.seats):
        array.flags.writeable = False
    return forecast


def open_forecast() -> Forecast | None:
    """Read the newest stored forecast, or say in one sentence why there is none.

    Returns
    -------
    Forecast or None
        None when a message stands in its place.
    """
    folder = default_path()
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
    """Write the status line, and a red band where a fitted stage failed its checks.

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
    if not forecast.is_good:
        st.error(" ".join(words.safe(w) for w in manifest.warnings if "diagnostics" in w))
    for warning in manifest.warnings:
        if "diagnostics" not in warning:
            st.warning(words.safe(warning))


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


def page(title: str, body: Callable[[Forecast], None]) -> None:
    """Draw one page: its title, the status line and the body, or one sentence where there is no forecast.

    Parameters
    ----------
    title : str
        Heading of the page.
    body : callable
        Draws the rest from a forecast.
    """
    st.title(title)
    forecast = open_forecast()
    if forecast is not None:
        status(forecast)
        body(forecast)
