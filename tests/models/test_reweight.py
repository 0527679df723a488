import numpy as np
import pytest

from models.reweight import effective_size, resample


def test_equal_weights_count_every_draw() -> None:
    """With equal weights all draws count, whatever the constant, and each is chosen once."""
    log_weight = np.full(1000, -2.0e5)
    assert effective_size(log_weight) == pytest.approx(1000.0)
    assert resample(log_weight, 1000, seed=3).tolist() == list(range(1000))


def test_the_effective_size_is_that_of_kish() -> None:
    """Weights 1, 1 and 2 make 16 / 6 draws, one draw alone makes one, and none makes nought."""
    assert effective_size(np.log([1.0, 1.0, 2.0])) == pytest.approx(16.0 / 6.0)
    assert effective_size(np.array([-np.inf, 5.0, -np.inf])) == pytest.approx(1.0)
    assert effective_size(np.array([-np.inf, -np.inf])) == 0.0


def test_draws_come_in_proportion_to_their_weights() -> None:
    """Each draw comes as often as its weight says, up to one more or one less, in rising order."""
    log_weight = np.random.default_rng(5).normal(0.0, 1.5, 400)
    chosen = resample(log_weight, 2000, seed=7)
    wanted = 2000.0 * np.exp(log_weight) / np.exp(log_weight).sum()
    assert chosen.shape == (2000,)
    assert chosen.dtype == np.int64
    assert (np.diff(chosen) >= 0).all()
    assert np.abs(np.bincount(chosen, minlength=400) - wanted).max() < 1.0 + 1e-6


def test_draws_without_a_weight_never_come() -> None:
    """A draw of no weight is never chosen, not even the first or the last."""
    log_weight = np.array([-np.inf, 0.0, -np.inf, 0.0, -np.inf])
    for seed in range(20):
        assert set(resample(log_weight, 7, seed=seed).tolist()) == {1, 3}


def test_the_seed_decides() -> None:
    """The same seed gives the same choice, and seeds differ."""
    log_weight = np.random.default_rng(2).normal(0.0, 2.0, 100)
    assert np.array_equal(resample(log_weight, 50, seed=1), resample(log_weight, 50, seed=1))
    assert any(not np.array_equal(resample(log_weight, 50, seed=1), resample(log_weight, 50, seed=s)) for s in range(9))


def test_no_weight_at_all_is_an_error() -> None:
    """Where no draw has a weight there is nothing to choose from."""
    with pytest.raises(ValueError, match="no draw"):
        resample(np.array([-np.inf, -np.inf]), 5, seed=1)
