"""The sidebar's choice of a day: stored ones, and others fitted while the page stays usable."""

import json
import re
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from time import monotonic, sleep

import pytest
from streamlit.testing.v1 import AppTest

from models import fit_job
from models.forecast import Forecast
from models.store import MANIFEST, SHOWN_VARIABLE, forecast_path, save_forecast

FAKE = Path(__file__).parents[1] / "models" / "fake_fit.py"
SCRIPT = """
import streamlit as st
from views import time_machine

if st.checkbox("Sidebar", True):
    with st.sidebar:
        st.text(str(time_machine.choose()))
"""
EXPECTED = date(2029, 5, 3)
NEW, OLD = date(2026, 9, 30), date(2025, 6, 1)
DAY, POLLING_DAY = date(2016, 9, 1), date(2017, 6, 8)
POLLS = "  voting intention from polls ..."

Keep = Callable[[date, date], Path]


def visit() -> AppTest:
    """A visitor's session."""
    return AppTest.from_string(SCRIPT, default_timeout=60).run()


def shown(app: AppTest) -> Path:
    """Folder of the forecast that the session would show."""
    assert not app.exception
    return Path(app.text[0].value)


def plain(text: str) -> str:
    """Text without escapes."""
    return re.sub(r"\\(.)", r"\1", text)


def look_for(app: AppTest, day: date) -> AppTest:
    """Open the box and choose another day."""
    app.session_state["as_of_open"] = True
    app.run()
    return app.date_input(key="as_of_day").set_value(day).run()


@pytest.fixture
def keep(forecast: Forecast) -> Keep:
    """Store the made-up forecast as if it had been made for two dates."""

    def store(as_of: date, election_date: date) -> Path:
        manifest = forecast.manifest.model_copy(update={"as_of": as_of, "election_date": election_date})
        return save_forecast(Forecast(forecast.tree, manifest), forecast_path(as_of, election_date))

    return store


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Let fits follow a script until they are let go by the file ``go``."""
    file = tmp_path / "script.json"
    monkeypatch.setattr(fit_job, "COMMAND", (sys.executable, str(FAKE), str(file)))

    def write(*after: list[object]) -> None:
        steps = [["say", POLLS], ["wait", tmp_path / "go"], *after]
        file.write_text(json.dumps(steps, default=str), encoding="utf-8")

    yield write
    let_go(tmp_path)


def let_go(folder: Path) -> None:
    """Let a waiting fit go on, and wait for its end."""
    (folder / "go").touch()
    end = monotonic() + 30
    while (job := fit_job.state()) is not None and job.running and monotonic() < end:
        sleep(0.02)


def test_days_are_offered_newest_first_in_words(keep: Keep) -> None:
    """The newest forecast is shown until another is chosen, and the choice holds while the sidebar is away."""
    folders = [keep(NEW, EXPECTED), keep(OLD, EXPECTED)]
    app = visit()
    assert app.selectbox[0].options == ["30 September 2026, for 2029", "1 June 2025, for 2029"]
    assert plain(app.caption[0].value) == "For the election of 3 May 2029."
    assert shown(app) == folders[0]
    app.selectbox[0].set_value(str(folders[1])).run()
    assert shown(app) == folders[1]
    app.checkbox[0].uncheck().run()
    app.checkbox[0].check().run()
    assert shown(app) == folders[1]
    assert shown(visit()) == folders[0]


def test_the_named_forecast_is_the_default(keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the environment names a forecast it is shown first, and others can be chosen."""
    new, old = keep(NEW, EXPECTED), keep(OLD, EXPECTED)
    monkeypatch.setenv(SHOWN_VARIABLE, str(old))
    app = visit()
    assert shown(app) == old
    assert shown(app.selectbox[0].set_value(str(new)).run()) == new


