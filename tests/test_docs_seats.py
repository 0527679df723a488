"""Equations of the page on seats, typed in again and held beside the model that is sampled and the simulation."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pymc as pm
import pytest
from scipy.special import expit

from models.blocs import lending
from models.cells import COLUMNS, TAIL, SwingCells, expected_share, swing_cells
from models.kernel import CLOSE, simulate_nation
from models.nations import nation_base
from models.next_election import Expectation, expect, seat_parameters
from models.pairs import PARTIES, SeatPair, seat_pairs
from models.seat_base import SeatBase
from models.seat_errors import Errors, ErrorStore, lay_out
from models.seat_plan import SeatDials, plan_nation
from models.seats import build_seat_model
from models.tilts import TILTS
from tests.models.every_model import known
from tests.models.made_up_swing import posterior
from tests.views.synthetic import NOW, seats

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
THREE = 3
N_DRAWS = 6


@pytest.fixture(scope="module")
def pairs() -> list[SeatPair]:
    """An election that a Conservative government lost, and one that it won."""
    return [pair for pair in seat_pairs(known(2016)) if pair.name in ("1992-1997", "2010-2015")]


def moments(model: pm.Model, name: str, *given: str) -> dict[str, Floats]:
    """Mean and sd of a normal variable, with what they are made from."""
    mean, sd = model[name].owner.op.dist_params(model[name].owner)
    values = pm.draw([mean, sd, *(model[one] for one in given)], random_seed=5, mode="FAST_COMPILE")
    return dict(zip(("mean", "sd", *given), values, strict=True))


def position(b: Floats, d: Floats, rest: Floats, v: Mapping[str, Floats]) -> Floats:
    """Mean of the slope for base shares, changes and whether it is the rest, as the page writes it."""
    lost, gained = np.maximum(-d / b, 0.0), np.maximum(d, 0.0) / np.maximum(b + d, 1e-9)
    usual = -lost * expit((lost - v["threshold"]) / v["width"]) + v["gain"] * gained
    return np.where(rest, v["reversion"], usual)


def test_where_between_uniform_and_proportional_swing(pairs: list[SeatPair]) -> None:
    """Slopes are normal about the page's mean, with a spread that grows as the base share falls."""
    cells = swing_cells(pairs)
    found = moments(build_seat_model(pairs), "slope", "threshold", "width", "gain", "reversion", "churn_sd")
    rest = cells.party == PARTIES.index("oth")
    assert rest.any()
    assert (cells.change[~rest] < 0).any()
    assert (cells.change[~rest] > 0).any()
    assert found["mean"] == pytest.approx(position(cells.base, cells.change, rest, found))
    assert found["sd"] == pytest.approx(np.sqrt(found["churn_sd"] ** 2 * 0.4 / cells.base))


def test_tactical_voting_grows_with_a_governments_loss(pairs: list[SeatPair]) -> None:
    """The part that lends a vote against a Conservative government grows with the square of what it loses."""
    found = moments(build_seat_model(pairs), "attack", "attack_mean", "attack_loss", "attack_sd")
    old, new = (np.average(side[:, 0], weights=pairs[0].votes) for side in (pairs[0].base, pairs[0].new))
    losses = np.array([1 - new / old, 0.0])
    assert losses[0] > 0.2
    assert found["mean"] == pytest.approx(found["attack_mean"] + found["attack_loss"] * losses**2)
    assert found["sd"] == found["attack_sd"]


