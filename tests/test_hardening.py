import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from models.scenario import Scenario
from models.scenario_link import ForecastName, write_link
from models.store import load_forecast
from tests.served import LONG, answer, handshake, rest, serving, store_forecast

pytestmark = pytest.mark.browser
# Notes every address that a process looks up or connects to, however it does so: audit hooks cannot be gone round.
WATCH = """
import os, sys
_log = os.open(os.environ["WATCH_LOG"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
def _note(event, args):
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        os.write(_log, f"{event} {args[1]!r}\\n".encode())
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        os.write(_log, f"{event} {args[0]!r}\\n".encode())
sys.addaudithook(_note)
os.write(_log, b"watching\\n")
"""
AT_HOME = ("127.0.0.1", "::1", "localhost", "None", "''", "watching")
NAME = "<script>document.title='taken'</script><b>b</b>**strong**[x](//evil.example)"


@dataclass(frozen=True)
class Served:
    """A dashboard whose outgoing connections are noted."""

    port: int
    log: Path
    home: Path

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://127.0.0.1:{self.port}"

    def outside(self) -> list[str]:
        """Connections and look-ups that left the machine."""
        lines = self.log.read_text(encoding="utf-8").splitlines()
        assert "watching" in lines
        return [line for line in lines if not any(name in line for name in AT_HOME)]


@pytest.fixture(scope="module")
def watch(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Environment in which every process of Python notes whom it asks."""
    folder = tmp_path_factory.mktemp("watch")
    (folder / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    return {"PYTHONPATH": str(folder), "WATCH_LOG": str(folder / "asked.log")}


@pytest.fixture(scope="module")
def served(root: Path, watch: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("hardening")
    store_forecast(home)
    with serving(root / "app.py", home, env=watch) as port:
        yield Served(port, Path(watch["WATCH_LOG"]), home)


@pytest.fixture
def visitors(browser: Browser) -> Iterator[list[BrowserContext]]:
    """Two visitors who share nothing."""
    contexts = [browser.new_context(viewport={"width": 1440, "height": 1000}) for _ in range(2)]
    for context in contexts:
        context.set_default_timeout(LONG)
    yield contexts
    for context in contexts:
        context.close()


def link(served: Served, scenario: Scenario) -> str:
    """Address of the page Scenario with a scenario in it."""
    folder = next((served.home / "forecasts").iterdir())
    data = load_forecast(folder).manifest.data_fingerprint[:8]
    name = ForecastName(data=data, as_of=date(2026, 8, 17), election_date=date(2029, 5, 3))
    return f"{served.address}/scenario?s={write_link(scenario, name)}"


def said(page: Page) -> str:
    """Sentence of the page Scenario, once it is there."""
    heading = page.get_by_role("heading", name="If we made it so")
    expect(heading).to_be_visible(timeout=LONG)
    rest(page)
    return heading.inner_text()


def test_what_the_server_answers(served: Served) -> None:
    """Seven requests: a session for the page itself alone, no door for agents, health; the proxy stops the rest."""
    port, own = served.port, f"127.0.0.1:{served.port}"
    found = {
        "session": handshake(port, host=own, origin=f"http://{own}"),
        "session, foreign host": handshake(port, host="evil.example", origin="http://evil.example"),
        "session, foreign origin": handshake(port, host=own, origin="http://evil.example"),
        "agent": answer(port, "/_stcore/agent/interact", body=b"{}")[0],
        "health": answer(port, "/_stcore/health")[0],
        "start page, foreign host": answer(port, "/", host="evil.example")[0],
        "metrics": answer(port, "/_stcore/metrics")[0],
    }
    assert found == {
        "session": 101,
        "session, foreign host": 403,
        "session, foreign origin": 403,
        "agent": 403,
        "health": 200,
        "start page, foreign host": 200,  # without a session an empty shell; deploy/ refuses it
        "metrics": 200,  # deploy/ keeps it from the world
    }


def test_watch_sees_what_leaves(watch: dict[str, str], tmp_path: Path) -> None:
    """The watch notes a connection to the outside, so that its silence means something."""
    log = tmp_path / "asked.log"
    code = "import socket\ns = socket.socket()\ns.setblocking(False)\ns.connect_ex(('192.0.2.1', 9))"
    subprocess.run([sys.executable, "-c", code], env={**os.environ, **watch, "WATCH_LOG": str(log)}, check=True)
    assert "192.0.2.1" in log.read_text(encoding="utf-8")


def test_two_browsers_keep_their_own_scenario(served: Served, visitors: list[BrowserContext]) -> None:
    """Two visitors, by turns, each see the scenario of their own link; the server asks nobody outside meanwhile."""
    before = served.outside()  # a foreign Origin makes Streamlit ask for its outer address: see deploy/README.md
    scenarios = [Scenario.model_validate({"parties": {"lab": {"share_shift": shift}}}) for shift in (0.06, -0.06)]
    tabs = [context.new_page() for context in visitors]
    for tab, scenario in zip(tabs, scenarios, strict=True):
        tab.goto(link(served, scenario))
    first = [said(tab) for tab in tabs]
    assert first[0] != first[1]
    for tab in tabs:
        tab.get_by_role("link", name="Forecast", exact=True).click()
        expect(tab.get_by_role("heading", name="Forecast", exact=True)).to_be_visible(timeout=LONG)
        rest(tab)
    for tab in reversed(tabs):
        tab.get_by_role("link", name="Scenario", exact=True).click()
    assert [said(tab) for tab in tabs] == first
    assert served.outside() == before


def test_hostile_name_is_text(served: Served, visitors: list[BrowserContext]) -> None:
    """A name full of markup, from a link, is on the page letter by letter: nothing runs, nothing is bold or a link."""
    tab = visitors[0].new_page()
    asked: list[str] = []
    tab.on("request", lambda sent: asked.append(sent.url))
    tab.goto(link(served, Scenario.model_validate({"name": NAME, "parties": {"lab": {"share_shift": 0.05}}})))
    said(tab)
    tab.get_by_role("link", name="Compare", exact=True).click()
    expect(tab.get_by_role("heading", name="Compare", exact=True)).to_be_visible(timeout=LONG)
    rest(tab)
    main = tab.locator("[data-testid=stMain]")
    assert "<script>" in main.inner_text()
    assert main.locator("script, b, a[href*=evil], strong:has-text('strong')").count() == 0
    assert tab.title() != "taken"
    assert [url for url in asked if "evil" in url] == []


def test_large_file_is_refused_by_the_server(served: Served, visitors: list[BrowserContext]) -> None:
    """A browser that does not count gets no more than a megabyte to the server: the request itself is refused."""
    tab = visitors[1].new_page()
    tab.goto(f"{served.address}/compare")
    expect(tab.get_by_role("heading", name="Compare", exact=True)).to_be_visible(timeout=LONG)
    rest(tab)
    box = tab.locator("[data-testid=stMain] input[type=file]").first
    with tab.expect_request(lambda sent: "upload_file" in sent.url and sent.method in {"PUT", "POST"}) as waiting:
        box.set_input_files({"name": "small.json", "mimeType": "application/json", "buffer": b"{}"})
    sent = waiting.value
    kept = {name: value for name, value in sent.all_headers().items() if name.lower().startswith(("x-", "cookie"))}
    for size, accepted in ((1_000, True), (2_000_000, False)):
        form = {"file": {"name": "big.json", "mimeType": "application/json", "buffer": b" " * size}}
        status = tab.request.fetch(sent.url, method=sent.method, headers=kept, multipart=form).status
        assert (status < 300) is accepted, (size, status)
