"""How many polls each source gives for each parliament, and how many are kept."""

from pathlib import Path

import polars as pl

from data.compile.library import ELECTIONS
from data.compile.poll_sources import READERS, read_source
from data.compile.polls import FIRST_DAY, LAST_DAY, all_polls, fit_polls, parliament, unfit

GROUPS = ("pollbase", "britpol", "other")
"""Groups of sources whose rows are counted."""


def counts(raw: Path) -> pl.DataFrame:
    """Count the polls of each parliament, read and kept.

    Parameters
    ----------
    raw : Path
        Folder of raw files.

    Returns
    -------
    pl.DataFrame
        One row a parliament: ``parliament`` (the election that ended it, ``next`` for the sitting one), rows with a
        date read from ``pollbase``, ``britpol`` and ``other`` sources, of which ``unfit`` were left out by the rules of
        ``data/compile/polls.py``, ``repeats`` were one poll with another row or part of a pool, and ``kept``.

    Raises
    ------
    BadInput
        If a raw file is missing or names an unknown pollster.
    """
    names = dict(enumerate(sorted(ELECTIONS, key=lambda name: ELECTIONS[name][0])))
    others = [source for source in READERS if source not in GROUPS]
    frames = {
        "pollbase": read_source(raw, "pollbase"),
        "britpol": read_source(raw, "britpol"),
        "other": pl.concat([read_source(raw, source) for source in others]),
        "unfit": all_polls(raw).filter(unfit().is_not_null()),
        "kept": fit_polls(raw),
    }
    day = pl.coalesce("end_date", "start_date")
    table = pl.DataFrame({"n": range(len(names) + 1)}, schema={"n": pl.Int64})
    for group, frame in frames.items():
        held = frame.filter(day.is_between(FIRST_DAY, LAST_DAY))
        table = table.join(
            held.group_by(n=parliament(day)).agg(pl.len().cast(pl.Int64).alias(group)), on="n", how="left"
        )
    gone = pl.sum_horizontal(*GROUPS) - pl.col("unfit") - pl.col("kept")
    name = pl.col("n").replace_strict(names, default="next", return_dtype=pl.String)
    return (
        table.fill_null(0).sort("n").select(name.alias("parliament"), *GROUPS, "unfit", gone.alias("repeats"), "kept")
    )
