"""Write a file whole or not at all."""

import os
import tempfile
from pathlib import Path

from data.errors import BadInput


def write_aside(path: Path, text: str) -> Path:
    """Write text to a temporary file beside ``path``, then rename it into place.

    Parameters
    ----------
    path : Path
        File to write or replace; its folder is made if need be.
    text : str
        Content, written as UTF-8.

    Returns
    -------
    Path
        ``path``.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}.", suffix=path.suffix)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        Path(aside).chmod(0o644)
        os.replace(aside, path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
    return path


def write_out(path: Path, text: str) -> Path:
    """Write text where a user asked for it, as ``write_aside`` does.

    Parameters
    ----------
    path : Path
        File to write or replace.
    text : str
        Content, written as UTF-8.

    Returns
    -------
    Path
        ``path``.

    Raises
    ------
    BadInput
        If the file cannot be written there.
    """
    try:
        return write_aside(path, text)
    except OSError as error:
        raise BadInput(f"Cannot write {path}: {error.strerror}. Give the path of a file in a folder.") from error
