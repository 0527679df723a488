"""From draws of Great Britain's votes to the winner of every seat, with dials for scenarios.

``seat_parameters`` draws what an election to come will be like; ``SeatSimulator`` holds the errors of every seat, made
from a seed, and turns any votes into winners. The same seed gives the same bytes, and a scenario reuses the same
errors, so that it differs from its base by what was changed and nothing else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from models.kernel import F32, simulate_nation
from models.nations import NationOffsets, nation_base, nation_targets
from models.next_election import expect, seat_parameters
from models.seat_base import SeatBase
from models.seat_errors import BLOCK, THREADS, ErrorStore, workers
from models.seat_plan import Plan, SeatDials, pieces_of, plan_nation
from models.tally import Tally, quantiles

__all__ = ["SeatDials", "SeatDraws", "SeatSimulator", "seat_parameters"]
Array = NDArray[np.float64]
QUANTILES = (0.025, 0.05, 0.1, 0.25, 0.75, 0.9, 0.95, 0.975)
"""Ends of the central 95, 90, 80 and 50 % intervals of shares by constituency."""


@dataclass(frozen=True, kw_only=True)
class SeatDraws:
    """Winners of shape (n_draws, n_seats), as indices of lines, and shares of shape (n_seats, n_lines) if asked for.

    ``votes`` (n_draws, n_parties) are shares of the votes cast in Great Britain as the dials left them.
    ``share_quantile`` has the shape (n_quantiles, n_seats, n_lines), for ``QUANTILES``.
    """

    winner: NDArray[np.int8]
    votes: Array
    share_mean: Array | None = None
    share_quantile: Array | None = None


@dataclass(frozen=True)
class Prepared:
    """What the seats of each nation need for draws ``start`` onwards.

    ``votes`` (n_draws, n_parties) are Great Britain's as the dials left them; ``won`` are seats, and the lines that win
    there whatever happens.
    """

    plans: list[Plan]
    start: int
    votes: Array
    won: dict[int, int]


def outcome_of(votes: Array, drawn: SeatDraws, coords: Mapping[Any, Any]) -> xr.Dataset:
    """Lay votes and winners out as the ``outcome`` group of a forecast.

    Parameters
    ----------
    votes : array of shape (n_draws, n_parties)
        Shares of the Great Britain vote.
    drawn : SeatDraws
        Winners, and shares by constituency where they were asked for.
    coords : mapping
        ``party, constituency, line``; others are left out.

    Returns
    -------
    xr.Dataset
        ``vote_share, winner`` and, where asked for, ``share_mean`` and ``share_quantile``.
    """
    outcome: dict[str, tuple[tuple[str, ...], Any]] = {
        "vote_share": (("draw", "party"), votes),
        "winner": (("draw", "constituency"), drawn.winner),
    }
    known = {name: coords[name] for name in ("party", "constituency", "line")}
    if drawn.share_mean is not None:
        outcome["share_mean"] = (("constituency", "line"), drawn.share_mean)
        outcome["share_quantile"] = (("quantile", "constituency", "line"), drawn.share_quantile)
        known["quantile"] = list(QUANTILES)
    return xr.Dataset(outcome, coords=known)


class SeatSimulator:
    """Turns votes into winners of all seats. Safe to use from several threads at once.

    Parameters
    ----------
    base : SeatBase
        Seats as last fought.
    parameters : xr.Dataset
        From ``seat_parameters``.
    offsets : NationOffsets
        From ``models.nations.nation_offsets``.
    seed : int
        Seed of nations' offsets and seats' errors.
    """

    def __init__(self, base: SeatBase, parameters: xr.Dataset, offsets: NationOffsets, *, seed: int) -> None:
        self.base, self.parameters, self.offsets, self.seed = base, parameters, offsets, seed
        self.n_draws = int(parameters.sizes["draw"])
        self._nation_base, self._weights = nation_base(base)
        self._offset_draws = offsets.draws(self.n_draws, seed)
        self._values = {str(name): parameters[name].values for name in parameters.data_vars}
        self._errors = ErrorStore(base, self._values, seed)

    def to_dataset(self) -> xr.Dataset:
        """Everything needed to make the simulator again, without the errors."""
        ds = xr.merge([self.base.to_dataset(), self.parameters], combine_attrs="drop")
        ds["offset_mean"] = (("nation", "party"), self.offsets.mean)
        ds["offset_sd"] = (("nation", "party"), self.offsets.sd)
        ds.attrs = {**self.base.to_dataset().attrs, "seat_seed": self.seed}
        return ds

    @classmethod
    def from_datasets(cls, ds: xr.Dataset) -> "SeatSimulator":
        """Read what ``to_dataset`` wrote, also after a trip through a file."""
        base = SeatBase.from_dataset(ds)
        names = [name for name in ds.data_vars if "draw" in ds[name].dims]
        offsets = NationOffsets(parties=base.parties, mean=ds["offset_mean"].values, sd=ds["offset_sd"].values)
        return cls(base, ds[names], offsets, seed=int(ds.attrs["seat_seed"]))

    def simulate(
        self, votes: Array, dials: SeatDials | None = None, draws: slice | None = None, *, summaries: bool = True
    ) -> SeatDraws:
        """Find every seat's winner in every draw.

        Parameters
        ----------
        votes : array of shape (n_draws, n_parties)
            Shares of the Great Britain vote, rows sum to 1.
        dials : SeatDials, optional
            Changes to make; none by default.
        draws : slice, optional
            Which of the simulator's draws the rows of ``votes`` belong to; the first ``len(votes)`` by default.
        summaries : bool
            Whether shares by constituency are wanted, too.

        Returns
        -------
        SeatDraws
            For all seats in the order of the base.
        """
        return self.run(self.prepare(votes, dials, draws), summaries=summaries)

    def prepare(self, votes: Array, dials: SeatDials | None = None, draws: slice | None = None) -> Prepared:
        """Work out what votes and dials mean for each nation, before any seat is looked at.

        Parameters
        ----------
        votes, dials, draws
            As in ``simulate``.

        Returns
        -------
        Prepared
            For ``run``.
        """
        start = 0 if draws is None or draws.start is None else draws.start
        rows = np.arange(start, start + len(votes))
        target = nation_targets(votes, self._nation_base, self._weights, self._offset_draws[rows])
        values = {name: value[rows] for name, value in self._values.items()}
        expected = expect(values, self.base, self._nation_base, target, votes)
        dials = dials or SeatDials()
        plans = [plan_nation(g, self.base, self._nation_base, target, expected, dials) for g in self._errors.grounds]
        moved = np.zeros_like(votes)
        for ground, plan in zip(self._errors.grounds, plans, strict=True):
            moved[:, ground.party] += self._weights[ground.nation] * plan.moved
        codes = self.base.constituency.tolist()
        won = {codes.index(seat): self.base.lines.index(line) for seat, line in dials.seats.items()}
        # Turnout makes nations cast more votes or fewer: shares are of all that are cast.
        shares = np.maximum(votes + moved, 0.0) / (1.0 + moved.sum(axis=1, keepdims=True))
        return Prepared(plans, start, shares, won)

    def run(self, prepared: Prepared, *, summaries: bool = False) -> SeatDraws:
        """Simulate the seats, blocks of draws side by side.

        Parameters
        ----------
        prepared : Prepared
            From ``prepare``.
        summaries : bool
            Whether shares by constituency are wanted, too.

        Returns
        -------
        SeatDraws
            For all seats in the order of the base.
        """
        n_draws = len(prepared.votes)
        winner = self._no_winners(n_draws)
        pieces = pieces_of(prepared.start, prepared.start + n_draws)
        share = -(-len(pieces) // THREADS)
        groups = [pieces[i : i + share] for i in range(0, len(pieces), share)]
        jobs = [workers().submit(self._run, group, prepared, winner, summaries) for group in groups]
        tallies = [job.result() for job in jobs]
        for seat, line in prepared.won.items():
            winner[:, seat] = line
        shares = self._summarise(tallies) if summaries else {}
        return SeatDraws(winner=winner, votes=prepared.votes, **shares)

    def _run(
        self, pieces: list[tuple[int, slice]], prepared: Prepared, winner: NDArray[np.int8], summaries: bool
    ) -> list[Tally]:
        """Simulate some blocks of draws; the tallies are this thread's own."""
        tallies = [Tally((len(lines), len(rows))) for rows, lines in self._places()] if summaries else []
        for piece in pieces:
            for i, shares in enumerate(self._parts(piece, prepared, winner, summaries)):
                if shares is not None:
                    tallies[i].add(shares)
        return tallies

    def share_blocks(self, prepared: Prepared) -> Iterator[F32]:
        """Simulate the seats, and hand out all shares some draws at a time.

        Parameters
        ----------
        prepared : Prepared
            From ``prepare``.

        Yields
        ------
        array of shape (n_draws, n_lines, n_seats)
            Shares, 0 to 1, of the next draws in order: those that ``run`` counts.
        """
        n_draws, base = len(prepared.votes), self.base
        winner = self._no_winners(n_draws)
        for piece in pieces_of(prepared.start, prepared.start + n_draws):
            wanted = piece[1].stop - piece[1].start
            shares = np.zeros((wanted, len(base.lines), len(base.constituency)), dtype=np.float32)
            shares[:, :, base.is_speaker] = base.share[base.is_speaker].T
            parts = self._parts(piece, prepared, winner, True)
            for (rows, lines), part in zip(self._places(), parts, strict=True):
                shares[:, lines[:, None], rows] = part
            yield shares

    def _parts(
        self, piece: tuple[int, slice], prepared: Prepared, winner: NDArray[np.int8], wanted: bool
    ) -> Iterator[F32 | None]:
        """Fill in the winners of a block of draws, place by place, and yield the shares there if they are wanted."""
        number, inside = piece
        block = self._errors.block(number)
        first = BLOCK * number + inside.start - prepared.start
        here = slice(first, first + inside.stop - inside.start)
        for plan, chance in zip(prepared.plans, block.errors, strict=True):
            errors = chance[inside]
            shares = np.empty_like(errors.noise) if wanted else None
            simulate_nation(plan.inputs(errors, here), winner[here], shares)
            yield shares
        winner[here, self._errors.ireland] = block.ireland_winner[inside]
        yield block.ireland[inside] if wanted else None

    def _no_winners(self, n_draws: int) -> NDArray[np.int8]:
        """An array of winners to fill; only the Speaker's seat is decided."""
        winner = np.empty((n_draws, len(self.base.constituency)), dtype=np.int8)
        winner[:, self.base.is_speaker] = len(self.base.lines) - 1
        return winner

    def _places(self) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Seats and lines of each nation, Northern Ireland last."""
        places = [(ground.rows, ground.party) for ground in self._errors.grounds]
        return [*places, (self._errors.ireland, np.arange(len(self.base.lines)))]

    def _summarise(self, tallies: list[list[Tally]]) -> dict[str, Array]:
        """Mean and quantiles of every line's share in every seat."""
        out = np.zeros((1 + len(QUANTILES), len(self.base.constituency), len(self.base.lines)))
        for place, parts in zip(self._places(), zip(*tallies, strict=True), strict=True):
            if len(place[0]):
                counts = sum((part.counts for part in parts[1:]), start=parts[0].counts)
                n_draws = counts[0, 0].sum(dtype=np.int64)
                out[0][np.ix_(*place)] = sum(part.total for part in parts).T / n_draws
                out[1:, place[0][:, None], place[1][None, :]] = quantiles(counts, QUANTILES).transpose(0, 2, 1)
        out[:, self.base.is_speaker] = self.base.share[self.base.is_speaker]
        return {"share_mean": out[0], "share_quantile": out[1:]}
