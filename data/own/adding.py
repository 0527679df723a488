"""A file of the user's rows: read, checked and stored, whole or not at all."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import polars as pl

from data import schemas
from data.errors import BadInput
from data.own import overlay
from data.own.faults import Code, Faults, shown
from data.own.overlay import OWN, Batch

HELD = {
    "polls": ("polls", "poll_shares", "elections"),
    "ratings": ("leader_ratings", "leader_tenure", "polls"),
    "mps": ("mp_contests",),
}
"""Tables against which a file of each kind is checked."""
KEYS = {"polls": "poll_id", "poll_shares": "poll_id", "leader_ratings": "rating_id"}
Reader = Callable[[pl.DataFrame, Mapping[str, pl.DataFrame], date, Faults], dict[str, pl.DataFrame]]


def add(kind: str, path: Path, today: date) -> Batch:
    """Add a file of the user's own rows.

    Parameters
    ----------
    kind : str
        ``polls``, ``ratings`` or ``mps``.
    path : Path
        The file: ``.csv``, ``.json`` or ``.xlsx``, at most 1 MB.
    today : date
        Day in the United Kingdom; no row may be later.

    Returns
    -------
    Batch
        What was stored; its name is what ``remove`` takes.

    Raises
    ------
    BadInput
        If anything is wrong with the file, every fault on a line of its own, or it was added before, or the disk
        cannot be written; nothing is stored then.
    DamagedArtefact
        If rows added before are damaged.
    """
    from data.own.reading import read_bytes, read_rows

    if kind not in HELD:
        raise BadInput(f"{Code.NAME} no kind {shown(kind)}. Allowed: {', '.join(HELD)}.")
    rows = read_rows(path)
    sha256 = hashlib.sha256(read_bytes(path)).hexdigest()
    for batch in overlay.batches():
        if (batch.sha256, batch.kind) == (sha256, kind):
            raise BadInput(f"{Code.BATCH} {shown(path.name)} was added already, as {batch.name}.")
    faults = Faults(path.name)
    found = _reader(kind)(rows, _held(kind), today, faults)
    file = shown(path.name, quoted=False)
    name = overlay.batch_name(path.name, sha256)
    tables = {table: _finished(table, frame, name, file) for table, frame in found.items()}
    about = {"name": name, "kind": kind, "file": file, "rows": rows.height, "added": today, "sha256": sha256}
    return overlay.store(Batch.model_validate({**about, "tables": {}}), tables)


def _reader(kind: str) -> Reader:
    from data.own import mps, polls, ratings

    return {"polls": polls.tables, "ratings": ratings.tables, "mps": mps.tables}[kind]


def _held(kind: str) -> dict[str, pl.DataFrame]:
    """Shipped rows, and those added before, of the tables a kind is checked against."""
    from data.load import read_table

    own = overlay.own_tables()
    shipped = {name: read_table(name) for name in HELD[kind]}
    return {name: pl.concat([frame, own[name]]) if name in own else frame for name, frame in shipped.items()}


def _finished(table: str, frame: pl.DataFrame, batch: str, file: str) -> pl.DataFrame:
    """Rows in their schema, with their source and a key that leads back to the row of the file."""
    if table in KEYS:
        key = KEYS[table]
        frame = frame.with_columns(pl.format("own-{}-row{}", pl.lit(batch), pl.col(key)).alias(key))
    schema = schemas.TABLES[table]
    complete = frame.with_columns(source=pl.lit(OWN + file)).select(schema.column_names())
    return schema.validate(complete.sort(schema.primary_key()), cast=True)
