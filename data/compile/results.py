"""General elections since 1955: votes and winners by constituency, notional results and official national totals.

Two sources meet here. The House of Commons Library file (1955-2005) gives five groups of parties a constituency; the
parliamentary data behind electionresults.parliament.uk (2010-2024) give every candidate. ``data/SOURCES.md`` has the
faults of both; each fault mended here has its reason beside it.
"""

from datetime import date, timedelta
from pathlib import Path

import polars as pl

from data.compile.common import new_codes, read_at
from data.compile.library import ELECTIONS, library, library_contests, library_results, move_votes
from data.compile.national import national_results
from data.errors import BadInput

PARTY_OF = {
    "Con": "con",
    "Lab": "lab",  # Labour and Labour Co-operative alike
    "LD": "lib",
    "UKIP": "ref",
    "BRX": "ref",
    "Brexit Party": "ref",
    "RUK": "ref",
    "Green": "grn",  # all Green parties of the kingdom
    "SNP": "snp",
    "PC": "plaid",
    "DUP": "dup",
    "SF": "sf",
    "SDLP": "sdlp",
    "UUP": "uup",
    "APNI": "apni",
    "TUV": "tuv",
    "Spk": "spk",
    "Commons Speaker": "spk",
}
"""Party code of each abbreviation in the parliamentary data; all others are ``oth``."""

NOTIONALS = {
    # Rallings and Thrasher's Media Guide came out in February 2007; the last Order it rests on is of June 2008.
    "2005": ("2010", date(2008, 6, 11)),
    "2019": ("2024", date(2024, 1, 16)),
}
"""Boundary set each recast election is given on, and the day the estimate was public on boundaries in law."""

POSTPONED = {
    # BBC News, 9 June 2005 (4078544.stm) and 22 April 2010 (8638371.stm): a candidate died after nominations.
    (date(2005, 5, 5), "2005-south-staffordshire"): date(2005, 6, 23),
    (date(2010, 5, 6), "E14000993"): date(2010, 5, 27),  # Thirsk and Malton
}
"""Seats that voted later than the general election they are counted in, by polling day and seat: the day they did."""

CONTEST_COLUMNS = {
    0: "constituency",
    2: "name",
    4: "region",
    5: "nation",
    12: "first",
    14: "electorate",
    15: "valid",
}
CANDIDATE_COLUMNS = {0: "constituency", 8: "party", 18: "votes"}
RECAST_COLUMNS = {2: "constituency", 11: "code", 12: "votes", 13: "party"}


def day_after_poll(usual: pl.Expr | None = None) -> pl.Expr:
    """Day after a seat voted, later for those of ``POSTPONED``.

    Parameters
    ----------
    usual : pl.Expr, optional
        Day for all other seats; without one the day after ``election_date``.

    Returns
    -------
    pl.Expr
        Column ``known_on``; needs ``election_date`` and ``constituency``.
    """
    day = pl.col("election_date") + timedelta(days=1) if usual is None else usual
    for (election, seat), held in POSTPONED.items():
        this = (pl.col("election_date") == election) & (pl.col("constituency") == seat)
        day = pl.when(this).then(pl.lit(held + timedelta(days=1))).otherwise(day)
    return day.alias("known_on")


def _by_party(frame: pl.DataFrame) -> pl.DataFrame:
    """Sum votes by constituency and party code, from rows with the parliamentary data's abbreviations."""
    code = pl.col("party").replace_strict(PARTY_OF, default="oth")
    return frame.group_by("constituency", code).agg(pl.col("votes").cast(pl.Int64).sum())


def _ulster_unionists(raw: Path) -> pl.DataFrame:
    """Votes of the Ulster Unionists' joint ticket with the Conservatives in 2010, whom one file calls independents."""
    frame = read_at(raw, "results/ge2010_constituencies.csv", {0: "constituency", 28: "votes"}, header=False)
    return frame.with_columns(pl.col("votes").cast(pl.Int64), party=pl.lit("oth"), to=pl.lit("uup"))


def parliament_seats(raw: Path, election: str) -> pl.DataFrame:
    """Read the parliamentary file of one election since 2010, one row a constituency.

    Parameters
    ----------
    raw : Path
        Folder of raw files.
    election : str
        Year, 2010 to 2024.

    Returns
    -------
    pl.DataFrame
        Columns of ``CONTEST_COLUMNS``; ``electorate`` and ``valid`` as numbers.
    """
    frame = read_at(
        raw,
        f"results/ge{election}_constituencies.csv",
        CONTEST_COLUMNS,
        header=election == "2024",
    )
    return frame.with_columns(pl.col("electorate", "valid").cast(pl.Int64))


