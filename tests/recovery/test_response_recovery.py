import numpy as np
import pytest

from models.fit import SamplerConfig, diagnose, is_good, sample
from models.response import build_response_model
from tests.models.made_up_panel import TRUTH, made_up_panel

pytestmark = pytest.mark.slow
RUNS = 10


def test_ninety_per_cent_intervals_hold_the_truth() -> None:
    """Over ten made-up panels, 90 % intervals hold the known links about nine times in ten."""
    held = []
    for seed in range(RUNS):
        sampler = SamplerConfig(seed=seed, draws=500)
        tree = sample(build_response_model(made_up_panel(8, seed)), sampler, progress=False)
        posterior = tree["posterior"].to_dataset().stack(sample=("chain", "draw"))
        for name, truth in TRUTH.items():
            lo, hi = posterior[name].quantile([0.05, 0.95], dim="sample").values
            held.append(bool(lo <= truth <= hi))
    assert 0.8 <= np.mean(held) <= 0.98


def test_a_long_panel_is_sampled_well() -> None:
    """Eleven Parliaments, as many as the record has, pass the gates of convergence."""
    tree = sample(build_response_model(made_up_panel(11, 99)), SamplerConfig(seed=1), progress=False)
    assert is_good(diagnose(tree))
