"""The description of all tables as it is read back: its parts, and where it lies."""

from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from data.errors import DamagedArtefact

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"


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


@cache
def read_package() -> Package:
    """Read the shipped description, once.

    Returns
    -------
    Package
        As it was built.

    Raises
    ------
    DamagedArtefact
        If the file is missing or is not such a description.
    """
    return package_at(package_path())


def package_at(path: Path) -> Package:
    """Read a description of tables.

    Parameters
    ----------
    path : Path
        Where it lies.

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
        return Package.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DamagedArtefact(
            "data/datapackage.json is missing or damaged. "
            "Reinstall the package, or rebuild it with: selectorate data build --raw DIR."
        ) from error
