"""``data/datapackage.json``: every table described for machines, after the Data Package standard (datapackage.org, v2).

Columns, ranges and the rule of ``known_on`` come from the schemas, terms and faults from ``data/provenance/``, rows and
hashes from the tables themselves, so none of them is said twice.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import dataframely as dy
import polars as pl

from data import schemas
from data.catalogue.package import Column, Package, PollCount, Raw, Resource, Source, TableSchema
from data.catalogue.provenance import Provenance, TableNote, read_provenance
from data.errors import DamagedArtefact

TYPES = {"Date": "date", "Int64": "integer", "Float64": "number", "Bool": "boolean"}
"""Data Package type of each dataframely column type; all others are strings."""
HAPPENED = ("election_date", "end_date", "date")
"""Columns of the day a row tells of; no row is known before it."""
DATES = (*HAPPENED, "start", "known_on")
"""The first of these a table has gives its span."""


def sha256(path: Path) -> str:
    """Hash of a file as ``sha256:<hex>``; empty where there is none."""
    return f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}" if path.is_file() else ""


def _constraints(name: str, column: dy.Column, key: list[str]) -> dict[str, Any]:
    told = {
        "required": (not column.nullable) or name in key,
        "minimum": getattr(column, "min", None),
        "maximum": getattr(column, "max", None),
        "pattern": getattr(column, "regex", None),
        "enum": list(column.categories) if isinstance(column, dy.Enum) else None,
    }
    return {what: value for what, value in told.items() if value is not None and value is not False}  # a limit may be 0


def _schema(table: type[dy.Schema]) -> TableSchema:
    key = list(table.primary_key())
    fields = [
        Column(
            name=name,
            type=TYPES.get(type(column).__name__, "string"),
            description=column.description or "",
            constraints=_constraints(name, column, key),
        )
        for name, column in table.columns().items()
    ]
    return TableSchema(fields=fields, primary_key=key)


def what_and_when(table: type[dy.Schema]) -> tuple[str, str]:
    """Split a schema's docstring into what a row is and the rule that sets ``known_on``.

    The rule runs from ``known_on``: to the end of its paragraph.

    Parameters
    ----------
    table : type of dy.Schema
        A class of ``data.schemas``.

    Returns
    -------
    tuple of str
        Description and rule, each on one line.
    """
    what, rule = [], ""
    for paragraph in re.split(r"\n\s*\n", table.__doc__ or ""):
        before, _, after = " ".join(paragraph.replace("``", "`").split()).partition("`known_on`: ")
        what.append(before.strip())
        rule += after
    return " ".join(filter(None, what)), rule[:1].upper() + rule[1:]


def _resource(name: str, folder: Path, note: TableNote, sources: list[Source]) -> Resource:
    table = schemas.TABLES[name]
    path = folder / f"{name}.csv"
    frame = pl.read_csv(path, infer_schema=False)
    days = frame[next(column for column in DATES if column in frame.columns)]
    description, known_on = what_and_when(table)
    return Resource(
        name=name,
        title=note.title,
        description=description,
        known_on=known_on,
        path=f"tables/{name}.csv",
        bytes=path.stat().st_size,
        hash=sha256(path),
        rows=frame.height,
        unverified=int((frame["verified"] == "false").sum()) if "verified" in frame.columns else None,
        first=None if days.is_empty() else str(days.min()),  # ISO dates sort as text
        last=None if days.is_empty() else str(days.max()),
        licenses=[{"title": note.licence}],
        sources=sources,
        module=note.module,
        rules=note.rules,
        defects=note.defects,
        table_schema=_schema(table),
    )


def make_package(folder: Path, raw: Path, poll_counts: pl.DataFrame) -> Package:
    """Describe the tables of a folder.

    Parameters
    ----------
    folder : Path
        Tables, one CSV each.
    raw : Path
        Raw files they were built from, hashed here.
    poll_counts : pl.DataFrame
        As ``data.compile.poll_counts.counts`` returns it.

    Returns
    -------
    Package
        The description; ``as_json`` writes it.

    Raises
    ------
    DamagedArtefact
        If a table has no entry in ``data/provenance/``, or a publisher named there does not exist.
    """
    subjects = read_provenance()
    publishers = {publisher.key: publisher for subject in subjects for publisher in subject.publishers}
    notes = {note.name: note for subject in subjects for note in subject.tables}
    try:
        resources = []
        for name in schemas.TABLES:
            note = notes[name]
            sources = [
                Source(title=p.name, path=p.address, licence=p.licence, attribution=p.attribution, obtained=p.obtained)
                for p in (publishers[key] for key in note.publishers)
            ]
            resources.append(_resource(name, folder, note, sources))
        return Package(
            resources=resources,
            raw_files=[
                _raw(file.path, publishers[file.publisher].name, file.used_for, raw) for file in _files(subjects)
            ],
            poll_counts=[PollCount(**row) for row in poll_counts.to_dicts()],
        )
    except KeyError as error:
        raise DamagedArtefact(f"data/provenance/ has no entry {error}. Add it there.") from error


def _files(subjects: tuple[Provenance, ...]) -> list[Any]:
    return [file for subject in subjects for file in subject.files]


def _raw(path: str, publisher: str, used_for: str, raw: Path) -> Raw:
    return Raw(path=path, source=publisher, used_for=used_for, hash=sha256(raw / path))


def as_json(package: Package) -> str:
    """Write a package as JSON, the same text for the same package.

    Parameters
    ----------
    package : Package
        From ``make_package``.

    Returns
    -------
    str
        JSON with a line end.
    """
    return json.dumps(package.model_dump(by_alias=True, mode="json"), indent=1, ensure_ascii=False) + "\n"
