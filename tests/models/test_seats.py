from dataclasses import replace
from datetime import date

import numpy as np
import pytensor.tensor as pt
import pytest
from scipy.stats import multivariate_normal

from data import load_evidence
from models.blocs import lending
from models.cells import COLUMNS, SwingCells, expected_share, swing_cells
from models.fit import SamplerConfig, sample
from models.ireland import NI_PARTIES
from models.pairs import GB_NATIONS, PARTIES, SeatPair, seat_pairs
from models.seats import build_seat_model, log_likelihood
from models.tilts import TILTS

SLOPE, ATTACK, PERSONAL, ROOTED = -0.2, 0.15, 0.02, 0.7
LIB = PARTIES.index("lib")


@pytest.fixture(scope="module")
def pairs() -> list[SeatPair]:
    return seat_pairs(load_evidence())


def synthetic_pair(seed: int = 1, noise: float = 0.0, n_seats: int = 300) -> SeatPair:
    """English seats where every party moves by an affine rule, the left lends votes, and errors are normal."""
    rng = np.random.default_rng(seed)
    base = np.zeros((n_seats, len(PARTIES)))
    base[:, :3] = rng.dirichlet([9, 8, 4], n_seats)
    change = np.array([-0.10, 0.07, 0.03])
    new = base.copy()
    mean = base[:, :3].mean(axis=0)
    expected = expected_share(base[:, :3], mean, mean + change)
    blocs = lending(base, PARTIES, "England")
    lent = ATTACK * blocs.attack[:, None] * blocs.lends.T[:, :3] * expected
    new[:, :3] += (
        change + SLOPE * (base[:, :3] - mean) + blocs.borrows.T[:, :3] * lent.sum(axis=1, keepdims=True) - lent
    )
    pattern = np.zeros((len(TILTS), n_seats, len(PARTIES)))
    pattern[0, :, 0] = rng.integers(-1, 2, n_seats)
    new += PERSONAL * pattern[0]
    held = base[:, LIB] > np.quantile(base[:, LIB], 0.8)
    pattern[TILTS.index("rooted"), held, LIB] = base[held, LIB] - mean[LIB]
    new -= ROOTED * SLOPE * pattern[TILTS.index("rooted")]
    new[:, :3] += noise * np.sqrt(expected * (1 - expected)) * rng.standard_normal((n_seats, 3))
    return SeatPair(
        name="a-b",
        base_date=date(2000, 1, 1),
        new_date=date(2004, 1, 1),
        match="same",
        constituency=np.array([str(i) for i in range(n_seats)]),
        nation=np.array(["England"] * n_seats),
        region=np.array([f"region {i % 6}" for i in range(n_seats)]),
        base=base,
        new=np.clip(new, 0.0, 1.0),
        votes=np.full(n_seats, 40_000),
        pattern=pattern,
        ireland=0.2 * rng.standard_normal((18, len(NI_PARTIES))),
        con_governs=True,
    )


def solve(cells: SwingCells, cell: int) -> np.ndarray:
    """Least squares of one cell from its sums of products, regions pooled."""
    gram = cells.gram[cell].sum(axis=0)
    used = [i for i in range(1, len(COLUMNS) - 1) if gram[i, i] > 1e-9]
    return np.linalg.solve(gram[np.ix_(used, used)], gram[used, 0])


def test_condensed_seats_give_back_the_rule_they_were_made_by() -> None:
    """Without errors, least squares on a cell's sums of products returns slope and lending."""
    cells = swing_cells([synthetic_pair()])
    assert cells.party.tolist() == [0, 1, 2]
    assert solve(cells, 0)[1:] == pytest.approx([SLOPE, PERSONAL], abs=1e-6)
    assert solve(cells, 1)[1:3] == pytest.approx([SLOPE, ATTACK], abs=0.005)


def test_outliers_count_for_little() -> None:
    """Ten freak results in three hundred move a slope by less than a twentieth, where least squares moves it more."""
    clean = synthetic_pair(noise=0.05)
    new = clean.new.copy()
    freak = np.argsort(-clean.base[:, 0])[:10]
    new[freak, 0] = 0.05
    spoilt = replace(clean, new=new)
    before, after = (solve(swing_cells([p]), 0)[1] for p in (clean, spoilt))
    x, y = spoilt.base[:, 0], spoilt.new[:, 0] - spoilt.base[:, 0]
    plain = np.polyfit(x, y, 1)[0]
    assert abs(after - before) < 0.05 < abs(plain - before)


