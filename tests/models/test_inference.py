import json
import logging
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import arviz as az
import matplotlib as mpl
import numpy as np
import preliz as pz
import pymc as pm
import pytensor
import pytest
import xarray as xr
from scipy.stats import norm

from data.errors import BadInput
from models import PollPriors, SamplerConfig, build_poll_model, fit, inference
from models.graph_hash import model_fingerprint
from models.inference import NotConverged
from models.leader_record import leader_record
from models.polls import draw_houses
from tests.models.every_model import MODELS, from_prior, known
from tests.models.made_up_polls import THREE, made_up

SHORT = SamplerConfig(draws=40, tune=40)
GROUPS = {
    "posterior",
    "sample_stats",
    "observed_data",
    "constant_data",
    "prior",
    "log_prior",
    "log_likelihood",
    "provenance",
}
UNDRAWN = {"seats": ("seats", "ireland")}
"""Likelihoods that are sums, from which no data can be drawn."""


@pytest.fixture(autouse=True)
def no_window() -> Iterator[None]:
    """Draw into memory, and forget the pictures afterwards."""
    import matplotlib.pyplot as plt

    mpl.use("agg")
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def trees() -> dict[str, xr.DataTree]:
    """Results by model, each made when it is first asked for."""
    return {}


def result(name: str, trees: dict[str, xr.DataTree], monkeypatch: pytest.MonkeyPatch) -> xr.DataTree:
    """All that ``fit`` gives for a model, the prior standing in for its posterior."""
    if name not in trees:
        monkeypatch.setattr(inference, "sample", from_prior)
        trees[name] = fit(MODELS[name](), sampler=SHORT, seed=3, progress=False, allow_unconverged=True)
    return trees[name]


