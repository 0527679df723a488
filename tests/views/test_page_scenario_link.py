from datetime import date
from types import ModuleType

import pytest
from streamlit.testing.v1 import AppTest

from models.forecast import Forecast
from models.scenario import PartyScenario, Scenario, read_scenario
from models.scenario_link import ForecastName, forecast_name, read_link, write_link

SHIFTED = Scenario(name="Mine", parties={"lab": PartyScenario(share_shift=0.1)}, turnout={"con": -0.1})


def opened(link: str) -> AppTest:
    """A session whose address holds a link to a scenario."""
    app = AppTest.from_string("from views import scenario\nscenario.show()\n", default_timeout=60)
    app.query_params["s"] = link
    return app.run()


def held(app: AppTest) -> Scenario:
    """The scenario the panel holds."""
    return read_scenario(app.session_state["sc_kept"])


@pytest.mark.usefixtures("stored")
def test_link_sets_the_panel(forecast: Forecast, pages: ModuleType) -> None:
    """A link made with the forecast on the screen sets the panel, all its settings, and is opened once."""
    link = write_link(SHIFTED, forecast_name(forecast.manifest))
    app = opened(link)
    assert not app.exception
    assert held(app) == SHIFTED
    assert "Set: Labour +10 points; Cons. supporters who vote −10%." in pages.texts(app)
    assert "Labour would win" in pages.texts(app)
    assert "another forecast" not in pages.texts(app)
    app.slider(key="sc_lab_shift").set_value(5.0).run()
    assert held(app).parties["lab"].share_shift == 0.05
    assert app.query_params["s"] == link


@pytest.mark.usefixtures("stored")
def test_link_of_another_forecast_says_so(forecast: Forecast, pages: ModuleType) -> None:
    """A link made with other tables is opened with one sentence that names its forecast, until Reset."""
    other = ForecastName(data="00c0ffee", as_of=date(2026, 3, 1), election_date=forecast.manifest.election_date)
    app = opened(write_link(SHIFTED, other))
    assert held(app) == SHIFTED
    assert "made with another forecast (data to 1 March 2026" in pages.texts(app)
    assert "fit 00c0ffee" in pages.texts(app)
    app.button(key="sc_reset").click().run()
    assert "another forecast" not in pages.texts(app)
    assert held(app) == Scenario()


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        (None, "sum does not match"),
        (Scenario(parties={"xyz": PartyScenario(share_shift=0.1)}), 'No party "xyz"'),
        (Scenario(election_date=date(2031, 1, 1)), "2031-01-01"),
        (Scenario(turnout={"x\ny" * 3_000: 0.1}), 'No party "x y'),
    ],
)
@pytest.mark.usefixtures("stored")
def test_bad_link_is_refused(scenario: Scenario | None, said: str, forecast: Forecast, pages: ModuleType) -> None:
    """A link that is damaged or does not fit the forecast is refused in one sentence and leaves the address."""
    app = opened(write_link(scenario or SHIFTED, forecast_name(forecast.manifest)) + ("" if scenario else "0"))
    assert not app.exception
    assert [said in error.value.replace("\\", "") for error in app.error] == [True]
    assert len(app.error[0].value) < 700
    assert "s" not in app.query_params
    assert "Nothing is changed yet" in pages.texts(app)


@pytest.mark.usefixtures("stored")
def test_link_is_made_when_asked_for(forecast: Forecast, pages: ModuleType) -> None:
    """The link and the address hold the panel's scenario once it is asked for; a later change takes the link away."""
    app = pages.start("scenario")
    app.slider(key="sc_lab_shift").set_value(10.0).run()
    assert "s" not in app.query_params
    app.button(key="sc_link").click().run()
    assert not app.exception
    link = app.query_params["s"]
    assert app.code[0].value.endswith(f"?s={link}")
    assert read_link(link) == (held(app), forecast_name(forecast.manifest))
    assert held(opened(link)) == held(app)
    app.slider(key="sc_lab_shift").set_value(5.0).run()
    assert not app.code
    assert held(app).parties["lab"].share_shift == 0.05


@pytest.mark.usefixtures("stored")
def test_scenario_too_long_for_a_link_says_so(pages: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the scenario is too long for a link, the answer is a sentence and no link."""
    monkeypatch.setattr("models.scenario_link.MAX_LINK", 60)
    app = pages.start("scenario")
    app.button(key="sc_link").click().run()
    assert not app.exception
    assert "too long for a link" in pages.texts(app)
    assert not app.code
    assert "s" not in app.query_params


@pytest.mark.usefixtures("stored")
def test_undo_and_redo(pages: ModuleType) -> None:
    """Undo goes back change by change, over Reset too; Redo goes forward again until something else is changed."""
    app = pages.start("scenario")
    assert app.button(key="sc_undo").disabled
    app.slider(key="sc_lab_shift").set_value(10.0).run()
    pages.choose_party(app, "con")
    app.selectbox(key="sc_con_leader").set_value("A new leader").run()
    app.button(key="sc_reset").click().run()
    app.button(key="sc_undo").click().run()
    assert not app.exception
    assert app.selectbox(key="sc_con_leader").value == "A new leader"
    app.button(key="sc_undo").click().run()
    assert held(app) == Scenario(parties={"lab": PartyScenario(share_shift=0.1)})
    app.button(key="sc_undo").click().run()
    assert held(app) == Scenario()
    assert app.button(key="sc_undo").disabled
    app.button(key="sc_redo").click().run()
    pages.choose_party(app, "lab")
    assert app.slider(key="sc_lab_shift").value == 10.0
    app.slider(key="sc_lab_turnout").set_value(1.0).run()
    assert app.button(key="sc_redo").disabled


@pytest.mark.usefixtures("stored")
def test_undo_reaches_twenty_changes(pages: ModuleType) -> None:
    """Twenty changes can be taken back, and no session sees those of another."""
    app, other = pages.start("scenario"), pages.start("scenario")
    for step in range(1, 23):
        app.slider(key="sc_lab_shift").set_value(step / 2).run()
    for _ in range(20):
        app.button(key="sc_undo").click().run()
    assert app.button(key="sc_undo").disabled
    assert app.slider(key="sc_lab_shift").value == 1.0
    assert other.run().button(key="sc_undo").disabled


def test_another_forecast_ends_the_history(synthetic: ModuleType, forecast: Forecast, pages: ModuleType) -> None:
    """When a forecast from other tables is stored, the scenario stays and its history ends."""
    pages.store(forecast)
    app = pages.start("scenario")
    app.slider(key="sc_lab_shift").set_value(10.0).run()
    newer = synthetic.synthetic_forecast(draws=300, seed=2)
    pages.store(Forecast(newer.tree, newer.manifest.model_copy(update={"data_fingerprint": "0" * 64})))
    app.run()
    assert not app.exception
    assert app.button(key="sc_undo").disabled
    assert app.slider(key="sc_lab_shift").value == 10.0
