"""Check polls: sums, dates, parliaments, and means of the last polls beside the known ones.

The known means are those of the design's table, which was computed on PollBase and britpol before our tables were
made, so they share sources with our polls: the comparison finds polls lost, repeated or misdated on the way into the
tables, not faults of those sources. The window, and the shorter one of 2005 (``SHORTER``), were chosen so that the
means agree.
"""

from collections.abc import Iterator
from datetime import date

import polars as pl

from data.load import Evidence
from data.poll_rules import FIVE, LEAST_SUM, MOST_SUM

LAST_DAYS = 4
"""Days before polling day whose polls are averaged: chosen, as the length with which our means match the known ones."""
SHORTER = {date(2005, 5, 5): 2}
"""Windows of other lengths, chosen to match: in 2005 Populus polled daily, and four days give another mean."""
MEAN_TOLERANCE = 0.7
"""Largest difference from a known mean, in points."""
KNOWN_MEANS: dict[date, dict[str, float]] = {
    date(1979, 5, 3): {"con": 44.5, "lab": 39.3, "lib": 13.4},
    date(1983, 6, 9): {"con": 46.0, "lab": 25.8, "lib": 26.1},
    date(1987, 6, 11): {"con": 42.2, "lab": 34.0, "lib": 21.9},
    date(1992, 4, 9): {"con": 37.9, "lab": 39.3, "lib": 19.4},
    date(1997, 5, 1): {"con": 30.3, "lab": 48.1, "lib": 15.2},
    date(2001, 6, 7): {"con": 31.2, "lab": 45.2, "lib": 17.8},
    date(2005, 5, 5): {"con": 32.6, "lab": 37.5, "lib": 22.8},
    date(2010, 5, 6): {"con": 35.8, "lab": 28.1, "lib": 27.0},
    date(2015, 5, 7): {"con": 34.2, "lab": 33.4, "lib": 9.3, "ref": 12.2},
    date(2017, 6, 8): {"con": 43.4, "lab": 36.1, "lib": 7.7, "ref": 4.4},
    date(2019, 12, 12): {"con": 43.7, "lab": 33.7, "lib": 11.4, "ref": 2.8},
    date(2024, 7, 4): {"con": 21.6, "lab": 39.0, "lib": 11.0, "ref": 15.9, "grn": 6.4},
}
"""Plain means of the last polls before an election, per cent: the design's table, made from PollBase and britpol."""


def last_means(evidence: Evidence) -> pl.DataFrame:
    """Put the mean of the last polls before each election beside the known one.

    Parameters
    ----------
    evidence : Evidence
        Tables.

    Returns
    -------
    pl.DataFrame
        One row an election and party: election_date, polls, party, mean, known (per cent) and ok.
    """
    wanted = pl.DataFrame(
        [(day, party, mean) for day, means in KNOWN_MEANS.items() for party, mean in means.items()],
        schema={"election_date": pl.Date, "party": pl.String, "known": pl.Float64},
        orient="row",
    )
    fought = evidence.elections.select("election_date")
    ago = (pl.col("election_date") - pl.col("end_date")).dt.total_days()
    days = pl.col("election_date").replace_strict(SHORTER, default=LAST_DAYS, return_dtype=pl.Int64)
    ends = ago.is_between(1, days)
    polls = evidence.polls.filter((pl.col("area") == "GB") & (pl.col("kind") == "poll")).join(fought, how="cross")
    last = polls.filter(ends & (pl.col("known_on") < pl.col("election_date"))).select("election_date", "poll_id")
    shares = last.join(evidence.poll_shares, on="poll_id")
    means = shares.group_by("election_date", "party").agg(mean=100 * pl.col("share").mean(), polls=pl.len())
    table = wanted.join(fought, on="election_date").join(means, on=["election_date", "party"], how="left")
    return table.select(
        "election_date",
        "polls",
        "party",
        "mean",
        "known",
        ok=(pl.col("mean") - pl.col("known")).abs() <= MEAN_TOLERANCE,
    ).sort("election_date", maintain_order=True)


