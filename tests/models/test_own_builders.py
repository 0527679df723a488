"""Builders of the user's in the chain: real tables, draws from priors in place of fits."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import preliz as pz
import pymc as pm
import pytest
import xarray as xr

from data import load_evidence
from data.errors import BadInput
from models import Forecast, PollPriors, backtest, build_poll_model, stages
from models.config import STAGES
from models.fit import SamplerConfig
from models.leader_record import leader_record
from models.leader_scale import scale_of
from models.mp_model import habits_of
from models.own_builders import READ, OwnRun, forecast_with
from models.panel import PollPanel
from models.priors import SeatPriors
from models.seat_base import seat_base
from models.swing import seat_parameters
from models.votes import arrival_state
from tests.models import made_up_swing
from tests.models.every_model import MODELS, from_prior, known
from tests.models.made_up_polls import THREE, made_up
from tests.models.test_makers import CONFIG, DATES, same
from tests.models.test_votes import posterior, standing


@pytest.fixture(autouse=True, scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Home of all tests here, so that what is not built by the user is drawn once; stages take draws from priors."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stages, "sample", from_prior)
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


FEW = SamplerConfig(chains=1, draws=100)


def few(stage: str) -> xr.Dataset:
    """Draws from the prior of one of our models on little data."""
    return from_prior(MODELS[stage](), FEW)["posterior"].to_dataset()


def seats_of(draws: xr.Dataset) -> Any:
    """What an election to come is like."""
    base = seat_base(load_evidence(own=False), date(2029, 5, 3), made_up_swing.PARTIES)
    return seat_parameters(draws, base, n_draws=2, seed=1)


READERS: dict[str, tuple[Callable[[], xr.Dataset], Callable[[xr.Dataset], Any]]] = {
    "leaders": (lambda: few("leaders"), lambda draws: scale_of(draws, leader_record(known(1990)))),
    "mps": (lambda: few("mps"), habits_of),
    "votes": (posterior, lambda draws: arrival_state(draws, standing(n_draws=2), seed=1)),
    "seats": (made_up_swing.posterior, seats_of),
}
"""Draws and reader of each stage whose variables are listed apart from it."""


@pytest.mark.parametrize("stage", READERS)
def test_what_is_listed_is_what_is_read(stage: str) -> None:
    """The reader of a stage needs the variables listed for it, each of them, and no other."""
    draws, read = READERS[stage][0](), READERS[stage][1]
    assert read(draws[list(READ[stage])]) is not None
    for name in READ[stage]:
        with pytest.raises(KeyError, match=name):
            read(draws.drop_vars(name))


def test_what_is_read_of_every_stage_is_listed_and_in_our_model() -> None:
    """No stage is without a list, and our own models pass for themselves."""
    assert READ.keys() == STAGES.keys()
    for stage in STAGES:
        names = {variable.name for variable in MODELS[stage]().unobserved_RVs}
        assert set(READ[stage]) <= names, stage


def test_a_model_that_lacks_what_is_read_is_refused_unsampled(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is missing, has other dims or other labels is named with its stage, and what to do."""
    monkeypatch.setattr(stages, "sample", lambda *_, **__: pytest.fail("sampled"))

    def build(panel: PollPanel, *, priors: PollPriors) -> pm.Model:
        ours = build_poll_model(panel, priors=priors)
        with pm.Model(coords={**ours.coords, "party": [name.upper() for name in panel.parties]}) as model:
            for variable in ours.free_RVs:
                if variable.name != "tail":
                    dims = ours.named_vars_to_dims[variable.name]
                    pm.Normal(variable.name, dims=None if variable.name == "alignment" else dims)
        return model

    panel = made_up(12, 3, THREE, {"A": 0.1, "B": -0.1})
    with pytest.raises(BadInput) as refused:
        OwnRun(1, False, (("polls", build),)).fit("polls", panel, build_poll_model, PollPriors(), FEW)
    told = str(refused.value)
    assert told.startswith(
        "The polls model that was built cannot stand in for ours: drift has other labels along (party)"
    )
    assert "alignment has the dims (), not (party_pair)" in told
    assert "tail is missing. Give it a random variable or pm.Deterministic of each name" in told


def test_a_builder_that_gives_no_model_is_refused() -> None:
    """A builder whose author forgot to return the model is told so."""
    with pytest.raises(BadInput, match=r"builder of the polls model gives a NoneType; it must give a pm\.Model"):
        forecast_with({"polls": lambda *_, **__: None}, *DATES, seed=1, config=CONFIG, progress=False)


def test_a_seat_model_needs_no_values_of_past_elections() -> None:
    """What is not kept of our model may be missing from another, which is fitted all the same."""

    def build(*_: Any, **__: Any) -> pm.Model:
        with pm.Model() as model:
            for name in READ["seats"]:
                pm.HalfNormal(name)
        return model

    run = OwnRun(1, False, (("seats", build),))
    tree = run.fit("seats", 0, build, SeatPriors(), FEW)
    assert set(tree["posterior"].data_vars) == set(READ["seats"])
