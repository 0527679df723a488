"""A user's file as rows of text. Limits come before parsing; what a file holds counts, not only what it is called."""

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import polars as pl

from data.errors import BadInput
from data.own.faults import Code, Fault, Faults, shown
from data.strict_json import MAX_BYTES, check_json

MAX_ROWS = 10_000
MAX_CHARACTERS = 4_096
ROW = "row"
KINDS = {".csv": "CSV", ".json": "JSON", ".xlsx": "Excel"}
SIGNATURES = {
    b"\x89PNG": "PNG",
    b"PK\x03\x04": "ZIP or Excel",
    b"PK\x05\x06": "ZIP or Excel",
    b"%PDF": "PDF",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"\x1f\x8b": "gzip",
    b"\xd0\xcf\x11\xe0": "an old Excel file (.xls)",
    b"\x89HDF": "HDF5",
    b"\x93NUMPY": "NumPy",
    b"PAR1": "Parquet",
    b"SQLite format 3": "SQLite",
    **{bytes([0x80, protocol]): "a Python pickle" for protocol in range(2, 6)},
}
MARKUP = ((b"<!doctype html", "HTML"), (b"<html", "HTML"), (b"<?xml", "XML"), (b"<", "HTML or XML"))


def _content(path: Path) -> bytes:
    """Read a file, if it is one, of an allowed type and not too large."""
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise Fault(Code.TYPE, f"only {', '.join(KINDS)} are read, not {shown(path.suffix)}. Save it as CSV.")
    try:
        if path.is_dir():
            raise Fault(Code.NO_FILE, "it is a folder. Name a file in it.")
        if not path.is_file():
            raise Fault(Code.NO_FILE, "there is no such file. Check the name.")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a name of a file"
        raise Fault(Code.NO_FILE, f"it cannot be read: {reason}.") from error
    _check_content(content, kind)
    return content


def _check_content(content: bytes, kind: str) -> None:
    if len(content) > MAX_BYTES:
        raise Fault(Code.SIZE, f"it is larger than {MAX_BYTES:,} bytes; split it.")
    if not content.strip():
        raise Fault(Code.EMPTY, "it is empty. The first row must name the columns.")
    found = next((what for start, what in SIGNATURES.items() if content.startswith(start)), None)
    if kind == "Excel":
        if found != "ZIP or Excel":
            raise Fault(Code.CONTENT, f"content is {found or 'text'}, expected Excel.")
        return
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:20].lower()
    found = found or next((what for tag, what in MARKUP if start.startswith(tag)), None)
    if found is None and kind == "CSV" and start.startswith((b"{", b"[")):
        found = "JSON"
    if found:
        raise Fault(Code.CONTENT, f"content is {found}, expected {kind}.")


def read_rows(path: Path) -> tuple[pl.DataFrame, str]:
    """Read a CSV, JSON or Excel file as rows of text.

    Parameters
    ----------
    path : Path
        The file: ``.csv``, ``.json`` (a list of flat objects) or ``.xlsx`` (its first sheet).

    Returns
    -------
    rows : pl.DataFrame
        All strings, as the file names them, spaces around cells removed and empty cells as ""; ``row`` is the row of
        the file (the header is row 1; in JSON the first object is row 2).
    sha256 : str
        SHA-256 of the content that was read.

    Raises
    ------
    BadInput
        With every fault of the file's form, one a line.
    """
    faults = Faults(path.name)
    table: list[list[str]] = []
    content = b""
    try:
        content = _content(path)
        suffix = path.suffix.lower()
        if suffix == ".xlsx":
            from data.own.workbook import sheet_rows

            table = sheet_rows(content, MAX_ROWS + 1)
        else:
            table = _json_table(_text(content)) if suffix == ".json" else _csv_table(_text(content))
    except Fault as fault:
        faults.note(fault)
    faults.stop()
    return _framed(table, faults), hashlib.sha256(content).hexdigest()


def read_upload(name: str, content: bytes) -> pl.DataFrame:
    """Read a CSV file that a visitor sent, without writing it anywhere.

    Parameters
    ----------
    name : str
        What the visitor calls it; a browser's word on its type is not asked for.
    content : bytes
        The file.

    Returns
    -------
    pl.DataFrame
        As ``read_rows`` gives it.

    Raises
    ------
    BadInput
        With every fault of the file's form, one a line.
    """
    faults = Faults(name)
    table: list[list[str]] = []
    suffix = Path(name).suffix
    try:
        if suffix.lower() != ".csv":
            raise Fault(Code.TYPE, f"only CSV is read here, not {shown(suffix)}. Save it as CSV.")
        _check_content(content, "CSV")
        table = _csv_table(_text(content))
    except Fault as fault:
        faults.note(fault)
    faults.stop()
    return _framed(table, faults)


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Fault(Code.ENCODING, f"it is not UTF-8 (byte {error.start + 1}). Save it again as UTF-8.") from error
    if "\0" in text:
        row = text[: text.index("\0")].count("\n") + 1
        raise Fault(Code.ENCODING, f"it holds a NUL byte at row {row}. Save it again as UTF-8 text.")
    return text


