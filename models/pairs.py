"""Pairs of consecutive elections in which the same seats were fought: what the swing model learns from.

A pair matches in one of three ways. ``same``: both elections were held on one set of boundaries. ``notional``: the
earlier result was recast on the later boundaries (2005-2010, 2019-2024). ``name``: boundaries changed and no notional
result is held, so only seats are used that kept their name and whose electorate changed by less than a twentieth,
which leaves mostly seats that did not change. The third kind is for learning only, never for scoring; it is worth
having because 1970-1974, 1979-1983 and 1992-1997 hold the largest movements before 2024.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data import Evidence

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
    ``votes`` the valid votes of the later election; ``match`` is ``same``, ``notional`` or ``name``.
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


def wide_shares(votes: pl.DataFrame, parties: tuple[str, ...]) -> pl.DataFrame:
    """Shares of the valid vote, one row a seat.

    Parameters
    ----------
    votes : pl.DataFrame
        ``constituency, party, votes``.
    parties : tuple of str
        Columns wanted, ``oth`` among them; votes of any other party are added to ``oth``.

    Returns
    -------
    pl.DataFrame
        ``constituency``, one column a party (0 to 1, rows sum to 1) and ``total`` (votes), sorted by seat.
    """
    known = pl.when(pl.col("party").is_in(parties)).then(pl.col("party")).otherwise(pl.lit("oth"))
    totals = votes.group_by("constituency").agg(
        *[pl.col("votes").filter(known == party).sum().alias(party) for party in parties],
        pl.col("votes").sum().alias("total"),
    )
    return totals.with_columns(pl.col(party) / pl.col("total") for party in parties).sort("constituency")


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


def name_key(column: str = "name") -> pl.Expr:
    """Constituency names without case, spaces and signs, which change style between elections."""
    return pl.col(column).str.to_lowercase().str.replace_all("&", "and").str.replace_all(r"[^a-z]", "")


def _pair(evidence: Evidence, old: dict[str, object], new: dict[str, object]) -> SeatPair | None:
    seats = evidence.constituencies.filter(pl.col("boundary_set") == new["boundary_set"])
    before = _votes(evidence.results, old["election_date"])
    after = _votes(evidence.results, new["election_date"])
    recast = _votes(evidence.notionals.filter(pl.col("boundary_set") == new["boundary_set"]), old["election_date"])
    if old["boundary_set"] == new["boundary_set"]:
        match = "same"
    elif recast.height:
        match, before = "notional", recast
    else:
        match, before = "name", _rename(evidence, before, old, new)
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
    base_date, new_date = old["election_date"], new["election_date"]
    assert isinstance(base_date, date)
    assert isinstance(new_date, date)
    return SeatPair(
        name=f"{_label(base_date)}-{_label(new_date)}",
        base_date=base_date,
        new_date=new_date,
        match=match,
        constituency=joined["constituency"].to_numpy().astype(str),
        nation=joined["nation"].cast(pl.String).to_numpy().astype(str),
        region=joined["region"].to_numpy().astype(str),
        base=joined.select(PARTIES).to_numpy(),
        new=joined.select(f"{party}_new" for party in PARTIES).to_numpy(),
        votes=joined["total_new"].to_numpy(),
        con_governs=governing_party(evidence, base_date) == "con",
    )


def _label(day: date) -> str:
    """Year of an election, with F or O for February and October 1974."""
    return f"{day.year}{'F' if day.month == 2 else 'O'}" if day.year == 1974 else str(day.year)


def _votes(table: pl.DataFrame, day: object) -> pl.DataFrame:
    return pl.DataFrame(table.filter(pl.col("election_date") == day).select("constituency", "party", "votes"))


def _rename(evidence: Evidence, before: pl.DataFrame, old: dict[str, object], new: dict[str, object]) -> pl.DataFrame:
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
