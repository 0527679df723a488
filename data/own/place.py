"""The folder of the user's rows: where it is, and writing to it.

``$SELECTORATE_HOME/own`` where that is set, else the user's folder of data (not the cache: nothing there may be lost).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from platformdirs import user_data_path

from data.errors import BadInput
from data.own.faults import Code

HOME_VARIABLE = "SELECTORATE_HOME"
LOCK = ".lock"
LONGEST_WAIT = 60.0
"""Seconds that one command waits for another."""


def folder() -> Path:
    """Folder of the user's batches."""
    given = os.environ.get(HOME_VARIABLE)
    return (Path(given) if given else user_data_path("selectorate")) / "own"


@contextmanager
def writing() -> Iterator[None]:
    """Say in one sentence what keeps the folder from being written.

    Yields
    ------
    None
        While it is written.

    Raises
    ------
    BadInput
        If the system refuses.
    """
    try:
        yield
    except OSError as error:
        raise BadInput(
            f"{Code.WRITE} cannot write to the folder of your own rows: {error.strerror}. "
            f"Free some space or change its permissions, or point {HOME_VARIABLE} elsewhere."
        ) from error


@contextmanager
def locked() -> Iterator[None]:
    """Hold the folder of own rows, so that of two commands at once the second sees what the first stored.

    Yields
    ------
    None
        While it is held.

    Raises
    ------
    BadInput
        If another command holds it for a minute, or the folder cannot be written.
    """
    with writing():
        folder().mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder() / LOCK)
        try:
            lock.acquire(timeout=LONGEST_WAIT)
        except Timeout as error:
            raise BadInput(f"{Code.WRITE} another command is adding rows of your own. Wait, and try again.") from error
    try:
        yield
    finally:
        lock.release()
