"""A file of the user's rows: read, checked and stored, whole or not at all."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import polars as pl

from data import schemas
from data.errors import BadInput
from data.load import read_table
from data.own import events, mps, overlay, polls, ratings
from data.own.faults import Code, Faults, shown
from data.own.kinds import Kind
from data.own.overlay import OWN, Batch
from data.own.place import locked
from data.own.reading import read_rows

Reader = Callable[[pl.DataFrame, Mapping[str, pl.DataFrame], date, Faults], dict[str, pl.DataFrame]]
READERS: dict[Kind, tuple[Reader, tuple[str, ...]]] = {
    Kind.polls: (polls.tables, ("polls", "poll_shares", "pollsters", "elections")),
    Kind.ratings: (ratings.tables, ("leader_ratings", "leader_tenure", "polls", "pollsters")),
    Kind.mps: (mps.tables, ("mp_contests", "leader_tenure")),
    Kind.events: (events.tables, ("mp_events", "leader_tenure")),
}
"""Reader of each kind of file, and the tables against which it is checked."""
KEYS = {"polls": "poll_id", "poll_shares": "poll_id", "leader_ratings": "rating_id"}


def add(kind: str, path: Path, today: date) -> Batch:
    """Add a file of the user's own rows.

    Parameters
    ----------
    kind : str
        A value of ``Kind``.
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
    if kind not in list(Kind):
        raise BadInput(f"{Code.NAME} no kind {shown(kind)}. Allowed: {', '.join(Kind)}.")
    read, checked_against = READERS[Kind(kind)]
    rows, sha256 = read_rows(path)
    with locked():
        for batch in overlay.batches():
            if (batch.sha256, batch.kind) == (sha256, kind):
                raise BadInput(f"{Code.BATCH} {shown(path.name)} was added already, as {batch.name}.")
        found = read(rows, _held(checked_against), today, Faults(path.name))
        file = shown(path.name, quoted=False)
        name = overlay.batch_name(path.name, sha256)
        tables = {table: _finished(table, frame, name, file) for table, frame in found.items()}
        about = {"name": name, "kind": kind, "file": file, "rows": rows.height, "added": today, "sha256": sha256}
        return overlay.store(Batch.model_validate({**about, "tables": {}}), tables)


def _held(names: Sequence[str]) -> dict[str, pl.DataFrame]:
    """Shipped rows, and those added before, of some tables."""
    own = overlay.own_tables()
    shipped = {name: read_table(name) for name in names}
    return {name: pl.concat([frame, own[name]]) if name in own else frame for name, frame in shipped.items()}


def _finished(table: str, frame: pl.DataFrame, batch: str, file: str) -> pl.DataFrame:
    """Rows in their schema, with their source and a key that leads back to the row of the file."""
    if table in KEYS:
        key = KEYS[table]
        frame = frame.with_columns(pl.format("own-{}-row{}", pl.lit(batch), pl.col(key)).alias(key))
    schema = schemas.TABLES[table]
    complete = frame.with_columns(source=pl.lit(OWN + file)).select(schema.column_names())
    return schema.validate(complete.sort(schema.primary_key()), cast=True)
