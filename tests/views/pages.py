"""What tests of pages share: a made-up forecast put where the dashboard looks, and a session read as text."""

import importlib.util
import re
from pathlib import Path

from streamlit.testing.v1 import AppTest

from models.forecast import Forecast
from models.store import forecast_path, save_forecast

_spec = importlib.util.spec_from_file_location("synthetic_for_pages", Path(__file__).with_name("synthetic.py"))
assert _spec is not None
assert _spec.loader is not None
synthetic = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(synthetic)


def keep(forecast: Forecast, home: Path) -> Path:
    """Store a forecast in a home of its own and return the home."""
    manifest = forecast.manifest
    save_forecast(forecast, home / "forecasts" / f"{manifest.as_of}_{manifest.election_date}")
    return home


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


def choose_party(app: AppTest, code: str) -> AppTest:
    """Show the controls of one party in the scenario panel."""
    return app.segmented_control(key="sc_shown").set_value(code).run()


def open_box(app: AppTest, key: str) -> AppTest:
    """Open a box of the scenario panel, which is empty while it is closed."""
    app.session_state[key] = True
    return app.run()
