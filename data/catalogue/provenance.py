"""Publishers, raw files, licences and known faults, one file a subject, written by hand in ``data/provenance/``."""

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from data.errors import DamagedArtefact

SUBJECTS = ("results", "people", "maps", "polls", "leaders", "mps", "forecasts")
"""Files of ``data/provenance/``, in the order of ``SOURCES.md``."""


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Publisher(_Entry):
    """Who published facts, where, on what terms; ``obtained`` says through whom they came."""

    key: str
    name: str
    address: str
    licence: str
    attribution: str
    obtained: str = ""


class RawFile(_Entry):
    """A raw file, its publisher's key and what it is read for."""

    path: str
    publisher: str
    used_for: str


class TableNote(_Entry):
    """A table: heading, terms, publishers' keys, module that makes it, reading rules and known faults."""

    name: str
    title: str
    licence: str
    publishers: list[str]
    module: str
    rules: list[str] = []
    defects: list[str] = []


class Provenance(_Entry):
    """All that is said by hand on one subject."""

    title: str
    publishers: list[Publisher] = []
    files: list[RawFile] = []
    tables: list[TableNote] = []


@cache
def read_provenance() -> tuple[Provenance, ...]:
    """Read all subjects.

    Returns
    -------
    tuple of Provenance
        In the order of ``SUBJECTS``.

    Raises
    ------
    DamagedArtefact
        If a file is missing, is not TOML, or holds an entry that is not one.
    """
    folder = Path(__file__).parents[1] / "provenance"
    subjects = []
    for subject in SUBJECTS:
        try:
            subjects.append(Provenance(**tomllib.loads((folder / f"{subject}.toml").read_text(encoding="utf-8"))))
        except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
            raise DamagedArtefact(
                f"data/provenance/{subject}.toml cannot be read: {' '.join(str(error).split())} "
                "Mend it, or reinstall the package."
            ) from error
    return tuple(subjects)
