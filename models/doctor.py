"""Is everything there that the package needs? One finding a line."""

import sys
from dataclasses import dataclass

from data import SelectorateError, read_table
from data.catalogue import read_package, read_provenance
from data.catalogue.datapackage import sha256
from data.load import left_out, tables_dir
from data.own.overlay import batch_names, read_batch
from data.schemas import TABLES
from models.store import read_manifest, stored_forecasts

OLDEST_PYTHON = (3, 12)


@dataclass(frozen=True)
class Finding:
    """One thing looked at, and whether it is as it should be."""

    what: str
    ok: bool


def examine() -> list[Finding]:
    """Look at Python, shipped tables and their description, batches of the user's own rows and stored forecasts.

    Returns
    -------
    list of Finding
        In the order looked at; a fault never stops the rest.
    """
    version = ".".join(map(str, sys.version_info[:3]))
    findings = [Finding(f"Python {version} (3.12 or newer needed)", sys.version_info[:2] >= OLDEST_PYTHON)]
    for name in TABLES:
        try:
            findings.append(Finding(f"table {name}: {read_table(name).height:,} rows", True))
        except SelectorateError as error:
            findings.append(Finding(str(error), False))
    findings += [_description(), *_own()]
    stored = stored_forecasts()
    if not stored:
        findings.append(Finding("no forecast stored yet (make one with: selectorate fit)", True))
    for folder in stored:
        try:
            read_manifest(folder)
            findings.append(Finding(f"forecast {folder.name}", True))
        except SelectorateError as error:
            findings.append(Finding(str(error), False))
    return findings


def _description() -> Finding:
    """Whether publishers and tables are described, and each table is the file that is described."""
    try:
        subjects = read_provenance()
        described = {resource.name: resource.hash for resource in read_package().resources}
    except SelectorateError as error:
        return Finding(str(error), False)
    other = [name for name in TABLES if described.get(name) != sha256(tables_dir() / f"{name}.csv")]
    if other:
        what = f"data/datapackage.json does not describe these tables as they are: {', '.join(other)}. "
        return Finding(what + "Reinstall the package, or rebuild it with: selectorate data build --raw DIR.", False)
    return Finding(f"description of {len(TABLES)} tables in {len(subjects)} subjects", True)


def _own() -> list[Finding]:
    """How many rows the user added, and each batch that is damaged."""
    sound, damaged = [], []
    try:
        for name in batch_names():
            try:
                sound.append(read_batch(name)[0])
            except SelectorateError as error:
                damaged.append(Finding(str(error), False))
        gone = 0 if damaged else sum(left_out().values())
    except SelectorateError as error:
        return [Finding(str(error), False)]
    shipped = f", {gone:,} of them left out as shipped by now" if gone else ""
    rows = sum(batch.rows for batch in sound)
    return [Finding(f"rows of your own: {rows:,} in {len(sound):,} sound batches{shipped}", True), *damaged]