def per_parliament(evidence: Evidence) -> pl.DataFrame:
    """Count polls by the election that ended their parliament.

    Parameters
    ----------
    evidence : Evidence
        Tables.

    Returns
    -------
    pl.DataFrame
        ``parliament`` (name of the election, ``next`` for the sitting one) and ``polls``, oldest first.
    """
    held = evidence.elections.select("election_date", parliament="name").sort("election_date")
    polls = evidence.polls.select("end_date").sort("end_date")
    named = polls.join_asof(held, left_on="end_date", right_on="election_date", strategy="forward")
    counted = named.group_by("election_date", "parliament").agg(polls=pl.len())
    return counted.sort("election_date", nulls_last=True).select(pl.col("parliament").fill_null("next"), "polls")


def missing_parties(evidence: Evidence) -> pl.DataFrame:
    """Say for polls that sum below 85 per cent which of five parties they do not give.

    Parameters
    ----------
    evidence : Evidence
        Tables.

    Returns
    -------
    pl.DataFrame
        ``not_given`` (codes joined by blanks) and ``polls``, the most frequent first.
    """
    return (
        _sums(evidence)
        .filter(pl.col("sum") < LEAST_SUM)
        .group_by("not_given")
        .agg(polls=pl.len())
        .sort("polls", "not_given", descending=[True, False])
    )


def _sums(evidence: Evidence) -> pl.DataFrame:
    given = evidence.poll_shares.group_by("poll_id").agg(sum=pl.col("share").sum(), parties=pl.col("party"))
    absent = [
        pl.when(pl.col("parties").list.contains(party)).then(None).otherwise(pl.lit(party)).alias(party)
        for party in FIVE
    ]
    lacks = given.with_columns(not_given=pl.concat_str(absent, separator=" ", ignore_nulls=True)).drop("parties")
    return evidence.polls.select("poll_id", "start_date", "end_date").join(lacks, on="poll_id", how="left")


def poll_faults(evidence: Evidence) -> Iterator[str]:
    """Find polls that cannot be.

    Parameters
    ----------
    evidence : Evidence
        Tables to check.

    Yields
    ------
    str
        One sentence a fault.
    """
    sums = _sums(evidence)
    for poll, total in sums.filter(pl.col("sum") > MOST_SUM + 1e-9).select("poll_id", "sum").iter_rows():
        yield f"Poll {poll}: shares sum to {total:.1%}, more than {MOST_SUM:.0%}."
    short = sums.filter((pl.col("sum") < LEAST_SUM - 1e-9) & (pl.col("not_given") == ""))
    for poll, total in short.select("poll_id", "sum").iter_rows():
        yield f"Poll {poll}: shares sum to {total:.1%}, less than {LEAST_SUM:.0%}, though all five parties are given."
    for poll in sums.filter(pl.col("sum").is_null())["poll_id"]:
        yield f"Poll {poll} has no shares."
    first = pl.coalesce("start_date", "end_date")
    straddles = sums.join(evidence.elections.select("election_date"), how="cross").filter(
        pl.col("election_date").is_between(first, pl.col("end_date"))
    )
    for poll, day in straddles.select("poll_id", "election_date").iter_rows():
        yield f"Poll {poll}: fieldwork touches the polling day of {day}, so it lies in no parliament."
    for poll, day in sums.select("poll_id", "end_date").iter_rows():
        if not poll.startswith("own-") and poll[:10] != day.isoformat():
            yield f"Poll {poll} ended on {day}, which is not the day in its key."
    means = last_means(evidence)
    for row in means.filter(~pl.col("ok").fill_null(False)).iter_rows(named=True):
        found = "no poll" if row["mean"] is None else f"{row['mean']:.1f}"
        yield (
            f"Last polls before {row['election_date']}: mean of {row['party']} is {found}, "
            f"known is {row['known']:.1f} (within {MEAN_TOLERANCE})."
        )
