import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# Tests run side by side on few cores: one thread each, said before NumPy loads.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")


@pytest.fixture(scope="session")
def root() -> Path:
    """Top of the repository."""
    return ROOT


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stored forecasts of a test lie in its own folder, never among the user's."""
    home = tmp_path / "selectorate"
    monkeypatch.setenv("SELECTORATE_HOME", str(home))
    return home


@pytest.fixture(scope="session")
def raw_sources() -> Path:
    """Folder of raw files; the test skips where there is none."""
    folder = Path(os.environ.get("RAW", ROOT.parent / "shared" / "sources"))
    if not folder.is_dir():
        pytest.skip(f"no raw files at {folder} (set RAW to a folder of them)")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium, on the PATH or Playwright's own; the test skips where there is none."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found:
        return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    if not Path(own).is_file():
        pytest.skip("no Chromium on the PATH and none of Playwright's (python -m playwright install chromium)")
    return own


@pytest.fixture(scope="module")
def browser(chromium: str) -> "Iterator[Browser]":
    """A Chromium that asks nothing of the network by itself."""
    from tests.served import browsing

    with browsing(chromium) as started:
        yield started


@pytest.fixture(scope="module")
def address(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a live dashboard with a made-up forecast."""
    from tests.served import serving, store_forecast

    home = tmp_path_factory.mktemp("dashboard")
    store_forecast(home)
    with serving(root / "app.py", home) as port:
        yield f"http://127.0.0.1:{port}"
