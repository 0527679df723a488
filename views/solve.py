"""Page that asks the other way round: what it would take for a goal to have a chance."""

import math

import streamlit as st

from data.errors import BadInput
from models.forecast import Forecast
from models.scenario import Scenario
from models.solve import Answer, Frontier, frontier, solve
from models.solve_schema import Dial, Goal, Question, Range, movable, read_question, scenario_of
from views import charts_solve, frames_solve, palette, scenario, shell, words
from views import sentences_solve as said
from views.answers import stamp
from views.draw import draw
from views.fragments import fragment
from views.scenario_state import put

SCREEN_DRAWS = 1_000
CHANCES = {"50 in 100": 0.5, "75 in 100": 0.75, "90 in 100": 0.9}
STEPS = {"share": 0.5, "favourability": 1.0, "mp_support": 1.0, "turnout": 1.0, "tactical": 5.0}
"""Steps of the panel's sliders."""
Setting = tuple[Dial, float, Range]


def show() -> None:
    """Draw the page."""
    shell.page("What would it take?", _body, follows=False)


@st.cache_data(max_entries=64, show_spinner="Trying values")
def _solve(_forecast: Forecast, name: str, text: str) -> Answer:
    """Solve once for all visitors; ``name`` is the forecast's, ``text`` is the question as JSON."""
    return solve(_forecast, read_question(text), draws=SCREEN_DRAWS)


@st.cache_data(max_entries=64, show_spinner="Trying values of both dials")
def _frontier(_forecast: Forecast, name: str, text: str) -> Frontier:
    """Find the frontier once for all visitors."""
    return frontier(_forecast, read_question(text), draws=SCREEN_DRAWS)


@fragment
def _body(shown: shell.Shown) -> None:
    forecast = shown.base
    st.markdown(
        "Name a goal and the chance it should have, and read the **smallest change** from the forecast that would give "
        "it that chance. As on the page Scenario, this is **if we made it so**, all else equal; what leaders and MPs "
        "are worth is association, not shown to be their doing."
    )
    left, right = st.columns([2, 3], gap="large")
    with left:
        question = _question(forecast)
        shell.accessible_colours()
    with right:
        try:
            _results(forecast, question)
        except BadInput as error:
            st.error(words.safe(str(error)))


def _results(forecast: Forecast, question: Question) -> None:
    text, name = question.model_dump_json(), stamp(forecast)
    if question.second is None:
        _one(forecast, _solve(forecast, name, text))
    else:
        _two(forecast, _frontier(forecast, name, text))


def _question(forecast: Forecast) -> Question:
    """Draw the controls and read the question off them."""
    kind = st.selectbox("Goal", list(said.GOALS), format_func=_goal, key="sl_goal")
    party = (
        None if kind == "hung" else _party("Party", [p for p in movable(forecast, "share") if p != "oth"], "sl_party")
    )
    seats = seat = None
    if kind == "seats":
        seats = st.number_input("Seats", 1, forecast.n_seats, min(100, forecast.n_seats), key="sl_seats")
    if kind == "seat":
        codes = {name: code for code, name in said.seats_of(forecast, str(party)).items()}
        seat = codes[st.selectbox("Constituency", list(codes), key=f"sl_seat_{party}")]
    chance = st.segmented_control("Chance wanted", list(CHANCES), default="75 in 100", required=True, key="sl_chance")
    first = _dial(forecast, "What may move", party, 1)
    two = st.toggle("Move a second dial, too", key="sl_two")
    second = _dial(forecast, "The second dial", party, 2) if two else None
    goal = Goal.model_validate({"kind": kind, "party": party, "seats": seats, "seat": seat})
    return Question(goal=goal, chance=CHANCES[chance or "75 in 100"], dial=first, second=second)


def _goal(kind: str) -> str:
    return said.GOALS[kind]


def _kind(kind: str) -> str:
    return said.DIALS[kind]


