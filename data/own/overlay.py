"""Where the user's rows are kept, apart from the shipped tables: a folder a batch, whole or not at all.

A batch is named by its file and eight digits of the content's hash; it holds its tables as CSV and
``batch.json``. Symbolic links are not followed.
"""

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Literal

import dataframely as dy
import polars as pl
from pydantic import BaseModel, ConfigDict, ValidationError

from data import schemas
from data.errors import BadInput, DamagedArtefact
from data.files import write_aside
from data.own.faults import Code, shown
from data.own.kinds import Kind
from data.own.place import folder, writing
from data.strict_json import check_json

OWN = "own: "
"""How the source of every own row begins."""
CARD = "batch.json"
TABLES = ("polls", "poll_shares", "leader_ratings", "mp_contests", "mp_events")
"""Tables that own rows may enter."""
_NAME = re.compile(r"[a-z0-9-]{1,60}-[0-9a-f]{8}", re.ASCII)


class Batch(BaseModel):
    """Rows from one file. ``rows`` counts those of the file, ``tables`` has the SHA-256 of each table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    kind: Kind | Literal["unknown"]
    file: str
    rows: int
    added: date
    sha256: str
    tables: dict[str, str]


def batch_name(file: str, sha256: str) -> str:
    """Name a batch after its file.

    Parameters
    ----------
    file : str
        Name of the user's file, without its folder.
    sha256 : str
        Hash of its content.

    Returns
    -------
    str
        Letters a to z, digits and hyphens only, such as ``my-polls-3f2a9c1d``.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", Path(file).stem.lower()).strip("-")[:40].strip("-")
    return f"{slug or 'rows'}-{sha256[:8]}"


def batches() -> list[Batch]:
    """List the batches, by name.

    Returns
    -------
    list of Batch
        All of them; none where nothing was added.

    Raises
    ------
    DamagedArtefact
        If the description of a batch is missing or damaged.
    """
    return [_card(path) for path in _folders()]


def batch_names() -> list[str]:
    """Name all batches, damaged ones too, in order."""
    return [path.name for path in _folders()]


def read_batch(name: str) -> tuple[Batch, dict[str, pl.DataFrame]]:
    """Read one batch and check it.

    Parameters
    ----------
    name : str
        One of ``batch_names``.

    Returns
    -------
    batch : Batch
        What it is.
    tables : dict of str to pl.DataFrame
        Its rows by table.

    Raises
    ------
    DamagedArtefact
        If it is damaged: says how, and what to do.
    """
    path = folder() / name
    batch = _card(path)
    return batch, {table: _table(path, table, sha256) for table, sha256 in batch.tables.items()}


def store(batch: Batch, tables: Mapping[str, pl.DataFrame]) -> Batch:
    """Write a batch aside and rename it into place.

    Parameters
    ----------
    batch : Batch
        What it is; its hashes of tables are set here.
    tables : mapping of str to pl.DataFrame
        Its rows by table, as the schemas have them.

    Returns
    -------
    Batch
        The batch as stored.

    Raises
    ------
    BadInput
        If a batch of that name is there, or the folder cannot be written.
    """
    texts = {name: frame.write_csv(line_terminator="\n") for name, frame in tables.items()}
    stored = batch.model_copy(update={"tables": {name: _sha256(text.encode()) for name, text in texts.items()}})
    with writing():
        folder().mkdir(parents=True, exist_ok=True)
        if (folder() / batch.name).exists():
            raise BadInput(f"{Code.BATCH} {shown(batch.file)} was added already, as {batch.name}.")
        aside = Path(tempfile.mkdtemp(dir=folder(), prefix=".aside-"))
        try:
            for name, text in texts.items():
                write_aside(aside / f"{name}.csv", text)
            write_aside(aside / CARD, stored.model_dump_json(indent=1) + "\n")
            os.replace(aside, folder() / batch.name)
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            raise
    return stored


