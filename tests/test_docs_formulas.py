"""Formulas as pages under ``docs/explanation`` write them, typed in again and held beside the code."""

from datetime import date

import numpy as np
import pytest

from models.arrival import FADE, approach, relative_scale, stretch
from models.cells import USUAL_SHARE
from models.contest_terms import WEIGHTS, weights
from models.days import DAYS_PER_MONTH, DAYS_PER_YEAR
from models.effects import MOST_POINTS, Response, intention_shift
from models.mp_filter import MpHabits, MpRecord, level_at
from models.nations import nation_targets
from models.seat_plan import FLOOR
from models.survival_odds import Defeat, Odds, decades, survival_chance


def test_votes_before_the_campaign() -> None:
    """Outside a campaign a channel keeps, is pulled and strays as the page of the votes model says."""
    kappa, tau = np.array([0.3, 0.9]), 1.7
    made = stretch(kappa * tau, tau)
    assert made.decay == pytest.approx(np.exp(-kappa * tau))
    assert made.weight == pytest.approx(kappa * (np.exp(-FADE * tau) - np.exp(-kappa * tau)) / (kappa - FADE))
    assert made.variance == pytest.approx((1 - np.exp(-2 * kappa * tau)) / (2 * kappa))
    early = approach(kappa, np.array([0.4, 0.4]), np.array([3.0, 3.0]), 400.0, 35.0)
    assert early.decay == pytest.approx(np.exp(-kappa * 365.0 / DAYS_PER_YEAR))


def test_scale_of_movements() -> None:
    """Movements grow with the inverse of the root of p (1 - p), from 1 at 30 per cent to 4 at most."""
    p = np.array([0.3, 0.1, 0.001])
    expected = np.minimum(np.sqrt(0.21 / (p * (1 - p))), 4.0)
    assert relative_scale(np.log(p / (1 - p))) == pytest.approx(expected)


@pytest.mark.parametrize("months", [0.4, 1.0, 12.0, 60.0])
def test_lasting_change_of_standing(months: float) -> None:
    """A lasting change of standing moves log-odds as the page of the response model says, once bent."""
    theta, lam, part = np.array([0.08]), np.array([0.03]), np.array([0.07])
    nought = np.zeros(1)
    response = Response(theta=theta, lam=lam, speed=part, phi=nought, psi=nought, chi=nought, r=np.array([0.05]))
    rate = -np.log1p(-part)
    bent = MOST_POINTS * np.tanh(10.0 / MOST_POINTS) / 10.0
    kept = np.exp(-rate * months)
    expected = bent * (theta * (1 - kept) + np.minimum(lam, theta) * min(months, 1.0) * kept)
    assert intention_shift(response, 10.0, 0.0, months * DAYS_PER_MONTH) == pytest.approx(expected)


def test_part_of_mps_that_halves_odds() -> None:
    """When the part that acts grows from none to the halving part, the leader's odds fall by a half."""
    one = np.ones(1)
    habits = MpHabits(
        usual=0.9 * one, spread=0.8 * one, spread_new=0.5 * one, memory=6.0 * one, crowding=0.7 * one,
        lost=-1.1 * one, noise=0.1 * np.ones((1, 3)), halving=0.05 * np.ones((1, 6)), unevenness=0.5 * one,
    )  # fmt: skip
    day = date(2022, 7, 6)
    none, number = np.empty(0), np.empty(0, dtype=np.int64)
    record = MpRecord(
        leaders=("A",), vote_leader=number, vote_day=number, share=none, crowd=none, vote_kind=number,
        act_leader=np.zeros(1, dtype=np.int64), act_day=np.array([day.toordinal()]),
        act_kind=np.zeros(1, dtype=np.int64), before=np.zeros(1), after=np.array([0.05]),
    )  # fmt: skip
    level, variance = level_at(record, habits, day)
    drop = np.log((0.05 + 0.05) / 0.05)
    assert level[0] == pytest.approx(0.9 - drop)
    assert drop == pytest.approx(np.log(2.0))
    assert variance[0] == pytest.approx(0.8**2 + (0.5 * drop) ** 2)


def test_nations_add_up() -> None:
    """Nations keep their weights and parties their shares of Great Britain."""
    base = np.array([[0.5, 0.5], [0.2, 0.8]])
    weights = np.array([0.9, 0.1])
    votes = np.array([[0.4, 0.6]])
    made = nation_targets(votes, base, weights, np.array([[[0.1, 0.0], [-0.2, 0.0]]]))
    assert made.sum(axis=2) == pytest.approx(np.ones((1, 2)))
    assert weights @ made[0] == pytest.approx(votes[0], abs=1e-6)
    odds = made[0, 0, 0] / made[0, 0, 1] / (made[0, 1, 0] / made[0, 1, 1])
    assert odds == pytest.approx((0.5 / 0.5) / (0.2 / 0.8) * np.exp(0.1 + 0.2))


def test_clocks_of_a_leadership() -> None:
    """A leader who lost an election is still there with the chance that the page of the survival model writes."""
    names = ("usual", "support", "unknown", "rating", "unrated", "premier", "defeat", "era", "liberal", "gain")
    values = dict(zip(names, (-4.6, -0.5, 0.2, -0.15, 0.1, 0.3, 0.2, 0.3, -1.0, -0.5), strict=True))
    drawn = {name: np.array([value]) for name, value in values.items()}
    odds = Odds(**drawn, of_party=np.array([[0.1, -0.1, 0.0]]), delay=np.array([4.0]), health=np.array([0.001]))
    lost = Defeat(election=date(1997, 5, 1), gain=-0.08)
    made = survival_chance(odds, party="con", months=6.0, premier=False, defeat=lost)
    politics = np.exp(-4.6 + 0.1 + 0.2 + 0.1)
    q = 1 / (1 + np.exp(-(0.2 + 0.3 * decades(lost.election) - 0.5 * -0.8)))
    assert made == pytest.approx(np.exp(-(politics + 0.001) * 6) * (1 - q + q * np.exp(-6 / 4)))


def test_standings_of_candidates() -> None:
    """Members follow their MPs by rho and differ beside that, with the variances the page of contests implies."""
    habits = dict.fromkeys(WEIGHTS, 0.0) | {"spread": 0.7, "rho": 0.5, "members": 0.6, "affiliates": 0.4}
    found = dict(zip(WEIGHTS, weights(habits), strict=True))
    assert found["mps"] == pytest.approx(0.7**2)
    assert found["mps_members"] == pytest.approx(0.5 * 0.7**2)
    assert found["members"] == pytest.approx(0.5**2 * 0.7**2 + 0.6**2)
    assert found["affiliates"] == pytest.approx(0.4**2)


def test_constants_of_the_seat_model() -> None:
    """The floor and the usual share that the page of the seat model writes are those of the code."""
    assert (FLOOR, USUAL_SHARE) == (0.15, 0.4)