def made_up(beta: Floats, lent: tuple[float, float], tau: Floats, n: int = 240) -> tuple[SeatPair, Floats]:
    """A pair of elections that follows the page's equation without errors, and the intercepts that it took."""
    rng = np.random.default_rng(8)
    base = np.zeros((n, len(PARTIES)))
    base[:, :THREE] = rng.dirichlet([9, 8, 5], n)
    b, mean = base[:, :THREE], base[:, :THREE].mean(axis=0)
    change = np.array([-0.10, 0.07, 0.03])
    m = expected_share(b, mean, mean + change)
    blocs = lending(base, PARTIES, "England")
    lenders, borrowers = blocs.lends.T[:, :THREE], blocs.borrows.T[:, :THREE]
    everybody = borrowers * (lenders * m).sum(axis=1, keepdims=True) - lenders * m
    a, h = everybody * blocs.attack[:, None], everybody * blocs.hold[:, None]
    z = np.zeros((len(TILTS), n, len(PARTIES)))
    z[..., :THREE] = rng.normal(0, 1, (len(TILTS), n, THREE))
    y = b + change + beta * (b - mean) + lent[0] * a + lent[1] * h + np.einsum("k,ksp->sp", tau, z[..., :THREE])
    intercept = (b + change - y).mean(axis=0)
    new = base.copy()
    new[:, :THREE] = y + intercept
    places, kind = np.array([f"{i}" for i in range(n)]), np.array([f"region {i % 4}" for i in range(n)])
    pair = SeatPair(
        name="a-b", base_date=date(2000, 1, 1), new_date=date(2004, 1, 1), match="same", constituency=places,
        nation=np.full(n, "England"), region=kind, base=base, new=new, votes=np.full(n, 40_000), pattern=z,
        ireland=np.zeros((0, 6)), con_governs=True,
    )  # fmt: skip
    return pair, intercept


def left_over(cells: SwingCells, cell: int, coefficients: Floats) -> float:
    """Weighted sum of squares that a cell keeps once the terms of the page are taken away."""
    residual = np.array([1.0, *-coefficients, 0.0])
    return float(residual @ cells.gram[cell].sum(axis=0) @ residual)


def test_the_change_in_a_seat() -> None:
    """Position, tactical voting and tilts add up as the page writes them, on the scale of errors that it names."""
    beta, lent, tau = np.array([-0.3, 0.1, -0.2]), (0.15, 0.08), np.array([0.01, 0.004, 0.006, -0.005, 0.008])
    pair, intercept = made_up(beta, lent, tau)
    assert pair.new[:, :THREE].min() > 0
    cells = swing_cells([pair])
    assert cells.party.tolist() == list(range(THREE))
    for cell in range(THREE):
        terms = np.array([intercept[cell], beta[cell], *lent, *tau])
        whole = float(cells.gram[cell, :, 0, 0].sum())
        assert left_over(cells, cell, terms) < 1e-9 * whole
        for i in range(1, terms.size):
            other = np.where(np.arange(terms.size) == i, 2 * terms, terms)
            used = cells.gram[cell, :, i + 1, i + 1].sum() > 0  # Conservatives neither lend nor borrow
            assert not used or left_over(cells, cell, other) > 1e-3 * whole
    b = pair.base[:, :THREE]
    m = expected_share(b, b.mean(axis=0), pair.new[:, :THREE].mean(axis=0))
    at, weight = COLUMNS.index("intercept"), (TAIL + 1) / TAIL  # of a seat without an error
    found = cells.gram[:, :, at, at].sum(axis=1)
    assert found == pytest.approx(weight * (1 / (m * (1 - m))).sum(axis=0))


@pytest.fixture(scope="module")
def base() -> SeatBase:
    """Seats of the next election."""
    return seats()


def test_the_simulation_draws_about_the_same_position(base: SeatBase) -> None:
    """An election to come has the slope of the page in each draw, plus the part that is its own."""
    usual, weights = nation_base(base)
    rng = np.random.default_rng(4)
    target = rng.dirichlet(np.array(NOW) * 300, (N_DRAWS, 3))
    drawn = seat_parameters(posterior(), base, n_draws=N_DRAWS, seed=2)
    values = {str(name): drawn[name].values for name in drawn.data_vars}
    found = expect(values, base, usual, target, np.einsum("n,dnp->dp", weights, target))
    v = {name: value[:, None, None] for name, value in values.items() if value.ndim == 1}
    before = np.maximum(usual, 1e-9)
    rest = np.array([party == "oth" for party in base.parties])
    beta = position(before, target - before, rest, v) + values["churn"]
    assert found.slope == pytest.approx(np.clip(beta, -0.95, 3.0))


