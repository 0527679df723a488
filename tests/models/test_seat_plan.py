from dataclasses import replace

import numpy as np
import pytest

from models.seat_base import SeatBase
from models.swing import SeatDials, SeatDraws, SeatSimulator
from tests.views.synthetic import NOW, PARTIES, simulator

N_DRAWS = 300
REF = PARTIES.index("ref")


@pytest.fixture(scope="module")
def base() -> SeatBase:
    """Seats as last fought, with Reform barred from every fifth English seat."""
    usual = simulator(np.random.default_rng(1), 1, 1).base
    share, barred = usual.share.copy(), usual.rows("England")[::5]
    share[barred, REF] = 0.0
    return replace(usual, share=share / share.sum(axis=1, keepdims=True))


@pytest.fixture(scope="module")
def seats(base: SeatBase) -> SeatSimulator:
    usual = simulator(np.random.default_rng(1), N_DRAWS, 1)
    return SeatSimulator(base, usual.parameters, usual.offsets, seed=1)


@pytest.fixture(scope="module")
def votes() -> np.ndarray:
    return np.random.default_rng(2).dirichlet(np.array(NOW) * 400, N_DRAWS)


@pytest.fixture(scope="module")
def plain(seats: SeatSimulator, votes: np.ndarray) -> SeatDraws:
    return seats.simulate(votes)


def mean_share(drawn: SeatDraws) -> np.ndarray:
    """Mean shares by seat and line."""
    assert drawn.share_mean is not None
    return drawn.share_mean


def test_who_does_not_stand_has_nothing_to_leave(
    seats: SeatSimulator, base: SeatBase, votes: np.ndarray, plain: SeatDraws
) -> None:
    """To stand down where it does not stand changes nothing, alone or beside places where it does."""
    barred = base.constituency[base.share[:, REF] == 0].tolist()
    for left in ([], ["London"]):
        one, two = (seats.simulate(votes, SeatDials(stand_downs={"ref": at})) for at in (left, left + barred))
        for name in ("winner", "votes", "share_mean"):
            np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    fought = (base.share[:, REF] > 0) & np.isin(base.region, ["North East", "North West", "South West"])
    assert (mean_share(two) - mean_share(plain))[fought, REF].mean() == pytest.approx(0, abs=0.002)


def test_a_regional_swing_is_for_seats_that_are_fought(
    seats: SeatSimulator, base: SeatBase, votes: np.ndarray, plain: SeatDraws
) -> None:
    """A party gains in the seats of the region it contests, so much of the vote in Great Britain and no more."""
    moved = seats.simulate(votes, SeatDials(regional_swing={("London", "ref"): 0.05}))
    fought = (base.region == "London") & (base.share[:, REF] > 0)
    cast = base.weight[(base.nation != "Northern Ireland") & ~base.is_speaker].sum()
    assert (moved.votes - votes)[:, REF].mean() == pytest.approx(0.05 * base.weight[fought].sum() / cast, rel=0.01)
    assert (mean_share(moved) - mean_share(plain))[fought, REF].mean() == pytest.approx(0.05, abs=0.01)
