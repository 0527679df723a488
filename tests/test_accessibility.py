import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.served import LONG, rest
from views import palette

pytestmark = pytest.mark.browser
PAGES = re.findall(r'url_path="(\w+)"', (Path(__file__).parents[1] / "app.py").read_text(encoding="utf-8"))
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
GRAVE = {"serious", "critical"}
WIDE, NARROW = {"width": 1440, "height": 1000}, {"width": 390, "height": 844}
PAGE_COLOURS = {"light": palette.LIGHT_PAGE, "dark": palette.DARK_PAGE}
# What Streamlit draws and we cannot mend: rule, selector, reason. All else fails.
STREAMLITS = (
    (
        "target-size",
        "[data-testid=stDateInput] [role=spinbutton]",
        # The same day can be chosen in the calendar beside them: the standard allows an equivalent (2.5.8).
        "parts of a date are 18 pixels wide",
    ),
    (
        "scrollable-region-focusable",
        "[data-testid=stTable] div",
        # Chromium and Firefox let keys reach such a box by themselves.
        "a table wider than a phone scrolls in a box without a place in the order of keys",
    ),
)
UNFOLD = """() => { const folded = [...document.querySelectorAll('details:not([open]) > summary')];
    folded.forEach((s) => s.click()); return folded.length; }"""
# Text in charts that stands on the page itself: labels of axes, titles, legends. Text on marks has its own test.
CHART_TEXT = """() => [...document.querySelectorAll(
    '[data-testid=stVegaLiteChart] svg :is(.role-axis-label, .role-axis-title, .role-legend-label, .role-legend-title,'
    + ' .role-title-text) text')].filter(t => t.textContent.trim() && getComputedStyle(t).opacity > 0)
    .map(t => [t.textContent, getComputedStyle(t).fill])"""


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """A wide page in the light theme."""
    context = browser.new_context(viewport=WIDE, color_scheme="light", reduced_motion="reduce")
    context.set_default_timeout(LONG)
    yield context.new_page()
    context.close()


def open_all(page: Page) -> None:
    """Unfold what is folded, so that it is checked too."""
    for _ in range(3):  # what unfolds may hold more that is folded
        if not page.evaluate(UNFOLD):
            return
        rest(page)


def grave(page: Page, rules: dict[str, Any]) -> list[str]:
    """What axe finds serious or critical, less what is listed as Streamlit's."""
    found = Axe().run(page, options={"resultTypes": ["violations"], "runOnly": rules}).response["violations"]
    return [
        f"{violation['id']}: {node['html'][:200]} ({'; '.join(c['message'] for c in node['any'] + node['all'])})"
        for violation in found
        if violation["impact"] in GRAVE
        for node in violation["nodes"]
        if not excused(page, violation["id"], node["target"][0])
    ]


def excused(page: Page, rule: str, target: str) -> bool:
    """Whether an element that breaks a rule is one of those listed."""
    listed = [selector for name, selector, _ in STREAMLITS if name == rule]
    return any(page.evaluate("([t, s]) => document.querySelector(t).matches(s)", [target, s]) for s in listed)


def faint(page: Page, background: str) -> list[str]:
    """Text of charts, on the page itself, that does not reach 4.5:1."""
    found = []
    for text, fill in page.evaluate(CHART_TEXT):
        parts = [float(x) for x in re.findall(r"[\d.]+", fill)]
        colour = "#" + "".join(f"{round(x):02X}" for x in parts[:3])
        if len(parts) > 3 or palette.contrast(colour, background) < 4.5:
            found.append(f"{text}: {fill} on {background}")
    return found


def test_pages_are_those_of_the_navigation(tab: Page, address: str) -> None:
    """Every page that the navigation offers is among those checked."""
    tab.goto(address)
    rest(tab)
    links = tab.get_by_role("navigation").get_by_role("link").all()
    offered = {(link.get_attribute("href") or "").rstrip("/").rpartition("/")[2] for link in links}
    assert len(PAGES) == len(set(PAGES)) >= 10
    assert len(offered) > 1
    assert offered - {*PAGES, "", address.rpartition("/")[2]} == set()


@pytest.mark.parametrize("path", PAGES)
def test_page_is_accessible(path: str, tab: Page, address: str) -> None:
    """Wide and narrow, light and dark, axe finds nothing serious against WCAG 2.2 AA, and charts' labels are clear."""
    every, colours = {"type": "tag", "values": WCAG}, {"type": "rule", "values": ["color-contrast"]}
    tab.goto(f"{address}/{path}")
    heading = tab.get_by_role("heading", level=1).inner_text()
    rest(tab)
    assert tab.title() == f"{heading} · selectorate"  # 2.4.2: a tab says which page it holds
    open_all(tab)
    found = {}
    for size, theme, rules in ((WIDE, "light", every), (WIDE, "dark", colours), (NARROW, "dark", every)):
        tab.set_viewport_size(size)
        tab.emulate_media(color_scheme=theme)
        rest(tab)
        shown = tab.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor")
        ground = PAGE_COLOURS[theme]
        assert [int(x) for x in re.findall(r"\d+", shown)] == [int(ground[i : i + 2], 16) for i in (1, 3, 5)]
        found[size["width"], theme] = grave(tab, rules) + faint(tab, ground)
    assert {place: faults for place, faults in found.items() if faults} == {}
