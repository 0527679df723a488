"""Check the shipped tables: rows, span and sources of each, and constituency results against official totals.

Official totals come from tables made apart from the constituency files (``data/SOURCES.md``), so agreement is evidence
that every seat is there, once, under the right party.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from data import schemas
from data.load import Evidence

VOTE_TOLERANCE = 0.0015
"""Largest unexplained difference in a party's votes, as a share of the area's valid votes.

The Library's file by constituency and its national tables differ by up to 0.11 points (Liberals and others in 1992).
"""

PARTIES_APART_FROM = date(2010, 1, 1)
"""From here on constituency results tell Northern Ireland's parties apart; before, they are one group."""

AREAS = pl.DataFrame(
    [(nation, area) for nation in schemas.NATIONS for area in ("UK", nation)]
    + [(nation, "GB") for nation in schemas.NATIONS if nation != "Northern Ireland"],
    schema=["nation", "area"],
    orient="row",
)
"""Areas with official totals that each nation belongs to."""

PUBLISHERS = {
    "parties": "this package",
    "elections": "House of Commons Library; UK Parliament",
    "national_results": "House of Commons Library (CBP-7529); UK Parliament",
    "constituencies": "House of Commons Library (CBP-8647); UK Parliament",
    "contests": "House of Commons Library (CBP-8647); UK Parliament",
    "results": "House of Commons Library (CBP-8647); UK Parliament",
    "notionals": "Rallings and Thrasher, through UK Parliament",
    "hexes": "Open Innovations",
    "poll_shares": "as polls",
}
"""Publisher of the tables whose rows do not carry their own source."""

MOST_SOURCES = 3
"""More sources than these are counted in the text, not listed."""

DATES = ("election_date", "end_date", "date", "known_on")
"""The first of these a table has gives its span."""


@dataclass(frozen=True)
class Difference:
    """A known difference, ours less the official figure: a party's seats and votes in one area at one election."""

    election_date: date
    area: str
    party: str
    seats: int
    votes: int
    reason: str


def _speaker(day: date, nation: str, party: str, votes: int, name: str, *, seat: bool = True) -> Iterator[Difference]:
    """The Speaker, a line apart here; ``seat`` is false where the nation's table gives a party his votes only."""
    reason = f"the Speaker, {name}, whom the official table counts as {party}"
    for area in ("UK", "GB", nation):
        seats = int(seat or area != nation)
        yield Difference(day, area, party, -seats, -votes, reason)
        yield Difference(day, area, "oth", seats, votes, reason)


TABLES_DIFFER = "the Library's two tables differ, cause not found"

EXPLAINED: tuple[Difference, ...] = (
    *_speaker(date(1955, 5, 26), "England", "con", 25_372, "W. S. Morrison"),
    *_speaker(date(1964, 10, 15), "England", "con", 21_588, "Sir Harry Hylton-Foster"),
    *_speaker(date(1966, 3, 31), "England", "lab", 30_463, "Horace King", seat=False),
    *_speaker(date(1970, 6, 18), "England", "lab", 29_417, "Horace King", seat=False),
    *_speaker(date(1974, 2, 28), "England", "con", 38_452, "Selwyn Lloyd"),
    *_speaker(date(1974, 10, 10), "England", "con", 35_705, "Selwyn Lloyd"),
    *_speaker(date(1979, 5, 3), "Wales", "lab", 27_035, "George Thomas"),
    *_speaker(date(1987, 6, 11), "England", "con", 24_188, "Bernard Weatherill"),
    Difference(date(1964, 10, 15), "Wales", "con", 0, 3_000, TABLES_DIFFER),
    Difference(date(1974, 10, 10), "Northern Ireland", "oth", 0, 3_727, TABLES_DIFFER),
    Difference(date(1979, 5, 3), "Northern Ireland", "oth", 0, -14_389, TABLES_DIFFER),
    Difference(date(1987, 6, 11), "Northern Ireland", "oth", 0, -8_318, TABLES_DIFFER),
)
"""All differences from the official totals that have a reason; any other is a fault."""


