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
    parties that do either; ``line`` (n_parties,) the code to write for each party and ``column`` (n_seats,) where.
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
    column: NDArray[np.int64]


def simulate_nation(inputs: NationInputs, winner: NDArray[np.int8], shares: F32 | None = None) -> None:
    """Simulate one nation's seats in a block of draws.

    Parameters
    ----------
    inputs : NationInputs
        Arrays of the nation; contiguous, 32-bit.
    winner : array of shape (n_draws, n_columns)
        Filled, in this nation's columns, with the ``line`` of each winner.
    shares : array of shape (n_draws, n_parties, n_seats), optional
        Filled with shares, 0 to 1, that sum to 1 over parties.
    """
    filled = np.empty((0, 0, 0), dtype=np.float32) if shares is None else shares
    _simulate(*inputs, winner, filled)


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
    column: NDArray[np.int64],
    winner: NDArray[np.int8],
    shares: F32,
) -> None:  # pragma: no cover
    n_draws, n_parties, n_seats = noise.shape
    x = np.empty((n_parties, n_seats), np.float32)
    row, part = np.empty(n_seats, np.float32), np.empty(n_seats, np.float32)
    code = np.empty(n_seats, np.int32)
    factor = np.empty(n_parties, np.float32)
    shifts = bool(np.any(offset != 0))
    for d in range(n_draws):
        _expect(x, base, level[d], gradient[d], floor[d])
        if shifts:
            _shift(x, offset)
        if lent[d, 0] != 0 or lent[d, 1] != 0:
            _lend(x, row, part, lent[d], where, lends, borrows, bloc)
        _disturb(x, row, noise[d], size[d])
        for r in range(ROUNDS):
            if r > 0:
                _total(row, x, factor)
            _rake(x, row, factor, target[d], weight)
        _pick(x, row, code, factor, line, column, winner[d])
        if shares.size:
            _total(row, x, factor)
            _write(x, row, factor, shares[d])


# The loops below are functions of few arrays on purpose: with more, the compiler cannot rule out that they overlap and
# gives up on vector instructions, which costs a factor of two.


@compiled
def _expect(x: F32, base: F32, level: F32, gradient: F32, floor: F32) -> None:  # pragma: no cover
    for p in range(x.shape[0]):
        a, g, f = level[p], gradient[p], floor[p]
        for s in range(x.shape[1]):
            x[p, s] = max(a + g * base[p, s], f * base[p, s], np.float32(LEAST_SHARE))


@compiled
def _shift(x: F32, offset: F32) -> None:  # pragma: no cover
    for p in range(x.shape[0]):
        for s in range(x.shape[1]):
            x[p, s] = max(x[p, s] + offset[p, s], np.float32(LEAST_SHARE))


@compiled
def _lend(
    x: F32, row: F32, part: F32, lent: F32, where: F32, lends: F32, borrows: F32, bloc: NDArray[np.int64]
) -> None:  # pragma: no cover
    attack, hold = lent[0], lent[1]
    for s in range(row.size):
        row[s] = np.float32(0)
        part[s] = attack * where[0, s] + hold * where[1, s]
    _give(x, row, lends, part, bloc)
    _take(x, row, borrows, bloc)


@compiled
def _give(x: F32, row: F32, lends: F32, part: F32, bloc: NDArray[np.int64]) -> None:  # pragma: no cover
    for p in bloc:
        for s in range(row.size):
            given = part[s] * lends[p, s] * x[p, s]
            x[p, s] -= given
            row[s] += given


@compiled
def _take(x: F32, row: F32, borrows: F32, bloc: NDArray[np.int64]) -> None:  # pragma: no cover
    for p in bloc:
        for s in range(row.size):
            x[p, s] = max(x[p, s] + borrows[p, s] * row[s], np.float32(LEAST_SHARE))


@compiled
def _disturb(x: F32, row: F32, noise: F32, size: F32) -> None:  # pragma: no cover
    for s in range(row.size):
        row[s] = np.float32(0)
    for p in range(x.shape[0]):
        scale = size[p]
        for s in range(row.size):
            m = max(x[p, s] + np.sqrt(x[p, s]) * scale * noise[p, s], np.float32(LEAST_SHARE))
            x[p, s] = m
            row[s] += m


@compiled
def _total(row: F32, x: F32, factor: F32) -> None:  # pragma: no cover
    for s in range(row.size):
        row[s] = np.float32(0)
    for p in range(x.shape[0]):
        f = factor[p]
        for s in range(row.size):
            row[s] += f * x[p, s]


@compiled
def _rake(x: F32, row: F32, factor: F32, target: F32, weight: F32) -> None:  # pragma: no cover
    for s in range(row.size):
        row[s] = weight[s] / row[s]
    for p in range(x.shape[0]):
        held = np.float32(0)
        for s in range(row.size):
            held += x[p, s] * row[s]
        factor[p] = target[p] / held


@compiled
def _pick(
    x: F32,
    row: F32,
    code: NDArray[np.int32],
    factor: F32,
    line: NDArray[np.int8],
    column: NDArray[np.int64],
    winner: NDArray[np.int8],
) -> None:  # pragma: no cover
    for s in range(row.size):
        row[s] = np.float32(0)
    for p in range(x.shape[0]):
        f, c = factor[p], np.int32(line[p])
        for s in range(row.size):
            v = f * x[p, s]
            above = v > row[s]
            row[s] = v if above else row[s]
            code[s] = c if above else code[s]
    for s in range(row.size):
        winner[column[s]] = code[s]


@compiled
def _write(x: F32, row: F32, factor: F32, shares: F32) -> None:  # pragma: no cover
    for p in range(x.shape[0]):
        f = factor[p]
        for s in range(row.size):
            shares[p, s] = f * x[p, s] / row[s]