def test_from_votes_to_seats(base: SeatBase) -> None:
    """Swing, floor, tilts, lending, errors and raking give the shares of the page, and the largest of them wins."""
    rng = np.random.default_rng(6)
    ground, (usual, _) = lay_out(base)[0], nation_base(base)
    parties, n_seats = ground.party, ground.base.shape[1]
    shape = (N_DRAWS, 3, len(base.parties))
    target = rng.dirichlet(np.array(NOW) * 300, (N_DRAWS, 3))
    target[:, 0, np.setdiff1d(np.arange(len(base.parties)), parties)] = 0  # they stand elsewhere
    target /= target.sum(axis=2, keepdims=True)
    tau = rng.normal(0, 0.01, (N_DRAWS, len(TILTS), *shape[1:]))
    alpha, eta, size = np.full(N_DRAWS, 0.12), np.full(N_DRAWS, 0.05), np.full(shape, 0.05)
    beta = rng.normal(-0.2, 0.2, shape)
    beta[:, :, base.parties.index("lib")] = -1.5  # so that the floor is met somewhere
    plan = plan_nation(
        ground, base, usual, target, Expectation(slope=beta, size=size, tilt=tau, attack=alpha, hold=eta), SeatDials()
    )
    e = rng.normal(0, 1, (N_DRAWS, parties.size, n_seats))
    calm = Errors(e.astype(np.float32), np.zeros((N_DRAWS, n_seats), dtype=np.float32))
    winner = np.empty((N_DRAWS, len(base.constituency)), dtype=np.int8)
    share = np.empty(e.shape, dtype=np.float32)
    simulate_nation(plan.inputs(calm, slice(0, N_DRAWS)), winner, share)

    b, big_b = ground.base.astype(float), usual[0, parties][:, None]
    t, slope = target[:, 0, parties, None], beta[:, 0, parties, None]
    line, floor = t - big_b - slope * big_b + (1 + slope) * b, 0.15 * t / big_b * b
    assert (line < floor).any()
    y = np.maximum(line, floor) + np.einsum("dkp,kps->dps", tau[:, :, 0, parties], ground.pattern)
    lends = (alpha[:, None] * ground.where[0] + eta[:, None] * ground.where[1])[:, None] * ground.lends * y
    y = y + ground.borrows * lends.sum(axis=1, keepdims=True) - lends
    y = y + 0.05 * np.sqrt(np.maximum(y, 0)) * e
    # Seats in which no share came near nought on the way, where the kernel keeps a tenth of a point.
    clear = (np.minimum(y, line) > 0.01).all(axis=(0, 1)) & (b > 0).all(axis=0)
    assert clear.sum() > 30
    factors = (share / y)[:, :, clear]
    each = factors / factors[:, :1]
    assert each == pytest.approx(np.broadcast_to(each.mean(axis=2, keepdims=True), each.shape), rel=2e-3)
    assert share.sum(axis=1) == pytest.approx(np.ones((N_DRAWS, n_seats)), abs=1e-5)
    assert (share * ground.weight).sum(axis=2) == pytest.approx(t[:, :, 0], abs=CLOSE / 4)
    assert (winner[:, ground.rows] == ground.line[share.argmax(axis=1)]).mean() > 0.999  # but for ties to a millionth


def test_northern_ireland_moves_by_itself(base: SeatBase) -> None:
    """Logs of Northern Irish shares move by one normal number a party and one a seat."""
    n, swing, seat = 2000, 0.2, 0.25
    values = {"region_ratio": 0.5, "upset_rate": 0.0, "ireland_swing": swing, "ireland_seat": seat}
    store = ErrorStore(base, {name: np.full(n, value) for name, value in values.items()}, seed=9)
    shares = np.concatenate([store.block(number).ireland for number in range(n // 250)])
    last = base.share[store.ireland].T
    one, two = (base.lines.index(party) for party in ("sf", "dup"))
    both = (last[one] > 0) & (last[two] > 0)
    moved = np.log(shares[:, one, both] / shares[:, two, both]) - np.log(last[one, both] / last[two, both])
    covariance = np.cov(moved, rowvar=False)
    assert np.diag(covariance).mean() == pytest.approx(2 * (swing**2 + seat**2), rel=0.05)
    apart = ~np.eye(len(covariance), dtype=bool)
    assert covariance[apart].mean() == pytest.approx(2 * swing**2, rel=0.1)


def test_how_much_too_narrow_fixed_weights_make_slopes() -> None:
    """With Student t errors the information about a slope is (TAIL + 1) / (TAIL + 3) of that with fixed weights."""
    assert np.sqrt((TAIL + 3) / (TAIL + 1)) == pytest.approx(np.sqrt(7 / 5))
    assert 1 - np.sqrt((TAIL + 1) / (TAIL + 3)) == pytest.approx(1 / 6, abs=0.02)
