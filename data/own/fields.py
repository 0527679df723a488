"""Headers and cells of a user's file against the columns that its kind has."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from data.own import cells
from data.own.faults import Code, Fault, Faults, shown
from data.own.reading import ROW


@dataclass(frozen=True)
class Field:
    """A column a file may have: its name, how a cell is read, and whether every row must fill it."""

    name: str
    parse: Callable[[str], Any]
    required: bool = False
    default: Any = None


def parse_rows(
    rows: pl.DataFrame, fields: Sequence[Field], faults: Faults, synonyms: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """Read every cell; what is wrong is noted.

    Parameters
    ----------
    rows : pl.DataFrame
        What ``read_rows`` gave.
    fields : sequence of Field
        Columns of this kind of file.
    faults : Faults
        Where faults are noted; raised at once when the header is wrong, as cells cannot be judged then.
    synonyms : mapping of str to str, optional
        Names of fields by other names for them, in lower case.

    Returns
    -------
    list of dict
        One dictionary a row without faults: ``row``, and every field's value (None where missing).

    Raises
    ------
    BadInput
        If the header is wrong.
    """
    header = _header(rows, fields, faults, synonyms or {})
    faults.stop()
    parsed = []
    for row in rows.iter_rows(named=True):
        number = row[ROW]
        values: dict[str, Any] = {ROW: number}
        for field in fields:
            written = header.get(field.name)
            text = "" if written is None else row[written]
            if not cells.is_missing(text):
                values[field.name] = faults.parse(field.parse, text, number, field.name)
            elif field.required:
                faults.note(
                    Fault(Code.MISSING, "nothing is given. Fill the cell, or remove the row."), number, field.name
                )
            else:
                values[field.name] = field.default
        if number not in faults.rows:
            parsed.append(values)
    return parsed


def _header(rows: pl.DataFrame, fields: Sequence[Field], faults: Faults, synonyms: Mapping[str, str]) -> dict[str, str]:
    """Names in the file by field."""
    names = {field.name: field.name for field in fields} | dict(synonyms)
    header: dict[str, str] = {}
    for written in rows.columns[1:]:
        plain = " ".join(written.lower().replace("_", " ").split())
        name = names.get(plain.replace(" ", "_")) or names.get(plain)
        if name is None:
            faults.note(Fault(Code.NAME, f"{shown(written)} is not a column. {cells.nearest(written, names)}"), 1)
        elif name in header:
            both = f"{shown(header[name])} and {shown(written)}"
            faults.note(Fault(Code.HEADER, f'columns {both} both mean "{name}". Keep one of the two.'), 1)
        else:
            header[name] = written
    for field in fields:
        if field.required and field.name not in header:
            faults.note(Fault(Code.MISSING, f'column "{field.name}" is missing. Add it.'), 1)
    return header
