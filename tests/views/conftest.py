import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from models.forecast import Forecast


def load_synthetic() -> ModuleType:
    """The module beside this file, which pytest's import mode leaves off the path."""
    name = "synthetic_forecast_for_tests"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name("synthetic.py"))
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.fixture(scope="session")
def forecast() -> Forecast:
    """A made-up forecast of 400 draws."""
    made: Forecast = load_synthetic().synthetic_forecast(draws=400)
    return made
