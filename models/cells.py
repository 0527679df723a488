"""What each pair of elections says about swing, condensed: one cell a pair, nation and party.

With ``s = sqrt(m (1 - m))``, the scale on which shares near ``m`` vary, a seat's change is::

    (new - base - D) / s = intercept / s + slope (base - B) / s + attack a / s + hold h / s + tilts / s + region + error

``B`` and ``D`` are the cell's mean base share and mean change; ``a`` and ``h`` what the party would gain if everybody
who has reason to vote tactically did, in seats the right leads and in seats the left leads (``models.blocs``); tilts
are patterns known beforehand (``models.tilts``), each with a coefficient.

Errors are Student-t with ``TAIL`` degrees of freedom. Written as a scale mixture, with the weights of its
expectation-maximisation fit, the likelihood needs only sums of products of those columns by region, so that 35,000
shares become some 200 small matrices and a fit takes seconds. At the first-pass fit the score is that of the t
likelihood; elsewhere the weights are held fixed, which makes intervals of slopes a sixth too narrow (the root of 7/5,
the ratio of information for four degrees of freedom). Beside the spread of slopes between elections that does not
matter.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.blocs import lending
from models.pairs import GB_NATIONS, PARTIES, SeatPair
from models.tilts import TILTS

TAIL = 4.0
"""Degrees of freedom of the errors: maximum likelihood over the standardised errors of all cells gives 3.7."""
LEAST_SEATS = 20
"""Smallest number of seats for which a slope is worth estimating."""
REST = PARTIES.index("oth")
UPSET = 0.10
"""Gain of the rest in a seat that no spread of a rest without a face explains: somebody known there stood."""
LEAST_SHARE = 0.005
USUAL_SHARE = 0.4
"""Base share at which ``churn_sd`` is quoted; a smaller party's slope varies more, as the inverse root of its share."""
COLUMNS = ("change", "intercept", "slope", "attack", "hold", *TILTS, "region")
Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class SwingCells:
    """Sufficient statistics of all pairs.

    ``pair, nation, party`` are indices of shape (n_cells,) into ``pairs``, ``GB_NATIONS`` and ``PARTIES``; ``base`` is
    the mean share at the earlier election and ``change`` the mean change. ``gram`` (n_cells, n_regions, 11, 11) holds
    weighted sums of products of ``COLUMNS`` (zero where a cell has fewer regions) and ``seats`` of shape
    (n_cells, n_regions) counts. ``con_loss`` of shape (n_pairs,) is the part of its vote a governing Conservative
    party lost, 0 if it gained or did not govern; ``volatility`` of shape (n_pairs,) half the sum of parties' changes;
    ``upsets`` of shape (n_pairs,) counts the seats in which the rest gained ``UPSET`` or more, of ``places``.
    """

    pairs: tuple[str, ...]
    pair: NDArray[np.int64]
    nation: NDArray[np.int64]
    party: NDArray[np.int64]
    base: Array
    change: Array
    gram: Array
    seats: Array
    con_loss: Array
    volatility: Array
    upsets: NDArray[np.int64]
    places: NDArray[np.int64]

    def knows(self, tilt: str) -> NDArray[np.int64]:
        """Cells in which a pattern of ``TILTS`` is known and differs between seats."""
        at = COLUMNS.index(tilt)
        return np.flatnonzero(self.gram[:, :, at, at].sum(axis=1) > 0)

    @property
    def relative(self) -> Array:
        """Change as a part of the base share, -1 or more."""
        return self.change / self.base