@dataclass(frozen=True, kw_only=True)
class CheckReport:
    """What the check found.

    ``tables`` has one row a table: table, rows, first, last, unverified (null where rows are not marked), sources
    (a list).
    ``totals`` has one row an election, area and party: seats and votes counted from constituencies, ``official_*``,
    the differences, ``explained_*`` and ``reason`` (null where nothing is to explain), and ``ok``.
    ``faults`` lists what is wrong, one sentence each.
    """

    tables: pl.DataFrame
    totals: pl.DataFrame
    faults: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def describe(evidence: Evidence) -> pl.DataFrame:
    """Rows, span, unverified rows and sources of every table.

    Parameters
    ----------
    evidence : Evidence
        Tables to describe.

    Returns
    -------
    pl.DataFrame
        As ``CheckReport.tables``.
    """
    rows = []
    for name in schemas.TABLES:
        frame: pl.DataFrame = getattr(evidence, name)
        day = frame[next(column for column in DATES if column in frame.columns)]
        sources = (
            sorted(frame["source"].unique())
            if "source" in frame.columns
            else [PUBLISHERS.get(name, "see data/SOURCES.md")]
        )
        unverified = int((~frame["verified"]).sum()) if "verified" in frame.columns else None
        rows.append((name, frame.height, day.min(), day.max(), unverified, sources))
    schema = {"table": pl.String, "rows": pl.Int64, "first": pl.Date, "last": pl.Date, "unverified": pl.Int64}
    return pl.DataFrame(rows, schema={**schema, "sources": pl.List(pl.String)}, orient="row")


def _by_area(frame: pl.DataFrame, evidence: Evidence) -> pl.DataFrame:
    """Repeat rows with a constituency and party for every area they belong to, under the official table's party."""
    nations = evidence.constituencies.select("constituency", pl.col("nation").cast(pl.String)).unique("constituency")
    official = evidence.national_results.select("election_date", "area", "party", kept="party")
    nationalist = pl.col("party").is_in(["snp", "plaid"]) & pl.col("area").is_in(["UK", "GB"])
    return (
        frame.join(nations, on="constituency", how="left")
        .join(AREAS, on="nation")
        .with_columns(pl.when(nationalist).then(pl.lit("natsw")).otherwise("party").alias("party"))
        .join(official, on=["election_date", "area", "party"], how="left")
        .with_columns(pl.col("kept").fill_null("oth").alias("party"))
    )


def compare(evidence: Evidence) -> pl.DataFrame:
    """Set seats and votes counted from constituencies beside the official ones.

    Parameters
    ----------
    evidence : Evidence
        Tables with elections up to any date.

    Returns
    -------
    pl.DataFrame
        As ``CheckReport.totals``.
    """
    keys = ["election_date", "area", "party"]
    early = (pl.col("area") == "Northern Ireland") & (pl.col("election_date") < PARTIES_APART_FROM)
    grouped = pl.when(early & pl.col("party").is_in(["uup", "sdlp", "dup", "sf"])).then(pl.lit("oth"))
    one_group = grouped.otherwise("party").alias("party")
    won = evidence.contests.select("election_date", "constituency", party="winner")
    seats = _by_area(won, evidence).group_by("election_date", "area", one_group).agg(pl.len().cast(int).alias("seats"))
    cast = _by_area(evidence.results.drop("known_on"), evidence)
    votes = cast.group_by("election_date", "area", one_group).agg(pl.col("votes").sum())
    official = evidence.national_results.group_by("election_date", "area", one_group).agg(
        pl.col("seats").sum().alias("official_seats"), pl.col("votes").sum().alias("official_votes")
    )
    explained = pl.DataFrame(EXPLAINED).rename({"seats": "explained_seats", "votes": "explained_votes"})
    table = official.join(seats, on=keys, how="full", coalesce=True).join(votes, on=keys, how="full", coalesce=True)
    table = table.join(explained, on=keys, how="left").with_columns(pl.selectors.integer().fill_null(0)).sort(keys)
    unexplained = pl.col("vote_difference") - pl.col("explained_votes")
    area_votes = pl.col("votes").sum().over("election_date", "area")
    return table.with_columns(
        seat_difference=pl.col("seats") - pl.col("official_seats"),
        vote_difference=pl.col("votes") - pl.col("official_votes"),
    ).with_columns(
        vote_gap=unexplained / area_votes,
        ok=(pl.col("seat_difference") == pl.col("explained_seats"))
        & (unexplained.abs() <= VOTE_TOLERANCE * area_votes),
    )