def parliament(raw: Path, election: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Contests and votes by party of one election since 2010.

    Parameters
    ----------
    raw : Path
        Folder of raw files.
    election : str
        Year, 2010 to 2024.

    Returns
    -------
    tuple of pl.DataFrame
        Contests and results.

    Raises
    ------
    BadInput
        If a file is missing, or candidates do not sum to the valid votes stated.
    """
    seats = parliament_seats(raw, election)
    candidates = read_at(
        raw,
        f"results/ge{election}_candidacies.csv",
        CANDIDATE_COLUMNS,
        header=election == "2024",
    )
    day = pl.lit(ELECTIONS[election][0]).alias("election_date")
    votes = _by_party(candidates).with_columns(day)
    if election == "2010":
        votes = move_votes(votes, _ulster_unionists(raw).with_columns(day))
    sums = votes.group_by("constituency").agg(pl.col("votes").sum())
    wrong = seats.join(sums, on="constituency", how="full").filter(pl.col("valid").ne_missing(pl.col("votes")))
    if wrong.height:
        raise BadInput(
            f"General election {election}: candidates' votes do not sum to the valid votes in {wrong.height} seats, "
            f"for instance {wrong['constituency'][0]}. Fetch both files of that year again."
        )
    contests = seats.select(
        "constituency",
        "electorate",
        pl.col("valid").alias("valid_votes"),
        pl.col("first").replace_strict(PARTY_OF, default="oth").alias("winner"),
        day,
    )
    return contests, votes


def _notionals(raw: Path) -> pl.DataFrame:
    """Recast results of 2005 and 2019, with the five new Scottish codes of 2024."""
    recast_2005 = read_at(
        raw,
        "results/notional2005_on_2010_boundaries.csv",
        {0: "constituency", 4: "party", 5: "votes"},
        header=True,
    )
    recast_2019 = (
        read_at(
            raw,
            "results/notional2019_on_2024_boundaries.csv",
            RECAST_COLUMNS,
            header=False,
        )
        # Summaries of the other parties: they would count twice.
        .filter(~pl.col("code").is_in(["TOTOTHV", "MAXOTHV"]))
        .with_columns(pl.col("constituency").replace(new_codes(raw)))
    )
    frames = [
        _by_party(frame).with_columns(
            pl.lit(ELECTIONS[election][0]).alias("election_date"),
            pl.lit(NOTIONALS[election][0]).alias("boundary_set"),
            pl.lit(NOTIONALS[election][1]).alias("known_on"),
        )
        for election, frame in (("2005", recast_2005), ("2019", recast_2019))
    ]
    return pl.concat(frames).filter(pl.col("votes") > 0)


def tables(raw: Path) -> dict[str, pl.DataFrame]:
    """Compile elections, contests, results, notional results and official national totals.

    Parameters
    ----------
    raw : Path
        Folder of raw files.

    Returns
    -------
    dict of str to pl.DataFrame
        Tables ``elections, national_results, contests, results, notionals``.

    Raises
    ------
    BadInput
        If a raw file is missing or not what is expected.
    """
    rows = library(raw)
    old_votes = library_results(rows)
    recent = [parliament(raw, election) for election in ELECTIONS if election >= "2010"]
    contests = pl.concat(
        [library_contests(rows, old_votes), *(seats for seats, _ in recent)],
        how="diagonal",
    )
    results = pl.concat([old_votes, *(votes for _, votes in recent)], how="diagonal").filter(pl.col("votes") > 0)
    seats = dict(contests.group_by("election_date").len().iter_rows())
    elections = pl.DataFrame(
        [(day, name, seats[day], boundary_set) for name, (day, boundary_set) in ELECTIONS.items()],
        schema=["election_date", "name", "seats", "boundary_set"],
        orient="row",
    )
    latest = parliament_seats(raw, "2024").select("constituency", "nation")
    last_contests, last_votes = recent[-1]
    national = national_results(
        raw,
        {name: day for name, (day, _) in ELECTIONS.items()},
        last_contests.join(latest, on="constituency"),
        last_votes.join(latest, on="constituency"),
    )
    next_day = (pl.col("election_date") + timedelta(days=1)).alias("known_on")
    return {
        "elections": elections.with_columns(next_day),
        "national_results": national.with_columns(next_day),
        "contests": contests.with_columns(day_after_poll()),
        "results": results.with_columns(day_after_poll()),
        "notionals": _notionals(raw),
    }
