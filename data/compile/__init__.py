"""From raw files to the shipped tables: one module a subject, each with ``tables(raw)``, and ``compiled`` over all.

Ratings of leaders and polls are compiled apart, but a rating became public with the poll that carried it, and a house
with its first poll or rating: ``compiled`` settles those days last.
"""

from importlib import import_module
from pathlib import Path

import polars as pl

from data import schemas
from data.compile.leaders import known_with_polls
from data.compile.pollsters import pollsters_table
from data.errors import BadInput

__all__ = ["compiled"]

COMPILERS = (
    "polls",
    "results",
    "candidates",
    "by_elections",
    "covariates",
    "maps",
    "overlaps",
    "leaders",
    "mps",
    "members",
    "rules",
    "events",
    "forecasts",
)
"""Modules of this package in running order; loaded when run, so that one can be used without the others."""


def compiled(raw: Path) -> dict[str, pl.DataFrame]:
    """Run every compiler.

    Parameters
    ----------
    raw : Path
        Folder of raw files, laid out as ``data/SOURCES.md`` says.

    Returns
    -------
    dict of str to pl.DataFrame
        One frame for each key of ``schemas.TABLES``, in that order.

    Raises
    ------
    BadInput
        If a raw file is missing or not what its compiler expects.
    """
    if not raw.is_dir():
        raise BadInput(f"No folder of raw files at {raw}: pass one laid out as data/SOURCES.md says with --raw.")
    frames: dict[str, pl.DataFrame] = {}
    for compiler in COMPILERS:
        frames |= import_module(f"data.compile.{compiler}").tables(raw)
    polls = frames["polls"]
    frames["leader_ratings"] = ratings = known_with_polls(frames["leader_ratings"], polls)
    frames["pollsters"] = pollsters_table(pl.concat(made.select("pollster", "known_on") for made in (polls, ratings)))
    return {name: frames[name] for name in schemas.TABLES}
