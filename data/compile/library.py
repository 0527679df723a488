"""The House of Commons Library's file of results by constituency, read for 1955-2005: five groups of parties a seat."""

import re
import unicodedata
from datetime import date
from pathlib import Path

import polars as pl

from data.compile.common import raw_file
from data.errors import BadInput

ELECTIONS: dict[str, tuple[date, str]] = {
    "1955": (date(1955, 5, 26), "1955"),
    "1959": (date(1959, 10, 8), "1955"),
    "1964": (date(1964, 10, 15), "1955"),
    "1966": (date(1966, 3, 31), "1955"),
    "1970": (date(1970, 6, 18), "1955"),
    "1974F": (date(1974, 2, 28), "1974"),
    "1974O": (date(1974, 10, 10), "1974"),
    "1979": (date(1979, 5, 3), "1974"),
    "1983": (date(1983, 6, 9), "1983"),
    "1987": (date(1987, 6, 11), "1983"),
    "1992": (date(1992, 4, 9), "1983"),
    "1997": (date(1997, 5, 1), "1997"),
    "2001": (date(2001, 6, 7), "1997"),
    "2005": (date(2005, 5, 5), "2005"),
    "2010": (date(2010, 5, 6), "2010"),
    "2015": (date(2015, 5, 7), "2010"),
    "2017": (date(2017, 6, 8), "2010"),
    "2019": (date(2019, 12, 12), "2010"),
    "2024": (date(2024, 7, 4), "2024"),
}
"""Polling day and boundary set of each general election; F and O are February and October."""

SPEAKERS = (
    ("1955", "1955-cirencester-and-tewkesbury", "oth", 25372),
    ("1964", "1955-cities-of-london-and-westminster", "con", 21588),
    ("1966", "1955-southampton-itchen", "oth", 30463),
    ("1970", "1955-southampton-itchen", "oth", 29417),
    ("1974F", "1974-wirral", "oth", 38452),
    ("1974O", "1974-wirral", "con", 35705),
    ("1979", "1974-cardiff-west", "lab", 27035),
    ("1987", "1983-croydon-north-east", "con", 24188),
    ("1997", "1997-west-bromwich-west", "oth", 23969),
    ("2001", "1997-glasgow-springburn", "oth", 16053),
    ("2005", "2005-glasgow-north-east", "oth", 15153),
)
"""The Speaker's votes to 2005 and the group the Library file counts them in: a line of their own, as from 2010."""

NAMES = {
    "Bethnall Green & Bow": "Bethnal Green and Bow",
    "Bishop Aukland": "Bishop Auckland",
    "Chertsy & Walton": "Chertsey and Walton",
    "Durham City Of": "City of Durham",
    "Kirkaldy": "Kirkcaldy",
    "Leicestersouth East": "Leicester South East",
    "Leicestersouth West": "Leicester South West",
    "Middleton And Prestwick": "Middleton and Prestwich",
    "Na H-Eileanan An Iar": "Na h-Eileanan an Iar",
    "Newcastle-Upontyne West": "Newcastle-upon-Tyne West",
    "Portsmouth Langston": "Portsmouth Langstone",
    "Richmond": "Richmond (Yorkshire)",
    "Saffron Waldon": "Saffron Walden",
    "Southamptonitchen": "Southampton Itchen",
    "Wanstead And Woodfod": "Wanstead and Woodford",
    "Wrekin The": "The Wrekin",
    "Ynys Mon": "Ynys Môn",
    "Ynys-Mon": "Ynys Môn",
    "York City Of": "City of York",
}
"""Slips of the Library file in names that become identifiers."""

GROUPS = {
    "con_votes": "con",
    "lib_votes": "lib",
    "lab_votes": "lab",
    "natSW_votes": "natsw",
    "oth_votes": "oth",
}

COLUMNS = (
    "election",
    "boundary_set",
    "constituency_id",
    "constituency_name",
    "country/region",
    "electorate",
    "total_votes",
)
FILE = "results/hocl_1918_2019_by_constituency.csv"


def clean_name(name: str) -> str:
    """Write a constituency name of the Library file in one style.

    Parameters
    ----------
    name : str
        As in the file, such as ``Stalybridge & Hyde`` or ``King'S Lynn``.

    Returns
    -------
    str
        Without slips, ampersands and capitals in small words.
    """
    name = NAMES.get(name.strip(), name.strip()).replace("&", "and").replace("'S", "'s")
    name = re.sub(r"\bSt\.\s*", "St ", name)
    return re.sub(
        r"(?<=[ -])(And|Of|Upon|On|Under|In|Le|With|By)\b",
        lambda match: match.group().lower(),
        name,
    )


def slug(name: str) -> str:
    """Reduce a name to lower-case ASCII words joined by hyphens.

    Parameters
    ----------
    name : str
        Any name.

    Returns
    -------
    str
        Such as ``kings-lynn``.
    """
    ascii_name = unicodedata.normalize("NFKD", name.replace("'", "")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_name.lower()).strip("-")


