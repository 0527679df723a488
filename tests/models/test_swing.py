from concurrent.futures import ThreadPoolExecutor
from datetime import date

import numpy as np
import pytest
import xarray as xr

from data import load_evidence
from models.nations import NationOffsets
from models.seat_base import SeatBase, seat_base
from models.swing import QUANTILES, SeatDials, SeatDraws, SeatSimulator, seat_parameters
from tests.models.made_up_swing import PARTIES, posterior

MEANS = [0.19, 0.24, 0.11, 0.24, 0.125, 0.027, 0.008, 0.04, 0.02]
N_DRAWS = 600


@pytest.fixture(scope="module")
def base() -> SeatBase:
    return seat_base(load_evidence(), date(2029, 5, 3), PARTIES)


def make(base: SeatBase, seed: int = 11, upset_rate: float = 0.005) -> SeatSimulator:
    """A simulator of the next election."""
    offsets = NationOffsets(parties=PARTIES, mean=np.zeros((3, 9)), sd=np.full((3, 9), 0.05))
    parameters = seat_parameters(posterior(), base, N_DRAWS, seed)
    parameters = parameters.assign(upset_rate=("draw", np.full(N_DRAWS, upset_rate)))
    return SeatSimulator(base, parameters, offsets, seed=seed)


@pytest.fixture(scope="module")
def simulator(base: SeatBase) -> SeatSimulator:
    return make(base)


@pytest.fixture(scope="module")
def votes() -> np.ndarray:
    return np.random.default_rng(2).dirichlet(np.array(MEANS) * 400, N_DRAWS)


@pytest.fixture(scope="module")
def drawn(simulator: SeatSimulator, votes: np.ndarray) -> SeatDraws:
    return simulator.simulate(votes)


def same(one: SeatDraws, two: SeatDraws) -> None:
    """Check that two runs agree to the last bit."""
    for name in ("winner", "votes", "share_mean", "share_quantile"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))


def test_every_seat_has_a_winner_that_stands_there(base: SeatBase, drawn: SeatDraws) -> None:
    """All 650 seats have a winner in every draw, and only lines that stand in a seat can win it."""
    assert drawn.winner.shape == (N_DRAWS, 650)
    stands = base.share > 0
    assert stands[np.arange(650), drawn.winner].all()
    assert (drawn.winner[:, base.is_speaker] == base.lines.index("spk")).all()


def test_shares_are_shares(base: SeatBase, drawn: SeatDraws, votes: np.ndarray) -> None:
    """Mean shares sum to 1 in every seat, lie within their intervals and give the votes of Great Britain."""
    assert drawn.share_mean is not None
    assert drawn.share_quantile is not None
    assert drawn.share_quantile.shape == (len(QUANTILES), *base.share.shape)
    np.testing.assert_allclose(drawn.share_mean.sum(axis=1), 1.0, atol=1e-5)
    assert (np.diff(drawn.share_quantile, axis=0) >= 0).all()
    assert (drawn.share_quantile[QUANTILES.index(0.05)] <= drawn.share_mean + 0.003).all()
    assert (drawn.share_mean <= drawn.share_quantile[QUANTILES.index(0.95)] + 0.003).all()
    ours = (base.nation != "Northern Ireland") & ~base.is_speaker
    weight = base.weight[ours] / base.weight[ours].sum()
    np.testing.assert_allclose(weight @ drawn.share_mean[ours, :9], votes.mean(axis=0), atol=5e-4)


def share_of(drawn: SeatDraws) -> np.ndarray:
    """Mean shares by seat and line."""
    assert drawn.share_mean is not None
    return drawn.share_mean


def gb_vote(base: SeatBase, drawn: SeatDraws) -> np.ndarray:
    """Great Britain's vote counted from mean shares by seat."""
    ours = (base.nation != "Northern Ireland") & ~base.is_speaker
    return np.asarray(base.weight[ours] / base.weight[ours].sum() @ share_of(drawn)[ours, : len(base.parties)])


def seats_of(drawn: SeatDraws, party: str) -> float:
    """Mean number of seats of a party."""
    return float((drawn.winner == PARTIES.index(party)).sum(axis=1).mean())


def test_upsets_come_at_their_rate(base: SeatBase, simulator: SeatSimulator, votes: np.ndarray) -> None:
    """Strong independents win a few seats in a draw, all in Great Britain, and none where there are none."""
    drawn, none = simulator.simulate(votes), make(base, upset_rate=0.0).simulate(votes)
    blocks = [simulator._errors.block(n) for n in range(3)]
    per_draw = sum((e.upset > 0).sum() for block in blocks for e in block.errors) / N_DRAWS
    assert per_draw == pytest.approx(0.005 * 631, abs=0.3)
    assert seats_of(drawn, "oth") > seats_of(none, "oth") + 0.1
    assert gb_vote(base, drawn) == pytest.approx(gb_vote(base, none), abs=1e-3)


