"""The dashboard as its visitors meet it, beside a page with one slider and a line of text: the floor no app can beat.

Slider to picture and first paint in a headless Chromium; sessions side by side, and memory over many of them, through
the WebSocket without a browser. All of it shares the machine's cores with the server, so figures are upper bounds.
"""

import asyncio
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
from playwright.sync_api import Page

from benchmarks.app_browser import CHART, MARKS, TEXT, WIDE, chromium, first_paint, key_to_paint, settle
from benchmarks.app_server import DASHBOARD, cpu_seconds, floor_page, resident_kib, serve
from benchmarks.app_session import come_and_go, visits
from models.store import default_path

MOVES = 40
PAINTS = 5
STARTS = 3
TOGETHER, EACH, PAUSE = 20, 5, 2.0
WARM, SESSIONS, STEP = 40, 200, 20
SLIDER, NUMBER = "sc_lab_favourability", "number"
IN_CHART = ".vega-bind input[type=range]"
SHORT = "--server.disconnectedSessionTTL=1"
Rows = list[dict[str, object]]


def rows() -> Rows:
    """Measure every row of this file; where no forecast is stored, say so."""
    if not default_path().is_dir():
        return [row("app: not measured", None, None, "no forecast is stored: selectorate fit")]
    with floor_page() as floor:
        return [*_moves(floor), *_paints(floor), *_work(floor), *_together(floor), *_memory(floor)]


def row(name: str, figure: float | None, baseline: float | None, unit: str) -> dict[str, object]:
    """One row of the report; no ratio where a figure is nought or falls."""
    ratio = figure / baseline if figure and baseline and min(figure, baseline) > 0 else None
    return {"name": name, "figure": figure, "baseline": baseline, "ratio": ratio, "unit": unit}


def _quantiles(taken: list[float]) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds."""
    middle, late = np.quantile(taken, [0.5, 0.95])
    return 1000 * float(middle), 1000 * float(late)


def _moves(floor: Path) -> Rows:
    """Key on a slider to changed picture: the panel's, by the server; one inside a chart, by the browser alone."""
    with chromium() as browser:
        with serve(floor) as (port, _):
            page = browser.new_page(viewport=WIDE)
            base = _quantiles(_moved(page, f"http://127.0.0.1:{port}/", NUMBER, TEXT))
        with serve(DASHBOARD) as (port, _):
            page = browser.new_page(viewport=WIDE)
            ours = _quantiles(_moved(page, f"http://127.0.0.1:{port}/scenario", SLIDER, CHART))
            alone = within_chart(page)
    names = ("median", "95th percentile")
    found = [
        row(f"app: slider to all charts painted, {name} (baseline: one slider, one line)", a, b, "ms")
        for name, a, b in zip(names, ours, base, strict=True)
    ]
    found += [
        row(f"app: slider inside a chart to its paint, {name} (baseline: one slider, one line)", a, b, "ms")
        for name, a, b in zip(names, _quantiles(alone), base, strict=True)
    ]
    return found


def _moved(page: Page, address: str, slider: str, watched: str) -> list[float]:
    page.goto(address)
    place = page.locator(f".st-key-{slider}").get_by_role("slider")
    place.wait_for(timeout=120_000)
    settle(page)
    return key_to_paint(page, place, watched, moves=MOVES)


def within_chart(page: Page) -> list[float]:
    """The same for a slider that Vega draws inside a chart and answers without the server."""
    page.get_by_text("Seats along one dial").click()
    place = page.locator(IN_CHART).first
    place.wait_for(timeout=60_000)
    settle(page)
    return key_to_paint(page, place, CHART, moves=MOVES, rest=150, keys=("ArrowRight", "ArrowLeft"))


def _paints(floor: Path) -> Rows:
    """First chart of the first page: from a server that has served, and from a process that is only starting."""
    with chromium() as browser:
        warm, cold = [], []
        for app, wanted in ((DASHBOARD, MARKS), (floor, TEXT)):
            begun = []
            for _ in range(STARTS):
                start = perf_counter()
                with serve(app) as (port, _):
                    first_paint(browser, f"http://127.0.0.1:{port}/", wanted)
                    begun.append(perf_counter() - start)
            cold.append(median(begun))
            with serve(app) as (port, _):
                taken = [first_paint(browser, f"http://127.0.0.1:{port}/", wanted) for _ in range(PAINTS + 1)]
            warm.append(median(taken[1:]))
    return [
        row("app: first chart, server warm, browser new (baseline: one slider, one line)", *warm, "s"),
        row("app: first chart from the start of the process (baseline: one slider, one line)", *cold, "s"),
    ]


def _work(floor: Path) -> Rows:
    """Work of the server for one move, whoever else has the cores."""
    spent = []
    for app, page, slider in ((DASHBOARD, "scenario", SLIDER), (floor, "", NUMBER)):
        with serve(app) as (port, pid):
            asyncio.run(visits(port, page, slider, count=1, moves=5, pause=0.1))
            before = cpu_seconds(pid)
            asyncio.run(visits(port, page, slider, count=1, moves=MOVES, pause=0.1))
            spent.append(1000 * (cpu_seconds(pid) - before) / (MOVES + 1))
    return [row("app: server's own time for a move of the slider (baseline: one slider, one line)", *spent, "ms")]


def _together(floor: Path) -> Rows:
    """Moves of many sessions at once beside those of one; errors beside those of the floor."""
    with serve(DASHBOARD) as (port, _):
        one, _ = asyncio.run(visits(port, "scenario", SLIDER, count=1, moves=20, pause=0.2))
        many, failed = asyncio.run(visits(port, "scenario", SLIDER, count=TOGETHER, moves=EACH, pause=PAUSE))
    with serve(floor) as (port, _):
        _, none = asyncio.run(visits(port, "", NUMBER, count=TOGETHER, moves=EACH, pause=PAUSE))
    what = f"app: {TOGETHER} sessions, {PAUSE:.0f} s between moves"
    (middle, late), (own, own_late) = _quantiles(many), _quantiles(one)
    return [
        row(f"{what}: a move, median (baseline: one session)", middle, own, "ms"),
        row(f"{what}: a move, 95th percentile (baseline: one session)", late, own_late, "ms"),
        row(f"{what}: errors in {TOGETHER * EACH} moves (baseline: one slider, one line)", failed, none, "errors"),
    ]


def _memory(floor: Path) -> Rows:
    """Memory that a session leaves behind once it is closed and forgotten."""
    ours, base = (_slope(*place) for place in ((DASHBOARD, "scenario", SLIDER), (floor, "", NUMBER)))
    what = f"app: memory left by each of {SESSIONS} sessions (baseline: one slider, one line)"
    return [row(what, ours, base, "KiB")]


def _slope(app: Path, page: str, slider: str) -> float:
    """Growth of the process, in KiB a session, after a warm-up."""
    with serve(app, SHORT) as (port, pid):
        asyncio.run(come_and_go(port, page, slider, WARM))
        held = [resident_kib(pid)]
        for _ in range(SESSIONS // STEP):
            asyncio.run(come_and_go(port, page, slider, STEP))
            held.append(resident_kib(pid))
    return float(np.polyfit(np.arange(len(held)) * STEP, held, 1)[0])
