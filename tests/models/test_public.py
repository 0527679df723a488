"""The names that ``models`` offers to notebooks."""

import inspect
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import models

NAMES = {
    "Forecast",
    "LeaderPriors",
    "PollPriors",
    "SamplerConfig",
    "Scenario",
    "backtest",
    "build_leader_model",
    "build_poll_model",
    "compare",
    "fit",
    "project_seats",
    "run_scenario",
}


def test_a_dozen_names_and_no_more() -> None:
    """The public names are these twelve, each leads somewhere, and another is refused with the list."""
    assert set(models.__all__) == set(dir(models)) == NAMES
    assert all(callable(getattr(models, name)) for name in NAMES)
    with pytest.raises(AttributeError, match="No 'make_forecast' in models"):
        _ = models.make_forecast  # type: ignore[attr-defined]


def test_stub_and_module_offer_the_same_names() -> None:
    """What a type checker is told is there is what is there."""
    stub = Path(str(models.__file__)).with_suffix(".pyi").read_text(encoding="utf-8")
    assert set(re.findall(r"^from .* as (\w+)$", stub, re.M)) == NAMES


def run(code: str) -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_nothing_heavy_is_imported_for_a_forecast() -> None:
    """Importing models, and the names that read and ask a forecast, brings no sampler along."""
    light = "from models import Forecast, Scenario, compare, project_seats, run_scenario"
    heavy = "('pymc', 'pytensor', 'arviz', 'nutpie', 'preliz')"
    assert run(f"import sys, models\n{light}\nprint([name for name in {heavy} if name in sys.modules])") == "[]"


@pytest.mark.parametrize(("name", "inside"), [("fit", "diagnose"), ("backtest", "grid")])
def test_functions_stay_functions(name: str, inside: str) -> None:
    """Importing a module of the same name does not take a function's place, and the module is still to be had."""
    module = import_module(f"models.{name}")
    assert isinstance(module, ModuleType)
    setattr(models, name, module)  # what the import system does when it first imports one
    assert inspect.isfunction(getattr(models, name))
    assert inspect.isfunction(getattr(module, inside))
