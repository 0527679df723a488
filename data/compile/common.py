"""What every compiler shares: finding raw files, and writing a table the same way byte for byte."""

from pathlib import Path

import dataframely as dy
import polars as pl
import polars.selectors as cs

from data import schemas
from data.errors import BadInput
from data.files import write_aside

TRUE = "true"
"""How facts by hand write yes."""
FLOAT_DECIMALS = 6
"""Decimals kept in shipped tables: finer than any source, coarse enough to hide rounding of the last bit."""


def raw_file(raw: Path, name: str) -> Path:
    """Find one raw file.

    Parameters
    ----------
    raw : Path
        Folder of raw files, with one subfolder a subject (``polls``, ``results``, ...).
    name : str
        Path below ``raw``, such as ``polls/polls_2026_spot.csv``.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    BadInput
        If the file is not there.
    """
    path = raw / name
    if not path.is_file():
        raise BadInput(
            f"Raw file {name} is missing from {raw}: data/SOURCES.md lists the files needed and where they come from; "
            "pass the folder that holds them with --raw."
        )
    return path


def read_text_csv(raw: Path, name: str) -> pl.DataFrame:
    """Read a raw CSV with every column as text, so that no value is changed by guessing types.

    Parameters
    ----------
    raw : Path
        Folder of raw files.
    name : str
        Path below ``raw``.

    Returns
    -------
    pl.DataFrame
        Columns as the file names them, all strings; empty cells are null.

    Raises
    ------
    BadInput
        If the file is missing, empty or cannot be parsed.
    """
    path = raw_file(raw, name)
    try:
        return pl.read_csv(path, infer_schema=False)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise BadInput(
            f"Raw file {name} cannot be read as CSV: {str(error).splitlines()[0]} Fetch it again."
        ) from error


def read_at(raw: Path, name: str, at: dict[int, str], *, header: bool) -> pl.DataFrame:
    """Read columns of a raw CSV by position: most of the parliamentary files have no header.

    Parameters
    ----------
    raw : Path
        Folder of raw files.
    name : str
        Path below ``raw``.
    at : dict of int to str
        Position (from 0) and name of each column wanted.
    header : bool
        Whether the first line is a header.

    Returns
    -------
    pl.DataFrame
        The columns, all strings without blanks around them.

    Raises
    ------
    BadInput
        If the file is missing or has too few columns.
    """
    path = raw_file(raw, name)
    try:
        frame = pl.read_csv(path, has_header=header, infer_schema=False)
        return frame.select(pl.nth(position).str.strip_chars().alias(column) for position, column in at.items())
    except (pl.exceptions.PolarsError, OSError) as error:
        raise BadInput(
            f"Raw file {name} has not the columns expected: {str(error).splitlines()[0]} Fetch it again."
        ) from error


def new_codes(raw: Path) -> dict[str, str]:
    """Read the codes that five Scottish seats of 2024 were given late, which most files on those seats lack.

    Parameters
    ----------
    raw : Path
        Folder of raw files.

    Returns
    -------
    dict of str to str
        New code of each old one.

    Raises
    ------
    BadInput
        If the file is missing or has too few columns.
    """
    return dict(read_at(raw, "results/revised_scottish_codes_2024.csv", {0: "old", 2: "new"}, header=False).iter_rows())


def validated(name: str, frame: pl.DataFrame) -> dy.DataFrame[dy.Schema]:
    """Bring a table into its shipped form: schema's columns and types, rounded, sorted by primary key.

    Parameters
    ----------
    name : str
        A key of ``schemas.TABLES``.
    frame : pl.DataFrame
        The rows, in any order; columns that the schema does not have are dropped.

    Returns
    -------
    dy.DataFrame
        The validated table.

    Raises
    ------
    BadInput
        If a rule of the schema fails: a raw file is not what the compiler expects.
    """
    schema = schemas.TABLES[name]
    try:
        ordered = frame.select(schema.column_names()).with_columns(cs.float().round(FLOAT_DECIMALS))
        return schema.validate(ordered.sort(schema.primary_key()), cast=True)
    except (pl.exceptions.PolarsError, dy.exc.ValidationError, dy.exc.SchemaError) as error:
        reason = " ".join(str(error).split())
        raise BadInput(f"Table {name} compiled from the raw files breaks its contract: {reason}") from error


def write_table(name: str, frame: pl.DataFrame, folder: Path) -> Path:
    r"""Validate a table and write it as CSV, the same bytes for the same rows.

    Parameters
    ----------
    name : str
        A key of ``schemas.TABLES``; the file is ``<name>.csv``.
    frame : pl.DataFrame
        The rows, in any order.
    folder : Path
        Where to write; made if it does not exist.

    Returns
    -------
    Path
        The file written (UTF-8, ``\n`` line ends, rows in primary-key order, null as an empty cell).

    Raises
    ------
    BadInput
        If a rule of the schema fails; nothing is written then.
    """
    table = validated(name, frame)
    return write_aside(folder / f"{name}.csv", table.write_csv(line_terminator="\n"))


def by_hand(name: str) -> pl.DataFrame:
    """Read facts that no raw file holds, compiled by hand, every column as text.

    Parameters
    ----------
    name : str
        Table; the file is ``data/byhand/<name>.csv``.

    Returns
    -------
    pl.DataFrame
        Columns as the file names them, all strings; empty cells are null.

    Raises
    ------
    BadInput
        If the file is missing, empty or cannot be parsed.
    """
    return read_text_csv(Path(__file__).parents[1] / "byhand", f"{name}.csv")


def with_hand(name: str, rows: pl.DataFrame, hand: pl.DataFrame) -> pl.DataFrame:
    """Add rows compiled by hand to those of the raw file, each row once.

    Parameters
    ----------
    name : str
        A key of ``schemas.TABLES``; the rows by hand are of ``data/byhand/<name>.csv``.
    rows : pl.DataFrame
        Rows of the raw file, which stay as they are.
    hand : pl.DataFrame
        Rows by hand, with the same columns.

    Returns
    -------
    pl.DataFrame
        Both, those of the raw file first.

    Raises
    ------
    BadInput
        If a row by hand has the key of another row, so that one of the two would have to give way.
    """
    key = schemas.TABLES[name].primary_key()
    both = pl.concat([rows, hand.select(rows.columns)])
    doubled = both.filter(~pl.struct(key).is_first_distinct())
    if doubled.height:
        row = " ".join(map(str, doubled.select(key).row(0)))
        raise BadInput(f"data/byhand/{name}.csv: the row {row} is held already. Take it out, or correct its key.")
    return both
