import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from models.arrival import (
    FADE,
    ArrivalDials,
    approach,
    arrive,
    logit,
    shares,
    shift_shares,
    stretch,
    to_channels,
    to_parties,
    wander,
)
from models.poll_reading import CAMPAIGN_DAYS

PARTIES = ["con", "lab", "lib", "oth"]


@pytest.fixture
def state() -> xr.Dataset:
    rng = np.random.default_rng(1)
    n = 500
    start = logit(rng.dirichlet([30, 40, 20, 10], size=n))
    dims = ("draw", "party")
    return xr.Dataset(
        {
            "intention": (dims, to_channels(start, PARTIES)),
            "home": (dims, np.zeros((n, 4)) - 1.0),
            "kappa": (dims, rng.uniform(0.2, 1.0, (n, 4))),
            "campaign": (dims, np.full((n, 4), 0.3)),
            "pace": ("draw", rng.uniform(1.0, 3.0, n)),
            "airtime": (dims, np.tile([0.0, 0.0, 0.05, 0.0], (n, 1))),
            "shock_path": (dims, 0.2 * rng.standard_normal((n, 4))),
            "bias": (dims, np.full((n, 4), 0.02)),
            "shock_final": (dims, 0.1 * rng.standard_normal((n, 4))),
            "office": ("draw", np.full(n, -0.05)),
            "leaders": ("draw", rng.normal(0.1, 0.05, n)),
            "mps": ("draw", rng.normal(0.0, 0.05, n)),
            "theta": ("draw", rng.uniform(0.05, 0.15, n)),
            "lam": ("draw", rng.uniform(0.0, 0.03, n)),
            "speed": ("draw", rng.uniform(0.05, 0.15, n)),
            "phi": ("draw", rng.uniform(0.0, 0.2, n)),
            "psi": ("draw", rng.uniform(5.0, 50.0, n)),
            "chi": ("draw", rng.uniform(0.0, 5.0, n)),
            "r": ("draw", rng.uniform(0.05, 0.15, n)),
            "event_points": (("draw", "kind"), np.tile([-5.0, 10.0], (n, 1))),
            "event_half_life": (("draw", "kind"), np.full((n, 2), 90.0)),
            "event_own_points": (("draw", "kind"), 8.0 * rng.standard_normal((n, 2))),
            "event_own_half_life": ("draw", np.full(n, 730.0)),
        },
        coords={"party": PARTIES, "kind": ["gaffe", "war"]},
    )


def test_votes_sum_to_one(state: xr.Dataset) -> None:
    """Shares of every draw sum to one, at any lead."""
    for lead in (0, 1, 1000):
        assert np.allclose(arrive(state, lead).sum(axis=1), 1.0, atol=1e-12)


def test_no_change_is_no_change(state: xr.Dataset) -> None:
    """Dials at rest give the same bytes as no dials."""
    assert arrive(state, 300, ArrivalDials()).tobytes() == arrive(state, 300).tobytes()


def test_polls_alone_decide_on_the_day(state: xr.Dataset) -> None:
    """On polling day itself home and pulls have no weight, and no change has time to tell."""
    dials = ArrivalDials(favourability={"con": 40.0}, support={"lab": -0.5})
    assert np.allclose(arrive(state, 0, dials), arrive(state, 0))
    elsewhere = state.assign(home=state["home"] + 1.0, leaders=state["leaders"] + 1.0)
    assert np.allclose(arrive(elsewhere, 0), arrive(state, 0))


def test_a_liked_leader_helps_the_more_the_further_away(state: xr.Dataset) -> None:
    """Ten points of favourability are worth votes, and more of them a year out than a week out."""
    dials = ArrivalDials(favourability={"lab": 10.0})
    gain = [(arrive(state, lead, dials) - arrive(state, lead))[:, 1].mean() for lead in (7, 90, 365)]
    assert 0 < gain[0] < gain[1] < gain[2]


