import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Download, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from models.scenario import read_scenario
from tests.served import LONG

pytestmark = pytest.mark.browser


@pytest.fixture
def faults() -> list[str]:
    return []


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, browser: Browser, address: str, faults: list[str]) -> Iterator[Page]:
    """A page on the Forecast that notes errors on its console and requests that leave the machine."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, color_scheme=request.param)
    context.set_default_timeout(LONG)
    tab = context.new_page()
    tab.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("request", lambda sent: faults.append(sent.url) if not is_local(sent.url, address) else None)
    tab.goto(address)
    yield tab
    context.close()


def is_local(url: str, address: str) -> bool:
    return url.startswith((address, address.replace("http:", "ws:"), "data:", "blob:"))


def go(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible(timeout=LONG)


def charts(page: Page) -> int:
    return page.locator("[data-testid=stVegaLiteChart] :is(svg, canvas)").count()


def wait_for_charts(page: Page, count: int) -> None:
    for _ in range(300):
        if charts(page) >= count:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"{charts(page)} of {count} charts were drawn")


def wait_until_quiet(page: Page) -> None:
    """Wait until no run of the script has been under way for a second."""
    quiet = 0
    for _ in range(600):
        state = page.get_by_test_id("stApp").get_attribute("data-test-script-state")
        quiet = quiet + 1 if state == "notRunning" else 0
        if quiet == 10:
            return
        page.wait_for_timeout(100)
    pytest.fail("the page never came to rest")


def download(page: Page, button: str) -> Download:
    """Press a button that makes a file; once more if the first press met the end of a run, which takes the file."""
    for timeout in (LONG / 3, LONG):
        try:
            with page.expect_download(timeout=timeout) as waiting:
                page.get_by_role("button", name=button).click()
        except PlaywrightTimeout:
            continue
        return waiting.value
    pytest.fail(f"{button} gave no file")


def test_pages_are_drawn(page: Page, faults: list[str]) -> None:
    """All pages draw their charts, in the light and in the dark theme, with no error and no request to the outside."""
    expect(page.get_by_role("heading", name="Forecast", exact=True)).to_be_visible(timeout=LONG)
    wait_for_charts(page, 3)
    expect(page.get_by_text("326 for a majority").first).to_be_attached(timeout=LONG)
    go(page, "Map")
    wait_for_charts(page, 1)
    expect(page.get_by_text("Likeliest winner").first).to_be_attached(timeout=LONG)
    go(page, "Battlegrounds")
    wait_for_charts(page, 1)
    expect(page.get_by_text("Swing that would turn the seat").first).to_be_attached(timeout=LONG)
    go(page, "Leaders")
    wait_for_charts(page, 7)
    expect(page.get_by_text("Net favourability, in points on one scale").first).to_be_attached(timeout=LONG)
    go(page, "Scenario")
    wait_for_charts(page, 2)
    expect(page.get_by_text("Nothing is changed yet")).to_be_visible(timeout=LONG)
    go(page, "What would it take?")
    wait_for_charts(page, 1)
    expect(page.get_by_text("What may move").first).to_be_attached(timeout=LONG)
    go(page, "Compare")
    wait_for_charts(page, 3)
    expect(page.get_by_text("326 for a majority").first).to_be_attached(timeout=LONG)
    go(page, "Leadership")
    wait_for_charts(page, 4)
    expect(page.get_by_text("In force: Labour 2014").first).to_be_attached(timeout=LONG)
    go(page, "Why")
    wait_for_charts(page, 3)
    expect(page.get_by_text("The last result alone").first).to_be_attached(timeout=LONG)
    go(page, "Polls")
    wait_for_charts(page, 2)
    expect(page.get_by_text("Points from the median path").first).to_be_attached(timeout=LONG)
    assert faults == []


def test_click_on_a_hexagon_opens_the_card(page: Page, faults: list[str]) -> None:
    """A click on a hexagon, letters and all, opens the card of that very seat."""
    go(page, "Map")
    hexagon = page.locator('[data-testid=stVegaLiteChart] path[aria-label^="Halifax: "]')
    expect(hexagon).to_be_attached(timeout=LONG)
    hexagon.scroll_into_view_if_needed()
    place = hexagon.bounding_box()
    assert place is not None
    page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    expect(page.get_by_role("heading", name="Halifax", exact=True)).to_be_visible(timeout=LONG)
    wait_for_charts(page, 2)
    assert faults == []


def test_slider_moves_the_picture(page: Page, faults: list[str]) -> None:
    """Arrow keys on a slider change sentence and chart, and the scenario is there again after a look elsewhere."""
    go(page, "Scenario")
    slider = page.get_by_role("slider", name="Labour: change of share, in points")
    slider.focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="If we made it so")).to_be_visible(timeout=LONG)
    wait_until_quiet(page)
    said = page.get_by_role("heading", name="If we made it so").inner_text()
    go(page, "Forecast")
    go(page, "Scenario")
    expect(page.get_by_role("heading", name="If we made it so")).to_have_text(said, timeout=LONG)
    assert faults == []


def test_scenario_is_saved_and_loaded(page: Page, faults: list[str], tmp_path: Path) -> None:
    """The scenario on the screen can be saved as a file, which sets the panel again; its seats come as a table."""
    go(page, "Scenario")
    slider = page.get_by_role("slider", name="Labour: change of share, in points")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="If we made it so")).to_be_visible(timeout=LONG)
    wait_until_quiet(page)
    page.get_by_text("Save and load").click()
    files = {}
    for button, name in (("Download scenario (JSON)", "scenario.json"), ("Seats in the scenario (CSV)", "seats.csv")):
        files[name] = tmp_path / name
        download(page, button).save_as(files[name])
    assert read_scenario(files["scenario.json"].read_text(encoding="utf-8")).parties["lab"].share_shift == 0.005
    assert len(files["seats.csv"].read_text(encoding="utf-8").splitlines()) == 651
    page.get_by_role("button", name="Reset").click()
    expect(page.get_by_text("Nothing is changed yet")).to_be_visible(timeout=LONG)
    page.locator("input[type=file]").set_input_files(files["scenario.json"])
    expect(page.get_by_role("heading", name="If we made it so")).to_be_visible(timeout=LONG)
    assert faults == []


def test_scenario_travels_in_a_link(page: Page) -> None:
    """The link that a page gives is its address, outlives Undo, and sets the panel of whoever opens it."""
    go(page, "Scenario")
    page.get_by_role("slider", name="Labour: change of share, in points").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="If we made it so")).to_be_visible(timeout=LONG)
    wait_until_quiet(page)
    page.get_by_role("button", name="Link", exact=True).click()
    expect(page.get_by_test_id("stCode")).to_be_visible(timeout=LONG)
    link = page.get_by_test_id("stCode").inner_text().strip()
    expect(page).to_have_url(link, timeout=LONG)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Nothing is changed yet")).to_be_visible(timeout=LONG)
    page.goto(link)
    expect(page.get_by_role("heading", name="If we made it so")).to_be_visible(timeout=LONG)


def test_contest_of_ones_own_is_held(page: Page, faults: list[str], tmp_path: Path) -> None:
    """A contest of one's own is held between the leader in office and a challenger, and its answer can be saved."""
    go(page, "Leadership")
    page.get_by_text("One of your own").click()
    expect(page.get_by_role("heading", name="Candidates as leaders")).to_be_visible(timeout=LONG)
    wait_for_charts(page, 5)
    wait_until_quiet(page)
    file = tmp_path / "contest.json"
    download(page, "This answer (JSON)").save_as(file)
    assert set(json.loads(file.read_text(encoding="utf-8"))["candidates"]) == {"Andy Burnham", "A challenger"}
    assert faults == []


def test_pages_fit_a_phone(browser: Browser, address: str) -> None:
    """At the width of a phone no page scrolls sideways, and hexagons stay regular."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(LONG)
    page = context.new_page()
    for path, count in (
        ("", 3),
        ("map", 1),
        ("battlegrounds", 1),
        ("leaders", 7),
        ("scenario", 2),
        ("solve", 1),
        ("compare", 3),
        ("leadership", 4),
        ("why", 3),
        ("polls", 2),
    ):
        page.goto(f"{address}/{path}")
        wait_for_charts(page, count)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        for chart in page.locator("[data-testid=stVegaLiteChart] :is(svg, canvas).marks").all():
            box = chart.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 390
    context.close()
