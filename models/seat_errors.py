"""What does not change between scenarios: each nation's seats as arrays, and the errors of every seat in every draw."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from os import cpu_count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.blocs import lending
from models.cells import TAIL, UPSET
from models.kernel import F32
from models.pairs import GB_NATIONS
from models.seat_base import SeatBase

BLOCK = 250
"""Draws made from one seed of their own, so that the first thousand need four blocks and not all sixteen."""
UPSET_MORE, MOST_GAINED = 0.10, 0.60
"""What a candidate from nowhere gains beyond ``UPSET``, on average, and at most: the 107 gains of a tenth of the vote
or more since 1955 have a mean of 0.20, a median of 0.155 and one in ten above 0.33, as an exponential law has them."""
THREADS = min(cpu_count() or 1, 8)


@dataclass(frozen=True, kw_only=True)
class Ground:
    """One nation's seats and the parties that stand there, laid out for ``models.kernel``.

    ``rows`` are seats of the base, ``party`` indices into its parties; other fields are as in ``NationInputs``.
    ``region`` holds codes 0 to ``n_regions - 1``.
    """

    nation: int
    rows: NDArray[np.int64]
    party: NDArray[np.int64]
    base: F32
    weight: F32
    pattern: F32
    region: NDArray[np.int64]
    where: F32
    lends: F32
    borrows: F32
    bloc: NDArray[np.int64]
    rest: int
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
        weight = base.weight[rows] / base.weight[rows].sum()
        ground = Ground(
            nation=index,
            rows=rows,
            party=party,
            base=np.ascontiguousarray(share[:, party].T, dtype=np.float32),
            weight=weight.astype(np.float32),
            pattern=np.ascontiguousarray(base.pattern[:, rows][:, :, party].transpose(0, 2, 1), dtype=np.float32),
            region=np.unique(base.region[rows], return_inverse=True)[1],
            **lenders(share[:, party], tuple(base.parties[i] for i in party), nation),
            rest=int(np.searchsorted(party, base.parties.index("oth"))),
            line=party.astype(np.int8),
        )
        grounds.append(ground)
    return grounds


def lenders(share: NDArray[np.floating], parties: tuple[str, ...], nation: str) -> dict[str, Any]:
    """Lay out who lends votes to whom, from shares (n_seats, n_parties): ``where, lends, borrows`` and ``bloc``."""
    blocs = lending(share, parties, nation)
    return {
        "where": np.stack([blocs.attack, blocs.hold]),
        "lends": blocs.lends,
        "borrows": blocs.borrows,
        "bloc": np.flatnonzero((blocs.lends + blocs.borrows).any(axis=1)),
    }


@dataclass(frozen=True)
class Errors:
    """What is left to chance in one nation's seats; arrays are as in ``NationInputs``."""

    noise: F32
    upset: F32

    def __getitem__(self, draws: slice) -> "Errors":
        """Errors of some draws."""
        return Errors(self.noise[draws], self.upset[draws])


@dataclass(frozen=True)
class Block:
    """Errors of one block of draws, by nation, and Northern Ireland's shares.

    ``ireland`` has shape (n_draws, n_lines, n_seats) and ``ireland_winner`` (n_draws, n_seats).
    """

    errors: tuple[Errors, ...]
    ireland: F32
    ireland_winner: NDArray[np.int8]


