from itertools import pairwise

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from models.days import DAYS_PER_MONTH
from models.effects import (
    RESPONSE_VARIABLES,
    Response,
    favourability_shift,
    intention_shift,
    passing_shift,
    response_draws,
    worth,
)

N = 200
CHANGES = st.tuples(st.floats(-120, 120), st.floats(-1, 1))
DAYS = st.floats(0, 2000)
RATE = -np.log1p(-0.09)
"""Rate a month at which 0.09 of the way is gone after one."""


def links(seed: int = 0) -> Response:
    """Draws as wide as a posterior's, some of them with odd signs."""
    rng = np.random.default_rng(seed)
    return Response(
        theta=rng.normal(0.09, 0.06, N),
        lam=rng.normal(0.05, 0.04, N),
        speed=rng.uniform(0.02, 0.4, N),
        phi=rng.normal(0.1, 0.2, N),
        psi=rng.normal(35, 20, N),
        chi=rng.normal(5, 10, N),
        r=rng.uniform(0.02, 0.4, N),
    )


def one(**changed: float) -> Response:
    """One draw with plain links."""
    values = {"theta": 0.1, "lam": 0.04, "speed": 0.09, "phi": 0.2, "psi": 40.0, "chi": 5.0, "r": 0.05} | changed
    return Response(**{name: np.array([value]) for name, value in values.items()})


@settings(deadline=None)
@given(CHANGES)
def test_on_the_day_nothing_has_changed(change: tuple[float, float]) -> None:
    """A scenario on polling day itself leaves voting intention where it is, so that the answer has no jump."""
    assert np.array_equal(intention_shift(links(), *change, 0), np.zeros(N))
    assert np.max(np.abs(intention_shift(links(), *change, 1e-6))) < 1e-5


@settings(deadline=None)
@given(CHANGES, DAYS)
def test_the_opposite_change_has_the_opposite_effect(change: tuple[float, float], days: float) -> None:
    """Effects are odd in the change."""
    up, down = intention_shift(links(), *change, days), intention_shift(links(), -change[0], -change[1], days)
    assert np.allclose(up, -down, rtol=1e-12, atol=1e-15)


@settings(deadline=None)
@given(st.floats(0, 120), DAYS, st.floats(0, 400))
def test_the_effect_of_standing_only_grows_with_time(points: float, days: float, more: float) -> None:
    """In no draw does a lasting change of standing fade."""
    sign = np.sign(links().theta)
    now, later = (sign * intention_shift(links(), points, 0.0, t) for t in (days, days + more))
    assert np.all(later >= now - 1e-12)


@settings(deadline=None)
@given(st.floats(-1, 1), DAYS, st.floats(0, 400))
def test_the_effect_of_support_by_way_of_standing_only_grows(share: float, days: float, more: float) -> None:
    """Where MPs matter through the leader alone, in no draw does their effect turn back."""
    base = links()
    through = Response.of(base.to_dataset().assign(phi=("draw", np.zeros(N))))
    sign = np.sign(base.theta * base.psi * share)
    now, later = (sign * intention_shift(through, 0.0, share, t) for t in (days, days + more))
    assert np.all(later >= now - 1e-12)


@settings(deadline=None)
@given(CHANGES, DAYS)
def test_effects_stay_within_what_lasts(change: tuple[float, float], days: float) -> None:
    """Whatever is asked, the answer is bounded by the long run of the largest change that counts."""
    base = links()
    most = np.abs(base.theta) * (10.0 + np.abs(base.psi) / 10.0) + np.abs(base.phi)
    assert np.all(np.abs(intention_shift(base, *change, days)) <= most + 1e-9)


def test_losing_nearly_all_mps_does_not_explode() -> None:
    """With four MPs in five gone a year ago, a party keeps more than half of its odds by usual links."""
    assert -0.6 < intention_shift(one(), 0.0, -0.8, 365)[0] < -0.1


