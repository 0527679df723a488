import shutil
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit import config

from views import palette

HARDENED = {
    "server": {
        "headless": True,
        "address": "127.0.0.1",
        "port": 8501,
        "enableXsrfProtection": True,
        "enableCORS": True,
        "xsrfCookieSameSite": "strict",
        "allowedHosts": ["localhost", "127.0.0.1"],
        "maxUploadSize": 1,
        "maxMessageSize": 20,
        "enableStaticServing": False,
        "enableAgentApi": False,
        "fileWatcherType": "none",
        "disconnectedSessionTTL": 120,
        "maxCacheDataSize": "256mb",
    },
    "browser": {"gatherUsageStats": False, "serverAddress": "localhost"},
    "client": {"showErrorDetails": "none", "showErrorLinks": False, "toolbarMode": "viewer"},
    "runner": {"magicEnabled": False, "enforceSerializableSessionState": True},
}


@pytest.fixture(scope="module")
def settings(root: Path) -> dict[str, Any]:
    """The shipped settings of Streamlit."""
    return tomllib.loads((root / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def port(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Port of a live Streamlit that runs a small page with the shipped settings, started from another folder."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(root / ".streamlit", folder / "installed" / ".streamlit")
    page = folder / "installed" / "page.py"
    page.write_text("import streamlit as st\n\nst.write('here')\n", encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(page), f"--server.port={number}"]
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while status(number, "/_stcore/health") != 200:
            assert server.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server did not answer in a minute"
            time.sleep(0.1)
        yield number
    finally:
        server.terminate()
        server.wait(20)


def status(port: int, path: str, body: bytes | None = None) -> int:
    """HTTP status of a request (with a body, a POST), 0 where nobody listens."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return 0


def socket_status(port: int, *, host: str, origin: str) -> int:
    """HTTP status of the handshake that opens a session."""
    asked = (
        f"GET /_stcore/stream HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(asked.encode())
        return int(connection.recv(64).split()[1])


def test_settings_are_the_hardened_ones(settings: dict[str, Any]) -> None:
    """Every setting that guards the dashboard has its value, and no other is set but the theme."""
    assert {name: table for name, table in settings.items() if name != "theme"} == HARDENED


def test_settings_are_known_to_streamlit(settings: dict[str, Any]) -> None:
    """Streamlit knows every key, so none is passed over in silence."""
    known = set(config.get_config_options())
    flat = {f"{section}.{key}" for section in HARDENED for key in settings[section]}
    flat |= {f"theme.{kind}.{key}" for kind, table in settings["theme"].items() for key in table}
    assert flat - known == set()


def faded(text: str, background: str, strength: float = 0.6) -> str:
    """Colour of a text that lets its background through."""
    pairs = [(int(text[i : i + 2], 16), int(background[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(strength * ink + (1 - strength) * under):02X}" for ink, under in pairs)


@pytest.mark.parametrize(("kind", "page"), [("light", palette.LIGHT_PAGE), ("dark", palette.DARK_PAGE)])
def test_theme_is_legible(settings: dict[str, Any], kind: str, page: str) -> None:
    """Text and captions (text at 60%) reach 4.5:1, accents 3:1, and charts reckon with the true page colour."""
    theme = settings["theme"][kind]
    assert theme["backgroundColor"] == page
    for background in (theme["backgroundColor"], theme["secondaryBackgroundColor"]):
        assert palette.contrast(theme["textColor"], background) >= 4.5
        assert palette.contrast(faded(theme["textColor"], background), background) >= 4.5
        assert palette.contrast(theme["primaryColor"], background) >= 3


def test_session_opens_for_the_page_itself(port: int) -> None:
    """A browser on this machine gets its session."""
    assert socket_status(port, host=f"127.0.0.1:{port}", origin=f"http://127.0.0.1:{port}") == 101


@pytest.mark.parametrize(
    ("host", "origin"), [("evil.example", "http://evil.example"), ("127.0.0.1:{port}", "http://evil.example")]
)
def test_session_is_refused_to_strangers(port: int, host: str, origin: str) -> None:
    """A foreign Host (DNS rebinding) or a foreign Origin (another site's page) gets no session."""
    assert socket_status(port, host=host.format(port=port), origin=origin) == 403


def test_agent_interface_is_closed(port: int) -> None:
    """The interface that lets programs drive the page is shut."""
    assert status(port, "/_stcore/agent/interact", b"{}") == 403
