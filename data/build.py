"""From raw files to the shipped tables and their description: compiled, checked, compared, then put in place."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from data.catalogue import Package, make_package, read_provenance, render
from data.catalogue.datapackage import as_json
from data.catalogue.package import package_at
from data.changes import changes
from data.checks import check
from data.compile import compiled
from data.compile.common import write_table
from data.compile.poll_counts import counts
from data.errors import BadInput, DamagedArtefact
from data.files import restore_folder, swap_folder, write_aside
from data.load import evidence_from


def build(raw: Path, out: Path) -> pl.DataFrame:
    """Compile every table from the raw files and describe them.

    The tables are written to a folder beside ``out``, which takes its place only when each has passed its schema and
    all have passed ``data.checks``: ``out`` holds the old tables or the new ones, never some of each. The two
    descriptions follow, each whole; if one cannot be written, the tables are new and it is old until the next build.

    Parameters
    ----------
    raw : Path
        Folder of raw files, laid out as ``data/SOURCES.md`` says.
    out : Path
        Folder of the tables; made if it does not exist. Whatever else lies in it is removed. ``datapackage.json`` and
        ``SOURCES.md`` are written beside it.

    Returns
    -------
    pl.DataFrame
        What changed since the last build, as ``data.changes.changes`` tells it.

    Raises
    ------
    BadInput
        If a raw file is missing, a compiled table breaks its schema, a check across tables fails, or the disk cannot be
        written.
    """
    frames = compiled(raw)
    with _writing(out):
        restore_folder(out)
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as aside:
            folder = Path(aside) / out.name
            for name, frame in frames.items():
                write_table(name, frame, folder)
            report = check(evidence_from(folder), before=_before(out.parent / "datapackage.json"))
            if not report.ok:
                raise BadInput(
                    f"The tables compiled from {raw} fail {len(report.faults)} checks: {' '.join(report.faults)}"
                )
            package = make_package(folder, raw, counts(raw))
            changed = changes(out, folder)
            swap_folder(folder, out)
        write_aside(out.parent / "SOURCES.md", render(package, read_provenance()))
        write_aside(out.parent / "datapackage.json", as_json(package))
    return changed


def _before(path: Path) -> Package | None:
    """Description by the last build; None where there is none that can be read, as this build then starts anew."""
    try:
        return package_at(path)
    except DamagedArtefact:
        return None


@contextmanager
def _writing(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BadInput(
            f"Cannot write {out.name}/ or its description in {out.parent}: {error.strerror}. "
            "Free some space or change its permissions, and build again."
        ) from error
