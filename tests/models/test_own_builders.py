"""Builders of the user's in the chain: real tables, draws from priors in place of fits."""

from dataclasses import replace
from functools import partial
from typing import Any

import preliz as pz
import pymc as pm
import pytest

from data.errors import BadInput
from models import Forecast, PollPriors, backtest, build_poll_model, stages
from models.own_builders import forecast_with
from models.panel import PollPanel
from tests.models.every_model import from_prior
from tests.models.test_makers import CONFIG, DATES, same


@pytest.fixture(autouse=True, scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Home of all tests here, so that what is not built by the user is drawn once; stages take draws from priors."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stages, "fit", from_prior)
        patch.setenv("SELECTORATE_HOME", str(tmp_path_factory.mktemp("home")))
        yield


def test_a_builder_for_no_stage_is_refused() -> None:
    """A stage that there is not is named with those that there are."""
    with pytest.raises(BadInput, match=r'No stage "poll"\. Available: leaders, mps, response, polls'):
        forecast_with({"poll": lambda data, priors: None}, *DATES, seed=1)


def test_builders_of_one_file_do_not_share_fits() -> None:
    """Builders made by one function, which differ in a number it was given, are fitted each for itself."""

    def made(mu: float) -> Forecast:
        def build(panel: PollPanel, *, priors: PollPriors) -> pm.Model:
            return build_poll_model(panel, priors=replace(priors, drift=pz.LogNormal(mu, 0.1)))

        return forecast_with({"polls": build}, *DATES, seed=1, config=CONFIG, progress=False)

    assert same(made(-6.0), made(-6.0))
    assert not same(made(-6.0), made(-3.0))


def test_builders_need_no_file() -> None:
    """A function typed into a notebook, one with an argument filled in, and an object that can be called will do."""
    text = "def typed(panel, *, priors, mu=-6.0):\n    return build(panel, priors, mu)\n"

    def build(panel: PollPanel, priors: PollPriors, mu: float) -> pm.Model:
        return build_poll_model(panel, priors=replace(priors, drift=pz.LogNormal(mu, 0.1)))

    class Called:
        def __call__(self, panel: PollPanel, *, priors: PollPriors) -> pm.Model:
            return build(panel, priors, -6.0)

    names: dict[str, Any] = {"build": build, "__name__": "__main__"}
    exec(compile(text, "<cell 1>", "exec"), names)
    whats = (names["typed"], partial(names["typed"], mu=-6.0), Called())
    one, two, three = (forecast_with({"polls": what}, *DATES, seed=1, config=CONFIG, progress=False) for what in whats)
    assert same(one, two)
    assert same(two, three)
    assert one.manifest.priors["polls"]["builder"] == two.manifest.priors["polls"]["builder"] == "__main__:typed"
    assert three.manifest.priors["polls"]["builder"].endswith("Called")


def test_a_builder_that_is_never_called_is_refused() -> None:
    """Without polls there is no stage of polls to build."""
    with pytest.raises(BadInput, match="would never be called"):
        forecast_with({"polls": build_poll_model}, *DATES, seed=1, config=replace(CONFIG, polls=False))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"lead_days": 0}, "lead_days holds 0; a forecast is made one day before"),
        ({"lead_days": [30, -5]}, "lead_days holds -5"),
        ({"lead_days": 1, "variants": "best"}, 'No variant "best"'),
    ],
)
def test_a_backtest_that_cannot_be_is_refused(words: dict[str, Any], sentence: str) -> None:
    """A forecast on polling day or after it, and a single name that is none, are refused before anything is fitted."""
    with pytest.raises(BadInput, match=sentence):
        backtest(DATES[1], progress=False, **words)
