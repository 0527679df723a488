"""From raw files to the shipped tables: one module a subject, each with ``tables(raw)``, and ``build`` over all."""

import os
import tempfile
from importlib import import_module
from pathlib import Path

import polars as pl

from data import schemas
from data.compile.common import write_table
from data.errors import BadInput

__all__ = ["build"]

COMPILERS = ("polls", "results", "leaders", "mps", "maps")
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
    return {name: frames[name] for name in schemas.TABLES}


def build(raw: Path, out: Path) -> None:
    """Compile every table from the raw files; all are written, or none.

    The tables are written to a temporary folder beside ``out`` first and moved into place only when each has passed
    its schema, so a failed run leaves the old tables as they were.

    Parameters
    ----------
    raw : Path
        Folder of raw files, laid out as ``data/SOURCES.md`` says.
    out : Path
        Folder of the tables; made if it does not exist.

    Raises
    ------
    BadInput
        If a raw file is missing, or a compiled table breaks its schema.
    """
    frames = compiled(raw)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as folder:
        written = [write_table(name, frame, Path(folder)) for name, frame in frames.items()]
        out.mkdir(exist_ok=True)
        for path in written:
            os.replace(path, out / path.name)
