from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from models.blocs import lending
from models.kernel import CLOSE, LEAST_SHARE, ROUNDS, NationInputs, simulate_nation
from models.seat_plan import relaxation
from models.tally import BINS, quantiles, tally

PARTIES = ("con", "lab", "lib", "ref", "grn")
N_DRAWS, N_SEATS = 40, 90
REST = 4


def inputs(seed: int = 3, size: float = 0.06, lent: float = 0.2) -> NationInputs:
    """A nation of 90 seats and five parties, with everything switched on."""
    rng = np.random.default_rng(seed)
    shape = (N_DRAWS, len(PARTIES))
    base = rng.dirichlet([6, 6, 3, 2, 1], N_SEATS)
    target = rng.dirichlet([60, 80, 30, 40, 15], N_DRAWS)
    slope = rng.normal(0, 0.2, shape)
    weight = rng.uniform(0.5, 1.5, N_SEATS)
    weight /= weight.sum()
    mean = weight @ base
    blocs = lending(base, PARTIES, "England")
    arrays = {
        "base": base.T,
        "noise": rng.standard_t(4, (*shape, N_SEATS)),
        "size": np.full(shape, size),
        "level": target - mean - slope * mean,
        "gradient": 1 + slope,
        "floor": 0.15 * target / mean,
        "target": target,
        "turnout": np.ones(len(PARTIES)),
        "weight": weight,
        "relax": relaxation(base.T, weight),
        "tilt": rng.normal(0, 0.02, (N_DRAWS, 2, len(PARTIES))),
        "pattern": rng.normal(0, 1, (2, len(PARTIES), N_SEATS)),
        "lent": np.stack([np.full(N_DRAWS, lent), np.full(N_DRAWS, -lent / 4)], axis=1),
        "where": np.stack([blocs.attack, blocs.hold]),
        "lends": blocs.lends,
        "borrows": blocs.borrows,
    }
    single = {name: np.ascontiguousarray(values, dtype=np.float32) for name, values in arrays.items()}
    line = np.array([0, 1, 2, 3, 6], dtype=np.int8)
    bloc = np.flatnonzero(blocs.lends.any(axis=1))
    return NationInputs(
        **single,
        bloc=bloc,
        upset=np.where(rng.random((N_DRAWS, N_SEATS)) < 0.02, rng.random((N_DRAWS, N_SEATS)), 0).astype(np.float32),
        rest=REST,
        absent=np.array([[0, 7], [3, 7], [1, 60]]),
        line=line,
        column=np.arange(N_SEATS),
    )


def reference(given: NationInputs) -> np.ndarray:
    """Shares (n_draws, n_parties, n_seats) by the same formula in plain NumPy at double precision."""
    v = NationInputs(*(np.asarray(x, dtype=float) for x in given))
    expected = v.level[:, :, None] + v.gradient[:, :, None] * v.base
    x = np.maximum(np.maximum(expected, v.floor[:, :, None] * v.base), LEAST_SHARE)
    for k in range(v.pattern.shape[0]):
        x = np.maximum(x + v.tilt[:, k, :, None] * v.pattern[k], LEAST_SHARE)
    given_away = (v.lent @ v.where)[:, None, :] * v.lends * x
    x = x - given_away + v.borrows * given_away.sum(axis=1, keepdims=True)
    x[:, given.bloc] = np.maximum(x[:, given.bloc], LEAST_SHARE)
    x = np.maximum(x + np.sqrt(x) * v.size[:, :, None] * v.noise, LEAST_SHARE)
    x[:, REST] += v.upset * x.sum(axis=1)
    x[:, given.absent[:, 0], given.absent[:, 1]] = 0.0
    factor = np.ones(v.target.shape)
    going = np.ones((len(factor), 1), dtype=bool)
    for _ in range(ROUNDS):
        weighted = v.weight / (factor[:, :, None] * x).sum(axis=1, keepdims=True)
        held = factor * (x * weighted).sum(axis=2)
        ratio = v.target / held
        factor = np.where(going, factor * ratio * np.maximum(1 + (ratio - 1) @ v.relax.T, 0.5), factor)
        going &= np.abs(v.target - held).max(axis=1, keepdims=True) >= CLOSE
    x = (v.turnout * factor)[:, :, None] * x
    return np.asarray(x / x.sum(axis=1, keepdims=True))


def run(given: NationInputs) -> tuple[np.ndarray, np.ndarray]:
    """Winners and shares of the compiled kernel."""
    winner = np.empty((N_DRAWS, N_SEATS), dtype=np.int8)
    shares = np.empty((N_DRAWS, len(PARTIES), N_SEATS), dtype=np.float32)
    simulate_nation(given, winner, shares)
    return winner, shares


@pytest.mark.parametrize(("lent", "lab"), [(0.0, 1.0), (0.3, 0.8)])
def test_kernel_agrees_with_plain_numpy(lent: float, lab: float) -> None:
    """The compiled kernel gives the shares of the NumPy formula, and the winners that follow from them."""
    given = inputs(lent=lent)._replace(turnout=np.array([1, lab, 1, 1, 1], dtype=np.float32))
    winner, shares = run(given)
    expected = reference(given)
    np.testing.assert_allclose(shares, expected, atol=2e-5)
    top = np.sort(expected, axis=1)
    clear = top[:, -1] - top[:, -2] > 1e-4
    np.testing.assert_array_equal(winner[clear], given.line[expected.argmax(axis=1)][clear])


def test_shares_sum_to_one_and_meet_the_votes() -> None:
    """In every draw each seat's shares sum to 1, and weighted over seats they give the nation's votes."""
    given = inputs()
    _, shares = run(given)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0, atol=1e-5)
    np.testing.assert_allclose(shares @ given.weight, given.target, atol=5e-4)


