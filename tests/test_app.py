import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest
from streamlit.testing.v1 import AppTest

from models.forecast import Forecast
from models.scenario import read_scenario
from models.store import forecast_path, save_forecast

ROOT = Path(__file__).parents[1]
PAGES = ("forecast", "map", "scenario")


@pytest.fixture(scope="module")
def synthetic() -> ModuleType:
    """Builder of made-up forecasts, which lies among the tests of the views."""
    spec = importlib.util.spec_from_file_location("synthetic_for_app", ROOT / "tests" / "views" / "synthetic.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def forecast(synthetic: ModuleType) -> Forecast:
    made: Forecast = synthetic.synthetic_forecast(draws=400)
    return made


@pytest.fixture(scope="module")
def shared(forecast: Forecast, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Home of one stored forecast that no test of this module changes."""
    home = tmp_path_factory.mktemp("home")
    manifest = forecast.manifest
    save_forecast(forecast, home / "forecasts" / f"{manifest.as_of}_{manifest.election_date}")
    return home


@pytest.fixture
def stored(shared: Path, own_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The dashboard finds the shared forecast."""
    assert own_store != shared
    monkeypatch.setenv("SELECTORATE_HOME", str(shared))


def store(forecast: Forecast) -> Path:
    """Store a forecast where the dashboard looks."""
    return save_forecast(forecast, forecast_path(forecast.manifest.as_of, forecast.manifest.election_date))


def start(page: str) -> AppTest:
    """A session that looks at one page."""
    name = "seat_map" if page == "map" else page
    script = f"from views import {page} as {name}\n{name}.show()\n"
    return AppTest.from_string(script, default_timeout=60).run()


def texts(app: AppTest) -> str:
    """All that is written on the page outside tables and charts, without escapes."""
    kinds = (app.title, app.subheader, app.markdown, app.caption, app.info, app.error, app.warning)
    return re.sub(r"\\(.)", r"\1", "\n".join(element.value for kind in kinds for element in kind))


def alternatives(app: AppTest) -> list[str]:
    """Text alternatives of the charts."""
    return [element.proto.alt for element in app.get("vega_lite_chart")]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.usefixtures("stored")
def test_page_opens(page: str) -> None:
    """Each page draws without an exception and carries the status line."""
    app = start(page)
    assert not app.exception
    text = texts(app)
    for part in (
        "Data to 17 August 2026",
        "polling day 3 May 2029",
        "400 simulations",
        "fit 3f2a91c0",
        "fitted models passed their checks",
        "14 unverified rows",
    ):
        assert part in text
    assert not app.error


@pytest.mark.usefixtures("stored")
def test_entry_opens_the_forecast() -> None:
    """The entry script opens the Forecast page first."""
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60).run()
    assert not app.exception
    assert [title.value for title in app.title] == ["Forecast"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.usefixtures("stored")
def test_every_chart_has_its_sentence(page: str) -> None:
    """Every chart has a text alternative that stands on the page, too."""
    app = start(page)
    text = texts(app)
    assert alternatives(app)
    for alternative in alternatives(app):
        assert alternative.split(" Scenario: ")[-1] in text


@pytest.mark.parametrize("page", PAGES)
def test_without_a_forecast_the_page_says_how_to_make_one(page: str) -> None:
    """With nothing stored, each page gives the command in one sentence."""
    app = start(page)
    assert not app.exception
    (message,) = app.info
    assert "selectorate fit" in message.value
    assert not app.get("vega_lite_chart")


@pytest.mark.parametrize("page", PAGES)
def test_damaged_forecast_is_named(page: str, forecast: Forecast) -> None:
    """A stored forecast with a changed byte is refused in one sentence that names no folder of the machine."""
    folder = store(forecast)
    file = folder / "forecast.nc"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    app = start(page)
    assert not app.exception
    (message,) = app.error
    assert "is damaged or foreign" in message.value
    assert str(folder.parent) not in message.value


def test_failed_checks_are_red(synthetic: ModuleType) -> None:
    """Where a fitted stage failed its diagnostics, every page opens with a red band."""
    warning = "The polls model failed its diagnostics: R-hat 1.3."
    store(synthetic.synthetic_forecast(draws=60, warnings=(warning, "No poll since [June].")))
    for page in PAGES:
        app = start(page)
        assert "fitted models failed their checks" in texts(app)
        assert [re.sub(r"\\(.)", r"\1", e.value) for e in app.error] == [warning]
        assert [e.value for e in app.warning] == [r"No poll since \[June\]\."]


def test_new_fit_replaces_the_old(synthetic: ModuleType) -> None:
    """A forecast stored over another shows on the next run, without a restart."""
    store(synthetic.synthetic_forecast(draws=60))
    app = start("forecast")
    assert "60 simulations" in texts(app)
    store(synthetic.synthetic_forecast(draws=80))
    assert "80 simulations" in texts(app.run())


@pytest.mark.usefixtures("stored")
def test_forecast_page_has_headline_and_chances(forecast: Forecast) -> None:
    """The headline speaks of chance, seats and votes; outcomes are tabled in words with frequencies."""
    app = start("forecast")
    headline = re.sub(r"\\(.)", r"\1", app.subheader[0].value)
    assert re.search(r"hung parliament is .+ \(.+ in 10+\).+ seats \(90% range .+\) on .+% of the vote", headline)
    outcomes = app.table[0].value
    assert len(outcomes) == len(forecast.p_majority()) + 1
    assert all(" in 10" in chance for chance in outcomes["Chance"])
    assert "326 of 650 seats are a majority" in texts(app)


@pytest.mark.usefixtures("stored")
def test_leaders_without_evidence_are_said_to_have_none() -> None:
    """The table of leaders says "no evidence" and prints names as they are written."""
    leaders = start("forecast").table[-1].value
    rows = {row["Party"]: row for row in leaders.to_dict("records")}
    assert rows["Labour"]["Net favourability"] == "+8 ± 5"
    assert rows["Labour"]["MPs behind the leader"] == "94%"
    assert rows["Liberal Democrat"]["MPs behind the leader"] == "no evidence"
    assert rows["Restore Britain"]["Net favourability"] == "no evidence"
    assert rows["Restore Britain"]["Leader"] == r"Rupert \[Lowe\]"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.usefixtures("stored")
def test_colours_can_be_changed(page: str) -> None:
    """The accessible set can be chosen on every page."""
    app = start(page)
    app.button_group(key="colours").set_value("Accessible").run()
    assert not app.exception
    assert app.session_state["colours"] == "Accessible"


@pytest.mark.parametrize("mode", ["winner", "chance", "change", "category"])
@pytest.mark.usefixtures("stored")
def test_map_colours(mode: str) -> None:
    """The map can be coloured in four ways."""
    app = start("map")
    app.button_group(key="map_mode").set_value(mode).run()
    assert not app.exception
    titles = {"winner": "Likeliest winner", "chance": "in 100", "change": "gain by", "category": "Strength of colour"}
    assert titles[mode] in app.get("vega_lite_chart")[0].proto.spec


@pytest.mark.usefixtures("stored")
def test_seat_is_found_by_name(forecast: Forecast) -> None:
    """Choosing a seat by name opens its card, without a mouse."""
    app = start("map")
    assert len(app.get("vega_lite_chart")) == 1
    names = dict(forecast.constituencies().select("name", "constituency").iter_rows())
    app.selectbox(key="seat").set_value(names["Ynys Môn"]).run()
    assert not app.exception
    assert "Ynys Môn" in texts(app)
    assert "won it last time" in texts(app)
    assert len(app.get("vega_lite_chart")) == 2


@pytest.mark.parametrize("nation", ["Northern Ireland", "Speaker"])
@pytest.mark.usefixtures("stored")
def test_seats_of_all_kinds_have_a_card(nation: str, forecast: Forecast) -> None:
    """Northern Irish seats and the Speaker's open like any other."""
    table = forecast.constituencies()
    rows = table.filter(nation=nation) if nation != "Speaker" else table.filter(base_winner="spk")
    app = start("map")
    app.selectbox(key="seat").set_value(rows["constituency"][0]).run()
    assert not app.exception
    assert rows["name"][0] in texts(app)


@pytest.mark.usefixtures("stored")
def test_map_zooms_to_a_region() -> None:
    """A region can be looked at alone."""
    app = start("map")
    whole = app.get("vega_lite_chart")[0].proto.spec
    app.selectbox(key="map_region").set_value("London").run()
    assert not app.exception
    assert app.get("vega_lite_chart")[0].proto.spec != whole


@pytest.mark.usefixtures("stored")
def test_table_can_show_changes_only() -> None:
    """The table under the map can be cut to the seats with another likely winner."""
    app = start("map")
    assert len(app.dataframe[0].value) == 650
    app.toggle(key="map_changes").set_value(True).run()
    table = app.dataframe[0].value
    assert 0 < len(table) < 650
    assert (table["Last"] != table["Likeliest"]).all()


@pytest.mark.usefixtures("stored")
def test_scenario_starts_as_the_forecast() -> None:
    """An untouched panel changes nothing and says so."""
    app = start("scenario")
    assert "Nothing is changed yet" in texts(app)
    assert "associated" in texts(app)
    assert "if we made it so" in texts(app)


@pytest.mark.usefixtures("stored")
def test_slider_moves_the_seats() -> None:
    """Moving a slider changes sentence, charts and tables; Reset brings the forecast back."""
    app = start("scenario")
    app.slider(key="sc_lab_favourability").set_value(60.0).run()
    assert not app.exception
    assert "If we made it so, " in texts(app)
    app.button(key="sc_reset").click().run()
    assert "Nothing is changed yet" in texts(app)
    assert app.slider(key="sc_lab_favourability").value == 8.0


@pytest.mark.usefixtures("stored")
def test_each_control_moves_something(forecast: Forecast) -> None:
    """Share, MPs' backing, tactical voting and the day each move seats."""
    for key, value in (("sc_ref_shift", 5.0), ("sc_lab_support", 10.0), ("sc_tactical", 0.0)):
        app = start("scenario")
        app.slider(key=key).set_value(value).run()
        assert not app.exception
        assert "If we made it so, " in texts(app), key
    app = start("scenario")
    app.date_input(key="sc_day").set_value(forecast.manifest.as_of).run()
    assert not app.exception
    assert "If we made it so, " in texts(app)


@pytest.mark.usefixtures("stored")
def test_new_leader_starts_where_new_leaders_start() -> None:
    """Choosing another leader moves the favourability slider to where new leaders have started, and back."""
    app = start("scenario")
    app.selectbox(key="sc_con_leader").set_value("A new leader").run()
    assert app.slider(key="sc_con_favourability").value == 4.0
    assert "If we made it so, " in texts(app)
    app.selectbox(key="sc_con_leader").set_value("Kemi Badenoch").run()
    assert app.slider(key="sc_con_favourability").value == -18.0
    assert "Nothing is changed yet" in texts(app)


@pytest.mark.usefixtures("stored")
def test_regional_swing_is_set_and_removed() -> None:
    """A regional swing is listed, moves seats, and can be removed."""
    app = start("scenario")
    app.selectbox(key="sc_region").set_value("London")
    app.selectbox(key="sc_party").set_value("grn")
    app.number_input(key="sc_points").set_value(8.0)
    app.button(key="sc_set").click().run()
    assert not app.exception
    assert "London: Green +8.0" in texts(app)
    assert "If we made it so, " in texts(app)
    app.button(key="sc_drop_London_grn").click().run()
    assert "Nothing is changed yet" in texts(app)


@pytest.mark.usefixtures("stored")
def test_scenario_is_downloaded_and_loaded() -> None:
    """A scenario given as a file sets the panel, and the panel gives the same scenario back."""
    text = json.dumps({"parties": {"lab": {"favourability": -31.0, "share_shift": 0.025}}, "tactical": 0.5})
    app = start("scenario")
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
def test_bad_scenario_file_is_refused(content: bytes, said: str) -> None:
    """A file that is no scenario changes nothing and is answered in one sentence."""
    app = start("scenario")
    app.file_uploader[0].set_value(("scenario.json", content, "application/json")).run()
    assert not app.exception
    assert said in texts(app)
    assert "Nothing is changed yet" in texts(app)


@pytest.mark.usefixtures("stored")
def test_sessions_do_not_mix() -> None:
    """Two visitors with different scenarios never see each other's numbers."""
    one, two = start("scenario"), start("scenario")
    one.slider(key="sc_lab_shift").set_value(10.0).run()
    two.slider(key="sc_ref_shift").set_value(10.0).run()
    assert "Labour would win" in texts(one.run())
    assert "Reform UK would win" in texts(two.run())


def test_panel_survives_another_forecast(synthetic: ModuleType, forecast: Forecast) -> None:
    """When a new forecast is stored, the scenario held by a session still applies to it."""
    store(forecast)
    app = start("scenario")
    app.slider(key="sc_lab_shift").set_value(10.0).run()
    store(synthetic.synthetic_forecast(draws=300, seed=2))
    app.run()
    assert not app.exception
    assert "300 simulations" in texts(app)
    assert "Labour would win" in texts(app)