def test_a_named_forecast_elsewhere_is_told_apart(keep: Keep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A named forecast of the same dates in another folder is the default and has its own name in the list."""
    here = keep(NEW, EXPECTED)
    there = here.rename(tmp_path / "elsewhere")
    keep(NEW, EXPECTED)
    monkeypatch.setenv(SHOWN_VARIABLE, str(there))
    app = visit()
    assert shown(app) == there
    assert app.selectbox[0].options == [
        f"30 September 2026, for 2029: in {tmp_path.name}/",
        "30 September 2026, for 2029: 3 May 2029",
    ]


def test_two_polling_days_of_one_year_are_told_apart(keep: Keep) -> None:
    """Only where a year could mean two polling days are both written in full."""
    keep(OLD, EXPECTED)
    keep(NEW, EXPECTED)
    keep(NEW, date(2029, 3, 1))
    assert visit().selectbox[0].options == [
        "30 September 2026, for 2029: 3 May 2029",
        "30 September 2026, for 2029: 1 March 2029",
        "1 June 2025, for 2029",
    ]


def test_what_cannot_be_shown_is_not_hidden(keep: Keep) -> None:
    """If other code made the newest forecast it stays the default, for the page to say so, and others can be chosen."""
    new, old = keep(NEW, EXPECTED), keep(OLD, EXPECTED)
    kept = json.loads((new / MANIFEST).read_text(encoding="utf-8"))
    kept["manifest"]["code_version"] = "0"
    (new / MANIFEST).write_text(json.dumps(kept), encoding="utf-8")
    app = visit()
    assert shown(app) == new
    assert app.selectbox[0].options[0] == "30 September 2026 (unusable)"
    assert shown(app.selectbox[0].set_value(str(old)).run()) == old


def test_without_any_forecast_a_day_can_be_fitted() -> None:
    """An empty store offers no choice, and a fit all the same."""
    app = visit()
    assert not app.selectbox
    assert not shown(app).exists()
    app.session_state["as_of_open"] = True
    app.run()
    assert app.button(key="as_of_fit").label.startswith("Fit it (about ")


def test_a_fit_is_followed_by_all_and_shown(
    keep: Keep, worker: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day is fitted while pages go on, each visitor sees how far it is, and it is shown when asked for."""
    new, made = keep(NEW, EXPECTED), keep(DAY, POLLING_DAY)
    aside = made.rename(tmp_path / "made")
    worker(["copy", aside, made])
    app = look_for(visit(), DAY)
    assert "The election of 8 June 2017" in plain(app.caption[-1].value)
    assert app.button(key="as_of_fit").label == "Fit it (about 4 minutes)"
    app.button(key="as_of_fit").click().run()
    assert shown(app) == new
    end = monotonic() + 30
    while "polls" not in app.get("progress")[0].proto.text and monotonic() < end:
        app.run()
    other = look_for(visit(), OLD)
    for one in (app, other):
        bar = one.run().get("progress")[0].proto
        assert plain(bar.text) == "Fitting 1 September 2016: voting intention from polls"
        assert 0 < bar.value < 100
        assert one.button(key="as_of_fit").disabled
    let_go(tmp_path)
    assert plain(app.run().success[0].value) == "The forecast as of 1 September 2016 is ready."
    assert not app.get("progress")
    assert shown(app) == new
    app.button(key="as_of_ready").click().run()
    assert shown(app) == made
    assert not app.success
    assert other.run().success
    assert not visit().success


def test_a_failed_fit_says_why_once(keep: Keep, worker: Callable[..., None], tmp_path: Path) -> None:
    """The command's own sentence is shown, letter by letter, until it is closed; new visitors are not bothered."""
    new = keep(NEW, EXPECTED)
    worker(["say", "The table *polls* is damaged. Install selectorate again."], ["end", 3])
    app = look_for(visit(), DAY)
    app.button(key="as_of_fit").click().run()
    let_go(tmp_path)
    app.run()
    told = r"The fit of 1 September 2016 failed\. The table \*polls\* is damaged\. Install selectorate again\."
    assert app.error[0].value == told
    assert shown(app) == new
    assert not app.button(key="as_of_fit").disabled
    app.button(key="as_of_close").click().run()
    assert not app.error
    assert not visit().error


def test_who_comes_second_sees_the_first_fit(keep: Keep, worker: Callable[..., None]) -> None:
    """A visitor who asks for a fit just after another began one sees that one and begins none."""
    keep(NEW, EXPECTED)
    worker()
    app = look_for(visit(), DAY)
    first = fit_job.start(OLD)
    app.button(key="as_of_fit").click().run()
    assert plain(app.get("progress")[0].proto.text).startswith("Fitting 1 June 2025")
    assert "One fit is made at a time." in [caption.value for caption in app.caption]
    job = fit_job.state()
    assert job is not None
    assert job.started == first.started


def test_a_stored_day_is_shown_at_once(keep: Keep) -> None:
    """A day that is stored is not fitted again; another polling day of it is."""
    keep(NEW, EXPECTED)
    old = keep(DAY, POLLING_DAY)
    app = look_for(visit(), DAY)
    assert shown(app.button(key="as_of_stored").click().run()) == old
    app.date_input(key=f"as_of_election_{POLLING_DAY}").set_value(date(2016, 11, 24)).run()
    assert app.button(key="as_of_fit").label.startswith("Fit it")
    app.date_input(key=f"as_of_election_{POLLING_DAY}").set_value(date(2016, 5, 5)).run()
    assert "Polling day cannot come before" in app.error[0].value


def test_any_day_since_1979_is_offered() -> None:
    """The day after the election of 1979 is the first, and the newest day of the data the last."""
    app = visit()
    app.session_state["as_of_open"] = True
    day = app.run().date_input(key="as_of_day")
    assert (day.min, day.max) == (date(1979, 5, 4), day.value)
    assert "The election of 9 June 1983" in plain(look_for(app, date(1979, 5, 4)).caption[-1].value)


def test_a_deployment_can_show_only(keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    """With SELECTORATE_READONLY=1 stored days can be chosen, no fit is offered, and the page says so."""
    keep(NEW, EXPECTED)
    old = keep(OLD, EXPECTED)
    monkeypatch.setenv(fit_job.READONLY_VARIABLE, "1")
    app = visit()
    assert not app.button
    assert not app.expander
    assert "only shows forecasts that are stored" in app.caption[-1].value
    assert shown(app.selectbox[0].set_value(str(old)).run()) == old