def _csv_table(text: str) -> list[list[str]]:
    try:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        table = [[cell.strip() for cell in row] for _, row in zip(range(MAX_ROWS + 2), reader, strict=False)]
    except csv.Error as error:
        if "field larger" in str(error):
            raise Fault(Code.SIZE, f"a field is longer than {MAX_CHARACTERS:,} characters.") from error
        raise Fault(Code.RAGGED, f"it cannot be read as CSV: {error}. Check the quotation marks.") from error
    first = table[0] if table else []
    for mark, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(first) == 1 and mark in first[0]:
            raise Fault(Code.HEADER, f"its columns are parted by {name}. Save it with commas.")
    return table


def _json_table(text: str) -> list[list[str]]:
    try:
        check_json(text, "it")
    except BadInput as error:
        raise Fault(Code.JSON, str(error)) from error
    rows: Any = json.loads(text, parse_int=str, parse_float=str)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Fault(Code.JSON, 'it must be a list of rows, as in [{"pollster": "YouGov", "lab": 30}].')
    header = list(dict.fromkeys(name for row in rows for name in row))
    table = [header]
    for number, row in enumerate(rows[: MAX_ROWS + 1], start=2):
        values = ["" if row.get(name) is None else row[name] for name in header]
        wrong = next((v for v in values if not isinstance(v, str)), None)
        if wrong is not None:
            text = f"row {number} holds {shown(json.dumps(wrong))}; every value must be text or a number."
            raise Fault(Code.JSON, text)
        table.append([value.strip() for value in values])
    if any("\ud800" <= char <= "\udfff" for line in table for cell in line for char in cell):
        raise Fault(Code.ENCODING, "it holds half a character (\\ud800 to \\udfff). Write the whole one.")
    return table


def _framed(table: list[list[str]], faults: Faults) -> pl.DataFrame:
    """Check the form of a table of cells, header first, and number its rows; blank rows are passed over."""
    start = next((i for i, row in enumerate(table) if any(row)), None)
    if start is None:
        faults.note(Fault(Code.EMPTY, "it is empty. The first row must name the columns."))
        faults.stop()
    header = table[start or 0]
    rows = [(i + 1, row) for i, row in enumerate(table) if i > (start or 0) and any(row)]
    width = len(header)
    for number, row in rows:
        if len(row) != width:
            faults.note(Fault(Code.RAGGED, f"it has {len(row)} fields, the header has {width}."), number)
        longest = max(len(cell) for cell in row)
        if longest > MAX_CHARACTERS:
            faults.note(Fault(Code.SIZE, f"a field has {longest:,} characters; at most {MAX_CHARACTERS:,}."), number)
    if len(rows) > MAX_ROWS:
        faults.note(Fault(Code.SIZE, f"it has more than {MAX_ROWS:,} rows; split it."))
    if not rows:
        faults.note(Fault(Code.EMPTY, "it has a header but no rows."))
    faults.stop()
    # Spreadsheets write columns that once held something: neither a name nor a value.
    kept = [i for i, name in enumerate(header) if name or any(row[i] for _, row in rows)]
    _check_header([header[i] for i in kept], faults)
    columns = {header[i]: [row[i] for _, row in rows] for i in kept}
    return pl.DataFrame({ROW: [number for number, _ in rows], **columns}, schema_overrides={ROW: pl.Int64})


def _check_header(header: list[str], faults: Faults) -> None:
    for place, name in enumerate(header, start=1):
        if not name:
            faults.note(Fault(Code.HEADER, f"column {place} has no name."))
        elif len(name) > MAX_CHARACTERS:
            faults.note(Fault(Code.SIZE, f"the name of column {place} has {len(name):,} characters."))
        elif name == ROW:
            faults.note(Fault(Code.NAME, f'"{ROW}" cannot be the name of a column. Remove it.'))
        elif header.index(name) < place - 1:
            faults.note(Fault(Code.HEADER, f"column {shown(name)} appears twice. Keep one of the two."))
    faults.stop()
