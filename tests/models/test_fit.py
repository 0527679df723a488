import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from models.fit import diagnose, is_good

GOOD = {"max_rhat": 1.005, "min_ess_bulk": 900, "min_ess_tail": 800, "divergences": 0, "min_bfmi": 0.9}


def sampled(apart: float = 0.0, diverging: int = 0, energy_walks: bool = False) -> xr.DataTree:
    """Two chains of independent draws, as a sampler would hand them back."""
    rng = np.random.default_rng(1)
    draws = rng.normal(size=(2, 1000, 3)) + apart * np.arange(2)[:, None, None]
    energy = rng.normal(size=(2, 1000))
    flags = np.zeros((2, 1000), dtype=bool)
    flags[0, :diverging] = True
    groups = {
        "posterior": xr.Dataset(
            {"x": (("chain", "draw", "k"), draws), "fixed": (("chain", "draw"), np.ones((2, 1000)))}
        ),
        "sample_stats": xr.Dataset(
            {
                "diverging": (("chain", "draw"), flags),
                "energy": (("chain", "draw"), energy.cumsum(axis=1) if energy_walks else energy),
            }
        ),
    }
    tree = xr.DataTree.from_dict(groups)
    tree.attrs.update(compile_seconds=12.34, sampling_seconds=5.0)
    return tree


def test_independent_draws_pass() -> None:
    """Well mixed chains pass every gate, and a number that never moves does not spoil the figures."""
    figures = diagnose(sampled())
    assert is_good(figures)
    assert figures["min_ess_bulk"] > 1500
    assert figures["compile_seconds"] == pytest.approx(12.3)


def test_stuck_chains_are_not_taken_for_a_constant() -> None:
    """Two chains that each stand still in a place of its own have no R-hat, and fail."""
    tree = sampled()
    tree["posterior"] = xr.Dataset({"x": (("chain", "draw"), np.repeat([[0.0], [1.0]], 1000, axis=1))})
    assert not is_good(diagnose(tree))


@pytest.mark.parametrize("fault", [{"apart": 0.5}, {"diverging": 1}, {"energy_walks": True}])
def test_faults_are_seen(fault: dict[str, Any]) -> None:
    """Chains apart, a divergence, or an energy that hardly moves: each fails the fit."""
    assert not is_good(diagnose(sampled(**fault)))


@pytest.mark.parametrize(
    ("name", "value"),
    [("max_rhat", 1.01), ("min_ess_bulk", 399), ("min_ess_tail", 399), ("divergences", 1), ("min_bfmi", 0.29)],
)
def test_each_gate_closes_at_its_limit(name: str, value: float) -> None:
    """One figure past its limit is enough."""
    assert is_good(GOOD)
    assert not is_good({**GOOD, name: value})


SAMPLED = """
import hashlib
from models.fit import SamplerConfig, sample
from tests.models.every_model import MODELS
tree = sample(MODELS["response"](), SamplerConfig(draws=50, tune=50), progress=False)
found = b"".join(tree["posterior"][name].values.tobytes() for name in sorted(tree["posterior"].data_vars))
print(hashlib.sha256(found).hexdigest())
"""


@pytest.mark.slow
def test_draws_do_not_hang_on_the_compile_cache(root: Path, tmp_path: Path) -> None:
    """The first run, which compiles all, and the second, which finds it compiled, sample the same bytes."""
    caches = {"PYTENSOR_FLAGS": f"base_compiledir={tmp_path / 'pytensor'}", "NUMBA_CACHE_DIR": str(tmp_path / "numba")}
    command = [sys.executable, "-c", SAMPLED]
    first, second = (subprocess.check_output(command, env=os.environ | caches, cwd=root) for _ in range(2))
    assert first == second
