"""The seats that will be fought at an election, with shares as last fought: where every swing starts.

Boundaries are the newest set known at the cut. Where the last election was held on others, its notional result is used;
where there is none, seats that kept their name keep their result and the rest take their region's mean (``no_base``).
Shares are made up where a party has none: see ``models.standing_in``.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
import xarray as xr
from numpy.typing import NDArray

from data import Evidence
from data.errors import BadInput
from models.crossing import boundaries_of, heirs, moved, votes_on, votes_recast, wide_shares
from models.ireland import NI, NI_PARTIES
from models.pairs import FULL_SLATE_SINCE, governing_party
from models.standing_in import SPEAKER, fill_absent, label_speaker
from models.tilts import Field, leave_of, tilts

Shares = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class SeatBase:
    """Seats in a fixed order with shares as last fought.

    ``share`` has shape (n_seats, n_lines) over ``lines``: first ``parties``, then Northern Irish parties, then the
    Speaker; rows sum to 1. ``no_candidate`` (n_seats, n_parties) marks shares made up because the party did not stand,
    ``no_base`` (n_seats,) seats without a last result of their own. ``weight`` holds valid votes. ``hex_q, hex_r``
    are NaN where there is no hexagon. ``pattern`` (n_tilts, n_seats, n_parties) is from ``models.tilts``.
    ``con_governs`` says whether the Conservatives govern at this election.
    """

    election_date: date
    parties: tuple[str, ...]
    lines: tuple[str, ...]
    constituency: NDArray[np.str_]
    name: NDArray[np.str_]
    nation: NDArray[np.str_]
    region: NDArray[np.str_]
    hex_q: Shares
    hex_r: Shares
    share: Shares
    weight: Shares
    winner: NDArray[np.str_]
    no_candidate: NDArray[np.bool_]
    no_base: NDArray[np.bool_]
    pattern: Shares
    con_governs: bool

    @property
    def is_speaker(self) -> NDArray[np.bool_]:
        """Seats of the Speaker, who is taken to stand again and hold his."""
        return np.asarray(self.winner == SPEAKER)

    def rows(self, nation: str) -> NDArray[np.int64]:
        """Seats of a nation in which parties contend: all but the Speaker's."""
        return np.flatnonzero((self.nation == nation) & ~self.is_speaker)

    def to_dataset(self) -> xr.Dataset:
        """Labelled arrays, in the names that ``models.forecast`` reads."""
        seat = "constituency"
        return xr.Dataset(
            {
                "name": (seat, self.name),
                "nation_of": (seat, self.nation),
                "region_of": (seat, self.region),
                "hex_q": (seat, self.hex_q),
                "hex_r": (seat, self.hex_r),
                "base_share": ((seat, "line"), self.share),
                "base_winner": (seat, self.winner),
                "weight": (seat, self.weight),
                "no_candidate": ((seat, "party"), self.no_candidate),
                "no_base": (seat, self.no_base),
                "pattern": (("tilt", seat, "party"), self.pattern),
            },
            coords={seat: self.constituency, "line": list(self.lines), "party": list(self.parties)},
            attrs={"con_governs": int(self.con_governs), "election_date": self.election_date.isoformat()},
        )

    @classmethod
    def from_dataset(cls, ds: xr.Dataset) -> "SeatBase":
        """Read what ``to_dataset`` wrote."""
        return cls(
            election_date=date.fromisoformat(ds.attrs["election_date"]),
            parties=tuple(str(p) for p in ds["party"].values),
            lines=tuple(str(p) for p in ds["line"].values),
            constituency=ds["constituency"].values.astype(str),
            name=ds["name"].values.astype(str),
            nation=ds["nation_of"].values.astype(str),
            region=ds["region_of"].values.astype(str),
            hex_q=ds["hex_q"].values,
            hex_r=ds["hex_r"].values,
            share=ds["base_share"].values,
            weight=ds["weight"].values,
            winner=ds["base_winner"].values.astype(str),
            no_candidate=ds["no_candidate"].values.astype(bool),
            no_base=ds["no_base"].values.astype(bool),
            pattern=ds["pattern"].values,
            con_governs=bool(ds.attrs["con_governs"]),
        )


