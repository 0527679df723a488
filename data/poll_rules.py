"""Rules that hold for every poll, shipped or the user's own: what shares may sum to, and when a poll was public."""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

FIVE = ("con", "lab", "lib", "ref", "grn")
LEAST_SUM, MOST_SUM = 0.85, 1.02
"""Shares of a poll sum to no more; and to no less where all of ``FIVE`` are given."""
EVE_DAYS = 3
"""Last days before a general election whose polls are out by the eve."""

NOT_HOUSES = frozenset({"result", "exit poll", "bbc", "itn", "mori q", "centre of public opinion", "daily mail"})
"""Labels in a pollster column that are no poll of the years held, or a pool of polls already held (MORI quarterly)."""

MODES: dict[str, str] = {
    "phone": "phone",
    "phone (automated)": "phone",
    "internet": "internet",
    "internet / 20k sample": "internet",
    "online": "internet",
    "online random probability panel": "internet",
    "f2f": "face-to-face",
    "mobile": "mobile",
    "phone and internet": "phone and internet",
    "quota": "quota sample",
    "random": "random sample",
    "combined quota and random": "quota and random sample",
    "panel": "panel",
    "panel survey": "panel",
    "reinterview": "reinterview",
    "reinterviews": "reinterview",
    "quota + reinterview": "reinterview",
    "quota plus reinterviews": "reinterview",
    "random + reinterview": "reinterview",
}
"""Our word for how people were reached (or, before 1975, drawn), by the source's, in lower case."""


def known_on(polling_days: Sequence[date], guessed: pl.Expr | bool = False) -> pl.Expr:
    """Day a poll became public: published, else the day after fieldwork.

    A poll that ended in the last three days before a general election was out by the eve, whatever the date of the
    issue that printed it, so it is known on the day fieldwork ended; where that day is a guess, on the day it was
    published, at the latest on the eve.

    Parameters
    ----------
    polling_days : sequence of date
        Days of general elections.
    guessed : pl.Expr or bool, default False
        Whether the last day of fieldwork is a guess.

    Returns
    -------
    pl.Expr
        Column ``known_on``; needs ``end_date`` and ``published`` (dates; a publication before the end is passed over).
    """
    end = pl.col("end_date")
    published = pl.when(pl.col("published") >= end).then(pl.col("published"))
    usual = pl.coalesce(published, end.dt.offset_by("1d"))
    eve = pl.coalesce(
        pl.when((pl.lit(day) - end).dt.total_days().is_between(1, EVE_DAYS)).then(pl.lit(day - timedelta(days=1)))
        for day in polling_days
    )
    by_eve = pl.when(guessed).then(pl.min_horizontal(usual, eve)).otherwise(end)
    return pl.when(eve.is_not_null()).then(by_eve).otherwise(usual).alias("known_on")
