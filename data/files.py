"""Write a file, or swap a folder, whole or not at all."""

import os
import shutil
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


def swap_folder(aside: Path, target: Path) -> None:
    """Put a folder in the place of another by two renames.

    The old folder is kept as ``.NAME.old`` until the new one is in place, and put back if that fails. Only if the
    process is killed between the two renames is neither there; ``restore_folder`` mends that.

    Parameters
    ----------
    aside : Path
        The new folder, on the same file system.
    target : Path
        Where it goes; need not exist.
    """
    kept = _kept(target)
    aside.chmod(0o755)
    if target.exists():
        shutil.rmtree(kept, ignore_errors=True)
        os.replace(target, kept)
    try:
        os.replace(aside, target)
    except BaseException:
        restore_folder(target)
        raise
    shutil.rmtree(kept, ignore_errors=True)


def restore_folder(target: Path) -> None:
    """Put the old folder back where a swap stopped between its two renames.

    Parameters
    ----------
    target : Path
        The folder that was to be replaced.
    """
    if _kept(target).is_dir() and not target.exists():
        os.replace(_kept(target), target)


def _kept(target: Path) -> Path:
    return target.with_name(f".{target.name}.old")


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
