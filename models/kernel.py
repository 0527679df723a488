"""From a nation's votes to the winner of every seat, in every draw: the arithmetic, without labels.

For each draw and seat: affine swing of every party, floors, tactical lending, errors, then raking to the nation's votes
and a winner. One draw's seats fit in the processor's cache, so the noise is read once from memory and nothing else is
large. The kernels release Python's lock and are called on blocks of draws from ordinary threads: no threading layer
is needed, so a threaded server may call them at any time.

A tie needs two parties to have the same share to the last bit of a 32-bit number; it is decided for the party that
comes first, which no result can show.
"""

from collections.abc import Callable
from typing import NamedTuple, cast

import numba as nb
import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]
LEAST_SHARE = 0.001
"""No party that stands falls below a tenth of a point."""
ROUNDS = 3
"""Rounds of raking; the error of the national shares is then about 1e-4."""
BINS = 512
"""Bins of the tally of shares, even on the scale of the square root of the share."""


def compiled[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Compile a loop over arrays, without Python's lock and with leave to reorder sums.

    Parameters
    ----------
    function : callable
        A function in the part of Python that Numba knows.

    Returns
    -------
    callable
        The same function, compiled at its first call and kept on disk.
    """
    return cast(Callable[P, R], nb.njit(nogil=True, cache=True, fastmath=True, error_model="numpy")(function))


class NationInputs(NamedTuple):
    """What one nation's seats need in a block of draws. Parties are those that stand there.

    ``base`` (n_parties, n_seats) shares as last fought; ``noise`` (n_draws, n_parties, n_seats) standard errors and
    ``size`` (n_draws, n_parties) what they are multiplied by, in units of the root of the share; ``level`` and
    ``gradient`` (n_draws, n_parties): a party is expected to get ``level + gradient * base``; ``floor`` (n_draws,
    n_parties): and at least ``floor * base``; ``target`` (n_draws, n_parties) shares of the nation's vote, rows sum
    to 1; ``weight`` (n_seats,) sums to 1; ``offset`` (n_parties, n_seats) additions by region; ``lent`` (n_draws, 2)
    parts of supporters who lend to attack and to hold, negative where earlier lending is undone; ``where``
    (2, n_seats), ``lends`` and ``borrows`` (n_parties, n_seats) from ``models.blocs`` and ``bloc`` the indices of
    parties that do either; ``line`` (n_parties,) the code to write for each party.
    """

    base: F32
    noise: F32
    size: F32
    level: F32
    gradient: F32
    floor: F32
    target: F32
    weight: F32
    offset: F32
    lent: F32
    where: F32
    lends: F32
    borrows: F32
    bloc: NDArray[np.int64]
    line: NDArray[np.int8]


def simulate_nation(inputs: NationInputs, winner: NDArray[np.int8], shares: F32 | None = None) -> None:
    """Simulate one nation's seats in a block of draws.

    Parameters
    ----------
    inputs : NationInputs
        Arrays of the nation; contiguous, 32-bit.
    winner : array of shape (n_draws, n_seats)
        Filled with the ``line`` of each winner.
    shares : array of shape (n_draws, n_parties, n_seats), optional
        Filled with shares, 0 to 1, that sum to 1 over parties.
    """
    filled = np.empty((0, 0, 0), dtype=np.float32) if shares is None else shares
    _simulate(*inputs, winner, filled)


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
def _simulate(
    base: F32,
    noise: F32,
    size: F32,
    level: F32,
    gradient: F32,
    floor: F32,
    target: F32,
    weight: F32,
    offset: F32,
    lent: F32,
    where: F32,
    lends: F32,
    borrows: F32,
    bloc: NDArray[np.int64],
    line: NDArray[np.int8],
    winner: NDArray[np.int8],
    shares: F32,
) -> None:  # pragma: no cover
    n_draws, n_parties, n_seats = noise.shape
    x = np.empty((n_parties, n_seats), np.float32)
    row, part = np.empty(n_seats, np.float32), np.empty(n_seats, np.float32)
    code = np.empty(n_seats, np.int32)
    factor = np.empty(n_parties, np.float32)
    for d in range(n_draws):
        for p in range(n_parties):
            _expect(x[p], base[p], level[d, p], gradient[d, p], floor[d, p], offset[p])
        if lent[d, 0] != 0 or lent[d, 1] != 0:
            _lend(x, row, part, lent[d], where, lends, borrows, bloc)
        row[:] = np.float32(0)
        for p in range(n_parties):
            _disturb(x[p], row, noise[d, p], size[d, p])
        for r in range(ROUNDS):
            if r > 0:
                _total(row, x, factor)
            _rake(x, row, factor, target[d], weight)
        _pick(x, row, code, factor, line, winner[d])
        if shares.size:
            _total(row, x, factor)
            _write(x, row, factor, shares[d])


# The loops below are functions of few arrays on purpose: with more, the compiler cannot rule out that they overlap and
# gives up on vector instructions, which costs a factor of two.


@compiled
def _expect(x: F32, base: F32, level: float, gradient: float, floor: float, offset: F32) -> None:  # pragma: no cover
    for s in range(x.size):
        x[s] = max(level + gradient * base[s] + offset[s], floor * base[s], np.float32(LEAST_SHARE))


@compiled
def _lend(
    x: F32, row: F32, part: F32, lent: F32, where: F32, lends: F32, borrows: F32, bloc: NDArray[np.int64]
) -> None:  # pragma: no cover
    row[:] = np.float32(0)
    part[:] = lent[0] * where[0] + lent[1] * where[1]
    for p in bloc:
        _give(x[p], row, lends[p], part)
    for p in bloc:
        _take(x[p], row, borrows[p])


@compiled
def _give(x: F32, row: F32, lends: F32, part: F32) -> None:  # pragma: no cover
    for s in range(x.size):
        given = part[s] * lends[s] * x[s]
        x[s] -= given
        row[s] += given


@compiled
def _take(x: F32, row: F32, borrows: F32) -> None:  # pragma: no cover
    for s in range(x.size):
        x[s] = max(x[s] + borrows[s] * row[s], np.float32(LEAST_SHARE))


@compiled
def _disturb(x: F32, row: F32, noise: F32, size: float) -> None:  # pragma: no cover
    for s in range(x.size):
        m = max(x[s] + np.sqrt(x[s]) * size * noise[s], np.float32(LEAST_SHARE))
        x[s] = m
        row[s] += m


@compiled
def _total(row: F32, x: F32, factor: F32) -> None:  # pragma: no cover
    row[:] = np.float32(0)
    for p in range(x.shape[0]):
        xp, f = x[p], factor[p]
        for s in range(row.size):
            row[s] += f * xp[s]


@compiled
def _rake(x: F32, row: F32, factor: F32, target: F32, weight: F32) -> None:  # pragma: no cover
    for s in range(row.size):
        row[s] = weight[s] / row[s]
    for p in range(x.shape[0]):
        xp = x[p]
        held = np.float32(0)
        for s in range(row.size):
            held += xp[s] * row[s]
        factor[p] = target[p] / held


@compiled
def _pick(
    x: F32, row: F32, code: NDArray[np.int32], factor: F32, line: NDArray[np.int8], winner: NDArray[np.int8]
) -> None:  # pragma: no cover
    row[:] = np.float32(0)
    for p in range(x.shape[0]):
        xp, f, c = x[p], factor[p], np.int32(line[p])
        for s in range(row.size):
            v = f * xp[s]
            above = v > row[s]
            row[s] = v if above else row[s]
            code[s] = c if above else code[s]
    for s in range(row.size):
        winner[s] = code[s]


@compiled
def _write(x: F32, row: F32, factor: F32, shares: F32) -> None:  # pragma: no cover
    for p in range(x.shape[0]):
        xp, f, out = x[p], factor[p], shares[p]
        for s in range(row.size):
            out[s] = f * xp[s] / row[s]


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
