"""What happened at an election, laid out like the forecast that is to be scored."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data import Evidence
from models.forecast import Forecast
from models.record import gb_shares

FIRST_BY_PARTY = date(2010, 1, 1)
"""Elections from here on have Northern Ireland's seats by party."""
Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Truth:
    """The result of one election in the order of a forecast's parties, lines and seats.

    ``votes`` (n_parties,) are shares of the Great Britain vote, what the forecast names no party for counted in
    ``oth``. ``seats`` (n_lines,) sum to the House. ``winner`` (n_seats,) is the index of the winning line and ``share``
    (n_seats, n_lines) the shares by constituency. ``scored`` (n_seats,) marks the seats of Great Britain that had a
    result of their own before and are not the Speaker's, now or then: the others are forecast, but not scored. None is
    where the forecast stands on boundaries that were redrawn since: the few seats that kept their code are no sample.
    ``told`` (n_lines,) marks the lines whose ranges are scored: not the Speaker, who is given, nor ``oth`` before 2010,
    which holds Northern Ireland's bloc then.
    """

    votes: Array
    seats: NDArray[np.int64]
    winner: NDArray[np.int64]
    share: Array
    scored: NDArray[np.bool_]
    told: NDArray[np.bool_]


def truth_of(forecast: Forecast, evidence: Evidence) -> Truth:
    """Lay out the result of the election a forecast is for.

    Parameters
    ----------
    forecast : Forecast
        A forecast of an election that was held.
    evidence : Evidence
        All tables, uncut: the one place where a result meets the forecast made before it.

    Returns
    -------
    Truth
        The result. A winner or a vote of a party without a line of its own counts as ``oth``.
    """
    held = forecast.manifest.election_date
    seats = forecast.tree["seats"].ds
    codes = [str(code) for code in seats["constituency"].values]
    won = _winners(evidence, held, codes, forecast.lines)
    fought = won >= 0 if _same_boundaries(evidence, held, codes) else np.zeros(len(codes), dtype=bool)
    based = np.asarray(fought & ~seats["no_base"].values.astype(bool))
    nation = seats["nation_of"].values.astype(str)
    speaker = (seats["base_winner"].values.astype(str) == "spk") | (won == _index(forecast.lines, "spk"))
    return Truth(
        votes=_votes(gb_shares(evidence, held), forecast.parties),
        seats=_seats(evidence, held, forecast.lines),
        winner=won,
        share=_shares(evidence, held, codes, forecast.lines),
        scored=based & (nation != "Northern Ireland") & ~speaker,
        told=np.array([line != "spk" and (line != "oth" or held >= FIRST_BY_PARTY) for line in forecast.lines]),
    )


def _same_boundaries(evidence: Evidence, held: date, codes: list[str]) -> bool:
    """Whether seats are those of the election: all of them, as a redrawing leaves a few codes as they were."""
    return set(codes) == set(evidence.contests.filter(pl.col("election_date") == held)["constituency"])


def _index(lines: list[str], line: str) -> int:
    return lines.index(line) if line in lines else -2


def _votes(shares: dict[str, float], parties: list[str]) -> Array:
    named = [shares.get(party, 0.0) for party in parties]
    rest = 1.0 - sum(share for party, share in zip(parties, named, strict=True) if party != "oth")
    return np.array([rest if party == "oth" else share for party, share in zip(parties, named, strict=True)])


def _line(lines: list[str]) -> pl.Expr:
    known = pl.Series("line", lines)
    return pl.when(pl.col("line").is_in(known.implode())).then("line").otherwise(pl.lit("oth"))


def _winners(evidence: Evidence, held: date, codes: list[str], lines: list[str]) -> NDArray[np.int64]:
    """Index of the winner of each seat; -1 where the seat was not fought under that code."""
    table = evidence.contests.filter(pl.col("election_date") == held)
    won = dict(table.select("constituency", line="winner").with_columns(_line(lines)).iter_rows())
    return np.array([lines.index(won[code]) if code in won else -1 for code in codes])


def _seats(evidence: Evidence, held: date, lines: list[str]) -> NDArray[np.int64]:
    table = evidence.contests.filter(pl.col("election_date") == held).select(line="winner").with_columns(_line(lines))
    counted = dict(table.group_by("line").len().iter_rows())
    return np.array([counted.get(line, 0) for line in lines], dtype=np.int64)


def _shares(evidence: Evidence, held: date, codes: list[str], lines: list[str]) -> Array:
    table = evidence.results.filter(pl.col("election_date") == held).select("constituency", "votes", line="party")
    table = table.with_columns(_line(lines)).group_by("constituency", "line").agg(pl.col("votes").sum())
    share = np.zeros((len(codes), len(lines)))
    row, column = ({key: i for i, key in enumerate(keys)} for keys in (codes, lines))
    for code, line, votes in table.sort("constituency", "line").select("constituency", "line", "votes").iter_rows():
        if code in row:
            share[row[code], column[line]] = votes
    total = share.sum(axis=1, keepdims=True)
    return share / np.where(total > 0, total, 1.0)
