"""Check constituency results against official totals.

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
        One row an election, area and party: seats and votes counted from constituencies, ``official_*``, the
        differences, ``explained_*`` and ``reason`` (null where nothing is to explain), and ``ok``.
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


def total_faults(evidence: Evidence, totals: pl.DataFrame) -> Iterator[str]:
    """Find totals that differ without a listed reason, votes that do not sum, and winners without the most votes.

    Parameters
    ----------
    evidence : Evidence
        Tables to check.
    totals : pl.DataFrame
        From ``compare``.

    Yields
    ------
    str
        One sentence a fault.
    """
    for row in totals.filter(~pl.col("ok")).iter_rows(named=True):
        yield (
            f"{row['election_date']} {row['area']} {row['party']}: {row['seats']} seats and {row['votes']} votes, "
            f"official {row['official_seats']} and {row['official_votes']}; "
            f"explained are {row['explained_seats']} and {row['explained_votes']}."
        )
    yield from _counts(evidence.contests, evidence.results, ["election_date", "constituency"])
    yield from _counts(evidence.by_elections, evidence.by_election_results, ["date", "constituency"])
    yield from _candidates(evidence)
    fought = evidence.contests.group_by("election_date").agg(pl.len().alias("fought"))
    for row in evidence.elections.join(fought, on="election_date", how="left").iter_rows(named=True):
        if row["fought"] != row["seats"]:
            yield f"{row['election_date']}: {row['fought']} contests, the election had {row['seats']} seats."


def _candidates(evidence: Evidence) -> Iterator[str]:
    """Votes of a party's candidates sum to the party's in the seat, at the elections whose candidates are held."""
    seat = ["election_date", "constituency"]
    who = evidence.candidates.select(*seat, "candidate", "party")
    summed = (
        evidence.candidate_votes.join(who, on=[*seat, "candidate"])
        .group_by(*seat, "party")
        .agg(of_candidates=pl.col("votes").sum())
    )
    held = evidence.results.filter(pl.col("election_date").is_in(summed["election_date"].unique().implode()))
    both = held.join(summed, on=[*seat, "party"], how="full", coalesce=True).sort(*seat, "party")
    for row in both.filter(pl.col("votes").ne_missing(pl.col("of_candidates"))).iter_rows(named=True):
        yield (
            f"{row['election_date']} {row['constituency']}: {row['party']} has {row['votes'] or 0} votes, its "
            f"candidates {row['of_candidates'] or 0}."
        )


def _counts(contests: pl.DataFrame, results: pl.DataFrame, seat: list[str]) -> Iterator[str]:
    """Votes of a seat sum to its valid votes, and its winner has the most; ``oth`` is many, so it may have more."""
    summed = results.group_by(seat).agg(
        pl.col("votes").sum(), most=pl.col("votes").filter(pl.col("party") != "oth").max()
    )
    won = results.select(*seat, winner="party", won="votes")
    table = contests.join(summed, on=seat, how="full", coalesce=True).join(won, on=[*seat, "winner"], how="left")
    for row in table.filter(pl.col("votes").ne_missing(pl.col("valid_votes"))).iter_rows(named=True):
        yield (
            f"{row[seat[0]]} {row['constituency']}: parties' votes sum to {row['votes']}, "
            f"valid votes are {row['valid_votes']}."
        )
    lost = pl.col("won").is_null() | (pl.col("most") > pl.col("won"))
    for row in table.drop_nulls("winner").filter(lost).iter_rows(named=True):
        yield (
            f"{row[seat[0]]} {row['constituency']}: {row['winner']} counts as the winner with {row['won'] or 0} votes, "
            f"another party has {row['most'] or 0}."
        )
