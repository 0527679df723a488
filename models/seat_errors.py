"""What does not change between scenarios: each nation's seats as arrays, and the errors of every seat in every draw."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from os import cpu_count

import numpy as np
from numpy.typing import NDArray

from models.blocs import lending
from models.cells import TAIL
from models.kernel import F32
from models.pairs import GB_NATIONS
from models.seat_base import NI, SeatBase

BLOCK = 250
"""Draws made from one seed of their own, so that the first thousand need four blocks and not all sixteen."""
THREADS = min(cpu_count() or 1, 8)
NI_NOISE = 0.33
"""Spread (log) of Northern Irish parties' shares between elections, a stand-in until they are modelled: the root mean
square over 2010-2024 of changes by seat where a party had a tenth of the vote or more."""


@dataclass(frozen=True, kw_only=True)
class Ground:
    """One nation's seats and the parties that stand there, laid out for ``models.kernel``.

    ``rows`` are seats of the base, ``party`` indices into its parties; other arrays are as in ``NationInputs``.
    ``region`` holds codes 0 to ``n_regions - 1``.
    """

    nation: int
    rows: NDArray[np.int64]
    party: NDArray[np.int64]
    base: F32
    weight: F32
    region: NDArray[np.int64]
    where: F32
    lends: F32
    borrows: F32
    bloc: NDArray[np.int64]
    line: NDArray[np.int8]


def lay_out(base: SeatBase) -> list[Ground]:
    """Lay out the nations of Great Britain.

    Parameters
    ----------
    base : SeatBase
        Seats as last fought.

    Returns
    -------
    list of Ground
        In the order of ``GB_NATIONS``.
    """
    grounds = []
    for index, nation in enumerate(GB_NATIONS):
        rows = base.rows(nation)
        share = base.share[rows, : len(base.parties)]
        party = np.flatnonzero(share.any(axis=0))
        blocs = lending(share[:, party], tuple(base.parties[i] for i in party), nation)
        weight = base.weight[rows] / base.weight[rows].sum()
        ground = Ground(
            nation=index,
            rows=rows,
            party=party,
            base=np.ascontiguousarray(share[:, party].T, dtype=np.float32),
            weight=weight.astype(np.float32),
            region=np.unique(base.region[rows], return_inverse=True)[1],
            where=np.stack([blocs.attack, blocs.hold]),
            lends=blocs.lends,
            borrows=blocs.borrows,
            bloc=np.flatnonzero((blocs.lends + blocs.borrows).any(axis=1)),
            line=party.astype(np.int8),
        )
        grounds.append(ground)
    return grounds


@dataclass(frozen=True)
class Block:
    """Errors of one block of draws: one array (n_draws, n_parties, n_seats) a nation, and Northern Ireland's shares.

    ``ireland`` has shape (n_draws, n_lines, n_seats) and ``ireland_winner`` (n_draws, n_seats).
    """

    errors: tuple[F32, ...]
    ireland: F32
    ireland_winner: NDArray[np.int8]


class ErrorStore:
    """Errors of all seats, made block by block when first asked for and kept. Safe to share between threads.

    A seat's errors are Student-t with ``TAIL`` degrees of freedom and one tail for all its parties (a seat with a local
    upset is odd for everybody), plus a normal error a region and party. The kernel multiplies them by a size and the
    root of the share: raking to a sum of one then leaves a spread of ``size * sqrt(m (1 - m))``, the one learned.

    Parameters
    ----------
    base : SeatBase
        Seats as last fought.
    region_ratio : array of shape (n_draws,)
        Size of regions' errors against seats' own.
    seed : int
        Seed.
    """

    def __init__(self, base: SeatBase, region_ratio: NDArray[np.float64], seed: int) -> None:
        self.grounds = lay_out(base)
        self.ireland = np.flatnonzero(base.nation == NI)
        self._ireland_share = base.share[self.ireland].T.astype(np.float32)
        self._region_ratio = region_ratio.astype(np.float32)
        self._seed = seed
        self._blocks: dict[int, Block] = {}

    def block(self, number: int) -> Block:
        """Errors of draws ``BLOCK * number`` onwards; two threads that ask at once make the same and keep one."""
        held = self._blocks.get(number)
        return held if held is not None else self._blocks.setdefault(number, self._make(number))

    def _make(self, number: int) -> Block:
        rng = np.random.Generator(np.random.SFC64([self._seed, 2, number]))
        draws = slice(BLOCK * number, min(BLOCK * (number + 1), len(self._region_ratio)))
        errors = tuple(self._errors(ground, draws, rng) for ground in self.grounds)
        n_draws = draws.stop - draws.start
        noise = rng.standard_normal((n_draws, *self._ireland_share.shape), dtype=np.float32)
        shares = self._ireland_share * np.exp(np.float32(NI_NOISE) * noise)
        return Block(errors, shares / shares.sum(axis=1, keepdims=True), shares.argmax(axis=1).astype(np.int8))

    def _errors(self, ground: Ground, draws: slice, rng: np.random.Generator) -> F32:
        n_draws, (n_parties, n_seats) = draws.stop - draws.start, ground.base.shape
        chi = rng.standard_gamma(TAIL / 2, size=(n_draws, 1, n_seats), dtype=np.float32)
        out = rng.standard_normal((n_draws, n_parties, n_seats), dtype=np.float32)
        out *= np.sqrt(np.float32(TAIL / 2) / np.maximum(chi, np.float32(1e-3)))
        n_regions = int(ground.region.max()) + 1
        if n_regions > 1:
            region = rng.standard_normal((n_draws, n_parties, n_regions), dtype=np.float32)
            region *= self._region_ratio[draws, None, None]
            out += region[:, :, ground.region]
        return out


@cache
def workers() -> ThreadPoolExecutor:
    """Threads shared by all simulators of the process; kernels and random numbers release Python's lock."""
    return ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="seats")
