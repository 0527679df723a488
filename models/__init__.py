"""The models, from evidence to seats. Public names load lazily, so that reading a forecast never imports PyMC."""

from importlib import import_module
from typing import Any

_HOME = {
    "Forecast": "models.forecast",
    "Manifest": "models.forecast",
    "Scenario": "models.scenario",
    "run_scenario": "models.scenario",
    "compare": "models.scenario",
    "make_forecast": "models.chain",
    "load_forecast": "models.store",
    "save_forecast": "models.store",
}

__all__ = [
    "Forecast",
    "Manifest",
    "Scenario",
    "compare",
    "load_forecast",
    "make_forecast",
    "run_scenario",
    "save_forecast",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"No {name!r} in models. Available: {', '.join(__all__)}.")
    return getattr(import_module(_HOME[name]), name)
