import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit import config

from tests.served import answer, handshake, serving
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
    with serving(page, folder, cwd=folder) as number:
        yield number


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
    assert handshake(port, host=f"127.0.0.1:{port}", origin=f"http://127.0.0.1:{port}") == 101


@pytest.mark.parametrize(
    ("host", "origin"), [("evil.example", "http://evil.example"), ("127.0.0.1:{port}", "http://evil.example")]
)
def test_session_is_refused_to_strangers(port: int, host: str, origin: str) -> None:
    """A foreign Host (DNS rebinding) or a foreign Origin (another site's page) gets no session."""
    assert handshake(port, host=host.format(port=port), origin=origin) == 403


def test_agent_interface_is_closed(port: int) -> None:
    """The interface that lets programs drive the page is shut."""
    assert answer(port, "/_stcore/agent/interact", body=b"{}")[0] == 403
