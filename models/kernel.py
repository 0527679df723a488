"""From a nation's votes to the winner of every seat, in every draw: the arithmetic, without labels.

For each draw and seat: affine swing of every party, floors, tactical lending, errors, then raking to the nation's
votes, turnout and a winner. One draw's seats fit in the processor's cache, so the noise is read once from memory and
nothing else is large. The kernels release Python's lock and are called on blocks of draws from ordinary threads: no
threading layer is needed, so a threaded server may call them at any time.

A tie needs two parties to have the same share to a millionth of it; it is decided by the order of the parties, which
no result can show.
"""

from collections.abc import Callable
from typing import NamedTuple, cast

import numba as nb
import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]
LEAST_SHARE = 0.001
"""No party that stands falls below a tenth of a point."""
ROUNDS = 10
"""Most rounds of raking; two or three are the rule."""
CLOSE = 0.002
"""A round that starts from an error of the national shares below this is the last: it leaves a tenth of it or less."""
TINY = 1e-12
CODE_BITS = 15
"""Bits of a share that carry its party's code while the largest is sought: codes are 0 to 15."""


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
    to 1; ``turnout`` (n_parties,) what parties' votes are multiplied by after that; ``weight`` (n_seats,) sums to 1;
    ``relax`` (n_parties, n_parties) from ``models.seat_plan.relaxation``; ``tilt`` (n_draws, n_tilts, n_parties) and
    ``pattern`` (n_tilts, n_parties, n_seats): their products are added, tilt by tilt; ``lent`` (n_draws, 2) parts of
    supporters who lend to attack and to hold, negative where earlier lending is undone; ``where`` (2, n_seats),
    ``lends`` and ``borrows`` (n_parties, n_seats) from ``models.blocs`` and ``bloc`` the indices of parties that do
    either; ``upset`` (n_draws, n_seats): what party ``rest`` gets on top, as a part of all votes there; ``absent``
    (n_absent, 2): party and seat where it does not stand; ``line`` (n_parties,) the code to write for each party, at
    most ``CODE_BITS``, and ``column`` (n_seats,) where.
    """

    base: F32
    noise: F32
    size: F32
    level: F32
    gradient: F32
    floor: F32
    target: F32
    turnout: F32
    weight: F32
    relax: F32
    tilt: F32
    pattern: F32
    lent: F32
    where: F32
    lends: F32
    borrows: F32
    bloc: NDArray[np.int64]
    upset: F32
    rest: int
    absent: NDArray[np.int64]
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
    _simulate(inputs, winner, filled)


@compiled
def _simulate(given: NationInputs, winner: NDArray[np.int8], shares: F32) -> None:  # pragma: no cover
    n_draws, n_parties, n_seats = given.noise.shape
    x = np.empty((n_parties, n_seats), np.float32)
    row, part = np.empty(n_seats, np.float32), np.empty(n_seats, np.float32)
    code = np.empty(n_seats, np.int32)
    factor, ratio = np.empty(n_parties, np.float32), np.empty(n_parties, np.float32)
    for d in range(n_draws):
        _expect(x, given.base, given.level[d], given.gradient[d], given.floor[d])
        _tilt(x, given.tilt[d], given.pattern)
        if given.lent[d, 0] != 0 or given.lent[d, 1] != 0:
            _lend(x, row, part, given.lent[d], given.where, given.lends, given.borrows, given.bloc)
        _disturb(x, row, given.noise[d], given.size[d])
        _upset(x[given.rest], row, given.upset[d])
        _stand_down(x, row, given.absent)
        factor[:] = 1
        for r in range(ROUNDS):
            if r > 0:
                _total(row, x, factor)
            if _rake(x, row, factor, ratio, given.target[d], given.weight, given.relax) < CLOSE:
                break
        factor *= given.turnout
        _pick(x, row, code, factor, given.line, given.column, winner[d])
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
def _tilt(x: F32, tilt: F32, pattern: F32) -> None:  # pragma: no cover
    for k in range(tilt.shape[0]):
        for p in range(x.shape[0]):
            if tilt[k, p] != 0:
                _add(x[p], tilt[k, p], pattern[k, p])


@compiled
def _add(x: F32, times: np.float32, what: F32) -> None:  # pragma: no cover
    for s in range(x.size):
        x[s] = max(x[s] + times * what[s], np.float32(LEAST_SHARE))


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
def _upset(x: F32, row: F32, upset: F32) -> None:  # pragma: no cover
    for s in range(row.size):
        more = upset[s] * row[s]
        x[s] += more
        row[s] += more


@compiled
def _stand_down(x: F32, row: F32, absent: NDArray[np.int64]) -> None:  # pragma: no cover
    for i in range(absent.shape[0]):
        p, s = absent[i]
        row[s] -= x[p, s]
        x[p, s] = np.float32(0)


@compiled
def _total(row: F32, x: F32, factor: F32) -> None:  # pragma: no cover
    for s in range(row.size):
        row[s] = np.float32(0)
    for p in range(x.shape[0]):
        f = factor[p]
        for s in range(row.size):
            row[s] += f * x[p, s]


@compiled
def _rake(
    x: F32, row: F32, factor: F32, ratio: F32, target: F32, weight: F32, relax: F32
) -> np.float32:  # pragma: no cover
    for s in range(row.size):
        row[s] = weight[s] / row[s]
    error = np.float32(0)
    for p in range(x.shape[0]):
        held = np.float32(0)
        for s in range(row.size):
            held += x[p, s] * row[s]
        held *= factor[p]
        # A party that stands nowhere holds nothing and wants nothing.
        ratio[p] = (target[p] + np.float32(TINY)) / (held + np.float32(TINY))
        error = max(error, abs(target[p] - held))
    for p in range(x.shape[0]):
        more = np.float32(1)
        for q in range(x.shape[0]):
            more += relax[p, q] * (ratio[q] - np.float32(1))
        factor[p] *= ratio[p] * max(more, np.float32(0.5))
    return error


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
    # Positive floats are in the order of their bits read as integers. With the party's code in the last of them one
    # maximum finds share and winner, in vector instructions; comparing and then storing both takes five times as long.
    bits = row.view(np.int32)
    for s in range(row.size):
        code[s] = 0
    for p in range(x.shape[0]):
        f, c = factor[p], np.int32(line[p])
        for s in range(row.size):
            row[s] = f * x[p, s]
        for s in range(row.size):
            code[s] = max(code[s], (bits[s] & np.int32(~CODE_BITS)) | c)
    for s in range(row.size):
        winner[column[s]] = code[s] & CODE_BITS


@compiled
def _write(x: F32, row: F32, factor: F32, shares: F32) -> None:  # pragma: no cover
    for p in range(x.shape[0]):
        f = factor[p]
        for s in range(row.size):
            shares[p, s] = f * x[p, s] / row[s]
