"""What a visitor waits for, measured inside a headless Chromium: from a key or the first request to the paint."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Locator, Page, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDE = {"width": 1440, "height": 1000}
CHART = "[data-testid=stVegaLiteChart]"
MARKS = f"{CHART} :is(svg, canvas).marks"
TEXT = "[data-testid=stMarkdown] p"
# Time of the page when what was asked for was first painted: a frame after it was put into the document.
FIRST = """(wanted) => { const seen = new MutationObserver(() => { if (document.querySelector(wanted)) {
  seen.disconnect(); requestAnimationFrame(() => setTimeout(() => { window.firstPaint = performance.now(); }, 0)); } });
  seen.observe(document, {childList: true, subtree: true, attributes: true}); }"""
# Time from the next key press to the paint after the last change of what is watched; over once it rests.
WATCH = """([watched, rest]) => { window.moved = new Promise((done) => {
  let pressed = null, painted = null;
  document.addEventListener('keydown', () => { pressed = performance.now(); }, {capture: true, once: true});
  const seen = new MutationObserver(() => { if (pressed !== null) requestAnimationFrame(() => setTimeout(() => {
    painted = performance.now(); }, 0)); });
  const places = document.querySelectorAll(watched);
  places.forEach((p) => seen.observe(p, {childList: true, subtree: true, attributes: true, characterData: true}));
  const clock = setInterval(() => { const now = performance.now();
    const over = pressed !== null && now - pressed > 20000;
    const still = document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning';
    if (over || (still && painted !== null && now - painted > rest)) { clearInterval(clock); seen.disconnect();
      done(painted === null ? null : painted - pressed); } }, 20); }); }"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium, the machine's own where there is one."""
    own = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=own, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def first_paint(browser: Browser, address: str, wanted: str) -> float:
    """Seconds from the request of a new visitor, with nothing kept, to the paint of what is wanted."""
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    page.add_init_script(f"({FIRST})({wanted!r})")
    page.goto(address, wait_until="commit")
    page.wait_for_function("window.firstPaint", timeout=120_000)
    seconds = float(page.evaluate("window.firstPaint")) / 1000
    context.close()
    return seconds


def settle(page: Page) -> None:
    """Wait until no run of the script has been under way for half a second."""
    quiet = 0
    while quiet < 5:
        state = page.get_by_test_id("stApp").get_attribute("data-test-script-state", timeout=120_000)
        quiet = quiet + 1 if state == "notRunning" else 0
        page.wait_for_timeout(100)


def key_to_paint(
    page: Page, slider: Locator, watched: str, *, moves: int, rest: int = 400, keys: tuple[str, ...] = ("ArrowRight",)
) -> list[float]:
    """Seconds from each press of an arrow key on a slider to the paint after the last change of what is watched.

    Parameters
    ----------
    page : Page
        Drawn and at rest.
    slider : Locator
        Takes the focus and the keys: a slider of Streamlit, or ``.vega-bind input[type=range]`` inside a chart.
    watched : str
        Selector of what is going to change.
    moves : int
        How many presses; the first three more are not counted.
    rest : int
        Milliseconds without a change that end a move.
    keys : tuple of str
        Keys pressed by turns: to and fro where a slider has fewer steps than there are moves.

    Returns
    -------
    list of float
        One for each press that changed something.
    """
    slider.focus()
    taken = []
    for move in range(moves + 3):
        page.evaluate(WATCH, [watched, rest])
        page.keyboard.press(keys[move % len(keys)])
        taken.append(page.evaluate("window.moved"))
        settle(page)
    return [t / 1000 for t in taken[3:] if t is not None]
