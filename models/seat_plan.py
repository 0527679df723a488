"""What a scenario asks of the seats, laid out for the kernel nation by nation."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from models.kernel import F32, LEAST_SHARE, TINY, NationInputs
from models.next_election import Expectation
from models.pairs import GB_NATIONS
from models.seat_base import SeatBase
from models.seat_errors import BLOCK, Errors, Ground, lenders

FLOOR = 0.15
"""No party is expected to fall below this part of what proportional swing would leave it in a seat."""
MOST_LENT = 0.8
Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class SeatDials:
    """What a scenario changes between votes and seats; the default changes nothing.

    ``regional_swing`` maps (region, party) to an addition to the party's share there (0.02 = two points), for a party
    that stands there. ``tactical`` multiplies tactical voting: 1 as forecast, 0 none, at most 1.5.

    ``stand_downs`` maps a party to the constituencies (codes), regions or nations of Great Britain it does not fight.
    Those who would have voted for it there all vote, for the other parties in proportion to these parties' votes there;
    elsewhere nothing changes, so its vote in the nation falls by what it gives up. Tactical voters turn to the best
    placed of those who stand.

    ``turnout`` maps a party to a change in how many of its supporters vote (0.1 = a tenth more), the same in every
    seat: its votes are multiplied, then all shares are taken anew of the votes cast. ``seats`` maps constituencies
    (codes) to the line that wins there in every draw, whatever its votes: shares stay as simulated.
    """

    regional_swing: Mapping[tuple[str, str], float] = field(default_factory=dict)
    tactical: float = 1.0
    stand_downs: Mapping[str, Collection[str]] = field(default_factory=dict)
    turnout: Mapping[str, float] = field(default_factory=dict)
    seats: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the kernel needs of one nation for all draws asked for, but for the errors.

    ``moved`` (n_draws, n_parties) is what the dials add to parties' votes, as parts of all votes in the nation without
    them; its sum over parties is what turnout adds to the votes cast.
    """

    ground: Ground
    size: F32
    level: F32
    gradient: F32
    floor: F32
    target: F32
    turnout: F32
    relax: F32
    tilt: F32
    lent: F32
    absent: NDArray[np.int64]
    moved: Array

    def inputs(self, errors: Errors, here: slice) -> NationInputs:
        """Arrays of some draws, with their errors."""
        ground = self.ground
        return NationInputs(
            base=ground.base,
            noise=errors.noise,
            size=self.size[here],
            level=self.level[here],
            gradient=self.gradient[here],
            floor=self.floor[here],
            target=self.target[here],
            turnout=self.turnout,
            weight=ground.weight,
            relax=self.relax,
            tilt=self.tilt[here],
            pattern=ground.pattern,
            lent=self.lent[here],
            where=ground.where,
            lends=ground.lends,
            borrows=ground.borrows,
            bloc=ground.bloc,
            upset=errors.upset,
            rest=ground.rest,
            absent=self.absent,
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
        Shares by nation now, before the dials.
    expected : Expectation
        From ``models.next_election.expect``.
    dials : SeatDials
        What a scenario changes.

    Returns
    -------
    Plan
        Inputs of the kernel but for the errors.
    """
    before = usual[ground.nation, ground.party]
    given, slope, size = (
        values[:, ground.nation][:, ground.party] for values in (target, expected.slope, expected.size)
    )
    tilt = expected.tilt[:, :, ground.nation][:, :, ground.party]
    offset = regional_offset(ground, base, dials.regional_swing)
    wanted = given
    if offset.any():
        ground = replace(ground, pattern=np.concatenate([ground.pattern, _float32(offset[None])]))
        tilt = np.concatenate([tilt, np.ones_like(tilt[:, :1])], axis=1)
        wanted = np.clip(given + offset @ ground.weight, LEAST_SHARE, None)
        wanted = wanted / wanted.sum(axis=1, keepdims=True)
    swing = _Swing(ground, given - before - slope * before, 1.0 + slope, FLOOR * wanted / before, tilt)
    absent = not_standing(ground, base, dials.stand_downs)
    turnout = np.array([1.0 + dials.turnout.get(base.parties[p], 0.0) for p in ground.party])
    raked = swing.without(absent, wanted) if absent.any() else wanted
    stands = np.where(absent, np.float32(0), ground.base)
    lent = np.stack([expected.attack, expected.hold], axis=1)
    # The dial turns lending up and down; the undoing of earlier lending is not voting tactically and stays.
    lent = np.clip(lent, 0.0, None) * dials.tactical + np.clip(lent, None, 0.0)
    return Plan(
        ground=_without(ground, base, stands) if absent.any() else ground,
        size=_float32(size),
        level=_float32(swing.level),
        gradient=_float32(swing.gradient),
        floor=_float32(swing.floor),
        target=_float32(raked),
        turnout=_float32(turnout),
        relax=relaxation(stands, ground.weight),
        # A pattern that is nought for a party costs the kernel nothing if its coefficient is, too.
        tilt=_float32(tilt * ground.pattern.any(axis=2)),
        lent=_float32(np.minimum(lent, MOST_LENT)),
        absent=np.ascontiguousarray(np.argwhere(stands == 0)),
        moved=raked * turnout - given,
    )


def relaxation(share: NDArray[np.floating], weight: NDArray[np.floating]) -> F32:
    """Say how far a round of raking should go beyond the plain one, from how uneven parties' votes are over seats.

    Plain raking multiplies a party by what it wants over what it holds, as if all seats were alike. Where a party's
    vote is concentrated, the same factor moves it less. Newton's method would measure by how much in every draw; the
    last result is near enough, and two rounds that allow for it come closer than three that do not.

    Parameters
    ----------
    share : array of shape (n_parties, n_seats)
        Shares as last fought, 0 where a party does not stand.
    weight : array of shape (n_seats,)
        Sums to 1.

    Returns
    -------
    array of shape (n_parties, n_parties)
        What each party's ratio adds to the steps of others, 0 where all seats are alike.
    """
    mean = share @ weight
    uneven = (share * weight) @ share.T / np.maximum(mean, TINY)[:, None] - mean
    one = np.eye(len(mean))
    return np.asarray(np.linalg.inv(one - uneven) - one, dtype=np.float32)


@dataclass(frozen=True)
class _Swing:
    """The affine swing with what is added to it, in the kernel's words, to say what a party would win in some seats."""

    ground: Ground
    level: Array
    gradient: Array
    floor: Array
    tilt: Array

    def votes(self, seats: Mask) -> Array:
        """Parts of the nation's vote (n_draws, n_parties) expected for each party in its ``seats``, before errors.

        A party without a base in a seat does not stand there, and expects nothing.
        """
        weight = np.where(seats & (self.ground.base > 0), self.ground.weight, 0.0)
        base = (weight * self.ground.base).sum(axis=1)
        tilted = np.einsum("dkp,kp->dp", self.tilt, (weight * self.ground.pattern).sum(axis=2))
        mean = self.level * weight.sum(axis=1) + self.gradient * base + tilted
        return np.asarray(np.maximum(mean, np.maximum(self.floor * base, LEAST_SHARE * weight.sum(axis=1))))

    def without(self, absent: Mask, wanted: Array) -> Array:
        """Shares of the vote once parties have left some seats to the others."""
        out = wanted.copy()
        everywhere = self.votes(np.ones_like(absent))
        for p in np.flatnonzero(absent.any(axis=1)):
            alone = np.zeros_like(absent)
            alone[p] = absent[p]
            freed = wanted[:, p] * (self.votes(alone)[:, p] / everywhere[:, p])
            takers = self.votes(absent[p] & ~absent)
            out[:, p] -= freed
            out += freed[:, None] * takers / takers.sum(axis=1, keepdims=True)
        return out


def not_standing(ground: Ground, base: SeatBase, stand_downs: Mapping[str, Collection[str]]) -> Mask:
    """Mark where parties do not stand.

    Parameters
    ----------
    ground : Ground
        The nation's seats.
    base : SeatBase
        All seats as last fought.
    stand_downs : mapping
        Party to constituencies, regions or nations.

    Returns
    -------
    array of bool of shape (n_parties, n_seats)
        True where the party leaves the seat to others; where it would not stand anyway there is nothing to leave.
    """
    out = np.zeros(ground.base.shape, dtype=bool)
    for party, places in stand_downs.items():
        names = (base.constituency, base.region, base.nation)
        here = np.any([np.isin(name[ground.rows], list(places)) for name in names], axis=0)
        out[ground.party == base.parties.index(party)] |= here
    return out & (ground.base > 0)


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
        Additions, which sum to 0 over parties in every seat; 0 for a party that does not stand there.
    """
    offset = np.zeros(ground.base.shape)
    named = np.zeros(ground.base.shape, dtype=bool)
    for (region, party), amount in swing.items():
        at = (ground.party == base.parties.index(party))[:, None] & (base.region[ground.rows] == region)
        stands = at & (ground.base > 0)
        offset[stands] += amount
        named |= stands
    others = np.where(named, 0.0, ground.base)
    return np.asarray(offset - offset.sum(axis=0) * others / np.maximum(others.sum(axis=0), LEAST_SHARE))


def _without(ground: Ground, base: SeatBase, stands: F32) -> Ground:
    """The same seats where those who stand down are out of reach of tactical voters."""
    codes = tuple(base.parties[p] for p in ground.party)
    return replace(ground, **lenders(stands.T, codes, GB_NATIONS[ground.nation]))


def _float32(values: Array) -> F32:
    return np.ascontiguousarray(values, dtype=np.float32)


def pieces_of(start: int, stop: int) -> list[tuple[int, slice]]:
    """Blocks that hold draws ``start`` to ``stop``, with the part of each that is wanted."""
    numbers = range(start // BLOCK, -(-stop // BLOCK))
    return [(n, slice(max(start - BLOCK * n, 0), min(stop - BLOCK * n, BLOCK))) for n in numbers]
