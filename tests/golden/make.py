"""Posteriors of three stages on made-up data, written down so that they cannot change in silence.

``python -m tests.golden.make`` samples them at length and writes ``posteriors.json`` anew. Do so only where a change of
the models is meant to move them, and say in the commit by how much.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import arviz as az
import numpy as np
import pymc as pm
import xarray as xr

from models.effects import RESPONSE_VARIABLES
from models.fit import SamplerConfig, diagnose, fit, is_good
from models.polls import build_poll_model
from models.response import build_response_model
from models.synthetic import TRUTH, synthetic_history
from models.votes import build_votes_model
from tests.models.made_up_panel import made_up_panel
from tests.models.made_up_polls import THREE, made_up

KEPT = Path(__file__).with_name("posteriors.json")
LONG = SamplerConfig(draws=8000, tune=2000, target_accept=0.95, seed=1)
PROBS = (0.05, 0.5, 0.95)
Figures = dict[str, list[float]]
STAGES: Mapping[str, tuple[Callable[[], pm.Model], tuple[str, ...]]] = {
    "polls": (
        lambda: build_poll_model(made_up(40, 3, THREE, {"A": 0.1, "B": -0.1, "C": 0.0})),
        ("drift", "alignment", "noise", "house_spread", "house_contrast"),
    ),
    "votes": (
        lambda: build_votes_model(synthetic_history(12, 3)),
        tuple("campaign_established" if name == "campaign" else name for name in TRUTH),
    ),
    "response": (lambda: build_response_model(made_up_panel(4, 5)), tuple(RESPONSE_VARIABLES)),
}
"""Model of each stage, and the variables that are held to what they were."""


def figures(posterior: xr.Dataset, names: tuple[str, ...]) -> dict[str, Figures]:
    """Mean, spread and quantiles of every entry of some variables, each with its Monte Carlo error."""
    kept = posterior[list(names)]
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


def main() -> None:
    """Sample all stages at length and write their figures."""
    found = {}
    for stage, (build, names) in STAGES.items():
        tree = fit(build(), LONG, progress=False)
        measured = diagnose(tree)
        print(stage, measured, flush=True)
        assert is_good(measured), f"{stage} is not sampled well enough to be held to"
        found[stage] = figures(tree["posterior"].to_dataset(), names)
    KEPT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