@pytest.mark.parametrize("months", [1, 2, 6, 12, 36])
@pytest.mark.parametrize("speed", [0.03, 0.09, 0.4])
def test_months_pass_as_in_the_model_they_were_learned_from(months: int, speed: float) -> None:
    """At the ends of months a lasting change of standing is where the response model's own step takes it, exactly."""
    tens = 10.0 * np.tanh(0.2)
    v = 0.04 * tens
    for _ in range(months):
        v += speed * (0.1 * tens - v)
    assert intention_shift(one(speed=speed), 20.0, 0.0, months * DAYS_PER_MONTH)[0] == pytest.approx(v, rel=1e-12)


@pytest.mark.parametrize("months", [1, 3, 6, 12, 36])
def test_support_passes_through_the_months_as_in_the_model(months: int) -> None:
    """A lasting change of support moves standing as the model's steps do, and the vote to within 2 %."""
    backed = np.tanh(0.4)
    gained, v = 0.5 * backed, 0.04 * 0.5 * backed  # tens of points, from chi = 5, and what they show at once
    for _ in range(months):
        rise = 0.05 * (4.0 * backed - gained)
        v += 0.09 * (0.1 * gained + 0.2 * backed - v) + 0.04 * rise
        gained += rise
    days = months * DAYS_PER_MONTH
    assert favourability_shift(one(), 0.4, days)[0] == pytest.approx(10.0 * gained, rel=1e-12)
    assert intention_shift(one(), 0.0, 0.4, days)[0] == pytest.approx(v, rel=0.02)


def test_a_speed_of_a_whole_month_or_more_is_no_leap() -> None:
    """A draw that would be home within a month, or beyond, is home after one and stays finite."""
    for speed in (0.995, 1.0, 1.3):
        shift = intention_shift(one(speed=speed, r=speed), 10.0, 0.3, DAYS_PER_MONTH)[0]
        assert shift == pytest.approx(intention_shift(one(), 10.0, 0.3, 1e5)[0], rel=0.06)


@pytest.mark.parametrize("r", [0.05, 0.09, 0.0900000001, 0.3])
@pytest.mark.parametrize(("points", "share"), [(20.0, 0.0), (0.0, 0.5), (-30.0, -0.4)])
def test_the_closed_form_solves_the_equations(r: float, points: float, share: float) -> None:
    """After two years the formula agrees with small steps of the two equations, also where both speeds are equal."""
    step, months, rate = 0.001, 24, -np.log1p(-r)
    tens, backed = 10.0 * np.tanh(points / 100.0), np.tanh(share)
    gained = 0.5 * backed  # in tens of points, from chi = 5
    v = 0.04 * (tens + gained)
    for _ in range(round(months / step)):
        rise = rate * (4.0 * backed - gained)
        v += step * (RATE * (0.1 * (tens + gained) + 0.2 * backed - v) + 0.04 * rise)
        gained += step * rise
    links_ = one(r=r)
    assert intention_shift(links_, points, share, months * DAYS_PER_MONTH)[0] == pytest.approx(v, abs=1e-4)
    found = favourability_shift(links_, share, months * DAYS_PER_MONTH)[0]
    assert found == pytest.approx(10.0 * gained, abs=1e-2)


def test_support_acts_alone_where_the_standing_is_given() -> None:
    """With the standing set by hand, MPs' support does not move it a second time."""
    direct = intention_shift(one(), 0.0, 0.3, 5000, through_favourability=False)[0]
    assert direct == pytest.approx(0.2 * np.tanh(0.3), rel=1e-3)
    assert intention_shift(one(), 0.0, 0.3, 5000)[0] > 2 * direct


def test_a_movement_at_once_beyond_what_lasts_does_not_count() -> None:
    """More at once than in the end, or the other way round, is news that both followed: the end is what counts."""
    assert intention_shift(one(lam=0.5), 10.0, 0.0, 31)[0] == pytest.approx(0.1 * 10 * np.tanh(0.1))
    assert intention_shift(one(theta=-0.1), 10.0, 0.0, 60)[0] < 0.0


