"""Posteriors of every model on little data, made up or real, written down so that they cannot change in silence.

``python -m tests.golden.make`` samples them at length and writes ``posteriors.json`` anew, all or those that are named
behind it. Do so only where a change of the models is meant to move them, and say in the commit by how much.
"""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import arviz as az
import numpy as np
import pymc as pm
import xarray as xr

from models.fit import SamplerConfig, diagnose, is_good, sample
from models.pairs import seat_pairs
from models.polls import build_poll_model
from models.response import build_response_model
from models.seats import build_seat_model
from models.synthetic import synthetic_history
from models.votes import build_votes_model
from tests.models.every_model import MODELS, known
from tests.models.made_up_panel import made_up_panel
from tests.models.made_up_polls import THREE, made_up

KEPT = Path(__file__).with_name("posteriors.json")
LONG = SamplerConfig(draws=8000, tune=2000, target_accept=0.95, seed=1)
PROBS = (0.05, 0.5, 0.95)
Figures = dict[str, list[float]]
STAGES: Mapping[str, Callable[[], pm.Model]] = MODELS | {
    "polls": lambda: build_poll_model(made_up(40, 3, THREE, {"A": 0.1, "B": -0.1, "C": 0.0})),
    "votes": lambda: build_votes_model(synthetic_history(12, 3)),
    "response": lambda: build_response_model(made_up_panel(4, 5)),
    "seats": lambda: build_seat_model(seat_pairs(known(2016))[-4:]),
}
"""Model of each stage; some get more data than other tests need, as posteriors close to their priors tell less."""
MOST = 12
"""Entries of a variable that is held to what it was; larger ones are a leader's, poll's or seat's own."""


def figures(posterior: xr.Dataset) -> dict[str, Figures]:
    """Mean, spread and quantiles of every entry of a model's smaller variables, each with its Monte Carlo error."""
    names = sorted(str(name) for name, values in posterior.data_vars.items() if values[0, 0].size <= MOST)
    kept = posterior[names]
    methods: dict[str, tuple[xr.Dataset, dict[str, Any]]] = {
        "mean": (kept.mean(("chain", "draw")), {"method": "mean"}),
        "sd": (kept.std(("chain", "draw")), {"method": "sd"}),
    }
    for prob in PROBS:
        quantile = kept.quantile(prob, dim=("chain", "draw"))
        methods[f"q{round(100 * prob):02d}"] = (quantile, {"method": "quantile", "prob": prob})
    return {
        name: {
            label: [
                rounded
                for value, error in zip(
                    np.ravel(found[name].values),
                    np.ravel(az.mcse(kept[[name]], **settings)[name].values),
                    strict=True,
                )
                for rounded in (float(f"{value:.6g}"), float(f"{error:.3g}"))
            ]
            for label, (found, settings) in methods.items()
        }
        for name in names
    }


def main(chosen: list[str]) -> None:
    """Sample some stages at length, or all, and write their figures."""
    found = json.loads(KEPT.read_text(encoding="utf-8"))
    for stage in chosen or STAGES:
        tree = sample(STAGES[stage](), LONG, progress=False)
        measured = diagnose(tree)
        print(stage, measured, flush=True)
        assert is_good(measured), f"{stage} is not sampled well enough to be held to"
        found[stage] = figures(tree["posterior"].to_dataset())
        KEPT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
