"""Priors written down and read back: nothing lost, nothing run."""

import preliz as pz
import pytest
from preliz.distributions.distributions import Distribution

from data.errors import DamagedArtefact
from models.prior_text import prior_text, read_prior

SCALARS = [
    kind
    for kind in vars(pz.distributions).values()
    if isinstance(kind, type) and issubclass(kind, Distribution) and kind.__module__.startswith("preliz")
]
NESTED = {"Truncated", "Censored", "Hurdle", "Mixture", "Categorical"}


@pytest.mark.parametrize("kind", [kind for kind in SCALARS if kind.__name__ not in NESTED], ids=lambda k: k.__name__)
def test_every_distribution_comes_back(kind: type[Distribution]) -> None:
    """With parameters of many digits, and the same parameters for PyMC."""
    prior = kind(**dict.fromkeys(kind().param_names, 0.5 + 1e-15))
    again = read_prior(prior_text(prior))
    assert isinstance(again, kind)
    assert again.params_dict == prior.params_dict


@pytest.mark.parametrize(
    "prior",
    [
        pz.Normal(mu=0.0, tau=2.5),
        pz.Beta(mu=0.3, nu=7.7),
        pz.Truncated(pz.Normal(0.0, 0.41835), lower=0.0),
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


def test_numbers_come_back() -> None:
    """A number held fixed is a number."""
    assert read_prior("6.0") == 6.0
    assert read_prior(prior_text(-1e-300)) == -1e-300


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
        "",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    """Calls, names and positions that ``prior_text`` never writes."""
    with pytest.raises(DamagedArtefact, match="is no prior as a manifest has them"):
        read_prior(text)
