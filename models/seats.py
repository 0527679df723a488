"""The seat model: how a nation's change of vote spreads over its constituencies, learned from every pair of elections.

For party ``p`` in nation ``n`` at election ``e``, with mean base share ``B`` and mean change ``D``::

    new_i = base_i + D + slope (base_i - B) + lent_i + tilts_i + region + error_i

Uniform swing is ``slope = 0`` and proportional swing ``slope = D / B``. The position between them is learned. It
depends on how much of its vote a party loses, because weak supporters go first, and every election adds a slope of
its own that no net change explains. Positions of parties' own and larger errors for rising parties were tried and left
out: on the seven elections of 1992-2024, each forecast from the pairs before it, they changed no score.

``models.cells`` condenses the seats, so that this model sees one small matrix per pair, party, nation and region: the
likelihood is exact but for the weights of the heavy tails, and a fit takes seconds where 35,000 rows would take
minutes.
"""

from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from numpy.typing import NDArray

from models.cells import COLUMNS, REST, USUAL_SHARE, Array, SwingCells, swing_cells
from models.graph_data import as_data
from models.pairs import GB_NATIONS, PARTIES, SeatPair
from models.priors import SeatPriors
from models.tilts import LIBERAL


def build_seat_model(pairs: list[SeatPair], *, priors: SeatPriors | None = None) -> pm.Model:
    """Build the model of swing.

    Parameters
    ----------
    pairs : list of SeatPair
        Pairs of elections whose results are known (``models.pairs.seat_pairs``).
    priors : SeatPriors, optional
        Priors as values.

    Returns
    -------
    pm.Model
        Variables ``threshold, width, gain, reversion, churn_sd, slope (cell), attack_mean, attack_loss,
        attack_sd, attack (pair), hold_mean, hold_sd, hold (pair), personal_mean, personal_sd, personal (pair), liberal,
        rooted, local, gained, leave_sd, leave (leave_pair, party), upset_mean, upset_sd, upset (pair), size_mean,
        size_party (party), size_volatility, size_year_sd, size_cell_sd, region_ratio, ireland_swing, ireland_seat`` and
        those they are built from.
    """
    priors = priors or SeatPriors()
    cells = swing_cells(pairs)
    places = zip(cells.pair, cells.nation, cells.party, strict=True)
    labels = [f"{cells.pairs[pair]} {GB_NATIONS[nation]} {PARTIES[party]}" for pair, nation, party in places]
    coords = {"party": PARTIES, "pair": cells.pairs, "cell": labels, "column": COLUMNS, "other_column": COLUMNS}
    with pm.Model(coords=coords) as model:
        given = as_data(as_data(cells, "cell", "base", "change"), "pair", "con_loss", "volatility", "upsets", "places")
        given = as_data(given, ("cell", "gb_region", "column", "other_column"), "gram")

        # POSITION
        # A party that loses little loses alike everywhere; one that collapses cannot lose more than it has anywhere.
        threshold = priors.threshold.to_pymc("threshold")
        width = priors.width.to_pymc("width")
        loss = pt.maximum(-given.relative, 0.0)
        position = pm.math.sigmoid((loss - threshold) / width)

        # GAINS AND THE REST
        # A party that gains is not bound by what it had. Candidates without a party seldom come back.
        gain = priors.gain.to_pymc("gain")
        reversion = priors.reversion.to_pymc("reversion")
        gained = pt.maximum(given.change, 0.0) / (given.base + pt.maximum(given.change, 0.0))
        is_rest = cells.party == REST
        expected = pt.where(is_rest, reversion, -loss * position + gained * gain)

        # CHURN
        # Moves between parties that cancel in the total still move votes between seats, each year in its own way.
        churn_sd = priors.churn_sd.to_pymc("churn_sd")
        slope = pm.Normal("slope", expected, churn_sd * pt.sqrt(USUAL_SHARE / given.base), dims="cell")

        # TACTICAL VOTING
        # Supporters of the left lend their vote to the best placed of its parties: to unseat the right, more so the
        # more unpopular a Conservative government is; and to hold a seat against it, where a sitting member's personal
        # vote looks the same and is learned with it.
        attack_mean = priors.attack_mean.to_pymc("attack_mean")
        attack_loss = priors.attack_loss.to_pymc("attack_loss")
        attack_sd = priors.attack_sd.to_pymc("attack_sd")
        attack = pm.Normal("attack", attack_mean + attack_loss * given.con_loss**2, attack_sd, dims="pair")
        hold_mean = priors.hold_mean.to_pymc("hold_mean")
        hold_sd = priors.hold_sd.to_pymc("hold_sd")
        hold = pm.Normal("hold", hold_mean, hold_sd, dims="pair")

        tilts = _tilts(given, cells.knows("leave"), slope, priors)
        log_size, region_ratio = _size_of_errors(given, priors)

        # WHAT THE SEATS SAY
        # The intercept lets the cell's mean be what it was: votes are given, only their spread over seats is modelled.
        intercept = pm.Normal("intercept", 0.0, 0.05, dims="cell")
        terms = (intercept, slope, attack[cells.pair], hold[cells.pair], *tilts)
        pm.Potential("seats", log_likelihood(given, terms, log_size, region_ratio))
        _upsets(given, priors)
        _ireland([pair.ireland for pair in pairs], priors)
    return model