def test_worth_is_in_points_of_vote() -> None:
    """A tenth of log-odds is worth 2.2 points at a third and less to a small party."""
    third, tenth = (worth(one(), share, favourability=10.0, days=20000)[0] for share in (1 / 3, 0.1))
    assert third == pytest.approx(2.25, abs=0.05)
    assert 0.0 < tenth < 1.0


def test_draws_keep_links_together_and_add_the_spread_of_leaders() -> None:
    """Links of one draw stay those of one draw; ``theta`` varies by the spread between leaders; a seed fixes all."""
    level = np.arange(100.0).reshape(2, 50)
    posterior = xr.Dataset(dict.fromkeys(RESPONSE_VARIABLES, (("chain", "draw"), level)))
    posterior["theta_sd"] = posterior["theta_sd"] * 0 + 0.5
    drawn = response_draws(posterior, n_draws=3000, seed=1)
    assert np.array_equal(drawn.lam, drawn.psi)
    assert np.std(drawn.theta - drawn.lam) == pytest.approx(0.5, rel=0.05)
    again = Response.of(drawn.to_dataset())
    assert np.array_equal(again.theta, response_draws(posterior, n_draws=3000, seed=1).theta)


def test_a_dataset_that_holds_more_will_do() -> None:
    """The state of a forecast may be given as it is."""
    state = links().to_dataset().assign(intention=(("draw", "party"), np.zeros((N, 3))))
    assert np.array_equal(intention_shift(state, 10.0, 0.1, 90), intention_shift(links(), 10.0, 0.1, 90))


def test_what_passes_is_followed_and_forgotten() -> None:
    """After something that fades, voting intention is where small steps take it, and comes back in the end."""
    links, months, half_life = one(lam=0.0), 9.0, 100.0
    shift, points, steps = 0.0, 12.0, 40_000
    for step in range(steps):
        standing = points * 0.5 ** (months * step / steps * DAYS_PER_MONTH / half_life)
        shift += (RATE * (links.theta[0] * standing / 10.0 - shift)) * months / steps
    days = months * DAYS_PER_MONTH
    found = passing_shift(links, np.array([points]), np.array([half_life]), days)
    assert found[0] == pytest.approx(shift, rel=1e-3)
    assert passing_shift(one(), np.array([points]), np.array([half_life]), 0.0)[0] == 0.0
    assert abs(passing_shift(one(), np.array([points]), np.array([half_life]), 5000.0)[0]) < 1e-4


@pytest.mark.parametrize("days", [7, 30, 90, 180, 365])
@pytest.mark.parametrize("half_life", [60.0, 120.0, 240.0])
def test_what_passes_moves_the_polls_as_the_months_of_the_model_do(days: int, half_life: float) -> None:
    """The model's steps from month to month give the same within 6 %, as a mean over days of a month to begin on."""

    def stepped(until_month_end: float) -> float:
        """Shift after ``days``, read off the ends of months: none before the first, straight lines between others."""
        ends = until_month_end + np.arange(16)
        standing = 1.2 * 0.5 ** (ends * DAYS_PER_MONTH / half_life)  # tens of points
        shift = [0.06 * standing[0]]
        for now, then in pairwise(standing):
            shift.append(shift[-1] + 0.09 * (0.1 * now - shift[-1]) + 0.06 * (then - now))
        return float(np.interp(days / DAYS_PER_MONTH, ends, shift, left=0.0))

    expected = np.mean([stepped(until) for until in (np.arange(200) + 0.5) / 200])
    found = passing_shift(one(lam=0.06), np.array([12.0]), np.array([half_life]), days)[0]
    assert found == pytest.approx(expected, rel=0.06)


def test_what_hardly_fades_is_as_good_as_lasting() -> None:
    """With a half-life of a thousand years the passing change of five points is the lasting one."""
    lasting = intention_shift(one(), 5.0, 0.0, 300.0)
    assert passing_shift(one(), np.array([5.0]), np.array([365_000.0]), 300.0) == pytest.approx(lasting, rel=0.01)
