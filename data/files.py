"""Write a file whole or not at all."""

import os
import tempfile
from pathlib import Path


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