def _tilts(
    cells: SwingCells, known: NDArray[np.int64], slope: pt.TensorVariable, priors: SeatPriors
) -> tuple[pt.TensorVariable, ...]:
    """Coefficients by cell of what is known of seats beforehand, in the order of ``TILTS``, in the model being built.

    A member's following is worth much the same to every party but the Liberals, whose seats hang on it more, and more
    in some years than in others. The seats Liberals hold follow the slope of the rest in part or not at all: in 2015
    their loss was in proportion to their share elsewhere, and in these no more than the mean. A by-election tells part
    of what a general election will show. How Leave seats depart from others is a matter of party and year: a usual
    direction for each party was tried, and forecast 2017 and 2019 better and 2024 worse by as much.
    """
    personal_mean = priors.personal_mean.to_pymc("personal_mean")
    personal_sd = priors.personal_sd.to_pymc("personal_sd")
    personal = pm.Normal("personal", personal_mean, personal_sd, dims="pair")
    local = pt.full(cells.pair.size, priors.local.to_pymc("local"))
    gained = pt.full(cells.pair.size, priors.gained.to_pymc("gained"))
    leave_sd = priors.leave_sd.to_pymc("leave_sd")
    leave = pt.zeros(cells.pair.size)
    if known.size:
        since = cells.pair[known].min()
        pm.modelcontext(None).add_coord("leave_pair", cells.pairs[since:])
        own = pm.Normal("leave", 0.0, leave_sd, dims=("leave_pair", "party"))
        scale = pt.sqrt(cells.base * (1 - cells.base))[known]
        leave = pt.set_subtensor(leave[known], own[cells.pair[known] - since, cells.party[known]] * scale)
    liberal = priors.liberal.to_pymc("liberal")
    is_liberal = cells.party == PARTIES.index(LIBERAL)
    following = personal[cells.pair] * pt.where(is_liberal, liberal, 1.0)
    kept = pt.where(is_liberal, -priors.rooted.to_pymc("rooted") * slope, 0.0)
    return following, kept, local, gained, leave


def _upsets(cells: SwingCells, priors: SeatPriors) -> None:
    """Chance a seat that somebody without a party comes from nowhere, in the model being built: some years see many."""
    upset_mean = priors.upset_mean.to_pymc("upset_mean")
    upset_sd = priors.upset_sd.to_pymc("upset_sd")
    upset = pm.Normal("upset", upset_mean, upset_sd, dims="pair")
    pm.Poisson("upsets", cells.places * pm.math.exp(upset), observed=cells.upsets, dims="pair")


