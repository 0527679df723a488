import json
from types import ModuleType

import pytest

from models.forecast import Forecast
from models.scenario import read_scenario


@pytest.mark.usefixtures("stored")
def test_scenario_starts_as_the_forecast(pages: ModuleType) -> None:
    """An untouched panel changes nothing and says so."""
    app = pages.start("scenario")
    assert "Nothing is changed yet" in pages.texts(app)
    assert "associated" in pages.texts(app)
    assert "if we made it so" in pages.texts(app)


@pytest.mark.usefixtures("stored")
def test_slider_moves_the_seats(pages: ModuleType) -> None:
    """Moving a slider changes sentence, charts and tables; Reset brings the forecast back."""
    app = pages.start("scenario")
    app.slider(key="sc_lab_favourability").set_value(60.0).run()
    assert not app.exception
    assert "If we made it so, " in pages.texts(app)
    app.button(key="sc_reset").click().run()
    assert "Nothing is changed yet" in pages.texts(app)
    assert app.slider(key="sc_lab_favourability").value == 8.0


@pytest.mark.usefixtures("stored")
def test_each_control_moves_something(forecast: Forecast, pages: ModuleType) -> None:
    """Share, MPs' backing, tactical voting and the day each move seats."""
    for key, value in (("sc_ref_shift", 5.0), ("sc_lab_support", 10.0), ("sc_tactical", 0.0)):
        app = pages.start("scenario")
        app.slider(key=key).set_value(value).run()
        assert not app.exception
        assert "If we made it so, " in pages.texts(app), key
    app = pages.start("scenario")
    app.date_input(key="sc_day").set_value(forecast.manifest.as_of).run()
    assert not app.exception
    assert "If we made it so, " in pages.texts(app)


@pytest.mark.usefixtures("stored")
def test_new_leader_starts_where_others_began(pages: ModuleType) -> None:
    """Choosing another leader moves the favourability slider to where new leaders have started, and back."""
    app = pages.start("scenario")
    app.selectbox(key="sc_con_leader").set_value("A new leader").run()
    assert app.slider(key="sc_con_favourability").value == 4.0
    assert "If we made it so, " in pages.texts(app)
    app.selectbox(key="sc_con_leader").set_value("Kemi Badenoch").run()
    assert app.slider(key="sc_con_favourability").value == -18.0
    assert "Nothing is changed yet" in pages.texts(app)


@pytest.mark.usefixtures("stored")
def test_regional_swing_is_set_and_removed(pages: ModuleType) -> None:
    """A regional swing is listed, moves seats, and can be removed."""
    app = pages.start("scenario")
    app.selectbox(key="sc_region").set_value("London")
    app.selectbox(key="sc_party").set_value("grn")
    app.number_input(key="sc_points").set_value(8.0)
    app.button(key="sc_set").click().run()
    assert not app.exception
    assert "London: Green +8.0" in pages.texts(app)
    assert "If we made it so, " in pages.texts(app)
    app.button(key="sc_drop_London_grn").click().run()
    assert "Nothing is changed yet" in pages.texts(app)


@pytest.mark.usefixtures("stored")
def test_scenario_is_downloaded_and_loaded(pages: ModuleType) -> None:
    """A scenario given as a file sets the panel, and the panel gives the same scenario back."""
    text = json.dumps({"parties": {"lab": {"favourability": -31.0, "share_shift": 0.025}}, "tactical": 0.5})
    app = pages.start("scenario")
    app.file_uploader[0].set_value(("scenario.json", text.encode(), "application/json")).run()
    assert not app.exception
    assert app.slider(key="sc_lab_favourability").value == -31.0
    assert app.slider(key="sc_lab_shift").value == 2.5
    assert app.slider(key="sc_tactical").value == 50.0
    assert read_scenario(app.session_state["sc_kept"]) == read_scenario(text)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"partys": {}}', 'Unknown setting "partys"'),
        (b'{"tactical": NaN}', "holds NaN"),
        (b'{"tactical": 1, "tactical": 0}', "twice"),
        (b'{"parties": {"xyz": {"share_shift": 0.1}}}', 'No party "xyz"'),
        (b'{"parties": {"lib": {"mp_support": 0.5}}}', "no evidence of MPs' support"),
        (b'{"election_date": "2031-01-01"}', "2031-01-01"),
        (b"\xff\xfe", "not text in UTF-8"),
        (b"[" * 200 + b"]" * 200, "nested"),
    ],
)
@pytest.mark.usefixtures("stored")
def test_bad_scenario_file_is_refused(content: bytes, said: str, pages: ModuleType) -> None:
    """A file that is no scenario changes nothing and is answered in one sentence."""
    app = pages.start("scenario")
    app.file_uploader[0].set_value(("scenario.json", content, "application/json")).run()
    assert not app.exception
    assert said in pages.texts(app)
    assert "Nothing is changed yet" in pages.texts(app)


@pytest.mark.usefixtures("stored")
def test_sessions_do_not_mix(pages: ModuleType) -> None:
    """Two visitors with different scenarios never see each other's numbers."""
    one, two = pages.start("scenario"), pages.start("scenario")
    one.slider(key="sc_lab_shift").set_value(10.0).run()
    two.slider(key="sc_ref_shift").set_value(10.0).run()
    assert "Labour would win" in pages.texts(one.run())
    assert "Reform UK would win" in pages.texts(two.run())


def test_panel_survives_another_forecast(synthetic: ModuleType, forecast: Forecast, pages: ModuleType) -> None:
    """When a new forecast is stored, the scenario held by a session still applies to it."""
    pages.store(forecast)
    app = pages.start("scenario")
    app.slider(key="sc_lab_shift").set_value(10.0).run()
    pages.store(synthetic.synthetic_forecast(draws=300, seed=2))
    app.run()
    assert not app.exception
    assert "300 simulations" in pages.texts(app)
    assert "Labour would win" in pages.texts(app)
