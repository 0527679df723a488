from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.served import LONG, rest

pytestmark = pytest.mark.browser
# Which seats a click at the point of each seat's letters would not reach: labels of what lies there instead.
MISSED = """() => [...document.querySelectorAll('[data-testid=stVegaLiteChart] path[aria-roledescription=point]')]
    .filter(path => /: .* in 10/.test(path.getAttribute('aria-label')))
    .map(path => [path, path.getScreenCTM()])
    .filter(([path, at]) => at.f > 0 && at.f < innerHeight)
    .map(([path, at]) => [path, document.elementFromPoint(at.e, at.f)])
    .filter(([path, hit]) => hit !== path && hit.tagName !== 'text')
    .map(([path, hit]) => path.getAttribute('aria-label') + ' / ' + hit.getAttribute('aria-label'))"""


@pytest.fixture
def tab(browser: Browser, address: str) -> Iterator[Page]:
    """The page Map, high enough to hold the whole map."""
    context = browser.new_context(viewport={"width": 1440, "height": 1800}, reduced_motion="reduce")
    context.set_default_timeout(LONG)
    page = context.new_page()
    page.goto(f"{address}/map")
    seat(page, "Halifax").wait_for(timeout=3 * LONG)  # the first page of a server reads the forecast
    rest(page)
    yield page
    context.close()


def seat(page: Page, name: str) -> Locator:
    """The mark of a seat on the map that is drawn."""
    shown = page.get_by_role("tabpanel").filter(visible=True)
    return shown.locator(f'[data-testid=stVegaLiteChart] path[aria-label^="{name}: "]')


def open_outlines(page: Page) -> None:
    """Go to the geographic map and wait until it is drawn."""
    page.get_by_role("tab", name="Geographic").click()
    expect(page.get_by_text("generalised to half a kilometre")).to_be_visible(timeout=LONG)
    seat(page, "Halifax").wait_for()
    rest(page)


def test_click_on_an_outline_opens_the_card(tab: Page) -> None:
    """A click on the outline of a large seat, at its letters, or of a small one opens the card of that very seat."""
    open_outlines(tab)
    for name in ("Caithness, Sutherland and Easter Ross", "Halifax"):
        point = seat(tab, name).evaluate("path => { const at = path.getScreenCTM(); return [at.e, at.f] }")
        tab.mouse.click(*point)
        expect(tab.get_by_role("heading", name=name, exact=True)).to_be_visible(timeout=LONG)


def test_every_outline_can_be_clicked(tab: Page) -> None:
    """No seat hides the point of another, nor do letters of one stand on another: all 650 can be clicked."""
    open_outlines(tab)
    assert tab.locator('[data-testid=stVegaLiteChart] path[aria-label*=" in 10"]').count() == 650
    assert tab.evaluate(MISSED) == []


def test_a_seat_is_found_by_keyboard(tab: Page) -> None:
    """An MP's name typed into the box opens her seat's card, and a button pressed by a key opens that of the next."""
    tab.get_by_role("combobox", name="Find a seat").focus()
    tab.keyboard.type("dearden")
    expect(tab.get_by_role("option", name="Halifax — Kate Dearden (Labour)")).to_be_visible(timeout=LONG)
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", name="Halifax", exact=True)).to_be_visible(timeout=LONG)
    rest(tab)
    tab.get_by_role("button", name="Next seat").press("Enter")
    expect(tab.get_by_role("heading", name="Hamble Valley", exact=True)).to_be_visible(timeout=LONG)
