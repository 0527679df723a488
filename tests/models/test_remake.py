"""Settings put together again from a manifest."""

from dataclasses import asdict, replace
from typing import Any

import preliz as pz
import pytest

from data.errors import DamagedArtefact
from models.config import STAGES, ChainConfig
from models.priors import PollPriors
from models.remake import Recipe, settings
from models.variants import VARIANTS
from tests.models.test_makers import CONFIG
from tests.views.synthetic import manifest

SEED = 3


def described(config: ChainConfig) -> dict[str, Any]:
    """What a manifest holds of settings."""
    return {
        "samplers": {stage: asdict(sampler) for stage, sampler in config.samplers(SEED).items()},
        "priors": config.described_priors(),
        "n_polls": int(config.polls),
        "campaign_pace": config.campaign_pace,
        "leave_one_out": config.leave_one_out,
    }


def recipe(**changed: object) -> Recipe:
    """What a manifest says of a forecast with few draws, some settings of one of its samplers changed."""
    told = described(CONFIG)
    told["samplers"]["votes"] |= changed
    return Recipe(manifest().model_copy(update=told), "", 50, None)


def test_settings_come_back_as_they_were() -> None:
    """Priors to the last digit, campaign pace and all else that a run can be told, for every variant of ours."""
    mine = replace(ChainConfig(), poll_priors=PollPriors(drift=pz.Truncated(pz.Normal(0.0, 0.0150001), lower=0.0)))
    for config in (mine, *(made() for made in VARIANTS)):
        again = settings(Recipe(manifest().model_copy(update=described(config)), "", config.draws, None))
        assert described(again) == described(config)
        assert (again.draws, again.polls) == (config.draws, config.polls)


@pytest.mark.parametrize(
    ("stage", "changed", "sentence"),
    [
        ("polls", {"drift": "open('x')"}, "stage polls cannot be used .*cannot be a prior"),
        ("polls", {"drift": "0.015"}, "cannot be the prior drift of PollPriors"),
        ("polls", {"tail": "Normal(mu=0.0, sigma=1.0)"}, "cannot be the prior tail of PollPriors"),
        ("votes", {"drfit": "0.015"}, '"drfit" of VotePriors is missing or unknown'),
    ],
)
def test_priors_that_cannot_be_are_refused(stage: str, changed: dict[str, str], sentence: str) -> None:
    """What is no prior, stands in another's place or has an unknown name ends in a sentence; nothing is run."""
    whole = recipe()
    told = {**whole.manifest.priors, stage: whole.manifest.priors[stage] | changed}
    with pytest.raises(DamagedArtefact, match=sentence):
        settings(replace(whole, manifest=whole.manifest.model_copy(update={"priors": told})))


def test_samplers_come_back_as_they_were() -> None:
    """Every setting of every stage's sampler is that of the manifest."""
    assert settings(recipe()).samplers(SEED) == CONFIG.samplers(SEED)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"draws": 10**9}, "draws: Input should be less than or equal to 1000000"),
        ({"draws": "60"}, "draws: Input should be a valid integer"),
        ({"draws": True}, "draws: Input should be a valid integer"),
        ({"tune": -1}, "tune: Input should be greater than or equal to 0"),
        ({"chains": 5000}, "chains: Input should be less than or equal to 100"),
        ({"target_accept": 1.0}, "target_accept: Input should be less than 1"),
        ({"target_accept": float("nan")}, "target_accept: Input should be "),
        ({"sampler": "stan"}, "sampler: Input should be 'nutpie' or 'pymc'"),
        ({"cores": 2}, "cores: Extra inputs are not permitted"),
    ],
)
def test_samplers_that_cannot_be_are_refused(changed: dict[str, object], sentence: str) -> None:
    """Settings of another type or size than a sampler has are named with their stage, before anything is fitted."""
    with pytest.raises(DamagedArtefact) as refused:
        settings(recipe(**changed))
    assert f"sampler of the stage votes cannot be used ({sentence}" in str(refused.value)
    assert str(refused.value).endswith("Give the manifest as it was stored.")


def test_a_stage_without_a_sampler_is_refused() -> None:
    """Each stage of this version needs a sampler of its own."""
    whole = recipe()
    for stage in STAGES:
        left = {name: told for name, told in whole.manifest.samplers.items() if name != stage}
        with pytest.raises(DamagedArtefact, match=rf"sampler of the stage {stage} cannot be used \(draws: Field requ"):
            settings(replace(whole, manifest=whole.manifest.model_copy(update={"samplers": left})))
