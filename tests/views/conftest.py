import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from models.forecast import Forecast


@pytest.fixture(scope="session")
def pages() -> ModuleType:
    """Helpers of the page tests; pytest's import mode leaves the module beside this file off the path."""
    spec = importlib.util.spec_from_file_location("pages_for_views", Path(__file__).with_name("pages.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def synthetic(pages: ModuleType) -> ModuleType:
    """Builder of made-up forecasts."""
    made: ModuleType = pages.synthetic
    return made


@pytest.fixture(scope="session")
def forecast(synthetic: ModuleType) -> Forecast:
    """A made-up forecast of 400 draws."""
    made: Forecast = synthetic.synthetic_forecast(draws=400)
    return made


@pytest.fixture(scope="session")
def shared(pages: ModuleType, forecast: Forecast, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Home of one stored forecast that no test changes."""
    home: Path = pages.keep(forecast, tmp_path_factory.mktemp("home"))
    return home


@pytest.fixture
def stored(shared: Path, own_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The dashboard finds the shared forecast."""
    assert own_store != shared
    monkeypatch.setenv("SELECTORATE_HOME", str(shared))
