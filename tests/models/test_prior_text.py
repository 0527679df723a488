"""Priors written down and read back: nothing lost, nothing run."""

from pathlib import Path

import numpy as np
import preliz as pz
import pymc as pm
import pytest
from preliz.distributions.distributions import Distribution

from data.errors import BadInput
from models import stages
from models.config import ChainConfig
from models.fit import SamplerConfig
from models.graph_hash import model_fingerprint
from models.prior_text import describe_priors, prior_text, read_prior
from models.priors import PollPriors

SCALARS = [
    kind
    for kind in vars(pz.distributions).values()
    if isinstance(kind, type) and issubclass(kind, Distribution) and kind.__module__.startswith("preliz")
]
NESTED = {"Truncated", "Censored", "Hurdle", "Mixture", "Categorical"}


@pytest.mark.parametrize("kind", [kind for kind in SCALARS if kind.__name__ not in NESTED], ids=lambda k: k.__name__)
def test_every_distribution_comes_back(kind: type[Distribution]) -> None:
    """With parameters of many digits and of few, each of the same value and type for PyMC."""
    for value in (0.5 + 1e-15, 0.5):
        prior = kind(**dict.fromkeys(kind().param_names, value))
        again = read_prior(prior_text(prior))
        assert isinstance(again, kind)
        assert again.params_dict == prior.params_dict
        assert list(map(type, again.params)) == list(map(type, prior.params))


def graph(prior: Distribution | float) -> str:
    """Hash of a model of this prior alone."""
    assert isinstance(prior, Distribution)
    with pm.Model() as model:
        prior.to_pymc("x")
    return model_fingerprint(model)


def test_our_priors_are_what_they_were() -> None:
    """Read back, each of ours makes the same graph, to the type of its constants."""
    for stage, priors in ChainConfig().priors().items():
        for name, text in describe_priors(priors).items():
            prior = getattr(priors, name)
            if isinstance(prior, Distribution):
                assert graph(read_prior(text)) == graph(prior), f"{stage} {name}"


@pytest.mark.parametrize("given", [pz.Normal(0, 3), pz.Normal(np.float64(0.0), np.float32(3.0)), pz.Normal(0.0, 3.0)])
def test_what_is_fitted_is_what_is_written_down(
    given: Distribution, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Priors of one text make one model, whatever types of numbers they were given."""
    built: list[PollPriors] = []

    def build(data: object, *, priors: PollPriors) -> pm.Model:
        built.append(priors)
        raise NotImplementedError

    monkeypatch.setenv("SELECTORATE_HOME", str(tmp_path))
    with pytest.raises(NotImplementedError):
        stages.fit_stage("polls", 1, build, PollPriors(alignment=given), SamplerConfig())
    assert graph(built[0].alignment) == graph(pz.Normal(mu=0.0, sigma=3.0))


@pytest.mark.parametrize(
    "prior",
    [
        pz.Normal(mu=0.0, tau=2.5),
        pz.Beta(mu=0.3, nu=7.7),
        pz.Truncated(pz.Normal(0.0, 0.41835), lower=0.0),
        pz.Truncated(pz.Normal(0.0, tau=2.5), lower=0.0),
        pz.Truncated(pz.StudentT(4.0, 0.0, lam=3.0), lower=0.0),
        pz.Censored(pz.HalfNormal(tau=7.0), upper=1.0),
        pz.Censored(pz.Normal(0.0, 1.1), lower=-1.0),
        pz.Hurdle(pz.Poisson(3.3), psi=0.3),
        pz.Mixture([pz.Normal(0.0, 1.0), pz.Normal(mu=2.0, tau=3.0)], [0.3, 0.7]),
        pz.Categorical(p=[0.2, 0.8]),
    ],
    ids=prior_text,
)
def test_what_is_made_of_others_comes_back(prior: Distribution) -> None:
    """Truncated, censored, mixed, and by other parameters than the usual ones."""
    assert prior_text(read_prior(prior_text(prior))) == prior_text(prior)


@pytest.mark.parametrize("given", [pz.Normal(mu=0.0), pz.Dirichlet([1.0, 2.0]), "0.1", None])
def test_what_is_no_prior_is_not_written_down(given: object) -> None:
    """A distribution that lacks a parameter, one of several numbers, and what is neither prior nor number."""
    with pytest.raises(BadInput, match="cannot be a prior"):
        prior_text(given)  # type: ignore[arg-type]


def test_numbers_come_back() -> None:
    """A number held fixed is a number."""
    assert read_prior("6.0") == 6.0
    assert read_prior(prior_text(-1e-300)) == -1e-300
    assert prior_text(np.float64(6.0)) == prior_text(6) == "6.0"


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')",
        "pz.Normal(mu=0.0, sigma=1.0)",
        "Normal(0.0, 1.0)",
        "Normal()",
        "Normal(mu=0.0, sigma=open('x'))",
        "Normal(mu=0.0, sigma=1.0, mu=0.0)",
        "Distribution()",
        "plot_pdf()",
        "[1.0]",
        "True",
        "nan",
        "(" * 500,
        "-" * 100_000 + "1",
        "9" * 5000,
        "1" + "0" * 400,
        "Normal(mu=0.0, tau=0.0)",
        "Exponential(scale=0.0)",
        "Mine(mu=0.0, sigma=1.0)",
        "",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    """Calls, names and positions that ``prior_text`` never writes."""
    with pytest.raises(BadInput, match="cannot be a prior"):
        read_prior(text)