def test_pairs_are_the_elections_that_match(pairs: list[SeatPair]) -> None:
    """Every pair since 1955 is there, once, with how it was matched; the last is scored on notional results."""
    kinds = {pair.name: pair.match for pair in pairs}
    assert len(kinds) == len(pairs) == 18
    assert kinds["2019-2024"] == kinds["2005-2010"] == "notional"
    assert sorted(name for name, kind in kinds.items() if kind == "name") == [
        "1970-1974F",
        "1979-1983",
        "1992-1997",
        "2001-2005",
    ]


def test_pairs_hold_shares_of_great_britain_without_the_speaker(pairs: list[SeatPair]) -> None:
    """Shares sum to 1 at both elections in seats of the three nations; parties fought 631 of 632 in 2024."""
    for pair in pairs:
        np.testing.assert_allclose(pair.base.sum(axis=1), 1.0)
        np.testing.assert_allclose(pair.new.sum(axis=1), 1.0)
        assert set(pair.nation) <= set(GB_NATIONS)
    assert len(pairs[-1].constituency) == 631


def test_governing_conservatives_lose_and_others_do_not(pairs: list[SeatPair]) -> None:
    """The loss of a governing Conservative party is counted in 1997 and 2024 and is nil under Labour governments."""
    cells = swing_cells(pairs)
    loss = dict(zip(cells.pairs, cells.con_loss, strict=True))
    assert 0.2 < loss["1992-1997"] < 0.4 < loss["2019-2024"]
    assert loss["1974O-1979"] == loss["2005-2010"] == 0


def test_model_names_every_dimension(pairs: list[SeatPair]) -> None:
    """Every variable of the model that is not a number carries names for its dimensions."""
    model = build_seat_model(pairs[-4:])
    for variable in model.free_RVs:
        assert variable.ndim == len(model.named_vars_to_dims.get(variable.name, ()))


def test_likelihood_is_that_of_every_seat() -> None:
    """From sums of products comes, up to a constant, the normal likelihood of all seats with shared region errors."""
    rng = np.random.default_rng(4)
    columns = rng.normal(size=(3, 12, len(COLUMNS)))
    columns[:, :, -1] = 1.0
    cells = replace(
        swing_cells([synthetic_pair()]),
        gram=np.einsum("rsi,rsj->rij", columns, columns)[None],
        seats=np.full((1, 3), 12.0),
    )

    def ours(values: tuple[float, ...]) -> float:
        *terms, size, ratio = (pt.as_tensor_variable(np.array([v])) for v in values)
        return float(log_likelihood(cells, tuple(terms), size, ratio).eval())

    def plain(values: tuple[float, ...]) -> float:
        *terms, size, ratio = values
        error = columns[:, :, 0] - columns[:, :, 1:-1] @ np.array(terms)
        spread = np.exp(2 * size) * (np.eye(12) + ratio**2)
        return float(sum(multivariate_normal.logpdf(e, cov=spread) for e in error))

    one = (0.1, -0.2, 0.3, 0.05, 0.2, -0.3, 0.25, 0.1, 0.2, -0.1, 0.6)
    two = (-0.3, 0.1, 0.0, 0.2, -0.1, 0.2, -0.15, 0.0, 0.1, 0.3, 0.2)
    assert ours(one) - ours(two) == pytest.approx(plain(one) - plain(two), rel=1e-9)


@pytest.mark.slow
def test_model_finds_the_slope_it_was_given() -> None:
    """From six synthetic pairs slopes and lending are found as closely as their posterior says, a sixth allowed for."""
    made = [replace(synthetic_pair(seed, noise=0.06), name=f"{seed}") for seed in range(6)]
    posterior = sample(build_seat_model(made), SamplerConfig(draws=400, tune=600), progress=False)["posterior"]
    for name, truth in (("slope", SLOPE), ("attack", ATTACK), ("personal", PERSONAL)):
        off = (posterior[name].mean(("chain", "draw")) - truth) / (1.2 * posterior[name].std(("chain", "draw")))
        assert np.abs(off).max() < 3.5
        assert 0.2 < np.square(off).mean() < 2.0
    assert abs(float(posterior["rooted"].mean()) - ROOTED) < 3.5 * float(posterior["rooted"].std()) < 0.7
