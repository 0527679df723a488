import numpy as np
import pytest

from models.fit import SamplerConfig, diagnose, fit, is_good
from models.history import CHANNELS
from models.synthetic import TRUTH, synthetic_history
from models.votes import build_votes_model

pytestmark = pytest.mark.slow
RUNS = 12


def test_ninety_per_cent_intervals_hold_the_truth() -> None:
    """Over a dozen synthetic records, 90 % intervals hold the known truth about nine times in ten."""
    held = []
    for seed in range(RUNS):
        tree = fit(build_votes_model(synthetic_history(18, seed)), SamplerConfig(seed=seed, draws=500), progress=False)
        posterior = tree["posterior"].to_dataset().stack(sample=("chain", "draw"))
        for name, truth in TRUTH.items():
            draws = posterior[name]
            lo, hi = draws.quantile([0.05, 0.95], dim="sample").values
            held += np.atleast_1d((lo <= truth) & (truth <= hi)).tolist()
    assert 0.8 <= np.mean(held) <= 0.98


def test_a_complete_record_is_sampled_well() -> None:
    """Eighteen elections with all channels pass the gates of convergence."""
    tree = fit(build_votes_model(synthetic_history(18, 99)), SamplerConfig(seed=1, draws=2000), progress=False)
    assert tree["posterior"].sizes["channel"] == len(CHANNELS)
    assert is_good(diagnose(tree))
