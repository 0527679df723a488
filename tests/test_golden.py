import json

import numpy as np
import pytest

from models.fit import SamplerConfig, sample
from tests.golden.make import KEPT, STAGES, figures

pytestmark = pytest.mark.slow
ERRORS = 4.0
WORSE = 6.0
"""How many times its Monte Carlo error may be that of the kept figure: twice, as draws are a quarter, and room for
chance. More, and the model has stopped mixing, so that nothing could be told from the figure."""
SAMPLER = SamplerConfig(draws=2000, tune=1000, target_accept=0.95, seed=20261130)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("stage", STAGES)
def test_posteriors_are_what_they_were(stage: str) -> None:
    """Means, spreads and quantiles lie within four Monte Carlo errors of those written down (tests/golden/make.py)."""
    now = figures(sample(STAGES[stage](), SAMPLER, progress=False)["posterior"].to_dataset())
    then = json.loads(KEPT.read_text(encoding="utf-8"))[stage]
    assert then.keys() == now.keys()
    moved = {}
    for name, figure in now.items():
        for label, numbers in figure.items():
            value, error = np.reshape(numbers, (-1, 2)).T
            before, before_error = np.reshape(then[name][label], (-1, 2)).T
            away = np.abs(value - before) / np.hypot(error, before_error)
            if not (away.max() <= ERRORS and (error <= WORSE * before_error).all()):  # so that NaN fails as well
                moved[f"{name} {label}"] = (round(float(away.max()), 1), round(float((error / before_error).max()), 1))
    assert moved == {}, "in errors, and how many times the error is the kept one's"
