from time import monotonic

import pytest
from playwright.sync_api import Browser, Locator, expect

from models.scenario_link import read_link
from tests.served import LONG, rest

pytestmark = pytest.mark.browser
MOST_CLICKS, MOST_SECONDS = 6, 90


class Hand:
    """A visitor's mouse, which counts."""

    def __init__(self) -> None:
        self.clicks = 0

    def click(self, what: Locator) -> None:
        what.click(timeout=3 * LONG)
        self.clicks += 1


def test_a_newcomer_changes_a_leader_and_takes_the_link(browser: Browser, address: str) -> None:
    """From the first page: another leader, the effect read, the link in the clipboard, in six clicks and 90 seconds."""
    start, hand = monotonic(), Hand()
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    page = context.new_page()
    page.goto(address)
    headline = page.get_by_role("heading", name="On 3 May 2029")
    headline.wait_for(timeout=3 * LONG)
    before = headline.inner_text()
    hand.click(page.get_by_role("combobox", name="Labour: leader"))
    hand.click(page.get_by_role("option", name="Keir Starmer"))
    expect(page.get_by_text("Labour led by Keir Starmer").first).to_be_visible(timeout=LONG)
    rest(page)
    assert headline.inner_text() != before
    hand.click(page.get_by_role("button", name="Link", exact=True))
    code = page.get_by_test_id("stCode")
    code.wait_for(timeout=LONG)
    code.hover()
    hand.click(code.get_by_role("button"))
    copied = str(page.evaluate("navigator.clipboard.readText()"))
    scenario, _ = read_link(copied.partition("?s=")[2])
    assert scenario.parties["lab"].leader == "Keir Starmer"
    assert hand.clicks <= MOST_CLICKS
    assert monotonic() - start < MOST_SECONDS
    friend = browser.new_context().new_page()
    friend.goto(copied)
    expect(friend.get_by_text("Labour led by Keir Starmer").first).to_be_visible(timeout=3 * LONG)
    print(f"{hand.clicks} clicks, {monotonic() - start:.0f} s")
    context.close()
    friend.context.close()
