"""How many polls each source gives for each parliament, why rows go, and how many are kept."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from data.compile.library import ELECTIONS
from data.compile.poll_sources import READERS, read_source
from data.compile.pollbase import SHEETS
from data.compile.polls import FIRST_DAY, LAST_DAY, parliament, stages, unfit

GROUPS = ("pollbase", "britpol", "other")
"""Groups of sources whose rows are counted."""

REASONS = {
    "no date": "undated",
    "fieldwork touches polling day": "polling_day",
    "filed under another parliament": "misfiled",
    "sums above 1.02": "sum_high",
    "sums below 0.85 with all five parties": "sum_low",
}
"""Column of each reason for which ``polls.unfit`` leaves a poll out."""

LEFT = ("joined", *REASONS.values(), "repeats", "pools")
"""Columns of rows that are not kept, in the order in which they go."""


def _held(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows of the years held, or without a date, with the number ``n`` of their parliament.

    PollBase files its polls by parliament; other rows are counted by their dates, and in the sitting one without any.
    """
    day = pl.coalesce("end_date", "start_date")
    filed = pl.col("sheet").replace_strict({name: n for n, name in enumerate(SHEETS)}, default=None)
    number = pl.coalesce(filed.cast(pl.Int64), pl.when(day.is_not_null()).then(parliament(day)), len(ELECTIONS))
    return frame.filter(day.is_between(FIRST_DAY, LAST_DAY) | day.is_null()).with_columns(n=number)


def _removed(steps: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Rows held after each step, and unfit ones by reason."""
    told = steps["joined"].with_columns(unfit())
    reasons = {column: told.filter(pl.col("unfit") == reason) for reason, column in REASONS.items()}
    return {**reasons, "all_joined": steps["joined"], "fit": steps["fit"], "single": steps["single"]}


def counts(raw: Path) -> pl.DataFrame:
    """Count the polls of each parliament, read and kept.

    Parameters
    ----------
    raw : Path
        Folder of raw files.

    Returns
    -------
    pl.DataFrame
        One row a parliament: ``parliament`` (the election that ended it, ``next`` for the sitting one), rows read from
        ``pollbase``, ``britpol`` and ``other`` sources, of which ``joined`` were one poll with a row of another source,
        ``undated``, ``polling_day``, ``misfiled``, ``sum_high`` and ``sum_low`` were unfit (as ``polls.unfit`` says),
        ``repeats`` were one poll with another row of their house, ``pools`` were made of other polls, and ``kept``.

    Raises
    ------
    BadInput
        If a raw file is missing or names an unknown pollster.
    """
    steps = stages(raw)
    others = pl.concat([read_source(raw, source) for source in READERS if source not in GROUPS])
    read = {"pollbase": read_source(raw, "pollbase"), "britpol": read_source(raw, "britpol"), "other": others}
    names = dict(enumerate(sorted(ELECTIONS, key=lambda name: ELECTIONS[name][0])))
    table = pl.DataFrame({"n": range(len(names) + 1)}, schema={"n": pl.Int64})
    for column, frame in {**read, **_removed(steps), "kept": steps["kept"]}.items():
        counted = _held(frame).group_by("n").agg(pl.len().cast(pl.Int64).alias(column))
        table = table.join(counted, on="n", how="left")
    table = table.fill_null(0).with_columns(
        joined=pl.sum_horizontal(*GROUPS) - pl.col("all_joined"),
        repeats=pl.col("fit") - pl.col("single"),
        pools=pl.col("single") - pl.col("kept"),
    )
    name = pl.col("n").replace_strict(names, default="next", return_dtype=pl.String)
    return table.sort("n").select(name.alias("parliament"), *GROUPS, *LEFT, "kept")
