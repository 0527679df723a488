"""Seats along one dial, with a slider that needs no server, and what one step of each dial is worth."""

from dataclasses import replace

import polars as pl
import streamlit as st

from models.forecast import Forecast
from models.response_curves import STEPS, Curves, positions, response_curves, window_of
from models.scenario import Scenario, leaders_in
from models.sensitivity import sensitivity
from models.solve_schema import COMMON, Dial, movable
from views import charts_lab, frames, frames_lab, palette, words
from views import sentences_lab as told
from views import sentences_solve as said
from views.answers import stamp
from views.draw import draw
from views.fragments import fragment
from views.lab_waterfall import SCREEN_DRAWS, party_choice, text_of

FORMS = {"favourability": ("+.0f", ""), "share": ("+.1f", " points"), "turnout": ("+.0f", "%"), "day": (".0f", " days")}
"""How the browser writes the slider's place; other dials are whole per cent."""


@st.cache_resource(max_entries=32, show_spinner="Running the dial from end to end")
def _curves(_forecast: Forecast, stamp: str, text: str, dial: str) -> Curves:
    """Run once for all visitors; ``stamp`` names the forecast, ``text`` and ``dial`` are JSON."""
    asked = Scenario.model_validate_json(text), Dial.model_validate_json(dial)
    return response_curves(_forecast, *asked, draws=SCREEN_DRAWS)


@st.cache_resource(max_entries=16, show_spinner="Moving each dial by a step")
def _steps(_forecast: Forecast, stamp: str, text: str) -> pl.DataFrame:
    """Move each dial once for all visitors."""
    parties = frames.main_parties(_forecast)
    return sensitivity(_forecast, Scenario.model_validate_json(text), parties, draws=SCREEN_DRAWS)


@fragment
def show(base: Forecast, scenario: Scenario, *, accessible: bool = False) -> None:
    """Draw both sections; nothing is computed until one is opened.

    Parameters
    ----------
    base : Forecast
        The forecast the scenario starts from.
    scenario : Scenario
        What is set; the dial is moved in it.
    accessible : bool
        Whether to use the accessible colours.
    """
    box = st.expander("Seats along one dial", key="lab_curves", on_change="rerun")
    if box.open:
        with box:
            _along(base, scenario, accessible=accessible)
    box = st.expander("What one step of each dial is worth", key="lab_steps", on_change="rerun")
    if box.open:
        with box:
            _table(base, scenario)


def _dial(base: Forecast, scenario: Scenario) -> Dial:
    """Ask which dial to move."""
    kinds = [kind for kind in told.DIALS if kind in COMMON or movable(base, kind)]
    day = window_of(base, scenario, Dial(kind="day"))
    if day.hi <= day.lo:
        kinds.remove("day")
    kind = st.selectbox("Dial", kinds, kinds.index("favourability"), format_func=_kind, key="lab_dial")
    parties = movable(base, kind)
    if not parties:
        return Dial.model_validate({"kind": kind})
    return Dial.model_validate(
        {"kind": kind, "party": st.selectbox("Its party", parties, format_func=_name, key=f"lab_dial_{kind}")}
    )


def _kind(kind: str) -> str:
    return told.DIALS[kind]


def _name(code: str) -> str:
    return palette.line(code).name


def _along(base: Forecast, scenario: Scenario, *, accessible: bool) -> None:
    left, right = st.columns(2)
    with left:
        dial = _dial(base, scenario)
    with right:
        focus = party_choice(base, "Bands and chances of", f"lab_focus_{dial.party}", dial.party)
    curves = _curves(base, stamp(base), text_of(scenario), dial.model_dump_json())
    named = _named(base, scenario)
    sentence = told.curve(named, curves, focus)
    st.markdown(words.safe(sentence))
    lines = frames_lab.drawn(curves)
    tables = {
        "curves": frames_lab.curve_rows(curves, lines, focus),
        "live": frames_lab.live_rows(curves, lines, accessible=accessible),
    }
    draw(
        charts_lab.response,
        tables,
        key="lab_curves_chart",
        sentence=sentence,
        table=lambda: frames_lab.curve_table(named, curves, lines, focus),
        lines=tuple((palette.line(code).short, palette.colour(code, accessible)) for code in lines),
        slider=slider_of(named, curves),
        marked=marked_places(curves),
        majority=base.majority,
        top=frames_lab.seats_end(curves, base.majority),
    )
    st.caption(
        "Move the slider under the picture, by hand or with the arrow keys. Lines: median seats along the dial, all "
        f"else as in the scenario; bands: half and 90% of simulations for {words.safe(palette.line(focus).who)}. "
        "Below, for each party: dot the median, thick half and thin 90% of simulations at the slider; ring the median "
        f"in the scenario as it is set. {base.majority} seats are a majority. {curves.draws:,} simulations at "
        f"{curves.seats['value'].n_unique()} values, straight lines between."
    )


def _named(base: Forecast, scenario: Scenario) -> Forecast:
    """Forecast whose leaders are the scenario's, so that dials bear their names."""
    return replace(base, manifest=base.manifest.model_copy(update={"leaders": leaders_in(base, scenario)}))


def marked_places(curves: Curves) -> tuple[tuple[float, str], ...]:
    """Where forecast and scenario have the dial, and what is written there; one place where they agree."""
    base = (curves.base, frames_lab.BASE)
    return (base,) if curves.window.start == curves.base else (base, (curves.window.start, frames_lab.OTHER))


def slider_of(base: Forecast, curves: Curves) -> charts_lab.Slider:
    """Slider over the curves, at the place next to where the scenario has the dial."""
    places, now = positions(curves), curves.window.start
    form, after = FORMS.get(curves.dial.kind, (".0f", "%"))
    return charts_lab.Slider(
        label=said.axis(base, curves.dial),
        lo=places[0],
        hi=places[-1],
        step=STEPS[curves.dial.kind],
        start=min(places, key=lambda place: abs(place - now)),
        form=form,
        after=after,
    )


def _table(base: Forecast, scenario: Scenario) -> None:
    table = _steps(base, stamp(base), text_of(scenario))
    party = party_choice(base, "Seats of", "lab_steps_party")
    named = _named(base, scenario)
    sentence = told.steps(named, table, party)
    st.markdown(words.safe(sentence))
    st.dataframe(frames_lab.step_table(named, table, party), hide_index=True, height="content", alt=sentence)
    st.caption(
        "Each dial alone goes one step from where the scenario has it, on the same simulations; the other way where it "
        "has no room. Steps are of a size that leaders and parties have made before, and not equally easy to make."
    )
