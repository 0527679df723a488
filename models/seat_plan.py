"""What a scenario asks of the seats, laid out for the kernel nation by nation."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.kernel import F32, LEAST_SHARE, NationInputs
from models.next_election import Expectation
from models.seat_base import SeatBase
from models.seat_errors import BLOCK, Ground

FLOOR = 0.15
"""No party is expected to fall below this part of what proportional swing would leave it in a seat."""
NOT_STANDING = -10.0
"""Offset of a party in a seat it does not fight, which takes it to the kernel's least share."""
MOST_LENT = 0.8
Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class SeatDials:
    """What a scenario changes between votes and seats; the default changes nothing.

    ``regional_swing`` maps (region, party) to an addition to the party's share there (0.02 = two points), for a party
    that stands there. ``tactical`` multiplies tactical voting: 1 as forecast, 0 none, at most 1.5.
    """

    regional_swing: Mapping[tuple[str, str], float] = field(default_factory=dict)
    tactical: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the kernel needs of one nation for all draws asked for, but for the errors."""

    size: F32
    level: F32
    gradient: F32
    floor: F32
    target: F32
    lent: F32
    offset: F32

    def inputs(self, ground: Ground, errors: F32, here: slice) -> NationInputs:
        """Arrays of some draws, with their errors."""
        return NationInputs(
            base=ground.base,
            noise=errors,
            size=self.size[here],
            level=self.level[here],
            gradient=self.gradient[here],
            floor=self.floor[here],
            target=self.target[here],
            weight=ground.weight,
            offset=self.offset,
            lent=self.lent[here],
            where=ground.where,
            lends=ground.lends,
            borrows=ground.borrows,
            bloc=ground.bloc,
            line=ground.line,
            column=ground.rows,
        )


def plan_nation(
    ground: Ground, base: SeatBase, usual: Array, target: Array, expected: Expectation, dials: SeatDials
) -> Plan:
    """Lay out one nation.

    Parameters
    ----------
    ground : Ground
        The nation's seats.
    base : SeatBase
        All seats as last fought.
    usual : array of shape (n_nations, n_parties)
        Shares by nation as last fought.
    target : array of shape (n_draws, n_nations, n_parties)
        Shares by nation now, before regional swings.
    expected : Expectation
        From ``models.next_election.expect``.
    dials : SeatDials
        Regional swings and strength of tactical voting.

    Returns
    -------
    Plan
        Inputs of the kernel but for the errors.
    """
    before = usual[ground.nation, ground.party]
    wanted, slope, size = (
        values[:, ground.nation][:, ground.party] for values in (target, expected.slope, expected.size)
    )
    level = wanted - before - slope * before
    offset = regional_offset(ground, base, dials.regional_swing)
    if offset.any():
        wanted = np.clip(wanted + offset @ ground.weight, LEAST_SHARE, None)
        wanted = wanted / wanted.sum(axis=1, keepdims=True)
    offset[ground.base == 0] = NOT_STANDING
    lent = np.stack([expected.attack, expected.hold], axis=1)
    # The dial turns lending up and down; the undoing of earlier lending is not voting tactically and stays.
    lent = np.clip(lent, 0.0, None) * dials.tactical + np.clip(lent, None, 0.0)
    return Plan(
        size=_float32(size),
        level=_float32(level),
        gradient=_float32(1.0 + slope),
        floor=_float32(FLOOR * wanted / before),
        target=_float32(wanted),
        lent=_float32(np.minimum(lent, MOST_LENT)),
        offset=_float32(offset),
    )


def regional_offset(ground: Ground, base: SeatBase, swing: Mapping[tuple[str, str], float]) -> Array:
    """What regional swings add to each party's share in each seat; the parties not named give way by their last share.

    Parameters
    ----------
    ground : Ground
        The nation's seats.
    base : SeatBase
        All seats as last fought.
    swing : mapping
        (region, party) to an addition to the share.

    Returns
    -------
    array of shape (n_parties, n_seats)
        Additions, which sum to 0 over parties in every seat.
    """
    offset = np.zeros(ground.base.shape)
    named = np.zeros(ground.base.shape, dtype=bool)
    for (region, party), amount in swing.items():
        here = np.flatnonzero(base.region[ground.rows] == region)
        at = np.flatnonzero(ground.party == base.parties.index(party))
        offset[np.ix_(at, here)] += amount
        named[np.ix_(at, here)] = True
    others = np.where(named, 0.0, ground.base)
    return np.asarray(offset - offset.sum(axis=0) * others / np.maximum(others.sum(axis=0), LEAST_SHARE))


def _float32(values: Array) -> F32:
    return np.ascontiguousarray(values, dtype=np.float32)


def pieces_of(start: int, stop: int) -> list[tuple[int, slice]]:
    """Blocks that hold draws ``start`` to ``stop``, with the part of each that is wanted."""
    numbers = range(start // BLOCK, -(-stop // BLOCK))
    return [(n, slice(max(start - BLOCK * n, 0), min(stop - BLOCK * n, BLOCK))) for n in numbers]
