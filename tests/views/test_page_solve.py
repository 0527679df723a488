"""The page that asks what a goal would take."""

from types import ModuleType

import pytest
from streamlit.testing.v1 import AppTest

from models.scenario import Scenario
from views.scenario_history import KEPT


def choose(app: AppTest, **values: object) -> AppTest:
    """Set some boxes of choice one after the other, as the later depend on the earlier."""
    for key, value in values.items():
        app.selectbox(key=f"sl_{key}").set_value(value).run()
        assert not app.exception, key
    return app


@pytest.mark.usefixtures("stored")
def test_page_opens_with_an_answer(pages: ModuleType) -> None:
    """The page opens with a question of the largest party; its chart has a sentence on the page and a table."""
    app = pages.start("solve")
    assert not app.exception
    text = pages.texts(app)
    (alternative,) = pages.alternatives(app)
    assert alternative in text
    assert "In the forecast, the chance of a majority for" in alternative
    assert [expander.label for expander in app.main.expander] == ["Table and files"]
    pages.open_box(app, "sl_curve_box")
    assert len(app.dataframe[0].value) >= 9


@pytest.mark.usefixtures("stored")
def test_solution_goes_to_the_scenario_page(pages: ModuleType) -> None:
    """What it takes can be put into the page Scenario, rounded up to its sliders' steps."""
    app = choose(pages.start("solve"), goal="largest", party="lab")
    assert "would take +" in pages.texts(app)
    app.button(key="sl_set").click().run()
    assert not app.exception
    kept = Scenario.model_validate_json(app.session_state[KEPT])
    shift = kept.parties["lab"].share_shift
    assert shift is not None
    assert shift > 0
    assert (200 * shift) % 1 == pytest.approx(0)


@pytest.mark.usefixtures("stored")
def test_every_goal_and_dial_can_be_asked(pages: ModuleType) -> None:
    """Every goal and every dial gives a sentence and a chart."""
    app = pages.start("solve")
    for goal in app.selectbox(key="sl_goal").options:
        app.selectbox(key="sl_goal").select(goal).run()
        assert not app.exception, goal
        assert not app.error
        assert len(pages.alternatives(app)) == 1
    for dial in app.selectbox(key="sl_dial1").options:
        app.selectbox(key="sl_dial1").select(dial).run()
        assert not app.exception, dial
        assert not app.error
        assert len(pages.alternatives(app)) == 1


@pytest.mark.usefixtures("stored")
def test_two_dials_give_a_frontier(pages: ModuleType) -> None:
    """With a second dial the page shows what is needed of it beside the first, and refuses the same dial twice."""
    app = choose(pages.start("solve"), goal="largest", party="lab")
    app.toggle(key="sl_two").set_value(True).run()
    assert not app.exception
    (alternative,) = pages.alternatives(app)
    assert "with" in alternative
    pages.open_box(app, "sl_frontier_box")
    assert len(app.dataframe[0].value) == 7
    app.button(key="sl_set").click().run()
    assert Scenario.model_validate_json(app.session_state[KEPT]) != Scenario()
    choose(app, dial2="share")
    assert "must differ" in pages.texts(app)
