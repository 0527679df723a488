from collections.abc import Mapping
from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from models.arrival import Draws, to_parties
from models.forecast import Forecast
from models.poll_leans import PollErrors
from models.reweight import FEWEST, effective_size, resample, reweighted
from tests.views.synthetic import AS_OF, NOW, PARTIES, synthetic_forecast


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


@pytest.fixture(scope="module")
def forecast() -> Forecast:
    return synthetic_forecast(draws=4000)


@pytest.fixture(scope="module")
def errors(forecast: Forecast) -> PollErrors:
    """Errors as made up: one house known to lean to Labour, noise and spread alike for all parties."""
    n = len(PARTIES)
    lean = 0.1 * (np.array(PARTIES) == "lab")[None, :]
    return PollErrors(
        parties=PARTIES,
        pollsters=("Known",),
        n=np.full((1, n), 40),
        lean=lean,
        lean_sd=np.full((1, n), 0.01),
        noise=np.full(n, 0.03),
        spread=np.full(n, 0.08),
        now=np.array(NOW),
        residual=np.zeros((0, n)),
        counts=np.zeros(0),
    )


def polls(*rows: Mapping[str, object]) -> pl.DataFrame:
    """Polls of today in Great Britain, with what is given changed."""
    usual = {"pollster": "New", "area": "GB", "kind": "poll", "start_date": AS_OF, "end_date": AS_OF, "sample": 2000}
    return pl.DataFrame([{**usual, **row} for row in rows])


def intention(forecast: Forecast) -> Draws:
    """Log-odds of every party against all others at the end of the evidence, by draw."""
    return to_parties(forecast.tree["votes"].ds["intention"].values, list(PARTIES))


def test_one_poll_does_what_algebra_says(forecast: Forecast, errors: PollErrors) -> None:
    """Labour's log-odds after a poll of Labour alone are those of a normal updated by hand, in mean and spread."""
    done = reweighted(forecast, polls({"lab": 0.27}), errors)
    assert done.chosen is not None
    before = intention(forecast)[:, 1]
    share = 0.27
    poll_var = 1 / (2000 * share * (1 - share)) + 0.01**2 / 12 / (share * (1 - share)) ** 2 + 0.03**2 + 0.08**2
    gain = before.var() / (before.var() + poll_var)
    wanted = before.mean() + gain * (np.log(share / (1 - share)) - before.mean())
    after = before[done.chosen]
    assert after.mean() == pytest.approx(wanted, abs=0.004)
    assert after.std() == pytest.approx(np.sqrt(before.var() * (1 - gain)), rel=0.05)
    assert (done.weighed, done.passed) == (1, {})


def test_a_known_lean_is_taken_out(forecast: Forecast, errors: PollErrors) -> None:
    """A house known to lean to Labour by so much as its poll is above the forecast moves Labour nowhere."""
    before = intention(forecast)[:, 1]
    seen = 1 / (1 + np.exp(-before.mean() - 0.1))
    known = reweighted(forecast, polls({"lab": seen, "pollster": "Known"}), errors)
    new = reweighted(forecast, polls({"lab": seen}), errors)
    assert known.chosen is not None
    assert new.chosen is not None
    assert before[known.chosen].mean() == pytest.approx(before.mean(), abs=0.005)
    assert before[new.chosen].mean() > before.mean() + 0.02


def test_polls_of_one_house_share_their_lean(forecast: Forecast, errors: PollErrors) -> None:
    """Six polls of one new house narrow less than one poll each of six new houses."""
    one = reweighted(forecast, polls(*({"lab": 0.24} for _ in range(6))), errors)
    six = reweighted(forecast, polls(*({"lab": 0.24, "pollster": f"New {i}"} for i in range(6))), errors)
    assert one.chosen is not None
    assert six.chosen is not None
    lab = intention(forecast)[:, 1]
    assert lab[six.chosen].std() < 0.8 * lab[one.chosen].std()
    assert six.effective < one.effective


def test_polls_far_from_the_day_say_less(forecast: Forecast, errors: PollErrors) -> None:
    """A poll weeks after the evidence ends says less than one on the day; one a month before it is passed over."""
    at_once = reweighted(forecast, polls({"lab": 0.27}), errors)
    late = AS_OF + timedelta(days=60)
    later = reweighted(forecast, polls({"lab": 0.27, "start_date": None, "end_date": late}), errors)
    assert later.effective > at_once.effective
    before = AS_OF - timedelta(days=40)
    old = reweighted(forecast, polls({"lab": 0.27, "start_date": before, "end_date": before}), errors)
    assert (old.weighed, old.passed, old.chosen) == (0, {"old": 1}, None)


def test_polls_of_a_nation_are_passed_over(forecast: Forecast, errors: PollErrors) -> None:
    """A poll of Scotland moves nothing, whatever it says, beside one of Great Britain that does."""
    gb = reweighted(forecast, polls({"lab": 0.25}), errors)
    both = reweighted(forecast, polls({"lab": 0.25}, {"lab": 0.45, "area": "Scotland"}), errors)
    assert both.passed == {"nation": 1}
    assert both.effective == gb.effective


def test_parties_not_named_do_not_count(forecast: Forecast, errors: PollErrors) -> None:
    """A party without a figure, one without a line, and others leave the weights as they are."""
    plain = reweighted(forecast, polls({"lab": 0.25}), errors)
    more = reweighted(forecast, polls({"lab": 0.25, "con": None, "yp": 0.03, "oth": 0.2}), errors)
    assert more.effective == pytest.approx(plain.effective)


def test_polls_too_far_from_every_draw_are_refused(forecast: Forecast, errors: PollErrors) -> None:
    """Polls that fewer than a hundred draws agree with give no draws, but say how many there were."""
    far = reweighted(forecast, polls(*[{"lab": 0.45, "pollster": f"New {i}"} for i in range(4)]), errors)
    assert far.chosen is None
    assert far.effective < FEWEST
    assert far.weighed == 4


def test_the_same_polls_give_the_same_draws(forecast: Forecast, errors: PollErrors) -> None:
    """The choice of draws is fixed by the forecast and the polls, and has as many draws as the forecast."""
    one, two = (reweighted(forecast, polls({"lab": 0.25, "con": 0.18}), errors) for _ in range(2))
    assert one.chosen is not None
    assert two.chosen is not None
    assert np.array_equal(one.chosen, two.chosen)
    assert one.chosen.size == forecast.n_draws
