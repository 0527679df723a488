"""Candidates of general elections since 2010 and their votes, numbered in each seat by surname and first name."""

from datetime import date
from pathlib import Path

import polars as pl

from data.compile.common import read_at
from data.compile.library import ELECTIONS
from data.compile.results import PARTY_OF, day_after_poll
from data.errors import BadInput

NOMINATED = {
    "2010": date(2010, 4, 20),
    "2015": date(2015, 4, 9),
    "2017": date(2017, 5, 11),
    "2019": date(2019, 11, 14),
    "2024": date(2024, 6, 7),
}
"""Day nominations closed and the names were published."""

COLUMNS = {
    0: "constituency",
    7: "party_name",
    8: "party",
    12: "first",
    13: "surname",
    15: "sitting",
    16: "former",
    18: "votes",
}

SLIPS = {"Ã©": "é", "Ã¼": "ü", "Ã\x81": "Á", "\u00ad": ""}
"""Letters of names that were read in the wrong encoding before the file was published, and a soft hyphen."""

KEYS = ["election_date", "constituency", "candidate"]


def _ulster_unionists(raw: Path, rows: pl.DataFrame) -> pl.DataFrame:
    """Give the joint ticket of 2010, independents in the file of candidates, the party the file of seats counts."""
    joint = read_at(raw, "results/ge2010_constituencies.csv", {0: "constituency", 28: "joint"}, header=False)
    joint = joint.filter(pl.col("joint") != "0")
    rows = rows.join(joint, on="constituency", how="left").with_columns(
        joint=(pl.col("party") == "Ind") & (pl.col("votes") == pl.col("joint")).fill_null(False)
    )
    if rows["joint"].sum() != joint.height:
        raise BadInput(
            f"General election 2010: {rows['joint'].sum()} independents have the votes that "
            f"results/ge2010_constituencies.csv gives the Ulster Unionists in {joint.height} seats, not one in each. "
            "Fetch both files of that year again."
        )
    return rows.with_columns(
        party=pl.when("joint").then(pl.lit("UUP")).otherwise("party"),
        party_name=pl.when("joint").then(pl.lit("Ulster Unionist Party")).otherwise("party_name"),
    )


def _flag(column: str) -> pl.Expr:
    """Truth of a Yes or No column; 17 former MPs of 2010 have an empty cell under sitting MP, as they sat earlier."""
    return pl.col(column).fill_null("").replace_strict({"Yes": True, "No": False, "": False}, return_dtype=pl.Boolean)


def election_candidates(raw: Path, election: str) -> pl.DataFrame:
    """Read who stood at one general election, with votes.

    Parameters
    ----------
    raw : Path
        Folder of raw files.
    election : str
        Year, 2010 to 2024.

    Returns
    -------
    pl.DataFrame
        Columns of ``candidates`` but ``known_on``, and ``votes``.

    Raises
    ------
    BadInput
        If a file is missing or not what is expected.
    """
    name = f"results/ge{election}_candidacies.csv"
    rows = read_at(raw, name, COLUMNS, header=election == "2024")
    rows = rows.with_columns(pl.col("first", "surname").str.replace_many(SLIPS))
    if election == "2010":
        rows = _ulster_unionists(raw, rows)
    try:
        rows = rows.with_columns(pl.col("votes").cast(pl.Int64), sitting_mp=_flag("sitting"), former_mp=_flag("former"))
    except pl.exceptions.PolarsError as error:
        raise BadInput(
            f"Raw file {name}: {str(error).splitlines()[0]} Votes are whole numbers, sitting and former MP are Yes, No "
            "or empty. Fetch it again."
        ) from error
    order = ["constituency", "surname", "first", "party_name", "votes"]
    return rows.sort(order).select(
        "constituency",
        "party_name",
        "sitting_mp",
        "former_mp",
        "votes",
        election_date=pl.lit(ELECTIONS[election][0]),
        candidate=pl.int_range(1, pl.len() + 1).over("constituency"),
        name=pl.concat_str("first", "surname", separator=" "),
        party=pl.col("party").replace_strict(PARTY_OF, default="oth"),
    )


def tables(raw: Path) -> dict[str, pl.DataFrame]:
    """Compile candidates and their votes.

    Parameters
    ----------
    raw : Path
        Folder of raw files.

    Returns
    -------
    dict of str to pl.DataFrame
        Tables ``candidates, candidate_votes``: apart, since the names are known four weeks before the votes.

    Raises
    ------
    BadInput
        If a raw file is missing or not what is expected.
    """
    rows = pl.concat(
        election_candidates(raw, election).with_columns(day_after_poll(pl.lit(closed)))
        for election, closed in NOMINATED.items()
    )
    votes = rows.select(*KEYS, "votes", day_after_poll())
    return {"candidates": rows.drop("votes"), "candidate_votes": votes}
