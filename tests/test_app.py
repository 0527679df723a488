import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from streamlit.testing.v1 import AppTest

from models.forecast import Forecast

ROOT = Path(__file__).parents[1]
PAGES = ("forecast", "map", "battlegrounds", "leaders", "scenario", "solve", "compare", "leadership", "why", "polls")


@pytest.fixture(scope="module")
def pages() -> ModuleType:
    """Helpers of the page tests, which lie among the tests of the views."""
    spec = importlib.util.spec_from_file_location("pages_for_app", ROOT / "tests" / "views" / "pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def synthetic(pages: ModuleType) -> ModuleType:
    made: ModuleType = pages.synthetic
    return made


@pytest.fixture(scope="module")
def forecast(synthetic: ModuleType) -> Forecast:
    made: Forecast = synthetic.synthetic_forecast(draws=400)
    return made


@pytest.fixture(scope="module")
def shared(pages: ModuleType, forecast: Forecast, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Home of one stored forecast that no test of this module changes."""
    home: Path = pages.keep(forecast, tmp_path_factory.mktemp("home"))
    return home


@pytest.fixture
def stored(shared: Path, own_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The dashboard finds the shared forecast."""
    assert own_store != shared
    monkeypatch.setenv("SELECTORATE_HOME", str(shared))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.usefixtures("stored")
def test_page_opens(page: str, pages: ModuleType) -> None:
    """Each page draws without an exception and carries the status line."""
    app = pages.start(page)
    assert not app.exception
    text = pages.texts(app)
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
def test_entry_opens_the_forecast(pages: ModuleType) -> None:
    """The entry script opens the Forecast page first."""
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60).run()
    assert not app.exception
    assert [title.value for title in app.title] == ["Forecast"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.usefixtures("stored")
def test_every_chart_has_its_sentence(page: str, pages: ModuleType) -> None:
    """Every chart has a text alternative that stands on the page, too."""
    app = pages.start(page)
    text = pages.texts(app)
    assert pages.alternatives(app)
    for alternative in pages.alternatives(app):
        assert alternative.split(" Scenario: ")[-1] in text


@pytest.mark.parametrize("page", PAGES)
def test_without_a_forecast_the_page_says_how_to_make_one(page: str, pages: ModuleType) -> None:
    """With nothing stored, each page gives the command in one sentence."""
    app = pages.start(page)
    assert not app.exception
    (message,) = app.info
    assert "selectorate fit" in message.value
    assert not app.get("vega_lite_chart")


@pytest.mark.parametrize("page", PAGES)
def test_damaged_forecast_is_named(page: str, forecast: Forecast, pages: ModuleType) -> None:
    """A stored forecast with a changed byte is refused in one sentence that names no folder of the machine."""
    folder = pages.store(forecast)
    file = folder / "forecast.nc"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    app = pages.start(page)
    assert not app.exception
    (message,) = app.error
    assert "is damaged or foreign" in message.value
    assert str(folder.parent) not in message.value


def test_failed_checks_are_red(synthetic: ModuleType, pages: ModuleType) -> None:
    """Where a fitted stage failed its diagnostics, every page opens with a red band."""
    warning = "The polls model failed its diagnostics: R-hat 1.3."
    pages.store(synthetic.synthetic_forecast(draws=60, warnings=(warning, "No poll since [June].")))
    for page in PAGES:
        app = pages.start(page)
        assert "fitted models failed their checks" in pages.texts(app)
        assert [re.sub(r"\\(.)", r"\1", e.value) for e in app.error] == [warning]
        assert [e.value for e in app.warning] == [r"No poll since \[June\]\."]


def test_new_fit_replaces_the_old(synthetic: ModuleType, pages: ModuleType) -> None:
    """A forecast stored over another shows on the next run, without a restart."""
    pages.store(synthetic.synthetic_forecast(draws=60))
    app = pages.start("forecast")
    assert "60 simulations" in pages.texts(app)
    pages.store(synthetic.synthetic_forecast(draws=80))
    assert "80 simulations" in pages.texts(app.run())


@pytest.mark.usefixtures("stored")
def test_forecast_page_has_headline_and_chances(forecast: Forecast, pages: ModuleType) -> None:
    """The headline speaks of chance, seats and votes; outcomes are tabled in words with frequencies."""
    app = pages.start("forecast")
    headline = re.sub(r"\\(.)", r"\1", app.subheader[0].value)
    assert re.search(r"hung parliament is .+ \(.+ in 10+\).+ seats \(90% range .+\) on .+% of the vote", headline)
    outcomes = app.table[0].value
    likely = [p for p in (*forecast.p_majority().values(), forecast.p_hung()) if p >= 0.01]
    assert len(likely) <= len(outcomes) <= len(forecast.p_majority()) + 1
    assert all(" in 10" in chance for chance in outcomes["Chance"])
    assert "326 of 650 seats are a majority" in pages.texts(app)


@pytest.mark.usefixtures("stored")
def test_leaders_without_evidence_are_said_to_have_none(pages: ModuleType) -> None:
    """The table of leaders says "no evidence" and prints names as they are written."""
    app = pages.start("forecast")
    leaders = app.table[-1].value
    assert "to the page Why" in app.page_link[0].label  # what they are worth is told there
    rows = {row["Party"]: row for row in leaders.to_dict("records")}
    assert rows["Labour"]["Net favourability"] == "+8 ± 5"
    assert rows["Labour"]["MPs behind the leader"] == "94%"
    assert rows["Liberal Democrat"]["MPs behind the leader"] == "no evidence"
    assert rows["Restore Britain"]["Net favourability"] == "no evidence"
    assert rows["Restore Britain"]["Leader"] == r"Rupert \[Lowe\]"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.usefixtures("stored")
def test_colours_can_be_changed(page: str, pages: ModuleType) -> None:
    """The accessible set can be chosen on every page."""
    app = pages.start(page)
    app.button_group(key="colours").set_value("Accessible").run()
    assert not app.exception
    assert app.session_state["colours"] == "Accessible"
