"""Pairs of consecutive elections in which the same seats were fought: what the swing model learns from.

A pair matches in one of three ways. ``same``: both elections were held on one set of boundaries. ``notional``: the
earlier result was recast on the later boundaries (2005-2010, 2019-2024). ``name``: boundaries changed and no notional
result is held, so only seats are used that kept their name and whose electorate changed by less than a twentieth,
which leaves mostly seats that did not change. The third kind is for learning only, never for scoring; it is worth
having because 1970-1974, 1979-1983 and 1992-1997 hold the largest movements before 2024.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data import Evidence
from models.crossing import name_key, votes_at, votes_recast, wide_shares
from models.ireland import changes
from models.tilts import Field, tilts

PARTIES = ("con", "lab", "lib", "ref", "grn", "snp", "plaid", "oth")
GB_NATIONS = ("England", "Scotland", "Wales")
SAME_ELECTORATE = 0.05
"""Largest change of the electorate of a seat that kept its name. From 2001 to 2005, when England's boundaries stood
still, four seats in five changed by less than 4 per cent."""
FULL_SLATE_SINCE = date(1974, 2, 28)
"""From this election on the Liberals fought nearly every seat, so a party that stood aside once is expected back."""

Shares = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class SeatPair:
    """Two consecutive elections in the seats of Great Britain that match. The Speaker's seats are left out.

    ``base`` and ``new`` are shares of shape (n_seats, n_parties) over ``PARTIES``, 0 where a party did not stand;
    ``votes`` the valid votes of the later election; ``pattern`` (n_tilts, n_seats, n_parties) what was known of seats
    before it (``models.tilts``); ``ireland`` how Northern Irish parties changed (``models.ireland``); ``match`` is
    ``same``, ``notional`` or ``name``.
    """

    name: str
    base_date: date
    new_date: date
    match: str
    constituency: NDArray[np.str_]
    nation: NDArray[np.str_]
    region: NDArray[np.str_]
    base: Shares
    new: Shares
    votes: NDArray[np.int64]
    pattern: Shares
    ireland: Shares
    con_governs: bool


def seat_pairs(evidence: Evidence) -> list[SeatPair]:
    """Collect every pair of consecutive elections known to the evidence.

    Parameters
    ----------
    evidence : Evidence
        Tables, cut at the date of the forecast.

    Returns
    -------
    list of SeatPair
        Oldest first.
    """
    held = evidence.elections.sort("election_date")
    pairs = []
    for old, new in zip(held.rows(named=True)[:-1], held.rows(named=True)[1:], strict=True):
        pair = _pair(evidence, old, new)
        if pair is not None:
            pairs.append(pair)
    return pairs


def governing_party(evidence: Evidence, election_date: date) -> str:
    """Party that governs after an election: Conservative or Labour, whichever won more seats.

    Parameters
    ----------
    evidence : Evidence
        Tables with the results of that election.
    election_date : date
        An election held.

    Returns
    -------
    str
        ``con`` or ``lab``. True of every government since 1955.
    """
    winners = evidence.contests.filter(pl.col("election_date") == election_date)["winner"]
    return "con" if (winners == "con").sum() > (winners == "lab").sum() else "lab"


def _pair(evidence: Evidence, old: dict[str, Any], new: dict[str, Any]) -> SeatPair | None:
    base_date, new_date = old["election_date"], new["election_date"]
    seats = evidence.constituencies.filter(pl.col("boundary_set") == new["boundary_set"])
    match, before = _matched(evidence, old, new)
    after = votes_at(evidence.results, new_date)
    speaker = pl.concat([before, after]).filter(pl.col("party") == "spk")["constituency"]
    joined = (
        wide_shares(before, PARTIES)
        .join(wide_shares(after, PARTIES), on="constituency", suffix="_new")
        .join(seats.select("constituency", "nation", "region"), on="constituency")
        .filter(pl.col("nation").is_in(GB_NATIONS), ~pl.col("constituency").is_in(speaker.implode()))
        .sort("constituency")
    )
    if joined.is_empty():
        return None
    field = Field.of(joined, str(new["boundary_set"]), joined.select(PARTIES).to_numpy(), PARTIES)
    return SeatPair(
        name=f"{_label(base_date)}-{_label(new_date)}",
        base_date=base_date,
        new_date=new_date,
        match=match,
        constituency=field.constituency,
        nation=field.nation,
        region=joined["region"].to_numpy().astype(str),
        base=field.share,
        new=joined.select(f"{party}_new" for party in PARTIES).to_numpy(),
        votes=joined["total_new"].to_numpy(),
        pattern=tilts(evidence, field, base_date, new_date),
        ireland=changes(before, after, seats),
        con_governs=governing_party(evidence, base_date) == "con",
    )


def _matched(evidence: Evidence, old: dict[str, Any], new: dict[str, Any]) -> tuple[str, pl.DataFrame]:
    """How the earlier election is matched to the seats of the later one, and its votes there."""
    before = votes_at(evidence.results, old["election_date"])
    if old["boundary_set"] == new["boundary_set"]:
        return "same", before
    recast = votes_recast(evidence, old["election_date"], new["boundary_set"])
    if recast.height:
        return "notional", recast
    return "name", _rename(evidence, before, old, new)


def _label(day: date) -> str:
    """Year of an election, with F or O for February and October 1974."""
    return f"{day.year}{'F' if day.month == 2 else 'O'}" if day.year == 1974 else str(day.year)


def _rename(evidence: Evidence, before: pl.DataFrame, old: dict[str, Any], new: dict[str, Any]) -> pl.DataFrame:
    """Give votes of the old boundaries the identifiers of seats of the same name, nation and electorate on the new."""
    sides = []
    for election in (old, new):
        seats = evidence.constituencies.filter(pl.col("boundary_set") == election["boundary_set"])
        sizes = evidence.contests.filter(pl.col("election_date") == election["election_date"])
        side = seats.join(sizes, on="constituency").select(
            name_key().alias("key"), "nation", "constituency", "electorate"
        )
        sides.append(side.unique(["key", "nation"], keep="none"))
    change = pl.col("electorate_new") / pl.col("electorate") - 1
    same = sides[0].join(sides[1], on=["key", "nation"], suffix="_new").filter(change.abs() < SAME_ELECTORATE)
    moved = before.join(same, on="constituency").select(
        pl.col("constituency_new").alias("constituency"), "party", "votes"
    )
    return pl.DataFrame(moved)