def test_knowing_how_uneven_votes_are_speeds_raking() -> None:
    """Steps that allow for parties' concentration leave less than half the error of plain ones."""
    given = inputs()
    errors = []
    for one in (given, given._replace(relax=np.zeros_like(given.relax))):
        _, shares = run(one)
        errors.append(np.abs(shares @ one.weight - one.target).mean())
    assert errors[0] < errors[1] / 2


def test_votes_are_met_however_far_they_move() -> None:
    """Tilts of thirty points and a target turned upside down still end at the nation's votes."""
    given = inputs()
    _, shares = run(given._replace(tilt=15 * given.tilt, target=np.ascontiguousarray(given.target[:, ::-1])))
    np.testing.assert_allclose(shares @ given.weight, given.target[:, ::-1], atol=1e-3)


def test_who_does_not_stand_wins_nothing() -> None:
    """A party has no votes where it does not stand, and one that stands nowhere and wants nothing breaks nothing."""
    given = inputs()
    gone = np.stack([np.full(N_SEATS, 2), np.arange(N_SEATS)], axis=1)
    target = given.target.copy()
    target[:, 2] = 0
    target /= target.sum(axis=1, keepdims=True)
    winner, shares = run(given._replace(absent=np.concatenate([given.absent, gone]), target=target))
    assert (shares[:, 2] == 0).all()
    assert (shares[:, given.absent[:, 0], given.absent[:, 1]] == 0).all()
    assert not (winner == given.line[2]).any()
    np.testing.assert_allclose(shares @ given.weight, target, atol=1e-3)


def test_an_upset_lifts_all_others_in_its_seat() -> None:
    """A candidate from nowhere with as many votes as everybody else takes half, and hardly touches other seats."""
    given = inputs(lent=0.0)
    calm, wild = np.zeros_like(given.upset), np.zeros_like(given.upset)
    wild[:, 11] = 1
    _, plain = run(given._replace(upset=calm))
    _, shares = run(given._replace(upset=wild))
    before, after = plain[:, REST, 11], shares[:, REST, 11]
    assert np.median(after / (1 - after) / ((1 + before) / (1 - before))) == pytest.approx(1, abs=0.15)
    others = np.delete(np.arange(N_SEATS), 11)
    assert np.abs(shares[:, :, others] - plain[:, :, others]).mean() < 0.005


def test_no_swing_and_no_error_leaves_the_last_result() -> None:
    """With the last votes, no slope, no errors and nothing lent, every seat keeps its shares."""
    given = inputs(size=0.0, lent=0.0)
    mean = given.base @ given.weight
    still = np.broadcast_to(mean, given.target.shape).astype(np.float32).copy()
    zero = np.zeros_like(given.level)
    given = given._replace(
        target=still,
        level=zero,
        gradient=zero + 1,
        tilt=np.zeros_like(given.tilt),
        upset=np.zeros_like(given.upset),
        absent=given.absent[:0],
    )
    _, shares = run(given)
    np.testing.assert_allclose(shares, np.broadcast_to(given.base, shares.shape), atol=1e-4)


def test_lending_helps_the_best_placed() -> None:
    """The more of its supporters lend their vote, the more seats the left takes where the right leads."""
    won = []
    for lent in (0.0, 0.2, 0.4, 0.6):
        given = inputs(lent=0.0)
        given = given._replace(lent=np.stack([np.full(N_DRAWS, lent), np.zeros(N_DRAWS)], axis=1).astype(np.float32))
        winner, _ = run(given)
        won.append(int(np.isin(winner[:, given.where[0] > 0], [1, 2, 6]).sum()))
    assert won == sorted(won)
    assert won[-1] > won[0]


def test_threads_do_not_disturb_each_other() -> None:
    """Eight threads that call the kernel at once each get what one alone gets."""
    given = [inputs(seed) for seed in range(8)]
    alone = [run(one) for one in given]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(run, given))
    for (w1, s1), (w2, s2) in zip(alone, together, strict=True):
        np.testing.assert_array_equal(w1, w2)
        np.testing.assert_array_equal(s1, s2)


def test_quantiles_come_close_to_exact_ones() -> None:
    """Quantiles read from the tally lie within half a point of the exact ones, and means are exact."""
    shares = np.random.default_rng(0).beta(3, 9, (4000, 2, 3)).astype(np.float32)
    total, counts = np.zeros((2, 3)), np.zeros((2, 3, BINS), dtype=np.uint16)
    for part in np.split(shares, 4):
        tally(part, total, counts)
    np.testing.assert_allclose(total / 4000, shares.mean(axis=0, dtype=float), rtol=1e-6)
    exact = np.quantile(shares, [0.05, 0.95], axis=0)
    np.testing.assert_allclose(quantiles(counts, (0.05, 0.95)), exact, atol=0.005)


def test_only_the_left_lends_and_only_against_the_right() -> None:
    """In a Con-Lib seat Labour and Greens lend to the Liberal Democrats; between Labour and the SNP nobody lends."""
    seats = np.array([[0.45, 0.10, 0.35, 0.06, 0.04], [0.10, 0.45, 0.35, 0.06, 0.04], [0.30, 0.45, 0.15, 0.06, 0.04]])
    blocs = lending(seats, PARTIES, "England")
    assert blocs.lends[:, 0].tolist() == [0, 1, 0, 0, 1]
    assert blocs.borrows[:, 0].tolist() == [0, 0, 1, 0, 0]
    assert blocs.attack.tolist() == [1, 0, 0]
    assert blocs.hold.tolist() == [0, 0, 1]
    scottish = lending(np.array([[0.1, 0.4, 0.45, 0.05]]), ("con", "lab", "snp", "grn"), "Scotland")
    assert not scottish.lends.any()
