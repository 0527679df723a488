"""What a scenario asks of the seats, laid out for the kernel nation by nation."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.kernel import BINS, F32, NationInputs, tally
from models.seat_base import SeatBase
from models.seat_errors import BLOCK, Ground

FLOOR = 0.15
"""No party is expected to fall below this part of what proportional swing would leave it in a seat."""
NOT_STANDING = -10.0
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

    level: F32
    gradient: F32
    floor: F32
    target: F32
    tactical: F32
    offset: F32

    def inputs(self, ground: Ground, errors: F32, here: slice) -> NationInputs:
        return NationInputs(
            base=ground.base,
            noise=errors,
            level=self.level[here],
            gradient=self.gradient[here],
            floor=self.floor[here],
            target=self.target[here],
            weight=ground.weight,
            offset=self.offset,
            tactical=self.tactical[here],
            lends=ground.lends,
            borrows=ground.borrows,
            bloc=ground.bloc,
            line=ground.line,
        )


def plan_nation(
    ground: Ground, base: SeatBase, nation_share: Array, target: Array, slope: Array, lent: Array, dials: SeatDials
) -> Plan:
    usual = nation_share[ground.nation, ground.party]
    wanted, tilt = target[:, ground.nation][:, ground.party], slope[:, ground.nation][:, ground.party]
    level = wanted - usual - tilt * usual
    offset = np.zeros(ground.base.shape)
    for (region, party), amount in dials.regional_swing.items():
        at = np.flatnonzero(ground.party == base.parties.index(party))
        offset[at[:, None], base.region[ground.rows] == region] += amount
    if offset.any():
        moved = np.maximum(wanted + offset @ ground.weight, 0.001)
        named = offset.any(axis=1)
        room = np.maximum(1.0 - moved[:, named].sum(axis=1), 0.001) / wanted[:, ~named].sum(axis=1)
        wanted = np.where(named, moved, wanted * room[:, None])
        wanted = wanted / wanted.sum(axis=1, keepdims=True)
    offset[ground.base == 0] = NOT_STANDING
    arrays = (level, 1.0 + tilt, FLOOR * wanted / usual, wanted, lent, offset)
    level32, gradient, floor, wanted32, lent32, offset32 = (np.ascontiguousarray(a, dtype=np.float32) for a in arrays)
    return Plan(level=level32, gradient=gradient, floor=floor, target=wanted32, tactical=lent32, offset=offset32)


class Tally:
    """Running totals and histograms of one nation's shares."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self.total = np.zeros(shape)
        self.counts = np.zeros((*shape, BINS), dtype=np.uint16)

    def add(self, shares: F32) -> None:
        tally(shares, self.total, self.counts)


def pieces_of(start: int, stop: int) -> list[tuple[int, slice]]:
    """Blocks that hold draws ``start`` to ``stop``, with the part of each that is wanted."""
    numbers = range(start // BLOCK, -(-stop // BLOCK))
    return [(n, slice(max(start - BLOCK * n, 0), min(stop - BLOCK * n, BLOCK))) for n in numbers]