def test_gain_of_one_main_party_costs_the_other(state: xr.Dataset) -> None:
    """MPs rallying behind the Conservative leader raise her party and lower Labour."""
    change = arrive(state, 365, ArrivalDials(support={"con": 0.5})) - arrive(state, 365)
    assert change[:, 0].mean() > 0 > change[:, 1].mean()


def test_an_event_is_forgotten_but_for_what_was_its_own(state: xr.Dataset) -> None:
    """Half a year on a gaffe has cost votes; two years on its mean is all but gone, its own part is not."""
    alike = state.assign(event_own_points=0.0 * state["event_own_points"])

    def cost(held: xr.Dataset, days: int) -> np.ndarray:
        return (arrive(held, 900, ArrivalDials(events={"lab": ("gaffe", days)})) - arrive(held, 900))[:, 1]

    assert cost(alike, 180).mean() < 4.0 * cost(alike, 800).mean() < 0.0
    assert cost(state, 180).std() > cost(alike, 180).std()
    assert cost(state, 800).std() > 5.0 * cost(alike, 800).std()
    assert np.allclose(cost(state, 0), 0.0)


def test_a_smaller_partys_leader_takes_from_all(state: xr.Dataset) -> None:
    """A better liked Liberal Democrat leader takes votes from both main parties."""
    change = (arrive(state, 365, ArrivalDials(favourability={"lib": 20.0})) - arrive(state, 365)).mean(axis=0)
    assert change[2] > 0
    assert (change[:2] < 0).all()


@given(st.integers(0, 1500))
def test_the_path_goes_home_and_spreads(days: int) -> None:
    """The further away the day, the less is left of the start and the wider the path, to its long-run width at most."""
    habits = np.array([0.5]), np.array([0.3]), np.array([2.0])
    now, later = approach(*habits, days), approach(*habits, days + 1)
    assert later.decay[0] < now.decay[0] <= 1.0
    assert 0.0 <= now.variance[0] < 1.0 / (2 * 0.5)
    assert later.variance[0] > now.variance[0]


def test_a_campaign_brings_voters_home_by_its_own_measure() -> None:
    """A whole campaign adds its return to that of the calendar; half of one adds half."""
    habits = np.array([0.4]), np.array([0.3]), np.array([1.0])
    for part in (1.0, 0.5):
        days = part * CAMPAIGN_DAYS
        expected = np.exp(-0.4 * days / 365.25 - part * 0.3)
        assert approach(*habits, days).decay[0] == pytest.approx(expected)


def test_a_day_of_a_campaign_strays_like_several() -> None:
    """Where nothing goes home, the variance of a campaign is its pace times that of as many other days."""
    still = np.array([1e-9]), np.array([0.0])
    slow, fast = (approach(*still, np.array([pace]), 100).variance[0] for pace in (1.0, 4.0))
    assert slow == pytest.approx(100 / 365.25)
    assert fast - slow == pytest.approx(3 * CAMPAIGN_DAYS / 365.25)


@given(st.integers(0, 1500), st.integers(0, 1500))
def test_a_path_is_the_sum_of_its_parts(first: int, second: int) -> None:
    """From a day to polling day by way of another day is as far as straight on."""
    habits = np.array([0.5]), np.array([0.3]), np.array([2.0])
    near, far = sorted((first, second))
    joined = approach(*habits, far, near).then(approach(*habits, near), (far - near) / 365.25)
    whole = approach(*habits, far)
    assert joined.decay == pytest.approx(whole.decay)
    assert joined.weight == pytest.approx(whole.weight)
    assert joined.variance == pytest.approx(whole.variance)
    assert joined.gain == pytest.approx(whole.gain)