def seat_base(evidence: Evidence, election_date: date, parties: tuple[str, ...]) -> SeatBase:
    """Lay out the seats of an election with their last results.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut at the date of the forecast.
    election_date : date
        Polling day, after the last election known.
    parties : tuple of str
        Parties with a share of the Great Britain vote of their own; ``oth`` must be one, and takes all others.

    Returns
    -------
    SeatBase
        All seats, in the order of their codes.

    Raises
    ------
    BadInput
        If no earlier election is known, or ``oth`` is missing.
    """
    if "oth" not in parties:
        raise BadInput(f"Seats need a party 'oth' for all others; got {', '.join(parties)}.")
    held = evidence.elections.filter(pl.col("election_date") < election_date).sort("election_date")
    if held.is_empty():
        raise BadInput(f"No general election before {election_date} is known on {evidence.cut}; choose a later date.")
    last = held.row(-1, named=True)
    seats = _seats(evidence)
    votes, won = _last_votes(evidence, seats, last["election_date"])
    votes, in_chair = label_speaker(votes, seats, evidence.cut)
    codes = (*parties, *NI_PARTIES, SPEAKER)
    wide = wide_shares(votes, codes)
    table = (
        seats.join(wide, on="constituency", how="left").join(won, on="constituency", how="left").sort("constituency")
    )
    back = last["election_date"] >= FULL_SLATE_SINCE
    share, no_candidate = _complete(evidence, table, in_chair, parties, codes, election_date, full_slate=back)
    lines = [*parties, *(p for i, p in enumerate(codes) if i >= len(parties) and share[:, i].any())]
    share = share[:, [codes.index(p) for p in lines]]
    total = table["total"].cast(pl.Float64)
    field = Field.of(table, table["boundary_set"][0], share[:, : len(parties)], tuple(parties))
    return SeatBase(
        election_date=election_date,
        parties=tuple(parties),
        lines=tuple(lines),
        constituency=field.constituency,
        name=table["name"].to_numpy().astype(str),
        nation=field.nation,
        region=table["region"].to_numpy().astype(str),
        hex_q=table["q"].cast(pl.Float64).fill_null(np.nan).to_numpy(),
        hex_r=table["r"].cast(pl.Float64).fill_null(np.nan).to_numpy(),
        share=share,
        weight=total.fill_null(float(total.mean())).to_numpy(),  # type: ignore[arg-type]
        winner=_winners(table, share, lines, in_chair),
        no_candidate=no_candidate,
        no_base=total.is_null().to_numpy(),
        pattern=tilts(evidence, field, last["election_date"], election_date),
        con_governs=governing_party(evidence, last["election_date"]) == "con",
    )


def _seats(evidence: Evidence) -> pl.DataFrame:
    """Seats of the newest set of boundaries known, with their hexagons."""
    newest = evidence.constituencies.sort("known_on")["boundary_set"][-1]
    in_force = pl.col("boundary_set") == newest
    hexes = evidence.hexes.filter(in_force).select("constituency", "q", "r")
    seats = evidence.constituencies.filter(in_force).join(hexes, on="constituency", how="left")
    return pl.DataFrame(seats.select("boundary_set", "constituency", "name", "nation", "region", "q", "r"))


def _last_votes(evidence: Evidence, seats: pl.DataFrame, last: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Votes by seat at the last election, recast where boundaries changed, and winners of seats that had one."""
    new, old = str(seats["boundary_set"][0]), boundaries_of(evidence, last)
    won = evidence.contests.filter(pl.col("election_date") == last).select("constituency", "winner")
    votes = votes_on(evidence, last, new)
    return votes, won.clear() if votes_recast(evidence, last, new).height else moved(
        pl.DataFrame(won), heirs(evidence, old, new)
    )


def _barred(
    evidence: Evidence, seats: NDArray[np.str_], parties: tuple[str, ...], polling_day: date
) -> NDArray[np.bool_]:
    """Parties known to have no candidate in a seat, (n_seats, n_parties); none where no candidates are known."""
    standing = evidence.candidates.filter(pl.col("election_date") == polling_day)
    named = set(standing.select("constituency", "party").iter_rows())
    listed = set(standing["constituency"])
    return np.array([[seat in listed and (seat, party) not in named for party in parties] for seat in seats.tolist()])


def _complete(
    evidence: Evidence,
    table: pl.DataFrame,
    in_chair: str | None,
    parties: tuple[str, ...],
    codes: tuple[str, ...],
    polling_day: date,
    *,
    full_slate: bool,
) -> tuple[Shares, NDArray[np.bool_]]:
    """Give every seat a share of every party that may stand there."""
    nation = table["nation"].cast(pl.String).to_numpy().astype(str)
    region = table["region"].to_numpy().astype(str)
    share = table.select(codes).fill_null(0.0).to_numpy().copy()
    bare = table["total"].is_null().to_numpy()
    for place in np.unique(region[bare]):
        here = region == place
        others = share[here & ~bare] if (here & ~bare).any() else share[(nation == nation[here][0]) & ~bare]
        share[here & bare] = others.mean(axis=0)
    chair = (table["constituency"] == (in_chair or "")).to_numpy()
    ours = np.flatnonzero((nation != NI) & ~chair)
    field = Field.of(table[ours], table["boundary_set"][0], share[ours, : len(parties)], parties)
    barred = _barred(evidence, field.constituency, parties, polling_day)
    filled, absent = fill_absent(field, region[ours], leave_of(evidence, field), barred, full_slate=full_slate)
    share[ours] = 0.0
    share[ours, : len(parties)] = filled
    no_candidate = np.zeros((len(nation), len(parties)), dtype=bool)
    no_candidate[ours] = absent
    irish = np.flatnonzero(nation == NI)
    share[irish] *= ~_barred(evidence, table["constituency"].to_numpy()[irish], codes, polling_day)
    if chair.any() and not share[chair.argmax(), codes.index(SPEAKER)]:
        share[chair.argmax(), codes.index(SPEAKER)] = 1.0  # a new seat: he will be as good as unopposed
    return share / share.sum(axis=1, keepdims=True), no_candidate


def _winners(table: pl.DataFrame, share: Shares, lines: list[str], in_chair: str | None) -> NDArray[np.str_]:
    """Line that holds each seat: as declared where the seat was fought, else the largest share."""
    top = np.array(lines)[share.argmax(axis=1)]
    held = [won if won in lines else "oth" if won else top[i] for i, won in enumerate(table["winner"])]
    held = [top[i] if won == SPEAKER else won for i, won in enumerate(held)]
    chair = (table["constituency"] == (in_chair or "")).to_numpy()
    return np.where(chair, SPEAKER, np.array(held))