def swing_cells(pairs: list[SeatPair]) -> SwingCells:
    """Condense pairs of elections.

    Parameters
    ----------
    pairs : list of SeatPair
        At least one.

    Returns
    -------
    SwingCells
        One cell for each party that stood in ``LEAST_SEATS`` seats of a nation at both elections.
    """
    rows = []
    for index, pair in enumerate(pairs):
        for nation, name in enumerate(GB_NATIONS):
            here = pair.nation == name
            if here.any():
                rows += [(index, nation, *cell) for cell in _cells(pair, here, name)]
    grams = [row[5] for row in rows]
    depth = max(len(gram) for gram in grams)
    gram = np.zeros((len(rows), depth, len(COLUMNS), len(COLUMNS)))
    seats = np.zeros((len(rows), depth))
    for i, row in enumerate(rows):
        gram[i, : len(row[5])] = row[5]
        seats[i, : len(row[6])] = row[6]
    return SwingCells(
        pairs=tuple(pair.name for pair in pairs),
        pair=np.array([row[0] for row in rows]),
        nation=np.array([row[1] for row in rows]),
        party=np.array([row[2] for row in rows]),
        base=np.array([row[3] for row in rows]),
        change=np.array([row[4] for row in rows]),
        gram=gram,
        seats=seats,
        con_loss=np.array([_con_loss(pair) for pair in pairs]),
        volatility=np.array([_volatility(pair) for pair in pairs]),
        upsets=np.array([((pair.new - pair.base)[:, REST] >= UPSET).sum() for pair in pairs]),
        places=np.array([len(pair.base) for pair in pairs]),
    )


def expected_share(base: Array, mean_base: float | Array, mean_new: float | Array) -> Array:
    """Share halfway between uniform and proportional swing: sets the scale of errors before anything is fitted."""
    uniform = np.maximum(base + mean_new - mean_base, 0.0)
    return np.asarray(np.clip((uniform + base * mean_new / mean_base) / 2, LEAST_SHARE, 1 - LEAST_SHARE))


def _con_loss(pair: SeatPair) -> float:
    old, new = (float(np.average(side[:, 0], weights=pair.votes)) for side in (pair.base, pair.new))
    return max(0.0, 1 - new / old) if pair.con_governs else 0.0


def _volatility(pair: SeatPair) -> float:
    old, new = (np.average(side, axis=0, weights=pair.votes) for side in (pair.base, pair.new))
    return float(np.abs(new - old).sum() / 2)


def _cells(pair: SeatPair, here: NDArray[np.bool_], nation: str) -> list[tuple[int, float, float, Array, Array]]:
    base, new, region = pair.base[here], pair.new[here], pair.region[here]
    stood = (base > 0) & (new > 0)
    means = [(base[k, i].mean(), new[k, i].mean()) if k.any() else (1.0, 0.0) for i, k in enumerate(stood.T)]
    expected = expected_share(base, *(np.array(side) for side in zip(*means, strict=True)))
    blocs = lending(base, PARTIES, nation)
    lent = blocs.lends.T * expected
    moved = blocs.borrows.T * lent.sum(axis=1, keepdims=True) - lent
    cells = []
    for party in range(len(PARTIES)):
        keep = stood[:, party]
        if keep.sum() < LEAST_SEATS:
            continue
        mean_base, mean_new = means[party]
        scale = np.sqrt(expected[keep, party] * (1 - expected[keep, party]))
        x = base[keep, party] - mean_base
        y = new[keep, party] - base[keep, party] - (mean_new - mean_base)
        gains = [moved[keep, party] * where[keep] for where in (blocs.attack, blocs.hold)]
        tilted = pair.pattern[:, here, party][:, keep]
        columns = np.stack([y, np.ones_like(y), x, *gains, *tilted, scale], axis=1) / scale[:, None]
        gram, seats = _gram(columns, region[keep])
        cells.append((party, float(mean_base), float(mean_new - mean_base), gram, seats))
    return cells


def _gram(columns: Array, region: NDArray[np.str_]) -> tuple[Array, Array]:
    weight = _tail_weights(columns, region)
    names = np.unique(region)
    parts = [(columns[region == name], weight[region == name]) for name in names]
    return np.stack([c.T @ (c * w[:, None]) for c, w in parts]), np.array([float(len(w)) for _, w in parts])


def _tail_weights(columns: Array, region: NDArray[np.str_]) -> Array:
    """Weights of the Student-t scale mixture at its expectation-maximisation fit, regions as fixed effects."""
    dummies = (region[:, None] == np.unique(region)[None, :]).astype(float)
    design, response = np.hstack([columns[:, 1:-1], dummies]), columns[:, 0]
    weight = np.ones(len(response))
    for _ in range(30):
        root = np.sqrt(weight)[:, None]
        fitted = design @ np.linalg.lstsq(design * root, response * root[:, 0], rcond=None)[0]
        error = (response - fitted) ** 2
        weight = (TAIL + 1) / (TAIL + error / max((weight * error).mean(), 1e-12))
    return weight