def _ireland(measured: list[Array], priors: SeatPriors) -> None:
    """How far Northern Irish parties move, all their seats together and each on its own, in the model being built."""
    swing = priors.ireland_swing.to_pymc("ireland_swing")
    seat = priors.ireland_seat.to_pymc("ireland_seat")
    columns = [column[np.isfinite(column)] for change in measured for column in change.T]
    columns = [column for column in columns if column.size]
    if columns:
        n = pm.Data("ireland_n", np.array([float(column.size) for column in columns]), dims="ireland_move")
        mean = pm.Data("ireland_mean", np.array([column.mean() for column in columns]), dims="ireland_move")
        squares = np.array([((column - column.mean()) ** 2).sum() for column in columns])
        within = pm.Data("ireland_within", squares, dims="ireland_move")
        spread = swing**2 + seat**2 / n
        each = -(n - 1) * pt.log(seat) - within / (2 * seat**2) - 0.5 * pt.log(spread) - mean**2 / (2 * spread)
        pm.Potential("ireland", each.sum())


def _size_of_errors(cells: SwingCells, priors: SeatPriors) -> tuple[pt.TensorVariable, pt.TensorVariable]:
    """Log of the size of seats' own errors by cell, and the ratio of regions' errors to it, in the model being built.

    Errors are larger where more voters move; and every election, quiet or wild, has a size of its own, so that an
    election to come draws one.
    """
    size_mean = priors.size_mean.to_pymc("size_mean")
    size_party_sd = priors.size_party_sd.to_pymc("size_party_sd")
    size_party = pm.Normal("size_party", size_mean, size_party_sd, dims="party")
    size_year_sd = priors.size_year_sd.to_pymc("size_year_sd")
    size_year = pm.Normal("size_year", 0.0, size_year_sd, dims="pair")
    size_volatility = priors.size_volatility.to_pymc("size_volatility")
    size_cell_sd = priors.size_cell_sd.to_pymc("size_cell_sd")
    moved = size_volatility * cells.volatility[cells.pair]
    usual_size = size_party[cells.party] + size_year[cells.pair] + moved
    log_size = pm.Normal("log_size", usual_size, size_cell_sd, dims="cell")
    region_ratio = priors.region_ratio.to_pymc("region_ratio")
    return log_size, region_ratio


def log_likelihood(
    cells: SwingCells, terms: tuple[Any, ...], log_size: pt.TensorVariable, region_ratio: pt.TensorVariable
) -> pt.TensorVariable:
    """Likelihood of all seats, regions' errors integrated out, from sums of products by region.

    Parameters
    ----------
    cells : SwingCells
        Sufficient statistics.
    terms : tuple of tensors of shape (n_cells,)
        Coefficients of ``COLUMNS`` between the first and the last.
    log_size : tensor of shape (n_cells,)
        Log of the size of seats' own errors.
    region_ratio : tensor
        Size of regions' errors against seats' own.

    Returns
    -------
    tensor
        Log of the likelihood, up to a constant.
    """
    residual = pt.stack([pt.ones_like(log_size), *(-term for term in terms)], axis=1)
    products, with_region = cells.gram[:, :, :-1, :-1], cells.gram[:, :, :-1, -1]
    squares = (products * residual[:, None, :, None] * residual[:, None, None, :]).sum(axis=(2, 3))
    sums = (with_region * residual[:, None, :]).sum(axis=2)
    present = cells.seats > 0
    weight = pt.where(present, cells.gram[:, :, -1, -1], 1.0)
    many = present.sum(axis=1, keepdims=True) > 1  # where a nation is one region, its effect is the intercept
    spread = 1.0 / weight + np.where(many, 1.0, 0.0) * region_ratio**2
    within = squares - sums**2 / weight + (sums / weight) ** 2 / spread
    size = log_size[:, None]
    each = -cells.seats * size - within / (2 * pt.exp(2 * size)) - 0.5 * pt.log(spread)
    return pt.where(present, each, 0.0).sum()
