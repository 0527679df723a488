"""``data/datapackage.json``: every table described for machines, after the Data Package standard (datapackage.org, v2).

Columns, ranges and the rule of ``known_on`` come from the schemas, terms and faults from ``data/provenance/``, rows and
hashes from the tables themselves, so none of them is said twice.
"""

import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import dataframely as dy
import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from data import schemas
from data.catalogue.provenance import Provenance, TableNote, read_provenance
from data.errors import DamagedArtefact

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
TYPES = {"Date": "date", "Int64": "integer", "Float64": "number", "Bool": "boolean"}
"""Data Package type of each dataframely column type; all others are strings."""
HAPPENED = ("election_date", "end_date", "date")
"""Columns of the day a row tells of; no row is known before it."""
DATES = (*HAPPENED, "start", "known_on")
"""The first of these a table has gives its span."""


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Column(_Entry):
    """A column."""

    name: str
    type: str
    description: str
    constraints: dict[str, Any] = {}


class TableSchema(_Entry):
    """The columns of a table and its key."""

    fields: list[Column]
    primary_key: list[str] = Field(alias="primaryKey")
    missing_values: list[str] = Field(alias="missingValues", default=[""])


class Source(_Entry):
    """A publisher of a table's rows."""

    title: str
    path: str
    licence: str
    attribution: str
    obtained: str


class Raw(_Entry):
    """A raw file a table may rest on; ``hash`` is empty where the file was not at hand."""

    path: str
    source: str
    used_for: str
    hash: str


class Resource(_Entry):
    """A table."""

    name: str
    title: str
    description: str
    known_on: str
    path: str
    mediatype: str = "text/csv"
    encoding: str = "utf-8"
    bytes: int
    hash: str
    rows: int
    unverified: int | None
    first: str | None
    last: str | None
    licenses: list[dict[str, str]]
    sources: list[Source]
    module: str
    rules: list[str]
    defects: list[str]
    table_schema: TableSchema = Field(alias="schema")


class PollCount(_Entry):
    """Polls of one parliament: rows read by group of sources, left out by reason (null where a reason cannot apply)."""

    parliament: str
    pollbase: int | None
    britpol: int | None
    other: int | None
    joined: int | None
    undated: int | None
    polling_day: int | None
    misfiled: int | None
    sum_high: int | None
    sum_low: int | None
    repeats: int | None
    pools: int | None
    kept: int


class Package(_Entry):
    """All tables, the raw files they were made from, and what became of the polls read."""

    profile: str = Field(alias="$schema", default=PROFILE)
    name: str = "selectorate"
    title: str = "British general elections, leaders, MPs and polls, 1955-2026"
    resources: list[Resource]
    raw_files: list[Raw]
    poll_counts: list[PollCount]

    def resource(self, name: str) -> Resource:
        """Description of one table, by its name."""
        return next(resource for resource in self.resources if resource.name == name)


def package_path() -> Path:
    """Where the shipped description lies."""
    return Path(__file__).parents[1] / "datapackage.json"


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
    return {what: value for what, value in told.items() if value not in (None, False)}


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


@cache
def read_package(path: Path | None = None) -> Package:
    """Read a description of the tables.

    Parameters
    ----------
    path : Path, optional
        Where it lies; the shipped one unless given.

    Returns
    -------
    Package
        As it was built.

    Raises
    ------
    DamagedArtefact
        If the file is missing or is not such a description.
    """
    try:
        return Package.model_validate_json((path or package_path()).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DamagedArtefact(
            "data/datapackage.json is missing or damaged. "
            "Reinstall the package, or rebuild it with: selectorate data build --raw DIR."
        ) from error