@pytest.mark.parametrize("name", MODELS)
def test_every_model_has_every_group(
    name: str, trees: dict[str, xr.DataTree], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No group is missing but what cannot be drawn, which is said; and the tree can be written."""
    tree = result(name, trees, monkeypatch)
    assert set(tree.children) >= GROUPS
    told = tree["provenance"].attrs["left_out"]
    drawn = set(tree["posterior_predictive"].data_vars) if "posterior_predictive" in tree.children else set()
    assert set(tree["log_likelihood"].data_vars) == drawn | set(UNDRAWN.get(name, ()))
    assert all(f'"{one}"' in told for one in UNDRAWN.get(name, ()))
    for one in drawn:
        assert np.isfinite(tree["posterior_predictive"][one].values).all()
    tree.to_netcdf(tmp_path / "tree.nc", engine="h5netcdf")


@pytest.mark.parametrize("name", MODELS)
def test_readings_sum_to_the_likelihood(
    name: str, trees: dict[str, xr.DataTree], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The terms of every potential add up to its value in the model, draw by draw."""
    tree, model = result(name, trees, monkeypatch), MODELS[name]()
    posterior = tree["posterior"].to_dataset().isel(chain=1)
    for potential in model.potentials:
        value = pytensor.function(list(model.free_RVs), potential, mode="FAST_COMPILE", on_unused_input="ignore")
        terms = tree["log_likelihood"][potential.name].isel(chain=1).values
        for draw in (0, 17):
            given = [posterior[v.name].transpose("draw", ...).values[draw] for v in model.free_RVs]
            assert terms[draw].sum() == pytest.approx(float(value(*given)), rel=1e-9)


@pytest.mark.parametrize("name", MODELS)
def test_arviz_reads_every_result(name: str, trees: dict[str, xr.DataTree], monkeypatch: pytest.MonkeyPatch) -> None:
    """Summary, LOO, sensitivity to priors, PIT of the predictions and traces work on it as on any other."""
    tree = result(name, trees, monkeypatch)
    first = [v.name for v in MODELS[name]().free_RVs][:2]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # forty draws of a prior make every estimate doubtful
        assert len(az.summary(tree, var_names=first)) >= 2
        assert set(az.psense_summary(tree, var_names=first).columns) >= {"prior", "likelihood"}
        for term, values in tree["log_likelihood"].data_vars.items():
            assert az.loo(tree, var_name=term).n_data_points == values[0, 0].size
        assert az.plot_trace_dist(tree, var_names=first) is not None
        if "posterior_predictive" in tree.children:
            assert az.plot_ppc_pit(tree) is not None


@pytest.mark.parametrize("name", MODELS)
def test_every_model_has_a_picture(name: str) -> None:
    """The graph of a model can be drawn, and names every free variable."""
    pytest.importorskip("graphviz", reason="the Python package graphviz is not installed")
    model = MODELS[name]()
    source = pm.model_to_graphviz(model).source
    assert all(variable.name in source for variable in model.free_RVs)


@pytest.mark.parametrize("name", ["polls", "leaders", "contest"])
def test_what_is_drawn_is_what_was_foretold(name: str) -> None:
    """The density of each reading is the normal one of the draws made in its place, at one set of parameters."""
    model = MODELS[name]()
    tree = from_prior(model, replace(SHORT, draws=2, chains=1, seed=8))
    posterior = tree["posterior"].to_dataset()
    same = posterior.isel(draw=[0] * 4000).assign_coords(draw=np.arange(4000))
    tree = xr.DataTree.from_dict({"posterior": same})
    (term,) = (p.name for p in model.potentials)
    assert inference._add_potentials(tree, model, [term], seed=1) == []
    drawn = tree["posterior_predictive"][term].values[0]
    observed = tree["observed_data"][term].values
    told = norm(drawn.mean(axis=0), drawn.std(axis=0)).logpdf(observed)
    found = tree["log_likelihood"][term].values[0, 0]
    away = (observed - drawn.mean(axis=0)) / drawn.std(axis=0)
    # A mean of 4,000 draws is off by 0.016 sd, and the sd by 1.1 %: five of each.
    assert (np.abs(told - found) < 0.08 * (1.0 + np.abs(away) + away**2)).all()


def test_readings_observed_are_those_of_the_record(
    trees: dict[str, xr.DataTree], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Observed ratings are those printed, not what is left of them once their question is taken off."""
    tree = result("leaders", trees, monkeypatch)
    assert np.array_equal(tree["observed_data"]["ratings"].values, leader_record(known(1990)).net)


def test_polls_are_foretold_by_the_polls_before_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Terms of the polls are those of one multivariate normal of all readings, written out in full."""
    from models.drift import drift_covariance, drift_root

    panel = made_up(12, 2, THREE, {"A": 0.1, "B": -0.1})
    monkeypatch.setattr(inference, "sample", from_prior)
    tree = fit(
        build_poll_model(panel), sampler=replace(SHORT, draws=2, chains=1), progress=False, allow_unconverged=True
    )
    point = {str(name): values.values[0, 0] for name, values in tree["posterior"].data_vars.items()}
    time, n = panel.time, panel.n_polls
    passed = panel.step.cumsum()[np.minimum.outer(time, time)]
    walk = drift_covariance(point["drift"], drift_root(point["drift"], point["alignment"])[0])
    cov = np.kron(passed, walk) + np.kron(np.ones((n, n)), panel.start_cov)
    spread = point["tail"][:, None] * (panel.variance + point["noise"] ** 2)
    cov += np.diag(spread.ravel())
    house = draw_houses(panel, tree).values[0][:, panel.pollster].T
    root = np.linalg.cholesky(cov)
    away = (panel.log_odds - house - panel.start_mean).ravel()
    step = np.linalg.solve(root, away)
    told = norm.logpdf(step) - np.log(np.diag(root))
    assert told.size == n * len(panel.parties) == 48
    assert tree["log_likelihood"]["polls"].values[0, 0] == pytest.approx(told)
    assert str(tree["log_likelihood"]["polls_reading"].values[1]) == f"{panel.poll_ids[0]} {panel.parties[1]}"


def plain_model() -> pm.Model:
    """A model that is none of ours, with a potential that is none of our likelihoods."""
    rng = np.random.default_rng(4)
    with pm.Model(coords={"row": range(50)}) as model:
        x = pm.Data("x", rng.normal(size=50), dims="row")
        slope, sigma = pm.Normal("slope"), pm.HalfNormal("sigma")
        pm.Potential("soft", -0.5 * (slope - 1.0) ** 2)
        pm.Normal("y", slope * x, sigma, observed=1.3 * x.get_value() + rng.normal(size=50), dims="row")
    return model


def test_a_model_of_the_users_own_is_fitted(caplog: pytest.LogCaptureFixture) -> None:
    """A plain model is sampled, passes its gates and has all groups; what made it is written beside it."""
    with caplog.at_level(logging.INFO):
        tree = fit(plain_model(), seed=11, sampler=SamplerConfig(draws=500, tune=500), progress=False)
    assert set(tree.children) >= {*GROUPS, "posterior_predictive", "prior_predictive"}
    assert float(tree["posterior"]["slope"].mean()) == pytest.approx(1.3, abs=0.4)
    assert tree["constant_data"]["x"].dims == tree["log_likelihood"]["y"].dims[2:] == ("row",)
    told = tree["provenance"].attrs
    assert (told["seed"], json.loads(told["sampler"])["draws"], told["converged"]) == (11, 500, "True")
    assert json.loads(told["packages"])["pymc"] == pm.__version__
    assert '"soft" is not named in likelihoods, so it counts as prior' in told["left_out"]
    soft = -0.5 * (tree["posterior"]["slope"].values - 1.0) ** 2
    assert tree["log_prior"]["soft"].values == pytest.approx(soft)
    assert "Sampling:" not in caplog.text


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("sampler", ["nutpie", "pymc"])
@pytest.mark.parametrize("name", MODELS)
def test_samplers_give_what_the_rest_needs(name: str, sampler: Literal["nutpie", "pymc"]) -> None:
    """With real draws, by either sampler, every model has every group."""
    settings = replace(SHORT, sampler=sampler, target_accept=0.95)
    tree = fit(MODELS[name](), sampler=settings, progress=False, allow_unconverged=True)
    assert set(tree.children) >= GROUPS
    assert tree["log_likelihood"].sizes["draw"] == tree["posterior"].sizes["draw"] == SHORT.draws


def test_a_fit_that_fails_is_refused_with_what_was_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty draws cannot have an effective 400; the sentence says so, and the draws are not lost."""
    monkeypatch.setattr(inference, "sample", from_prior)
    with pytest.raises(NotConverged, match=r"bulk ESS is .* or pass allow_unconverged=True") as caught:
        fit(plain_model(), sampler=SHORT, progress=False)
    assert caught.value.tree["posterior"].sizes["draw"] == 40
    told = fit(plain_model(), sampler=SHORT, progress=False, allow_unconverged=True)["provenance"].attrs
    assert told["converged"] == "False"
    assert "bulk ESS" in told["verdict"]


def test_one_chain_is_said_to_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """No figure of convergence is named that one chain cannot have."""
    monkeypatch.setattr(inference, "sample", from_prior)
    with pytest.raises(NotConverged, match=r"there is one, .* chains=2 or more"):
        fit(plain_model(), sampler=replace(SHORT, chains=1), progress=False)


def test_what_cannot_be_sampled_is_refused_in_a_sentence() -> None:
    """A discrete variable under nutpie, no variable at all and a likelihood that there is not end before compiling."""
    with pm.Model() as discrete:
        pm.Normal("y", pm.Bernoulli("side", 0.5), 1.0, observed=[0.0, 1.0])
    with pytest.raises(BadInput, match=r'"side" is discrete.*sampler="pymc"'):
        fit(discrete, progress=False)
    with pm.Model() as fixed:
        pm.Normal("y", 0.0, 1.0, observed=[0.0, 1.0])
    with pytest.raises(BadInput, match="nothing to sample"):
        fit(fixed, progress=False)
    with pytest.raises(BadInput, match=r'No potential "sotf".*The model has: soft'):
        fit(plain_model(), likelihoods=["sotf"], progress=False)


def test_parts_can_be_left_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without prior and predictive there is nothing but the fit and what it was made from."""
    monkeypatch.setattr(inference, "sample", from_prior)
    tree = fit(plain_model(), sampler=SHORT, progress=False, prior=False, predictive=False, allow_unconverged=True)
    assert set(tree.children) == {"posterior", "sample_stats", "observed_data", "constant_data", "provenance"}


def test_one_prior_is_replaced_and_no_other() -> None:
    """Another prior on movement changes that variable's distribution in the graph and leaves the rest as it was."""
    panel = made_up(5, 2, THREE, {"A": 0.1, "B": -0.1})
    usual = build_poll_model(panel)
    changed = build_poll_model(panel, priors=replace(PollPriors(), drift=pz.HalfNormal(0.02)))

    def kinds(model: pm.Model) -> dict[str, str]:
        return {v.name: type(v.owner.op).__name__ for v in model.free_RVs}

    before, after = kinds(usual), kinds(changed)
    assert {name for name in before if before[name] != after[name]} == {"drift"}
    assert model_fingerprint(usual) != model_fingerprint(changed)
    assert model_fingerprint(usual) == model_fingerprint(build_poll_model(panel))


def test_fingerprints_tell_models_apart() -> None:
    """The same numbers in another distribution, or taken the other way round, are another model."""

    def made(prior: type[pm.Distribution], sign: float = 1.0) -> str:
        with pm.Model() as model:
            scale, given = prior("scale", 0.5), pm.Data("given", np.arange(3.0))
            pm.Normal("y", scale - given if sign > 0 else given - scale, 1.0, observed=np.ones(3))
        return model_fingerprint(model)

    assert made(pm.HalfCauchy) == made(pm.HalfCauchy)
    assert len({made(pm.HalfCauchy), made(pm.Exponential), made(pm.HalfNormal), made(pm.HalfNormal, -1.0)}) == 4