def test_empty_dials_change_nothing(simulator: SeatSimulator, votes: np.ndarray, drawn: SeatDraws) -> None:
    """A run with dials at rest, again and by several threads at once, is the base bit for bit."""
    with ThreadPoolExecutor(4) as pool:
        for again in pool.map(lambda dials: simulator.simulate(votes, dials), [SeatDials()] * 4):
            same(again, drawn)


def test_same_seed_same_bytes_and_another_seed_others(base: SeatBase, votes: np.ndarray, drawn: SeatDraws) -> None:
    """A simulator made anew from the seed gives the same bytes; another seed does not."""
    same(make(base).simulate(votes), drawn)
    assert (make(base, seed=12).simulate(votes).winner != drawn.winner).any()


def test_simulator_survives_a_file(
    simulator: SeatSimulator, votes: np.ndarray, drawn: SeatDraws, tmp_path: object
) -> None:
    """A simulator written to netCDF, without its errors, and read back gives the same bytes."""
    path = f"{tmp_path}/seats.nc"
    simulator.to_dataset().to_netcdf(path, engine="h5netcdf")
    same(SeatSimulator.from_datasets(xr.load_dataset(path, engine="h5netcdf")).simulate(votes), drawn)


@pytest.mark.parametrize("part", [slice(0, 200), slice(230, 520)])
def test_some_draws_are_the_same_draws(
    simulator: SeatSimulator, votes: np.ndarray, drawn: SeatDraws, part: slice
) -> None:
    """Draws asked for alone are those of the whole run."""
    some = simulator.simulate(votes[part], draws=part, summaries=False)
    np.testing.assert_array_equal(some.winner, drawn.winner[part])


def test_tactical_dial_helps_the_left_against_the_right(simulator: SeatSimulator, votes: np.ndarray) -> None:
    """More tactical voting never costs the left seats in the mean, and costs the right some."""
    won = [simulator.simulate(votes, SeatDials(tactical=t), summaries=False).winner for t in (0.0, 0.5, 1.0, 1.5)]
    right = [float(np.isin(w, [PARTIES.index(p) for p in ("con", "ref", "restore")]).sum(axis=1).mean()) for w in won]
    assert right == sorted(right, reverse=True)
    assert right[0] - right[-1] > 1


def test_regional_swing_moves_its_region(simulator: SeatSimulator, base: SeatBase, votes: np.ndarray) -> None:
    """Five points more for Labour in London raise its share there by about five and barely move it in Scotland."""
    plain = simulator.simulate(votes)
    moved = simulator.simulate(votes, SeatDials(regional_swing={("London", "lab"): 0.05}))
    assert plain.share_mean is not None
    assert moved.share_mean is not None
    change = moved.share_mean - plain.share_mean
    lab = PARTIES.index("lab")
    assert change[base.region == "London", lab].mean() == pytest.approx(0.05, abs=0.01)
    assert change[base.region == "North West", lab].mean() == pytest.approx(0.0, abs=0.005)
    np.testing.assert_array_equal(change[base.region == "Scotland"], 0.0)