def _read_file(raw: Path) -> pl.DataFrame:
    """Read the Library file as text: it is Latin-1, and some column names end in a blank."""
    path = raw_file(raw, FILE)
    try:
        frame = pl.read_csv(path, infer_schema=False, encoding="iso-8859-1").rename(str.strip)
        return frame.select(*COLUMNS, *GROUPS)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise BadInput(
            f"Raw file {FILE} has not the columns expected: {str(error).splitlines()[0]} Fetch it again."
        ) from error


def library(raw: Path) -> pl.DataFrame:
    """Read the House of Commons Library file, 1955-2005, one row a contest.

    A seat keeps the name and identifier of the first election of its boundary set, as the file's names change style
    from one election to the next while its own number stays.

    Parameters
    ----------
    raw : Path
        Folder of raw files.

    Returns
    -------
    pl.DataFrame
        Columns election, election_date, boundary_set, constituency, name, region, nation, electorate, and votes of
        con, lib, lab, snp, plaid, oth.

    Raises
    ------
    BadInput
        If the file is missing or cannot be read.
    """
    frame = _read_file(raw)
    frame = frame.filter(pl.col("election").is_between(pl.lit("1955"), pl.lit("2005"))).rename({"country/region": "at"})
    frame = frame.with_columns(pl.col("boundary_set").str.head(4)).sort("election")
    first = pl.col("constituency_name").first().over("boundary_set", "constituency_id")
    region = pl.when(pl.col("at").str.starts_with("Yorkshire")).then(pl.lit("Yorkshire and The Humber"))
    votes = [pl.col(column).cast(pl.Int64).fill_null(0).alias(party) for column, party in GROUPS.items()]
    frame = frame.with_columns(
        *votes,
        pl.col("election").replace_strict({key: day for key, (day, _) in ELECTIONS.items()}).alias("election_date"),
        first.map_elements(clean_name, return_dtype=pl.String).alias("name"),
        region.otherwise(pl.col("at").replace({"Eastern": "East of England"})).alias("region"),
        pl.when(pl.col("at").is_in(["Scotland", "Wales", "Northern Ireland"]))
        .then("at")
        .otherwise(pl.lit("England"))
        .alias("nation"),
        pl.col("electorate", "total_votes").cast(pl.Int64),
    )
    # In Northern Ireland (all of 1997, Antrim North in February 1974) the total is right and the others are short.
    others = pl.col("total_votes") - pl.sum_horizontal("con", "lib", "lab")
    return frame.with_columns(
        pl.concat_str(
            "boundary_set",
            pl.col("name").map_elements(slug, return_dtype=pl.String),
            separator="-",
        ).alias("constituency"),
        pl.when(pl.col("nation") == "Northern Ireland").then(others).otherwise("oth").alias("oth"),
        pl.when(pl.col("nation") == "Scotland").then("natsw").otherwise(0).alias("snp"),
        pl.when(pl.col("nation") == "Wales").then("natsw").otherwise(0).alias("plaid"),
    )


def move_votes(votes: pl.DataFrame, moves: pl.DataFrame) -> pl.DataFrame:
    """Count some votes under another party.

    Parameters
    ----------
    votes : pl.DataFrame
        Columns election_date, constituency, party, votes.
    moves : pl.DataFrame
        The same columns, and ``to``: the party that gets the votes.

    Returns
    -------
    pl.DataFrame
        Votes after the moves, in no order; sums by constituency are unchanged.
    """
    columns = ["election_date", "constituency", "party", "votes"]
    taken = moves.select(columns).with_columns(-pl.col("votes"))
    given = moves.with_columns(party="to").select(columns)
    changed = pl.concat([votes.select(columns), taken, given])
    return changed.group_by(columns[:3]).agg(pl.col("votes").sum())


def library_results(rows: pl.DataFrame) -> pl.DataFrame:
    """Votes by party from the Library file, with the Speaker's votes made a line of their own.

    Parameters
    ----------
    rows : pl.DataFrame
        From ``library``.

    Returns
    -------
    pl.DataFrame
        Columns election_date, constituency, party, votes; parties without votes have zero.
    """
    parties = ["con", "lib", "lab", "snp", "plaid", "oth"]
    votes = rows.unpivot(parties, index=["election_date", "constituency"], variable_name="party", value_name="votes")
    moves = pl.DataFrame(
        [(ELECTIONS[key][0], *seat, "spk") for key, *seat in SPEAKERS],
        schema={**votes.schema, "to": pl.String},
        orient="row",
    )
    return move_votes(votes, moves)


def library_contests(rows: pl.DataFrame, votes: pl.DataFrame) -> pl.DataFrame:
    """Contests of 1955-2005: the largest group won (seats then equal the official ones), votes are those counted.

    Parameters
    ----------
    rows : pl.DataFrame
        From ``library``.
    votes : pl.DataFrame
        From ``library_results``.

    Returns
    -------
    pl.DataFrame
        Columns election_date, constituency, electorate, valid_votes, winner.
    """
    seats = (
        votes.sort("votes", "party", descending=True)
        .group_by("election_date", "constituency", maintain_order=True)
        .agg(
            pl.col("votes").sum().alias("valid_votes"),
            pl.col("party").first().alias("winner"),
        )
    )
    return seats.join(
        rows.select("election_date", "constituency", "electorate"),
        on=["election_date", "constituency"],
        validate="1:1",
    )