def test_a_campaign_gives_the_liberals_airtime(state: xr.Dataset) -> None:
    """The Liberals gain the more of a campaign is left, and no more before it than at its beginning."""
    silent = state.assign(airtime=0.0 * state["airtime"])
    gain = [(arrive(state, lead) - arrive(silent, lead))[:, 2].mean() for lead in (0, 10, CAMPAIGN_DAYS)]
    assert gain[0] == 0.0 < gain[1] < gain[2]
    far = (arrive(state, 200) - arrive(silent, 200))[:, 2].mean()
    assert far == pytest.approx(gain[2], rel=0.2)


def test_a_gain_comes_evenly_and_goes_home_with_the_rest() -> None:
    """Where nothing goes home the gain is the part of the campaign; else what small steps of the equation leave."""
    still = np.array([1e-9]), np.array([0.0]), np.array([2.0])
    assert approach(*still, 400, 14).gain[0] == pytest.approx(0.6)
    x, steps = 0.0, 20_000
    for _ in range(steps):
        x += (0.6 - 0.8 * x) / steps
    assert stretch(np.array([0.8]), 0.1, part=0.6).gain[0] == pytest.approx(x, abs=1e-4)


@given(st.floats(0.01, 3.0), st.floats(0.01, 3.0))
def test_a_stretch_is_its_two_halves(speed: float, years: float) -> None:
    """A stretch solved at once and one solved in two halves give the same."""
    whole = stretch(np.array([speed * years]), years, part=1.0)
    half = stretch(np.array([speed * years / 2]), years / 2, part=0.5)
    twice = half.then(half, years / 2)
    assert whole.decay == pytest.approx(twice.decay)
    assert whole.weight == pytest.approx(twice.weight)
    assert whole.variance == pytest.approx(twice.variance)
    assert whole.gain == pytest.approx(twice.gain)


def test_a_stretch_solves_its_equation() -> None:
    """Small steps of the differential equation give the same weight of a fading pull, also where both speeds agree."""
    for speed in (0.3, FADE):
        x, steps = 0.0, 20_000
        for step in range(steps):
            x += (speed * np.exp(-FADE * 2.0 * step / steps) - speed * x) * 2.0 / steps
        assert stretch(np.array([2.0 * speed]), 2.0).weight[0] == pytest.approx(x, abs=1e-4)


def test_wandering_on_and_arriving_is_arriving_from_further_away(state: xr.Dataset) -> None:
    """Without shocks and pulls, a year without polls and a year to go are two years to go."""
    quiet = state.assign({name: 0.0 * state[name] for name in ("shock_path", "leaders", "mps")})
    for left in (365, 20):
        on = wander(quiet, 730, left, np.zeros((state.sizes["draw"], len(PARTIES))))
        assert np.allclose(arrive(on, left), arrive(quiet, 730))


def test_leaders_pull_at_full_weight_until_their_day(state: xr.Dataset) -> None:
    """Carried on for very long, intention stands at home plus the whole pull, which has not faded."""
    on = wander(state, 365_000, 300, 0.0 * state["shock_path"].values)
    lead = on["intention"].values[:, 0] - state["home"].values[:, 0]
    assert lead == pytest.approx(state["office"].values + state["leaders"].values + state["mps"].values)


def test_rotation_is_undone() -> None:
    """Channels turn back into the parties they came from."""
    x = np.random.default_rng(0).standard_normal((7, 4))
    assert np.allclose(to_parties(to_channels(x, PARTIES), PARTIES), x)


def test_shares_invert_log_odds() -> None:
    """Log-odds of shares that sum to one give the shares back."""
    p = np.array([[0.2, 0.5, 0.3]])
    assert np.allclose(shares(logit(p)), p)


@given(st.floats(-0.3, 0.3), st.floats(-0.3, 0.3))
def test_shifted_shares_still_sum_to_one(a: float, b: float) -> None:
    """However the shares are shifted, they sum to one and none is negative."""
    votes = np.random.default_rng(2).dirichlet([3, 3, 2, 1], size=20)
    moved = shift_shares(votes, PARTIES, {"con": a, "lib": b})
    assert np.allclose(moved.sum(axis=1), 1.0)
    assert (moved > 0).all()