@pytest.mark.parametrize("places", [["Scotland"], ["South West", "Wales"], ["E14001063", "W07000081"]])
def test_who_stands_down_leaves_its_votes_to_the_others(
    simulator: SeatSimulator, base: SeatBase, votes: np.ndarray, drawn: SeatDraws, places: list[str]
) -> None:
    """A party gets nothing where it stands down and what it had elsewhere; the others share what it leaves."""
    lib = PARTIES.index("lib")
    moved = simulator.simulate(votes, SeatDials(stand_downs={"lib": places}))
    left = np.any([np.isin(name, places) for name in (base.constituency, base.region, base.nation)], axis=0)
    assert left.any()
    assert (share_of(moved)[left, lib] == 0).all()
    assert not (moved.winner[:, left] == lib).any()
    elsewhere = ~left & (base.nation != "Northern Ireland") & ~base.is_speaker
    gone = share_of(moved)[elsewhere, lib] - share_of(drawn)[elsewhere, lib]
    assert gone.mean() == pytest.approx(0, abs=0.002)
    others = np.delete(np.arange(9), lib)
    assert (share_of(moved)[left][:, others].sum(axis=0) >= share_of(drawn)[left][:, others].sum(axis=0) - 1e-6).all()
    np.testing.assert_allclose(share_of(moved).sum(axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(gb_vote(base, moved), moved.votes.mean(axis=0), atol=1e-3)
    assert moved.votes[:, lib].mean() < votes[:, lib].mean()
    np.testing.assert_allclose(moved.votes.sum(axis=1), 1)
    assert (moved.winner >= 0).all()


def test_standing_down_for_the_best_placed_helps_it(simulator: SeatSimulator, votes: np.ndarray) -> None:
    """Without Reform in England and Wales the Conservatives win more; without the Conservatives too it is the left."""
    plain = simulator.simulate(votes, summaries=False)
    alone = simulator.simulate(votes, SeatDials(stand_downs={"ref": ["England", "Wales"]}), summaries=False)
    both = {"ref": ["England", "Wales"], "con": ["England", "Wales", "Scotland"]}
    left = simulator.simulate(votes, SeatDials(stand_downs=both), summaries=False)
    assert seats_of(alone, "con") > seats_of(plain, "con") + 20
    assert seats_of(left, "con") == 0
    assert left.votes[:, 0].max() < 1e-6
    assert seats_of(left, "lab") + seats_of(left, "lib") > seats_of(plain, "lab") + seats_of(plain, "lib") + 50


@pytest.mark.parametrize(("party", "change"), [("lab", -0.5), ("lab", 0.1), ("lab", 0.5), ("snp", 0.5)])
def test_turnout_multiplies_a_partys_votes(
    simulator: SeatSimulator, base: SeatBase, votes: np.ndarray, drawn: SeatDraws, party: str, change: float
) -> None:
    """With a tenth more of its supporters voting a party has a tenth more votes for every vote of the others.

    So it has in every seat of every draw, and in Great Britain, as a seat where more vote counts for more.
    """
    at = PARTIES.index(party)
    moved = simulator.simulate(votes, SeatDials(turnout={party: change}))
    odds = [v[:, at] / (1 - v[:, at]) for v in (votes, moved.votes)]
    assert odds[1] / odds[0] == pytest.approx(1 + change, abs=1e-5)
    np.testing.assert_allclose(moved.votes.sum(axis=1), 1)
    weight = np.where((base.nation == "Northern Ireland") | base.is_speaker, 0.0, base.weight)
    blocks = [
        simulator.share_blocks(simulator.prepare(votes, d)) for d in (SeatDials(), SeatDials(turnout={party: change}))
    ]
    odds_moved: list[np.ndarray] = []
    found: list[np.ndarray] = []
    for old, new in zip(*blocks, strict=True):
        before, after = old[:, at].astype(float), new[:, at].astype(float)
        fought = before > 0
        odds_moved.append((after / (1 - after))[fought] / (before / (1 - before))[fought])
        cast = weight * (1 + change * before)
        found.append((cast * after).sum(axis=1) / cast.sum(axis=1))
    np.testing.assert_allclose(np.concatenate(odds_moved), 1 + change, rtol=1e-4)
    np.testing.assert_allclose(np.concatenate(found), moved.votes[:, at], atol=5e-4)
    assert np.sign(seats_of(moved, party) - seats_of(drawn, party)) == np.sign(change)
    np.testing.assert_array_equal(
        share_of(moved)[base.nation == "Northern Ireland"], share_of(drawn)[base.nation == "Northern Ireland"]
    )


def test_a_seat_can_be_given_to_a_party(
    simulator: SeatSimulator, base: SeatBase, votes: np.ndarray, drawn: SeatDraws
) -> None:
    """The seat is won by the party named in every draw; every other seat, and all shares, stay as they are."""
    moved = simulator.simulate(votes, SeatDials(seats={"E14001063": "grn", "N05000001": "sf"}))
    rows = [base.constituency.tolist().index(code) for code in ("E14001063", "N05000001")]
    assert (moved.winner[:, rows] == [base.lines.index("grn"), base.lines.index("sf")]).all()
    rest = np.delete(np.arange(650), rows)
    np.testing.assert_array_equal(moved.winner[:, rest], drawn.winner[:, rest])
    np.testing.assert_array_equal(share_of(moved), share_of(drawn))


def test_regional_swing_shows_in_the_vote(simulator: SeatSimulator, base: SeatBase, votes: np.ndarray) -> None:
    """The vote reported is the one the seats were raked to, with what a region adds."""
    moved = simulator.simulate(votes, SeatDials(regional_swing={("London", "lab"): 0.2, ("Wales", "con"): -0.1}))
    np.testing.assert_allclose(gb_vote(base, moved), moved.votes.mean(axis=0), atol=1e-3)
    assert moved.votes[:, 1].mean() > votes[:, 1].mean() + 0.01


def test_a_party_that_collapses_cannot_win_by_its_errors(simulator: SeatSimulator, votes: np.ndarray) -> None:
    """With one hundredth of the vote the Conservatives hold almost nothing."""
    gone = votes.copy()
    gone[:, 0] = 0.01
    gone /= gone.sum(axis=1, keepdims=True)
    assert (simulator.simulate(gone, summaries=False).winner == 0).sum(axis=1).mean() < 3
