"""What tests of the live dashboard share: a server with a made-up forecast, and a browser's page come to rest."""

import http.client
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from models.store import save_forecast
from tests.views.synthetic import synthetic_forecast

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LONG = 60_000


def free_port() -> int:
    """Port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def store_forecast(home: Path) -> None:
    """Put a small made-up forecast where a dashboard with this home looks."""
    save_forecast(synthetic_forecast(draws=200), home / "forecasts" / "2026-08-17_2029-05-03")


@contextmanager
def serving(
    app: Path, home: Path, *flags: str, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> Iterator[int]:
    """Port of a live Streamlit that runs ``app``, from its own folder or ``cwd``, until it is stopped by its number."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.port", str(port), *flags]
    log = home / "server.log"
    whole = {**os.environ, "SELECTORATE_HOME": str(home), **(env or {})}
    with log.open("wb") as out:
        server = subprocess.Popen(command, cwd=cwd or app.parent, env=whole, stdout=out, stderr=subprocess.STDOUT)
        try:
            wait_until_healthy(f"http://127.0.0.1:{port}", server, log)
            yield port
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait(20)


def wait_until_healthy(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait a minute for the server's own word that it is up."""
    for _ in range(240):
        assert server.poll() is None, log.read_text(encoding="utf-8")
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.25)
    pytest.fail(f"the server did not answer: {log.read_text(encoding='utf-8')}")


@contextmanager
def browsing(chromium: str, *flags: str) -> Iterator[Browser]:
    """A Chromium that asks nothing of the network by itself."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, *flags])
        yield started
        started.close()


def rest(page: Page) -> None:
    """Wait until no run of the script has been under way for half a second."""
    quiet = 0
    for _ in range(600):
        state = page.get_by_test_id("stApp").get_attribute("data-test-script-state", timeout=LONG)
        quiet = quiet + 1 if state == "notRunning" else 0
        if quiet == 5:
            return
        page.wait_for_timeout(100)
    pytest.fail("the page never came to rest")


def answer(
    port: int, path: str, *, host: str | None = None, body: bytes | None = None
) -> tuple[int, Mapping[str, str]]:
    """HTTP status and headers of a request (with a body, a POST), asked for under any name of the host."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        headers = {"Host": host or f"127.0.0.1:{port}", "Content-Type": "application/json"}
        connection.request("GET" if body is None else "POST", path, body, headers)
        got = connection.getresponse()
        got.read()
        return got.status, {name.lower(): value for name, value in got.getheaders()}
    finally:
        connection.close()


def handshake(port: int, *, host: str, origin: str) -> int:
    """HTTP status of the request that opens a session."""
    asked = (
        f"GET /_stcore/stream HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(asked.encode())
        return int(connection.recv(64).split()[1])
