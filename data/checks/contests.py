"""Check leadership contests: sections against totals, shares against one, votes of MPs against the party."""

from collections.abc import Iterator

import polars as pl

from data.load import Evidence

SECTION_TOLERANCE = 0.0015
"""Largest difference between the weighted sections and the published share of the whole college."""
VOTE_TOLERANCE = 0.001
"""Largest difference between the sections' votes and the published total, as a share of it."""
SHARES = (0.98, 1.02)
"""Bounds of the shares of one section and round, where all its candidates are held."""

EXPLAINED = {
    ("lab2010", "electoral_college_mps"): "the section held Members of the European Parliament, too, 266 votes in all",
}
"""Votes of MPs that exceed the party's MPs, by contest and kind, with the reason."""


def contest_faults(evidence: Evidence) -> Iterator[str]:
    """Find contests whose figures contradict each other.

    Parameters
    ----------
    evidence : Evidence
        Tables to check.

    Yields
    ------
    str
        One sentence a fault.
    """
    yield from _weighted_sections(evidence.member_ballots)
    yield from _counted_sections(evidence.member_ballots)
    yield from _shares(evidence.member_ballots)
    yield from _mp_votes(evidence.mp_contests)


def _overall(ballots: pl.DataFrame) -> pl.DataFrame:
    return ballots.filter(pl.col("section") == "overall").select("contest_id", "round", "candidate", "votes", "share")


def _weighted_sections(ballots: pl.DataFrame) -> Iterator[str]:
    key = ["contest_id", "round", "candidate"]
    sections = ballots.filter(pl.col("weight").is_not_null())
    sums = sections.group_by(key).agg(
        sum=(pl.col("weight") * pl.col("share")).sum(),
        weights=pl.col("weight").sum(),
        missing=pl.col("share").has_nulls(),
    )
    whole = sums.filter((pl.col("weights") - 1).abs() < SECTION_TOLERANCE, ~pl.col("missing"))
    wrong = whole.join(_overall(ballots), on=key).filter((pl.col("sum") - pl.col("share")).abs() > SECTION_TOLERANCE)
    for row in wrong.sort(key).iter_rows(named=True):
        yield (
            f"Contest {row['contest_id']}, round {row['round']}: the sections give {row['candidate']} "
            f"{row['sum']:.2%} of the college, the published total is {row['share']:.2%}."
        )


def _counted_sections(ballots: pl.DataFrame) -> Iterator[str]:
    key = ["contest_id", "round", "candidate"]
    parts = ballots.filter(pl.col("section") != "overall").group_by(key).agg(sum=pl.col("votes").sum())
    both = parts.join(_overall(ballots).drop_nulls("votes"), on=key)
    wrong = both.filter((pl.col("sum") - pl.col("votes")).abs() > VOTE_TOLERANCE * pl.col("votes"))
    for row in wrong.sort(key).iter_rows(named=True):
        yield (
            f"Contest {row['contest_id']}, round {row['round']}: the sections give {row['candidate']} "
            f"{row['sum']:,} votes, the published total is {row['votes']:,}."
        )


def _shares(ballots: pl.DataFrame) -> Iterator[str]:
    key = ["contest_id", "section", "round"]
    sums = ballots.group_by(key).agg(sum=pl.col("share").sum(), missing=pl.col("share").has_nulls())
    wrong = sums.filter(~pl.col("missing"), ~pl.col("sum").is_between(*SHARES))
    for row in wrong.sort(key).iter_rows(named=True):
        yield (
            f"Contest {row['contest_id']}, round {row['round']}: the shares of section {row['section']} sum to "
            f"{row['sum']:.1%}."
        )


def _mp_votes(contests: pl.DataFrame) -> Iterator[str]:
    key = ["contest_id", "kind", "round"]
    sums = contests.group_by(key).agg(votes=pl.col("mp_votes").sum(), mps=pl.col("party_mps").max())
    over = sums.filter(pl.col("votes") > pl.col("mps")).sort(key)
    for row in over.iter_rows(named=True):
        if (row["contest_id"], row["kind"]) not in EXPLAINED:
            yield (
                f"Contest {row['contest_id']}, {row['kind']}, round {row['round']}: {row['votes']} votes of MPs, "
                f"but the party has {row['mps']}."
            )
    held = set(contests.select("contest_id", "kind").iter_rows())
    found = set(over.select("contest_id", "kind").iter_rows())
    for contest, kind in sorted(held & set(EXPLAINED) - found):
        yield f"Contest {contest}, {kind}: more votes than MPs are explained, but there are none; drop the explanation."
