from collections.abc import Iterator

import numpy as np
import polars as pl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from models.response_curves import read_off, response_curves
from models.scenario import Scenario
from models.solve_schema import Dial
from tests.served import LONG, rest
from tests.views.synthetic import synthetic_forecast

pytestmark = pytest.mark.browser
MOVES = 50
MEDIAN_MS, SLOWEST_MS = 100.0, 500.0
# Notes when a key goes down on the slider, and when the next frame after a change of the picture is due.
WATCH = """input => {
    const chart = input.closest('[data-testid=stVegaLiteChart]');
    const svg = chart.querySelector('svg.marks');
    window.moves = [];
    let down = null;
    input.addEventListener('keydown', () => { down = performance.now() }, true);
    new MutationObserver(() => {
        if (down === null) return;
        const since = down;
        down = null;
        requestAnimationFrame(() => window.moves.push(performance.now() - since));
    }).observe(svg, {subtree: true, childList: true, attributes: true, characterData: true});
}"""


@pytest.fixture(params=["light", "dark"])
def tab(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """The page Scenario with the curves along one dial, narrow in the dark theme."""
    width = 1440 if request.param == "light" else 390
    context = browser.new_context(
        viewport={"width": width, "height": 1000}, color_scheme=request.param, reduced_motion="reduce"
    )
    context.set_default_timeout(LONG)
    page = context.new_page()
    page.goto(f"{address}/scenario")
    page.get_by_text("Seats along one dial", exact=True).click()
    slider(page).wait_for()
    rest(page)
    yield page
    context.close()


def slider(page: Page) -> Locator:
    """The slider that the chart itself carries."""
    return page.get_by_role("slider", name="Net favourability of Nigel Farage")


def row_labels(page: Page) -> list[str]:
    """Labels of the picture's rows, as they are drawn."""
    texts: list[str] = slider(page).evaluate(
        "input => [...input.closest('[data-testid=stVegaLiteChart]').querySelectorAll('svg .role-axis-label text')]"
        ".map(text => [...text.childNodes].map(line => line.textContent).join('|'))"
    )
    return [text for text in texts if "(" in text]


def test_slider_moves_the_seats_without_the_server(tab: Page) -> None:
    """Arrow keys move the picture to what the models say of that place, and nothing is sent to the server meanwhile."""
    sent: list[str | bytes] = []

    def note(frame: str | bytes) -> None:
        sent.append(frame)

    forecast = synthetic_forecast(draws=200)
    curves = response_curves(forecast, Scenario(), Dial(kind="favourability", party="ref"))
    told = read_off(curves, ["ref"]).row(by_predicate=pl.col("value") == -2, named=True)
    assert slider(tab).input_value() == "-22"
    tab.on("websocket", lambda socket: socket.on("framesent", note))
    tab.reload()
    tab.get_by_text("Seats along one dial", exact=True).click()
    slider(tab).wait_for()
    rest(tab)
    assert sent
    sent.clear()
    before = row_labels(tab)
    slider(tab).focus()
    for _ in range(10):
        tab.keyboard.press("ArrowRight")
    expect(tab.get_by_text("Seats with the dial at −2")).to_be_attached()
    after = row_labels(tab)
    assert after != before
    low, middle, high = (round(told[name]) for name in ("lo90", "median", "hi90"))
    assert f"Reform|{middle} ({low} to {high})" in after
    assert sent == []


def test_moves_are_drawn_at_once(tab: Page) -> None:
    """From key to picture it takes a tenth of a second at the median of 50 moves."""
    slider(tab).focus()
    slider(tab).evaluate(WATCH)
    for move in range(MOVES):
        tab.keyboard.press("ArrowLeft" if move % 20 < 10 else "ArrowRight")
        tab.wait_for_function(f"window.moves.length > {move}")
    took = np.array(tab.evaluate("window.moves"))
    print(f"{took.size} moves: median {np.median(took):.0f} ms, p95 {np.quantile(took, 0.95):.0f} ms")
    assert took.size == MOVES
    assert np.median(took) <= MEDIAN_MS
    assert np.quantile(took, 0.95) <= SLOWEST_MS


def test_chart_fits_its_place_and_can_be_read(tab: Page) -> None:
    """The picture is no wider than its place, its slider has a name, and the sections break no rule of WCAG 2.2 AA."""
    chart = slider(tab).locator("xpath=ancestor::*[@data-testid='stVegaLiteChart']")
    place, drawn = chart.bounding_box(), chart.locator("svg.marks").bounding_box()
    assert place is not None
    assert drawn is not None
    assert drawn["width"] <= place["width"] + 1
    assert tab.evaluate("document.documentElement.scrollWidth") <= tab.evaluate("innerWidth")
    found = Axe().run(tab, context={"include": [["[data-testid=stMain]"]]}).response["violations"]
    assert [fault["id"] for fault in found if fault["impact"] in {"serious", "critical"}] == []
