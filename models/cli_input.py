"""Files named on the command line, read as text."""

import sys
from pathlib import Path

from data.errors import BadInput


def read_text(file: Path, what: str) -> str:
    """Read a file, or stdin where it is called ``-``.

    Parameters
    ----------
    file : Path
        The file.
    what : str
        What it should hold, as ``a scenario``.

    Returns
    -------
    str
        Its text.

    Raises
    ------
    BadInput
        If it cannot be read or is not UTF-8.
    """
    try:
        return sys.stdin.buffer.read().decode() if str(file) == "-" else file.read_text(encoding="utf-8")
    except OSError as error:
        raise BadInput(f"Cannot read {file}: {error.strerror}. Give the path of {what} in JSON.") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{file} is not UTF-8 (byte {error.start}). Save it again as UTF-8.") from error