class ErrorStore:
    """Errors of all seats, made block by block when first asked for and kept. Safe to share between threads.

    A seat's errors are Student-t with ``TAIL`` degrees of freedom and one tail for all its parties (a seat with a local
    upset is odd for everybody), plus a normal error a region and party. The kernel multiplies them by a size and the
    root of the share: raking to a sum of one then leaves a spread of ``size * sqrt(m (1 - m))``, the one learned.
    A few seats of a draw get a strong candidate from nowhere, who counts among all others: an upset. Northern Irish
    parties move as they did between past elections, whatever Great Britain does.

    Parameters
    ----------
    base : SeatBase
        Seats as last fought.
    values : mapping
        Parameters by draw: ``region_ratio``, the size of regions' errors against seats' own, ``upset_rate``, the chance
        of an upset in a seat of Great Britain, and ``ireland_swing, ireland_seat``, how far (log) a Northern Irish
        party moves in all seats and in each.
    seed : int
        Seed.
    """

    def __init__(self, base: SeatBase, values: Mapping[str, NDArray[np.float64]], seed: int) -> None:
        self.grounds = lay_out(base)
        self.ireland = np.flatnonzero(~np.isin(base.nation, GB_NATIONS))
        self._ireland_share = base.share[self.ireland].T.astype(np.float32)
        names = ("region_ratio", "upset_rate", "ireland_swing", "ireland_seat")
        self._values = {name: values[name].astype(np.float32) for name in names}
        self._seed = seed
        self._blocks: dict[int, Block] = {}

    def block(self, number: int) -> Block:
        """Errors of draws ``BLOCK * number`` onwards; two threads that ask at once make the same and keep one."""
        held = self._blocks.get(number)
        return held if held is not None else self._blocks.setdefault(number, self._make(number))

    def _make(self, number: int) -> Block:
        rng = np.random.Generator(np.random.SFC64([self._seed, 2, number]))
        draws = slice(BLOCK * number, min(BLOCK * (number + 1), len(self._values["region_ratio"])))
        noise = [self._noise(ground, draws, rng) for ground in self.grounds]
        shares = self._irish(draws, rng)
        upsets = [self._upsets(ground, draws, rng) for ground in self.grounds]
        errors = tuple(Errors(*both) for both in zip(noise, upsets, strict=True))
        return Block(errors, shares, shares.argmax(axis=1).astype(np.int8))

    def _noise(self, ground: Ground, draws: slice, rng: np.random.Generator) -> F32:
        n_draws, (n_parties, n_seats) = draws.stop - draws.start, ground.base.shape
        chi = rng.standard_gamma(TAIL / 2, size=(n_draws, 1, n_seats), dtype=np.float32)
        out = rng.standard_normal((n_draws, n_parties, n_seats), dtype=np.float32)
        out *= np.sqrt(np.float32(TAIL / 2) / np.maximum(chi, np.float32(1e-3)))
        n_regions = int(ground.region.max()) + 1
        if n_regions > 1:
            region = rng.standard_normal((n_draws, n_parties, n_regions), dtype=np.float32)
            region *= self._values["region_ratio"][draws, None, None]
            out += region[:, :, ground.region]
        return out

    def _upsets(self, ground: Ground, draws: slice, rng: np.random.Generator) -> F32:
        rate = self._values["upset_rate"][draws, None]
        happens = rng.random((len(rate), len(ground.rows))) < rate
        out = np.zeros(happens.shape, dtype=np.float32)
        gained = np.minimum(UPSET + UPSET_MORE * rng.standard_exponential(int(happens.sum())), MOST_GAINED)
        out[happens] = gained / (1 - gained)  # the kernel adds it as a part of what all others have
        return out

    def _irish(self, draws: slice, rng: np.random.Generator) -> F32:
        """Shares of Northern Ireland's seats, (n_draws, n_lines, n_seats)."""
        n_draws, (n_lines, n_seats) = draws.stop - draws.start, self._ireland_share.shape
        moved = rng.standard_normal((n_draws, n_lines, n_seats), dtype=np.float32)
        moved *= self._values["ireland_seat"][draws, None, None]
        swing = rng.standard_normal((n_draws, n_lines, 1), dtype=np.float32)
        moved += self._values["ireland_swing"][draws, None, None] * swing
        shares = self._ireland_share * np.exp(moved)
        return np.asarray(shares / shares.sum(axis=1, keepdims=True))


@cache
def workers() -> ThreadPoolExecutor:
    """Threads shared by all simulators of the process; kernels and random numbers release Python's lock."""
    return ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="seats")
