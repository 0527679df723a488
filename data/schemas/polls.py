"""Polls of voting intention, and who made them."""

import dataframely as dy
import polars as pl

from data.schemas.words import AREAS, KNOWN_ON, PARTY, VERIFIED

POLL_KINDS = ("poll", "mrp", "pseudo")


class Pollsters(dy.Schema):
    """One name for each pollster through renamings and mergers.

    ``known_on``: the day its first poll or leader rating here was known.
    """

    label = dy.String(primary_key=True, description="name as a source prints it, in lower case")
    pollster = dy.String(description="name used in the tables")
    relation = dy.Enum(["same", "renamed", "merged"], description="how the label came to be that pollster's")
    note = dy.String(nullable=True, description="when it was renamed or bought, by whom")
    verified = dy.Bool(description=VERIFIED)
    known_on = dy.Date(description=KNOWN_ON)


class Polls(dy.Schema):
    """One row a poll.

    ``known_on``: publication; else the day after fieldwork ended. Polls that end in the last three days before a
    general election count as known on the day fieldwork ended (they were published by the eve); where that day is only
    guessed, when they were published, at the latest on the eve.
    """

    poll_id = dy.String(
        primary_key=True, description="last day of fieldwork, nation, pollster, and a number if need be"
    )
    pollster = dy.String(nullable=True, description="table pollsters; null where the source does not name it")
    client = dy.String(nullable=True, description="who paid or published")
    mode = dy.String(nullable=True, description="how people were reached (before 1975: drawn)")
    start_date = dy.Date(nullable=True, description="first day of fieldwork")
    end_date = dy.Date(description="last day of fieldwork")
    end_exact = dy.Bool(description="false where the last day is an estimate")
    sample_size = dy.Int64(alias="sample", min=50, max=200_000, nullable=True, description="people asked")
    area = dy.Enum(list(AREAS), description="where people were asked")
    kind = dy.Enum(list(POLL_KINDS), description="mrp where that can be told; pseudo is an average that stands in")
    source = dy.String(description="sources joined in the row, by their keys in SOURCES.md")
    verified = dy.Bool(description="false where figures or a late publication could not be checked in a second place")
    known_on = dy.Date(description=KNOWN_ON)

    @dy.rule()
    def fieldwork_runs_forward(cls) -> pl.Expr:
        """Fieldwork starts before it ends."""
        return pl.col("start_date").is_null() | (pl.col("start_date") <= pl.col("end_date"))

    @dy.rule()
    def known_after_fieldwork(cls) -> pl.Expr:
        """No poll is known before its fieldwork is over."""
        return pl.col("known_on") >= pl.col("end_date")


class PollShares(dy.Schema):
    """Share of each party a poll names; a party not named has no row. ``known_on``: as the poll."""

    poll_id = dy.String(primary_key=True, description="key of table polls")
    party = dy.String(primary_key=True, description=PARTY)
    share = dy.Float64(min=0.0, max=1.0, description="share of those with a voting intention, 0 to 1")
    known_on = dy.Date(description=KNOWN_ON)
