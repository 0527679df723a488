"""What the page Compare can set side by side: the forecast, the scenario held, files and ready scenarios."""

from hashlib import sha256
from pathlib import PurePath

import streamlit as st

from data.errors import BadInput
from models.compare_many import FEWEST, MOST, ready_scenarios
from models.forecast import Forecast
from models.scenario import Scenario, read_scenario, scenario_json
from models.scenario_check import check_scenario
from views import palette, words
from views.frames_compare import LETTERS
from views.scenario_history import KEPT

CHOSEN, SEEN, LOADED, ERRORS, UPLOAD = "cmp_chosen", "cmp_seen", "cmp_loaded", "cmp_errors", "cmp_upload"
BASE, HELD, FILE = "forecast", "held", "file-"
NOTHING = Scenario()
NAME = 40
"""Longest name of a scenario from a file."""
Options = dict[str, tuple[str, Scenario]]


def choose(forecast: Forecast) -> list[tuple[str, Scenario]]:
    """Draw the choice of scenarios and the box for files, and read the scenarios off them.

    Parameters
    ----------
    forecast : Forecast
        The base.

    Returns
    -------
    list of (str, Scenario)
        Names and scenarios, up to four, in the order chosen.
    """
    found = options(forecast)
    _keep(found)
    # Not a multiselect: the tags of its choices are white on the accent, 2:1 in the dark theme.
    chosen = st.pills(
        "Scenarios side by side, two to four",
        list(found),
        selection_mode="multi",
        key=CHOSEN,
        format_func=_labels(found).__getitem__,
        persist_state="session",
        help="Letters follow the order of choosing; the others are compared with A. A fifth takes the place of D.",
    )
    with st.expander("Load scenarios from files"):
        st.file_uploader(
            f"JSON, up to {MOST} files, at most 1 MB each",
            type="json",
            max_upload_size=1,
            accept_multiple_files=True,
            key=UPLOAD,
            on_change=_load,
            args=(forecast,),
        )
        st.caption("The page Scenario saves such files. What is loaded takes the place of what was loaded before.")
    for problem in st.session_state.get(ERRORS, []):
        st.error(words.safe(problem))
    return [found[code] for code in chosen]


def _labels(found: Options) -> dict[str, str]:
    """Name of each scenario, with its letter where it is chosen."""
    letters = dict(zip(st.session_state[CHOSEN], LETTERS, strict=False))
    return {
        code: words.safe(f"{letters[code]} · {name}" if code in letters else name) for code, (name, _) in found.items()
    }


def options(forecast: Forecast) -> Options:
    """All that can be chosen: a name and a scenario for each code."""
    found = {BASE: ("Forecast", NOTHING)}
    if (held := _fitting(forecast, st.session_state.get(KEPT, "{}"))) is not None:
        found[HELD] = (_name(held, "Your scenario"), held)
    for code, (name, text) in st.session_state.get(LOADED, {}).items():
        if (loaded := _fitting(forecast, text, empty=True)) is not None:
            found[code] = (name, loaded)
    return found | _ready(forecast)


def _fitting(forecast: Forecast, text: str, *, empty: bool = False) -> Scenario | None:
    """Scenario of this session, if it still fits the forecast; one that changes nothing only if that is wanted."""
    try:
        scenario = Scenario.model_validate_json(text)
        check_scenario(forecast, scenario)
    except BadInput:  # a new forecast was stored meanwhile
        return None
    changes = scenario.model_copy(update={"name": None}) != NOTHING
    return scenario if changes or empty else None


def _name(scenario: Scenario, otherwise: str) -> str:
    name = " ".join((scenario.name or otherwise).split()) or "Unnamed"
    return name if len(name) <= NAME else f"{name[: NAME - 1]}…"


def _ready(forecast: Forecast) -> Options:
    """Ready scenarios by the names they have on the screen."""
    found = {}
    states = {state.party: state for state in forecast.manifest.leaders}
    for code, scenario in ready_scenarios(forecast).items():
        name = "Tactical voting off"
        for party, change in scenario.parties.items():
            if change.share_shift:
                name = f"{palette.line(party).name} {100 * change.share_shift:.0f} points up"
            elif change.favourability is not None:
                less = states[party].favourability - change.favourability
                name = f"{states[party].leader} {less:.0f} points less liked"
        found[code] = (name, scenario)
    return found


def _keep(found: Options) -> None:
    """Set what is chosen: at first the first four, later what is new behind A, and never what is gone."""
    state = st.session_state
    if CHOSEN not in state:
        state[CHOSEN] = list(found)[:MOST]
    else:
        new = [code for code in found if (code == HELD or code.startswith(FILE)) and code not in state.get(SEEN, [])]
        old = [code for code in state[CHOSEN] if code in found and code not in new]
        kept = [*old[:1], *new, *old[1:]][:MOST] if new else [*old[: MOST - 1], *old[MOST - 1 :][-1:]]
        if kept != state[CHOSEN]:
            state[CHOSEN] = kept if len(kept) >= FEWEST or not state[CHOSEN] else list(found)[:MOST]
    state[SEEN] = list(found)


def _load(forecast: Forecast) -> None:
    """Read the files: each is a scenario or one sentence on what is wrong with it."""
    files = st.session_state.get(UPLOAD) or []
    if not files:
        return
    loaded: dict[str, tuple[str, str]] = {}
    errors = []
    for file in files[:MOST]:
        try:
            scenario = read_scenario(file.getvalue().decode("utf-8"))
            check_scenario(forecast, scenario)
        except UnicodeDecodeError:
            errors.append(f"{file.name}: The file is not text in UTF-8. Save the scenario as JSON and load it again.")
        except BadInput as error:
            errors.append(f"{file.name}: {error}")
        else:
            text = scenario_json(scenario)
            loaded[FILE + sha256(text.encode()).hexdigest()[:12]] = (_name(scenario, PurePath(file.name).stem), text)
    if len(files) > MOST:
        errors.append(f"{len(files)} files were given; the first {MOST} are read.")
    st.session_state[LOADED], st.session_state[ERRORS] = loaded, errors