def _faults(evidence: Evidence, totals: pl.DataFrame) -> Iterator[str]:
    """Sentences on all that is wrong."""
    for row in totals.filter(~pl.col("ok")).iter_rows(named=True):
        yield (
            f"{row['election_date']} {row['area']} {row['party']}: {row['seats']} seats and {row['votes']} votes, "
            f"official {row['official_seats']} and {row['official_votes']}; "
            f"explained are {row['explained_seats']} and {row['explained_votes']}."
        )
    summed = evidence.results.group_by("election_date", "constituency").agg(pl.col("votes").sum())
    contests = evidence.contests.join(summed, on=["election_date", "constituency"], how="full", coalesce=True)
    for row in contests.filter(pl.col("votes").ne_missing(pl.col("valid_votes"))).iter_rows(named=True):
        yield (
            f"{row['election_date']} {row['constituency']}: parties' votes sum to {row['votes']}, "
            f"valid votes are {row['valid_votes']}."
        )
    fought = evidence.contests.group_by("election_date").agg(pl.len().alias("fought"))
    for row in evidence.elections.join(fought, on="election_date", how="left").iter_rows(named=True):
        if row["fought"] != row["seats"]:
            yield f"{row['election_date']}: {row['fought']} contests, the election had {row['seats']} seats."


def check(evidence: Evidence) -> CheckReport:
    """Check tables against each other and against the official totals.

    Parameters
    ----------
    evidence : Evidence
        Tables, whole or cut at a date.

    Returns
    -------
    CheckReport
        What was found; ``ok`` is false if any difference has no listed reason.
    """
    totals = compare(evidence)
    return CheckReport(tables=describe(evidence), totals=totals, faults=tuple(_faults(evidence, totals)))


def _table_lines(tables: pl.DataFrame) -> Iterator[str]:
    yield f"{'table':17}{'rows':>8}  {'first':10}  {'last':10}  {'unverified':>10}  sources"
    for name, rows, first, last, unverified, sources in tables.iter_rows():
        marked = "-" if unverified is None else unverified
        listed = "; ".join(sources) if len(sources) <= MOST_SOURCES else f"{len(sources)}, named in the table"
        yield f"{name:17}{rows:>8}  {first or '-'!s:10}  {last or '-'!s:10}  {marked:>10}  {listed}"


def _total_lines(totals: pl.DataFrame) -> Iterator[str]:
    yield "Seats counted from constituencies, United Kingdom (official in brackets where it differs)"
    for (day,), rows in totals.filter(pl.col("area") == "UK").group_by("election_date", maintain_order=True):
        cells = [
            f"{party} {seats}" + (f" ({official})" if seats != official else "")
            for party, seats, official in rows.select("party", "seats", "official_seats").iter_rows()
        ]
        yield f"{day}  " + "".join(f"{cell:16}" for cell in cells).rstrip()
        reasons = rows.filter(pl.col("seat_difference") != 0)["reason"].drop_nulls().unique(maintain_order=True)
        yield from (f"{'':12}{reason}" for reason in reasons)
    if totals.height:
        worst = totals.sort(pl.col("vote_gap").abs()).row(-1, named=True)
        yield (
            f"Votes: largest unexplained difference {100 * abs(worst['vote_gap']):.2f} points of the vote "
            f"({worst['election_date']} {worst['area']} {worst['party']}), allowed {100 * VOTE_TOLERANCE:.2f}; "
            f"{totals.height} totals of {totals['area'].n_unique()} areas compared."
        )


def render(report: CheckReport) -> str:
    """Write a report as plain text.

    Parameters
    ----------
    report : CheckReport
        From ``check``.

    Returns
    -------
    str
        A line a table, a line an election, then the faults; the last line is the verdict.
    """
    lines = [*_table_lines(report.tables), "", *_total_lines(report.totals), "", *report.faults]
    lines.append("All totals agree or differ for a listed reason." if report.ok else f"{len(report.faults)} faults.")
    return "\n".join(lines)
