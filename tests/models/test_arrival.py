import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from models.arrival import ArrivalDials, arrive, logit, path_sd, shares, shift_shares, to_channels, to_parties

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
            "target": (dims, np.zeros((n, 4)) - 1.0),
            "kappa": (dims, rng.uniform(0.2, 1.0, (n, 4))),
            "shock_path": (dims, 0.2 * rng.standard_normal((n, 4))),
            "shock_final": (dims, 0.1 * rng.standard_normal((n, 4))),
            "beta_favourability": ("draw", rng.uniform(0.05, 0.15, n)),
            "beta_margin": ("draw", rng.uniform(0.1, 0.3, n)),
        },
        coords={"party": PARTIES},
    )


def test_votes_sum_to_one(state: xr.Dataset) -> None:
    """Shares of every draw sum to one, at any lead."""
    for lead in (0, 1, 1000):
        assert np.allclose(arrive(state, lead).sum(axis=1), 1.0, atol=1e-12)


def test_no_change_is_no_change(state: xr.Dataset) -> None:
    """Dials at rest give the same bytes as no dials."""
    assert arrive(state, 300, ArrivalDials()).tobytes() == arrive(state, 300).tobytes()


def test_polls_alone_decide_on_the_day(state: xr.Dataset) -> None:
    """On polling day itself the target has no weight, so leaders cannot matter any more."""
    dials = ArrivalDials(favourability={"con": 40.0}, margin={"lab": -0.5})
    assert np.allclose(arrive(state, 0, dials), arrive(state, 0))


def test_a_liked_leader_helps_the_more_the_further_away(state: xr.Dataset) -> None:
    """Ten points of favourability are worth votes, and more of them a year out than a week out."""
    dials = ArrivalDials(favourability={"lab": 10.0})
    gain = [(arrive(state, lead, dials) - arrive(state, lead))[:, 1].mean() for lead in (7, 90, 365)]
    assert 0 < gain[0] < gain[1] < gain[2]


def test_gain_of_one_main_party_costs_the_other(state: xr.Dataset) -> None:
    """MPs rallying behind the Conservative leader raise her party and lower Labour."""
    change = arrive(state, 365, ArrivalDials(margin={"con": 0.5})) - arrive(state, 365)
    assert change[:, 0].mean() > 0 > change[:, 1].mean()


def test_a_smaller_partys_leader_takes_from_all(state: xr.Dataset) -> None:
    """A better liked Liberal Democrat leader takes votes from both main parties."""
    change = (arrive(state, 365, ArrivalDials(favourability={"lib": 20.0})) - arrive(state, 365)).mean(axis=0)
    assert change[2] > 0
    assert (change[:2] < 0).all()


@given(st.integers(0, 1500))
def test_path_sd_grows_and_settles(days: int) -> None:
    """Spread of the path starts at nothing and never exceeds its long-run value."""
    kappa = np.array([0.5])
    sd = path_sd(kappa, days / 365.25)[0]
    assert 0 <= sd <= 1.0 + 1e-12
    assert path_sd(kappa, (days + 1) / 365.25)[0] > sd


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
