"""From raw files to the shipped tables and their description: compiled, checked, compared, then put in place."""

import os
import tempfile
from pathlib import Path

import polars as pl

from data.catalogue import make_package, read_provenance, render
from data.catalogue.datapackage import as_json
from data.changes import changes
from data.checks import check
from data.compile import compiled
from data.compile.common import write_table
from data.compile.poll_counts import counts
from data.errors import BadInput
from data.files import write_aside
from data.load import evidence_from


def build(raw: Path, out: Path) -> pl.DataFrame:
    """Compile every table from the raw files and describe them; all is written, or nothing.

    The tables are written to a temporary folder beside ``out`` first and moved into place only when each has passed
    its schema and all have passed ``data.checks``, so a failed run leaves the old tables as they were.

    Parameters
    ----------
    raw : Path
        Folder of raw files, laid out as ``data/SOURCES.md`` says.
    out : Path
        Folder of the tables; made if it does not exist. ``datapackage.json`` and ``SOURCES.md`` are written beside it.

    Returns
    -------
    pl.DataFrame
        What changed since the last build, as ``data.changes.changes`` tells it.

    Raises
    ------
    BadInput
        If a raw file is missing, a compiled table breaks its schema, or a check across tables fails.
    """
    frames = compiled(raw)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as aside:
        folder = Path(aside)
        written = [write_table(name, frame, folder) for name, frame in frames.items()]
        report = check(evidence_from(folder))
        if not report.ok:
            raise BadInput(
                f"The tables compiled from {raw} fail {len(report.faults)} checks: {' '.join(report.faults)}"
            )
        package = make_package(folder, raw, counts(raw))
        changed = changes(out, folder)
        out.mkdir(exist_ok=True)
        for path in written:
            os.replace(path, out / path.name)
    write_aside(out.parent / "SOURCES.md", render(package, read_provenance()))
    write_aside(out.parent / "datapackage.json", as_json(package))
    return changed
