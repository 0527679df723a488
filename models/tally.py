"""Means and intervals of shares from blocks of draws, without keeping the draws."""

import numpy as np
from numpy.typing import NDArray

from models.kernel import F32, compiled

BINS = 512
"""Bins of the histograms, even on the scale of the square root of the share, which is finer for small shares."""


class Tally:
    """Running totals and histograms of one nation's shares."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self.total = np.zeros(shape)
        self.counts = np.zeros((*shape, BINS), dtype=np.uint16)

    def add(self, shares: F32) -> None:
        """Count one block of shares (n_draws, n_parties, n_seats)."""
        tally(shares, self.total, self.counts)


def tally(shares: F32, total: NDArray[np.float64], counts: NDArray[np.uint16]) -> None:
    """Add a block of shares to running totals and to histograms from which quantiles are read.

    Parameters
    ----------
    shares : array of shape (n_draws, n_parties, n_seats)
        Shares, 0 to 1; at most 65,535 draws in all.
    total : array of shape (n_parties, n_seats)
        Sums, added to.
    counts : array of shape (n_parties, n_seats, BINS)
        Histograms, added to.
    """
    _tally(shares, total, counts)


def quantiles(counts: NDArray[np.uint16], probabilities: tuple[float, ...]) -> NDArray[np.float64]:
    """Quantiles of each histogram, linear within their bin.

    Parameters
    ----------
    counts : array of shape (n_parties, n_seats, BINS)
        Histograms filled by ``tally``, none empty.
    probabilities : tuple of float
        Rising, between 0 and 1.

    Returns
    -------
    array of shape (n_probabilities, n_parties, n_seats)
        Shares, within half a bin (0.1 points at a share of 0.3) of the exact quantile.
    """
    out = np.empty((len(probabilities), *counts.shape[:2]))
    _quantiles(counts, np.array(probabilities), out)
    return out


@compiled
def _tally(shares: F32, total: NDArray[np.float64], counts: NDArray[np.uint16]) -> None:  # pragma: no cover
    n_draws, n_parties, n_seats = shares.shape
    for d in range(n_draws):
        for p in range(n_parties):
            for s in range(n_seats):
                v = shares[d, p, s]
                total[p, s] += v
                counts[p, s, min(int(np.sqrt(v) * BINS), BINS - 1)] += np.uint16(1)


@compiled
def _quantiles(
    counts: NDArray[np.uint16], probabilities: NDArray[np.float64], out: NDArray[np.float64]
) -> None:  # pragma: no cover
    n_parties, n_seats, n_bins = counts.shape
    for p in range(n_parties):
        for s in range(n_seats):
            draws = 0
            for b in range(n_bins):
                draws += counts[p, s, b]
            b, before = 0, 0
            for q in range(probabilities.size):
                wanted = probabilities[q] * draws
                while before + counts[p, s, b] < wanted and b < n_bins - 1:
                    before += counts[p, s, b]
                    b += 1
                here = max(counts[p, s, b], 1)
                root = (b + (wanted - before) / here) / n_bins
                out[q, p, s] = root * root
