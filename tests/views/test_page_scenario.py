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
    for party, key, value in (
        ("ref", "sc_ref_shift", 5.0),
        ("lab", "sc_lab_support", 10.0),
        ("con", "sc_con_turnout", -20.0),
        ("lab", "sc_tactical", 0.0),
    ):
        app = pages.open_box(pages.choose_party(pages.start("scenario"), party), "sc_open_rest")
        app.slider(key=key).set_value(value).run()
        assert not app.exception
        assert "If we made it so, " in pages.texts(app), key
    app = pages.open_box(pages.start("scenario"), "sc_open_rest")
    app.selectbox(key="sc_polling_error").set_value("1992").run()
    assert "If we made it so, " in pages.texts(app)
    app = pages.open_box(pages.start("scenario"), "sc_open_rest")
    app.date_input(key="sc_day").set_value(forecast.manifest.as_of).run()
    assert not app.exception
    assert "If we made it so, " in pages.texts(app)


@pytest.mark.usefixtures("stored")
def test_new_leader_starts_where_others_began(pages: ModuleType) -> None:
    """Choosing another leader moves the favourability slider to where new leaders have started, and back."""
    app = pages.choose_party(pages.start("scenario"), "con")
    app.selectbox(key="sc_con_leader").set_value("A new leader").run()
    assert app.slider(key="sc_con_favourability").value == 4.0
    assert "If we made it so, " in pages.texts(app)
    app.selectbox(key="sc_con_leader").set_value("Kemi Badenoch").run()
    assert app.slider(key="sc_con_favourability").value == -18.0
    assert "Nothing is changed yet" in pages.texts(app)


@pytest.mark.usefixtures("stored")
def test_share_of_a_region_is_set_and_reconciled(pages: ModuleType) -> None:
    """A share typed for London is met, moves Great Britain's until that is held, and can be taken back."""
    app = pages.open_box(pages.choose_party(pages.start("scenario"), "grn"), "sc_open_shares")
    britain = app.number_input(key="sc_area_share").value
    app.selectbox(key="sc_area").set_value("London").run()
    wanted = round(app.number_input(key="sc_area_share").value + 8.0, 1)
    app.number_input(key="sc_area_share").set_value(wanted).run()
    assert not app.exception
    assert app.number_input(key="sc_area_share").value == pytest.approx(wanted, abs=0.1)
    assert "London: Green +" in pages.texts(app)
    assert f"without them it is {britain:.1f}%" in pages.texts(app)
    assert "If we made it so, " in pages.texts(app)
    app.button(key="sc_hold_britain").click().run()
    assert app.number_input(key="sc_area_share").value == pytest.approx(wanted, abs=0.11)
    app.selectbox(key="sc_area").set_value("Great Britain").run()
    assert app.number_input(key="sc_area_share").value == pytest.approx(britain, abs=0.11)
    app.button(key="sc_drop_London_grn").click().run()
    app.button(key="sc_reset").click().run()
    assert "Nothing is changed yet" in pages.texts(app)


@pytest.mark.usefixtures("stored")
def test_a_share_out_of_reach_is_refused(pages: ModuleType) -> None:
    """A share that would take a change of more than 30 points is refused in a sentence, and nothing changes."""
    app = pages.open_box(pages.choose_party(pages.start("scenario"), "snp"), "sc_open_shares")
    app.number_input(key="sc_area_share").set_value(80.0).run()
    assert not app.exception
    assert "30 points" in pages.texts(app)
    assert "Nothing is changed yet" in pages.texts(app)


@pytest.mark.usefixtures("stored")
def test_seats_and_stand_downs_are_set_and_removed(forecast: Forecast, pages: ModuleType) -> None:
    """A seat given to a party and a nation it leaves out are listed, count, and can be taken back."""
    app = pages.open_box(pages.choose_party(pages.start("scenario"), "lab"), "sc_open_seats")
    code = app.selectbox(key="sc_seat").value
    app.button(key="sc_set_seat").click().run()
    assert not app.exception
    assert "Labour wins " in pages.texts(app)
    app.button(key=f"sc_drop_{code}").click().run()
    assert "Nothing is changed yet" in pages.texts(app)
    pages.choose_party(app, "ref")
    app.selectbox(key="sc_place").set_value("Scotland").run()
    app.button(key="sc_stand_place").click().run()
    assert "Reform does not stand in Scotland" in pages.texts(app)
    assert "If we made it so, " in pages.texts(app)
    app.button(key="sc_stand_drop_ref_Scotland").click().run()
    assert "Nothing is changed yet" in pages.texts(app)


@pytest.mark.usefixtures("stored")
def test_mps_behind_a_leader_are_counted(pages: ModuleType) -> None:
    """The slider of MPs' support says how many MPs that is."""
    app = pages.start("scenario")
    app.slider(key="sc_lab_support").set_value(50.0).run()
    assert "202 of 403 MPs" in pages.texts(app)


@pytest.mark.usefixtures("stored")
def test_other_pages_answer_the_panel(pages: ModuleType) -> None:
    """A scenario set beside the first page is what that page shows; a page it has no bearing on says so."""
    app = pages.start("forecast")
    before = pages.alternatives(app)
    app.slider(key="sc_lab_shift").set_value(10.0).run()
    assert not app.exception
    assert "Labour +10 points. This page shows its answer." in pages.texts(app)
    assert pages.alternatives(app) != before
    app = pages.start("why")
    app.slider(key="sc_lab_shift").set_value(10.0).run()
    assert "does not change this page" in pages.texts(app)
    app = pages.start("compare")
    app.slider(key="sc_lab_shift").set_value(10.0).run()
    assert "does not change this page" not in pages.texts(app)
    assert "one of those to choose from under Scenarios" in pages.texts(app)


@pytest.mark.usefixtures("stored")
def test_scenario_is_downloaded_and_loaded(pages: ModuleType) -> None:
    """A scenario given as a file sets the panel, and the panel gives the same scenario back."""
    text = json.dumps({"parties": {"lab": {"favourability": -31.0, "share_shift": 0.025}}, "tactical": 0.5})
    app = pages.start("scenario")
    app.file_uploader[0].set_value(("scenario.json", text.encode(), "application/json")).run()
    assert not app.exception
    assert app.slider(key="sc_lab_favourability").value == -31.0
    assert app.slider(key="sc_lab_shift").value == 2.5
    assert pages.open_box(app, "sc_open_rest").slider(key="sc_tactical").value == 50.0
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
    pages.choose_party(two, "ref")
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


@pytest.mark.usefixtures("stored")
def test_something_observed_is_supposed_when_asked_for(pages: ModuleType) -> None:
    """The section that weighs simulations opens by a switch, under its own name."""
    app = pages.start("scenario")
    assert "If we had observed this" not in pages.texts(app)
    app.toggle(key="sc_suppose").set_value(True).run()
    assert not app.exception
    assert "If we had observed this" in pages.texts(app)