def remove(name: str) -> Batch:
    """Remove a batch, damaged ones too.

    Parameters
    ----------
    name : str
        Its name, as ``batches`` has it.

    Returns
    -------
    Batch
        What was removed.

    Raises
    ------
    BadInput
        If there is no such batch, or it cannot be removed.
    """
    found = {path.name: path for path in _folders()}
    if name not in found:
        held = f"There are: {', '.join(found)}." if found else "There are none."
        raise BadInput(f"{Code.BATCH} no batch {shown(name)}. {held}")
    gone = Batch(name=name, kind="unknown", file="unknown", rows=0, added=date.min, sha256="", tables={})
    with suppress(DamagedArtefact):
        gone = _card(found[name])
    with writing():
        aside = Path(tempfile.mkdtemp(dir=folder(), prefix=".gone-"))
        os.replace(found[name], aside / name)
        shutil.rmtree(aside, ignore_errors=True)
    return gone


def own_tables() -> dict[str, pl.DataFrame]:
    """Read the user's rows.

    Returns
    -------
    dict of str to pl.DataFrame
        Rows of all batches by table, only tables that have any.

    Raises
    ------
    DamagedArtefact
        If a batch is damaged: says which, and what to do.
    """
    found: dict[str, list[pl.DataFrame]] = {}
    for name in batch_names():
        for table, rows in read_batch(name)[1].items():
            found.setdefault(table, []).append(rows)
    return {table: pl.concat(frames) for table, frames in found.items()}


def stamp() -> str:
    """Hash of the names and contents of all batches; "" where there are none.

    Returns
    -------
    str
        The same for the same rows, on whatever day they were added.

    Raises
    ------
    DamagedArtefact
        If the description of a batch is missing or damaged.
    """
    found = {batch.name: batch.tables for batch in batches()}
    return _sha256(json.dumps(found, sort_keys=True).encode()) if found else ""


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _folders() -> list[Path]:
    top = folder()
    try:
        inside = sorted(top.iterdir()) if top.is_dir() else []
    except OSError as error:
        raise BadInput(f"{Code.WRITE} cannot read the folder of your own rows: {error.strerror}.") from error
    return [path for path in inside if _NAME.fullmatch(path.name) and path.is_dir() and not path.is_symlink()]


def _damaged(path: Path, what: str) -> DamagedArtefact:
    return DamagedArtefact(
        f"{Code.DAMAGED} your batch {path.name} is damaged: {what}. "
        f"Remove it with: selectorate data remove {path.name}, and add the file again."
    )


def _bytes(path: Path) -> bytes:
    if path.is_symlink() or not path.is_file():
        raise _damaged(path.parent, f"{path.name} is missing or no file of its own")
    try:
        return path.read_bytes()
    except OSError as error:
        raise _damaged(path.parent, f"{path.name} cannot be read ({error.strerror})") from error


def _card(path: Path) -> Batch:
    try:
        text = _bytes(path / CARD).decode()
        check_json(text, CARD)
        batch = Batch.model_validate_json(text)
    except (UnicodeDecodeError, BadInput, ValidationError) as error:
        raise _damaged(path, f"{CARD} is not as it was written") from error
    if batch.name != path.name or not set(batch.tables) <= set(TABLES):
        raise _damaged(path, f"{CARD} is not as it was written")
    return batch


def _table(path: Path, name: str, sha256: str) -> pl.DataFrame:
    content = _bytes(path / f"{name}.csv")
    if _sha256(content) != sha256:
        raise _damaged(path, f"checksum mismatch in {name}.csv")
    schema = schemas.TABLES[name]
    try:
        types = {column: kind.dtype for column, kind in schema.columns().items()}
        return schema.validate(pl.read_csv(content, schema_overrides=types), cast=True)
    except (pl.exceptions.PolarsError, dy.exc.ValidationError, dy.exc.SchemaError) as error:
        raise _damaged(path, f"{name}.csv does not fit its table any more") from error
