"""The box of table and files under a chart."""

import io
import json
from types import ModuleType

import polars as pl
import pytest
import xarray as xr
from streamlit.testing.v1 import AppTest

from models.forecast import Forecast
from views.draw import SOURCE


def boxes(app: AppTest) -> list[str]:
    """Names of the boxes under charts."""
    return [box.label for box in app.main.expander if box.label in {"Table and files", "Files"}]


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What makes each file that a page offers, by the key of its button."""
    found: dict[str, object] = {}

    def keep(label: str, make: object, file_name: str, *, mime: str, key: str) -> None:
        found[key] = make

    monkeypatch.setattr("views.draw.offer", keep)
    monkeypatch.setattr("views.save.offer", keep)
    return found


@pytest.mark.usefixtures("stored")
def test_box_is_empty_until_it_is_opened(pages: ModuleType, offered: dict[str, object]) -> None:
    """Each chart has a box; nothing in it is made while it is closed, and opening one leaves the others closed."""
    app = pages.start("forecast")
    assert not app.exception
    assert boxes(app) == ["Table and files"] * len(pages.alternatives(app))
    closed = len(app.dataframe)
    assert not [key for key in offered if key.endswith(("_csv", "_png", "_svg")) and "_file_" in key]
    app = pages.open_box(app, "dots_box")
    assert not app.exception
    assert len(app.dataframe) == closed + 1
    assert {key for key in offered if "_file_" in key} == {"dots_file_csv", "dots_file_png", "dots_file_svg"}


@pytest.mark.usefixtures("stored")
def test_table_of_a_chart_has_its_numbers(forecast: Forecast, pages: ModuleType) -> None:
    """The twin of the chart of seats has each party's median and range as the chart's labels have them."""
    app = pages.open_box(pages.start("forecast"), "dots_box")
    twin = next(frame.value for frame in app.dataframe if "Majority, in 100" in frame.value)
    labour = twin[twin["Party"] == "Labour"].to_dict("records")[0]
    row = forecast.seat_summary().row(by_predicate=pl.col("party") == "lab", named=True)
    assert labour["Median"] == round(row["median"])
    assert (labour["90% from"], labour["90% to"]) == (round(row["lo90"]), round(row["hi90"]))
    assert labour["Majority, in 100"] == round(100 * forecast.p_majority().get("lab", 0.0))


@pytest.mark.usefixtures("stored")
def test_files_of_a_chart_are_what_it_shows(pages: ModuleType, offered: dict[str, object]) -> None:
    """CSV has the table under readable headings; PNG and SVG have the chart with its sentence."""
    app = pages.open_box(pages.start("forecast"), "outcomes_box")
    csv, png, svg = (offered[f"outcomes_file_{kind}"] for kind in ("csv", "png", "svg"))
    table = pl.read_csv(io.BytesIO(csv()))
    assert table.columns == ["Outcome", "In 100 simulations"]
    assert table["In 100 simulations"].sum() == 100
    assert png().startswith(b"\x89PNG\r\n\x1a\n")
    drawn = svg()
    sentence = next(text for text in pages.alternatives(app) if text.startswith("In 100 simulations"))
    assert sentence in drawn
    assert "data to 17 August 2026, polling day 3 May 2029, forecast<" in drawn


@pytest.mark.usefixtures("stored")
def test_files_name_the_scenario(pages: ModuleType) -> None:
    """While a scenario is set, files of pages that follow it carry its number, and those of others the forecast's."""
    app = pages.start("forecast")
    assert app.session_state[SOURCE].endswith(", forecast")
    app.slider(key="sc_lab_shift").set_value(10.0).run()
    source = app.session_state[SOURCE]
    assert len(source.rpartition(", scenario ")[2]) == 8
    app.slider(key="sc_lab_shift").set_value(9.0).run()
    assert app.session_state[SOURCE] != source
    app = pages.start("why")
    app.slider(key="sc_lab_shift").set_value(10.0).run()
    assert app.session_state[SOURCE].endswith(", forecast")


@pytest.mark.usefixtures("stored")
def test_scenario_is_saved_whole(forecast: Forecast, pages: ModuleType, offered: dict[str, object]) -> None:
    """Brief, answer and simulations of the page Scenario are those of the scenario, not of the forecast."""
    app = pages.start("scenario")
    app.slider(key="sc_lab_shift").set_value(10.0).run()
    assert not app.exception
    brief, told, whole, table = (offered[f"save_{kind}"]() for kind in ("brief", "json", "netcdf", "csv"))
    assert "Labour +10 points" in brief
    answer = json.loads(told)
    assert answer["scenario"] == {"parties": {"lab": {"share_shift": 0.1}}}
    draws = xr.load_dataset(io.BytesIO(whole), engine="h5netcdf")
    seats = draws["seats"].sel(line="lab").values
    assert answer["seats"]["lab"]["mean"] == round(float(seats.mean()), 1)
    assert seats.mean() > forecast.seats[:, forecast.lines.index("lab")].mean() + 50
    assert pl.read_csv(io.BytesIO(table))["seats_lab"].to_list() == seats.tolist()
