import numpy as np
import pytest
import xarray as xr

from models.fit import SamplerConfig, diagnose, is_good, sample
from models.history import CHANNELS
from models.priors import VotePriors
from models.synthetic import TRUTH, synthetic_history
from models.votes import build_votes_model

pytestmark = pytest.mark.slow
RUNS = 12
LINKS = ("beta_favourability", "beta_margin", "beta_office", "campaign_established", "campaign_newer", "airtime")


@pytest.fixture(scope="module")
def long_record() -> xr.Dataset:
    """Posterior of a record of sixty elections with leaders and MPs in all of them, four times what history has."""
    tree = sample(build_votes_model(synthetic_history(60, seed=7)), SamplerConfig(seed=7, draws=1000), progress=False)
    return tree["posterior"].to_dataset().stack(sample=("chain", "draw"))


@pytest.mark.timeout(1800)
def test_ninety_per_cent_intervals_hold_the_truth() -> None:
    """Over a dozen synthetic records, 90 % intervals hold the known truth about nine times in ten."""
    held: dict[str, list[bool]] = {name: [] for name in TRUTH}
    for seed in range(RUNS):
        tree = sample(
            build_votes_model(synthetic_history(18, seed)), SamplerConfig(seed=seed, draws=500), progress=False
        )
        posterior = tree["posterior"].to_dataset().stack(sample=("chain", "draw"))
        for name, truth in TRUTH.items():
            lo, hi = posterior[name].quantile([0.05, 0.95], dim="sample").values
            held[name] += np.atleast_1d((lo <= truth) & (truth <= hi)).tolist()
    assert 0.8 <= np.mean([inside for found in held.values() for inside in found]) <= 0.98
    # Each by itself, with room for chance: links and the return of campaigns must not hide behind the many channels.
    assert {name: np.mean(found) for name, found in held.items() if np.mean(found) < 0.65} == {}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", LINKS)
def test_a_long_record_tells_each_link(long_record: xr.Dataset, name: str) -> None:
    """Leaders, MPs, office and the campaign's return are found near the truth, and the record says more than priors."""
    truth = TRUTH[name.removesuffix("_established").removesuffix("_newer")]
    prior = getattr(VotePriors(), name.removesuffix("_established"))
    draws = long_record[name].values
    assert abs(draws.mean() - truth) < 3.0 * draws.std()
    assert draws.std() < 0.7 * float(prior.std())


@pytest.mark.timeout(600)
def test_a_complete_record_is_sampled_well() -> None:
    """Eighteen elections with all channels pass the gates of convergence."""
    tree = sample(build_votes_model(synthetic_history(18, 99)), SamplerConfig(seed=1, draws=2000), progress=False)
    assert tree["posterior"].sizes["channel"] == len(CHANNELS)
    assert is_good(diagnose(tree))
