"""The models, from evidence to seats. Public names load lazily, so that reading a forecast never imports PyMC."""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

_HOME = {
    "Forecast": "models.forecast",
    "LeaderPriors": "models.link_priors",
    "PollPriors": "models.priors",
    "SamplerConfig": "models.fit",
    "Scenario": "models.scenario",
    "backtest": "models.past_forecasts",
    "build_leader_model": "models.leader_model",
    "build_poll_model": "models.polls",
    "compare": "models.scenario",
    "fit": "models.inference",
    "project_seats": "models.seat_projection",
    "run_scenario": "models.scenario",
}

__all__ = [
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
]


class _Public(ModuleType):
    """Keeps ``fit`` and ``backtest`` functions, though there are modules of these names, too.

    Importing ``models.fit`` would otherwise put the module in the function's place. ``from models.fit import ...``
    finds the module all the same.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Public


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"No {name!r} in models. Available: {', '.join(__all__)}.")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return list(__all__)
