"""Settings put together again from a manifest."""

from dataclasses import asdict, replace

import pytest

from data.errors import DamagedArtefact
from models.config import STAGES, ChainConfig
from models.remake import Recipe, settings
from tests.models.test_makers import CONFIG
from tests.views.synthetic import manifest

SEED = 3


def recipe(**changed: object) -> Recipe:
    """What a manifest says of a forecast with few draws, some settings of one of its samplers changed."""
    samplers = {stage: asdict(sampler) for stage, sampler in CONFIG.samplers(SEED).items()}
    samplers["votes"] = {**samplers["votes"], **changed}
    told = {"samplers": samplers, "priors": ChainConfig().described_priors(), "n_polls": 1}
    return Recipe(manifest().model_copy(update=told), "", 50, None)


def test_samplers_come_back_as_they_were() -> None:
    """Every setting of every stage's sampler is that of the manifest."""
    assert settings(recipe(), "full").samplers(SEED) == CONFIG.samplers(SEED)


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
        settings(recipe(**changed), "full")
    assert f"sampler of the stage votes cannot be used ({sentence}" in str(refused.value)
    assert str(refused.value).endswith("Give the manifest as it was stored.")


def test_a_stage_without_a_sampler_is_refused() -> None:
    """Each stage of this version needs a sampler of its own."""
    whole = recipe()
    for stage in STAGES:
        left = {name: told for name, told in whole.manifest.samplers.items() if name != stage}
        with pytest.raises(DamagedArtefact, match=rf"sampler of the stage {stage} cannot be used \(draws: Field requ"):
            settings(replace(whole, manifest=whole.manifest.model_copy(update={"samplers": left})), "full")