def _name(code: str) -> str:
    return palette.line(code).name


def _party(label: str, parties: list[str], key: str, usual: str | None = None) -> str:
    at = parties.index(usual) if usual in parties else 0
    return str(st.selectbox(label, parties, at, format_func=_name, key=key))


def _dial(forecast: Forecast, label: str, usual: str | None, place: int) -> Dial:
    kinds = [kind for kind in said.DIALS if kind == "tactical" or movable(forecast, kind)]
    kind = st.selectbox(label, kinds, place - 1, format_func=_kind, key=f"sl_dial{place}")
    parties = movable(forecast, kind)
    party = _party(f"{label}: party", parties, f"sl_party{place}_{kind}_{usual}", usual) if parties else None
    return Dial.model_validate({"kind": kind, "party": party})


def _one(forecast: Forecast, found: Answer) -> None:
    sentence = said.answer(forecast, found)
    st.subheader(words.safe(sentence), anchor=False)
    title = said.axis(forecast, found.question.dial)
    draw(
        charts_solve.curve,
        {"points": frames_solve.curve(found)},
        key="sl_curve",
        sentence=sentence,
        table=frames_solve.curve_table(forecast, found),
        axis=title,
        wanted=100 * found.question.chance,
    )
    st.caption(
        f"Line: the chance along the dial, over all that it allows; band: 95% range of counting {found.draws:,} "
        "simulations; dashed: the chance wanted. How unsure the models are of what the dial does is in the chance "
        "itself."
    )
    if found.status == "reached" and found.value is not None:
        _hand_over(forecast, [(found.question.dial, found.value, found.span)])


def _two(forecast: Forecast, found: Frontier) -> None:
    sentence = said.frontier(forecast, found)
    st.subheader("Two dials together", anchor=False)
    st.markdown(words.safe(sentence))
    one, two = found.question.dial, found.question.second
    assert two is not None
    points = frames_solve.frontier(found)
    draw(
        charts_solve.frontier,
        {"points": points},
        key="sl_frontier",
        sentence=sentence,
        table=frames_solve.frontier_table(forecast, found),
        first=said.axis(forecast, one),
        second=said.axis(forecast, two),
    )
    st.caption(
        "Each diamond: the smallest change of the second dial that will do beside the first. The first goes from the "
        "forecast to where it would do alone, or else to where it helps most."
    )
    ways = {
        said.pair(forecast, found, row["first"], row["second"]): (row["first"], row["second"])
        for row in points.filter(points["kind"] == charts_solve.MARKED[1]).iter_rows(named=True)
    }
    if ways:
        first, second = ways[st.selectbox("One of these ways", list(ways), index=len(ways) // 2)]
        _hand_over(forecast, [(one, first, found.spans[0]), (two, second, found.spans[1])])


def _hand_over(forecast: Forecast, settings: list[Setting]) -> None:
    """Draw the button that sets the panel to a solution."""
    rounded = [(dial, _rounded(dial, value, span)) for dial, value, span in settings]
    told = words.listed([said.number(dial, value) for dial, value in rounded])
    st.button(
        f"Set the scenario to {told}",
        on_click=_set_scenario,
        args=(forecast, scenario_of(forecast, rounded)),
        key="sl_set",
        help="Rounded up to the steps of the panel's sliders. What is set there now is replaced.",
    )
    st.page_link(st.Page(scenario.show, title="Scenario", url_path="scenario"), label="To the page Scenario")


def _rounded(dial: Dial, value: float, span: Range) -> float:
    """Nearest step of the slider that goes no less far from the forecast."""
    step = STEPS[dial.kind]
    if value == span.start:
        return value
    steps = math.ceil(value / step - 1e-9) if value > span.start else math.floor(value / step + 1e-9)
    return min(max(steps * step, span.lo), span.hi)


def _set_scenario(forecast: Forecast, chosen: Scenario) -> None:
    put(st.session_state, forecast, chosen)
