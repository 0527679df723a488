"""Check leadership contests: sections against totals, weights and shares against one, votes of MPs against MPs."""

from collections.abc import Iterator

import polars as pl

from data.load import Evidence
from data.schemas.mps import SECTIONS

SECTION_TOLERANCE = 0.0015
"""Largest difference between the weighted sections and the published share of the whole college."""
VOTE_TOLERANCE = 0.001
"""Largest difference between the sections' votes and the published total, as a share of it."""
SHARES = (0.98, 1.02)
"""Bounds of the shares of one section and round, where all its candidates are held."""

EXPLAINED = {
    ("lab2010", "electoral_college_mps", 1): 266,
    ("lab2010", "electoral_college_mps", 4): 262,
}
"""Votes that exceed the party's MPs, by contest, kind and round: Members of the European Parliament voted, too."""


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
    yield from _colleges(evidence.member_ballots)
    yield from _rules(evidence.selection_sections)
    yield from _electorates(evidence.selection_sections)
    yield from _weighted_sections(evidence.member_ballots)
    yield from _counted_sections(evidence.member_ballots)
    yield from _shares(evidence.member_ballots)
    yield from _mp_votes(evidence.mp_contests)


def _overall(ballots: pl.DataFrame) -> pl.DataFrame:
    return ballots.filter(pl.col("section") == "overall").select("contest_id", "round", "candidate", "votes", "share")


def _colleges(ballots: pl.DataFrame) -> Iterator[str]:
    """A candidate with an overall result has it in every section, so that their weights sum to 1, and the reverse."""
    key = ["contest_id", "round", "candidate"]
    parts = ballots.filter(pl.col("section") != "overall", pl.col("share").is_not_null()).group_by(key)
    sections = parts.agg(sections=pl.len(), weight=pl.col("weight").sum(), weighted=pl.col("weight").count() > 0)
    both = sections.join(_overall(ballots).with_columns(overall=True), on=key, how="full", coalesce=True).sort(key)
    for row in both.iter_rows(named=True):
        who = f"Contest {row['contest_id']}, round {row['round']}: {row['candidate']}"
        if row["sections"] is None:
            yield f"{who} has an overall result, but none in any section."
        elif row["overall"] is None and (row["weighted"] or row["sections"] > 1):
            yield f"{who} has results in sections, but no overall one."
        if row["weighted"] and abs(row["weight"] - 1) > SECTION_TOLERANCE:
            yield f"{who} has results in sections that weigh {row['weight']:.3f}, not 1."


def _rules(sections: pl.DataFrame) -> Iterator[str]:
    key = ["rule", "stage"]
    sums = sections.group_by(key).agg(pl.col("weight").sum()).sort(key)
    for rule, stage, weight in sums.filter((pl.col("weight") - 1).abs() > SECTION_TOLERANCE).iter_rows():
        yield f"Rule {rule}, stage {stage}: the sections weigh {weight:.3f}, not 1."


def _electorates(sections: pl.DataFrame) -> Iterator[str]:
    """An electorate is named where votes of several groups count alike, and nowhere else, in words for sections."""
    for row in sections.sort("rule", "stage", "section").iter_rows(named=True):
        where = f"Rule {row['rule']}, stage {row['stage']}, section {row['section']}:"
        if (row["section"] == "one_electorate") != bool(row["electorate"]):
            yield f"{where} an electorate is named exactly where the section is one_electorate."
        for word in (row["electorate"] or "").split():
            if word not in SECTIONS:
                yield f"{where} {word!r} of the electorate is none of {', '.join(SECTIONS)}."


def _weighted_sections(ballots: pl.DataFrame) -> Iterator[str]:
    key = ["contest_id", "round", "candidate"]
    sections = ballots.filter(pl.col("weight").is_not_null())
    sums = sections.group_by(key).agg(sum=(pl.col("weight") * pl.col("share")).sum())
    wrong = sums.join(_overall(ballots), on=key).filter((pl.col("sum") - pl.col("share")).abs() > SECTION_TOLERANCE)
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
    for contest, kind, number, votes, mps in over.iter_rows():
        if EXPLAINED.get((contest, kind, number)) != votes:
            yield f"Contest {contest}, {kind}, round {number}: {votes} votes of MPs, but the party has {mps}."
    held = set(sums.select(key).iter_rows())
    for contest, kind, number in sorted(held & set(EXPLAINED) - set(over.select(key).iter_rows())):
        yield (
            f"Contest {contest}, {kind}, round {number}: more votes than MPs are explained, but there are none; drop "
            "the explanation."
        )
