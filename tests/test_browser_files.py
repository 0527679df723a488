from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
import xarray as xr
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.served import LONG, rest

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The page Scenario in the dark theme, with a scenario set."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, color_scheme="dark")
    context.set_default_timeout(LONG)
    tab = context.new_page()
    tab.goto(f"{address}/scenario")
    slider = tab.get_by_role("slider", name="Labour: change of share, in points")
    slider.focus()
    for _ in range(10):
        slider.press("ArrowRight")
    expect(tab.get_by_text("If we made it so, Labour").first).to_be_visible(timeout=LONG)
    rest(tab)
    yield tab
    context.close()


def saved(page: Page, button: str, folder: Path, *, inside: str = "") -> Path:
    """Press a button that makes a file and keep the file; a press that meets the end of a run is made again."""
    place = page.locator(inside) if inside else page
    for timeout in (LONG, 3 * LONG):
        try:
            with page.expect_download(timeout=timeout) as waiting:
                place.get_by_role("button", name=button, exact=True).click()
        except PlaywrightTimeout:
            continue
        path = folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path
    pytest.fail(f"{button} gave no file")


def test_chart_is_saved_with_its_table(page: Page, tmp_path: Path) -> None:
    """The box under a chart opens to its table, and gives the chart in light colours with sentence and source."""
    box = ".st-key-dumbbell_box"
    expect(page.locator(f"{box} [data-testid=stDataFrame]")).to_have_count(0)
    page.locator(f"{box} summary").click()
    expect(page.locator(f"{box} [data-testid=stDataFrame]")).to_be_visible()
    rest(page)
    svg = saved(page, "SVG", tmp_path, inside=box).read_text(encoding="utf-8")
    assert "If we made it so, Labour would win" in svg
    assert ", scenario " in svg
    assert 'fill="#FFFFFF"' in svg
    assert "#B4BAC2" not in svg, "the colour of labels on a dark page"
    assert saved(page, "PNG", tmp_path, inside=box).read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    table = pl.read_csv(saved(page, "CSV", tmp_path, inside=box))
    assert table.columns == ["Party", "Votes", "Seats", "Change", "90% range"]
    assert "Labour" in table["Party"]


def test_scenario_is_saved_whole(page: Page, browser: Browser, tmp_path: Path) -> None:
    """The brief opens by itself as a page without faults, links to the scenario, and every draw comes as netCDF."""
    brief = saved(page, "Brief (HTML)", tmp_path)
    assert brief.name == "brief_scenario.html"
    context = browser.new_context()
    tab = context.new_page()
    faults: list[str] = []
    tab.on("console", lambda message: faults.append(message.text))
    tab.on("request", lambda sent: faults.append(sent.url) if not sent.url.startswith("file:") else None)
    tab.goto(brief.as_uri())
    expect(tab.get_by_role("heading", name="What is set")).to_be_visible()
    expect(tab.get_by_text("Labour +", exact=False).first).to_be_visible()
    link = tab.get_by_role("link", name="Open this scenario").get_attribute("href")
    context.close()
    assert faults == []
    assert link is not None
    page.goto(link)
    expect(page.get_by_text("If we made it so, Labour").first).to_be_visible(timeout=LONG)
    rest(page)
    draws = xr.load_dataset(saved(page, "Simulations (netCDF)", tmp_path), engine="h5netcdf")
    assert draws.sizes["draw"] == 200
    assert "share_shift" in draws.attrs["scenario"]
