"""Excel workbooks, made harmless before a reader opens them.

A workbook of 1 MB can unpack to gigabytes, or name a cell so far out that the table between fills the memory. So its
parts are counted and unpacked here, never beyond what they say they hold, packed again, and cells far out refused.
"""

import io
import re
import zipfile
import zlib

import fastexcel

from data.own.faults import Code, Fault

MAX_UNPACKED = 20_000_000
MAX_PARTS = 500
MAX_COLUMNS = 100
_PLACE = re.compile(rb"""(?<![:\w])r\s*=\s*["']\s*([A-Za-z]*)([0-9]*)""")


def sheet_rows(content: bytes, max_rows: int) -> list[list[str]]:
    """Read the first sheet of a workbook.

    Parameters
    ----------
    content : bytes
        The workbook.
    max_rows : int
        Rows allowed, the header included.

    Returns
    -------
    list of list of str
        Cells by row, empty ones as "".

    Raises
    ------
    Fault
        If it is no workbook, too large once unpacked, or reaches too far down or to the right.
    """
    try:
        reader = fastexcel.read_excel(_repacked(content, max_rows))
        sheet = reader.load_sheet(0, header_row=None, skip_rows=0, dtypes="string").to_polars()
    except (fastexcel.FastExcelError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError,
            ValueError, OSError) as error:  # fmt: skip
        raise Fault(Code.CONTENT, "it is no whole Excel workbook. Save it again as .xlsx, or as CSV.") from error
    return [[cell or "" for cell in row] for row in sheet.iter_rows()]


def _repacked(content: bytes, max_rows: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(packed, "w") as copy:
        parts = source.infolist()
        unpacked = sum(part.file_size for part in parts)
        if unpacked > MAX_UNPACKED or len(parts) > MAX_PARTS:
            raise Fault(
                Code.SIZE,
                f"it unpacks to {unpacked:,} bytes in {len(parts)} parts; at most {MAX_UNPACKED:,} bytes in "
                f"{MAX_PARTS} parts are read. Save the sheet alone, as CSV.",
            )
        for part in parts:
            data = source.read(part)
            _check_reach(data, max_rows)
            copy.writestr(part.filename, data)
    return packed.getvalue()


def _check_reach(part: bytes, max_rows: int) -> None:
    """Refuse a sheet with a cell far out; UTF-16 without its zeros is near enough to find the places of cells."""
    part = part.replace(b"\0", b"")
    if b"sheetData" not in part:
        return
    for column, row in _PLACE.findall(part):
        number = 0
        for letter in column.upper()[:4]:
            number = 26 * number + letter - 64
        if number > MAX_COLUMNS or int(row[:9] or 0) > max_rows:
            raise Fault(
                Code.SIZE,
                f"cell {column.decode()}{row.decode()[:9]} is too far out; at most {max_rows:,} rows and "
                f"{MAX_COLUMNS} columns are read. Save the sheet alone, as CSV.",
            )
