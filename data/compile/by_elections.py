"""By-elections since 2010, by contest and by party, from one pair of files a parliament.

The files differ in a byte-order mark and in the name of one column, so columns are read by position. Valid votes are
the sum of the candidates': the number stated for Sheffield Brightside and Hillsborough 2016 is 900 short of it.
"""

from datetime import timedelta
from pathlib import Path

import polars as pl

from data.compile.common import read_at
from data.compile.results import PARTY_OF, parliament_seats
from data.errors import BadInput

PARLIAMENTS = {55: "2010", 56: "2010", 57: "2010", 58: "2010", 59: "2024"}
"""Boundary set of each parliament: the 58th was elected on the set of 2010 and filled its vacancies on it."""

PARTIES = PARTY_OF | {"Brexit": "ref", "RB": "restore"}
"""Party code of each abbreviation, as at general elections, and Restore Britain."""

CONTEST_COLUMNS = {0: "date", 2: "constituency", 13: "result", 16: "electorate"}
CANDIDATE_COLUMNS = {0: "date", 1: "constituency", 8: "party_name", 9: "party", 19: "votes"}
KEYS = ["date", "constituency"]
HELD = r"^(\S+) [Hh]old$"
GAINED = r" gain from (\S+)$"


def _typed(frame: pl.DataFrame, name: str, number: str) -> pl.DataFrame:
    """Turn dates and one column of numbers into what they are."""
    try:
        return frame.with_columns(pl.col("date").str.to_date("%d/%m/%Y"), pl.col(number).cast(pl.Int64))
    except pl.exceptions.PolarsError as error:
        raise BadInput(
            f"Raw file {name}: {str(error).splitlines()[0]} Dates are dd/mm/yyyy, {number} a whole number. "
            "Fetch it again."
        ) from error


def _held_by(contests: pl.DataFrame, name: str) -> pl.DataFrame:
    """Read who held the seat before from results such as "Lab hold" and "Green gain from Lab"."""
    before = pl.coalesce(pl.col("result").str.extract(HELD), pl.col("result").str.extract(GAINED))
    told = contests.with_columns(before=before)
    unread = told.filter(pl.col("before").is_null())["result"].to_list()
    if unread:
        raise BadInput(
            f"Raw file {name}, column Result: {unread[0]!r} is neither 'X hold' nor 'X gain from Y'. Fetch it again."
        )
    return told.with_columns(held_by=pl.col("before").replace_strict(PARTIES, default="oth"))


def parliament_by_elections(raw: Path, parliament: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read the by-elections of one parliament.

    Parameters
    ----------
    raw : Path
        Folder of raw files.
    parliament : int
        Number of the parliament, a key of ``PARLIAMENTS``.

    Returns
    -------
    tuple of pl.DataFrame
        Contests, and candidates with ``party``, ``party_name`` and ``votes``.

    Raises
    ------
    BadInput
        If a file is missing or not what is expected, or the two do not list the same contests.
    """
    stem = f"results/byelections_parliament{parliament}"
    contests_file, candidates_file = f"{stem}_constituencies.csv", f"{stem}_candidacies.csv"
    contests = _typed(read_at(raw, contests_file, CONTEST_COLUMNS, header=True), contests_file, "electorate")
    candidates = _typed(read_at(raw, candidates_file, CANDIDATE_COLUMNS, header=True), candidates_file, "votes")
    lone = contests.join(candidates.unique(KEYS), on=KEYS, how="full").filter(pl.any_horizontal(pl.all().is_null()))
    if lone.height:
        raise BadInput(
            f"Raw files {contests_file} and {candidates_file} do not list the same contests: {lone.height} stand in "
            "one only. Fetch both again."
        )
    boundary_set = PARLIAMENTS[parliament]
    known = parliament_seats(raw, boundary_set)["constituency"]
    strange = contests.filter(~pl.col("constituency").is_in(known.implode()))["constituency"].to_list()
    if strange:
        raise BadInput(
            f"Raw file {contests_file}: constituency {strange[0]} is not one of the boundary set of {boundary_set}. "
            "Fetch it again."
        )
    contests = _held_by(contests, contests_file).with_columns(boundary_set=pl.lit(boundary_set))
    return contests, candidates.with_columns(pl.col("party").replace_strict(PARTIES, default="oth"))


def tables(raw: Path) -> dict[str, pl.DataFrame]:
    """Compile by-elections and their votes by party.

    Parameters
    ----------
    raw : Path
        Folder of raw files.

    Returns
    -------
    dict of str to pl.DataFrame
        Tables ``by_elections, by_election_results``.

    Raises
    ------
    BadInput
        If a raw file is missing or not what is expected.
    """
    pairs = [parliament_by_elections(raw, parliament) for parliament in PARLIAMENTS]
    contests, candidates = (pl.concat(frames) for frames in zip(*pairs, strict=True))
    first = pl.col("party", "party_name").sort_by("votes").last()
    winners = (
        candidates.group_by(KEYS)
        .agg(first, valid_votes=pl.col("votes").sum())
        .rename({"party": "winner", "party_name": "winner_party_name"})
    )
    next_day = (pl.col("date") + timedelta(days=1)).alias("known_on")
    return {
        "by_elections": contests.join(winners, on=KEYS).with_columns(next_day),
        "by_election_results": candidates.group_by(*KEYS, "party").agg(pl.col("votes").sum()).with_columns(next_day),
    }
