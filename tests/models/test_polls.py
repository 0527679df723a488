from typing import Any

import numpy as np
import preliz as pz
import pytensor
import pytest
import xarray as xr

from data import BadInput
from models.panel import PollPanel
from models.poll_kernel import poll_likelihood
from models.polls import build_poll_model, draw_houses, draw_paths, shares_summing_to_one
from models.prior_text import describe_priors
from models.priors import PollPriors
from tests.models.made_up_polls import THREE, UNTIL, made_up, poll, read


def posterior(found: PollPanel, draws: int, seed: int) -> xr.DataTree:
    """Draws of every variable near plausible values, made by hand."""
    rng = np.random.default_rng(seed)
    parties = len(found.parties)

    def around(value: float, *shape: int) -> tuple[list[str], np.ndarray[Any, Any]]:
        numbers = value * np.exp(0.1 * rng.normal(size=(1, draws, *shape)))
        return ["chain", "draw", *(f"d{n}" for n in shape)], numbers

    made = {
        "drift": around(0.01, parties),
        "alignment": around(0.1, parties * (parties - 1) // 2),
        "noise": around(0.03, parties),
        "house_spread": around(0.08, parties),
        "house_contrast": around(0.05, parties, len(found.pollsters) - 1),
        "tail": around(1.0, found.n_polls),
    }
    return xr.DataTree.from_dict({"posterior": xr.Dataset(made)})


def test_drawn_paths_are_shares_around_the_polls() -> None:
    """Every day of every draw sums to one, and the last day lies where the polls do."""
    level = {"con": 0.30, "lab": 0.35, "lib": 0.15, "ref": 0.12, "grn": 0.05}
    found = made_up(60, 2, level, {"A": 0.0, "B": 0.0, "C": 0.0})
    path = draw_paths(found, posterior(found, 50, 3), n_draws=80, seed=4)
    assert path.dims == ("draw", "date", "party")
    assert path.shape == (80, len(found.dates), len(found.parties))
    np.testing.assert_allclose(path.sum("party"), 1.0)
    np.testing.assert_allclose(path.isel(date=-1).mean("draw")[:5], list(level.values()), atol=0.02)
    assert path["date"].values[-1] == np.datetime64(UNTIL)


def test_sum_to_one_moves_what_is_least_certain() -> None:
    """A well known share stays where it is when the sum has to be mended; an unknown one takes the difference."""
    rng = np.random.default_rng(1)
    level = np.log(np.array([0.5, 0.3, 0.15]) / (1 - np.array([0.5, 0.3, 0.15])))
    log_odds = level + np.array([0.01, 0.01, 0.5]) * rng.normal(size=(500, 1, 3))
    share = shares_summing_to_one(log_odds)
    np.testing.assert_allclose(share.sum(axis=2), 1.0)
    np.testing.assert_allclose(share.mean(axis=(0, 1)), [0.5, 0.3, 0.2], atol=0.004)


def test_drawn_paths_depend_on_the_seed_alone() -> None:
    """The same seed gives the same bytes, another seed other paths."""
    found = made_up(30, 2, THREE, {"A": 0.0, "B": 0.0})
    tree = posterior(found, 20, 3)
    first, again, other = (draw_paths(found, tree, seed=seed) for seed in (1, 1, 2))
    assert first.identical(again)
    assert not np.array_equal(first, other)


def test_drawn_houses_sum_to_zero_and_carry_names() -> None:
    """House effects are given by pollster, and no draw leans as a whole."""
    found = made_up(30, 2, THREE, {"A": 0.0, "B": 0.0, "C": 0.0})
    house = draw_houses(found, posterior(found, 20, 3))
    assert house["pollster"].values.tolist() == ["A", "B", "C"]
    np.testing.assert_allclose(house.sum("pollster"), 0.0, atol=1e-12)


def log_density(found: PollPanel, priors: PollPriors) -> tuple[float, float]:
    """Log density of the model at its starting point, and the same put together by hand from PreliZ and the kernel."""
    model = build_poll_model(found, priors=priors)
    start = model.initial_point()
    mode = pytensor.compile.mode.Mode(linker="py", optimizer=None)
    value = float(model.compile_logp(jacobian=False, mode=mode)(start))
    drift, noise, spread = (np.exp(start[f"{name}_log__"]) for name in ("drift", "noise", "house_spread"))
    tail, alignment, contrast = np.exp(start["tail_log__"]), start["alignment"], start["house_contrast"]
    scale = np.where(found.centred > 0, spread[:, None], 1.0)
    parts = [
        priors.drift.logpdf(drift),
        priors.alignment.logpdf(alignment),
        priors.noise.logpdf(noise),
        priors.house_spread.logpdf(spread),
        pz.Normal(0, 1).logpdf(contrast / scale) - np.log(scale),
        pz.InverseGamma(priors.tail / 2, priors.tail / 2).logpdf(tail),
    ]
    unknown = (drift, alignment, noise, spread, contrast, tail)
    return value, sum(float(p.sum()) for p in parts) + poll_likelihood(*found.evidence, *unknown)[0]


def test_model_density_is_priors_times_likelihood() -> None:
    """The model is what it says: the priors as given, contrasts on their scale, and the kernel's likelihood."""
    found = made_up(20, 5, THREE, {"A": 0.0, "B": 0.0, "C": 0.0})
    priors = PollPriors(drift=pz.LogNormal(-4.0, 0.3), tail=8.0)
    value, by_hand = log_density(found, priors)
    assert value == pytest.approx(by_hand)


def test_model_names_its_dimensions() -> None:
    """Every variable has named dims, and labels are parties, polls and pollsters."""
    found = made_up(20, 5, THREE, {"A": 0.0, "B": 0.0, "C": 0.0})
    model = build_poll_model(found)
    assert dict(model.named_vars_to_dims) == {
        "drift": ("party",),
        "alignment": ("party_pair",),
        "house_spread": ("party",),
        "house_contrast": ("party", "contrast"),
        "noise": ("party",),
        "tail": ("poll",),
        "log_odds": ("poll", "party"),
        "variance": ("poll", "party"),
        "step": ("date",),
        "start_mean": ("party",),
        "start_sd": ("party",),
    }
    assert model.coords["party"] == found.parties
    assert model.coords["party_pair"][:3] == ("lab~con", "lib~con", "lib~lab")


def test_one_pollster_has_no_leaning() -> None:
    """With a single house, or none, the model has no contrasts and stays finite."""
    for name in ("A", None):
        model = build_poll_model(read(*(poll(3 * i, name, THREE) for i in range(6))))
        assert "house_contrast" not in model.named_vars
        assert np.isfinite(float(model.compile_logp(mode="FAST_COMPILE")(model.initial_point())))


def test_model_without_polls_is_refused() -> None:
    """No poll, no fit: the sentence names the dates."""
    with pytest.raises(BadInput, match="No poll of Great Britain is known between 2024-07-04 and 2025-07-04"):
        build_poll_model(read())


def test_contrasts_are_centred_where_polls_tell_more_than_the_prior() -> None:
    """A house with many polls of a party is sampled as it is, one with few as a multiple of the spread."""
    rows = [poll(i, "A", THREE) for i in range(90)] + [poll(i, "B", {"con": 0.3}) for i in range(90)]
    found = read(*rows, *(poll(i, "C", THREE) for i in range(3)))
    assert found.centred.tolist() == [[1.0, 1.0], [1.0, 0.0], [1.0, 0.0], [1.0, 0.0]]


def test_priors_write_themselves_down() -> None:
    """A manifest can say each prior in words."""
    assert describe_priors(PollPriors(noise=pz.HalfNormal(0.1)))["noise"] == "HalfNormal(sigma=0.1)"
