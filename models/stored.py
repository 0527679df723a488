"""The stored forecasts that can be shown, told from their manifests alone."""

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from models.forecast import SCHEMA_VERSION, Manifest
from models.store import ARRAYS, MANIFEST, code_version, stored_forecasts


@dataclass(frozen=True, kw_only=True)
class Stored:
    """Where a forecast lies, the last day of its evidence, polling day, and the election before."""

    folder: Path
    as_of: date
    election_date: date
    previous_election: date


def usable_forecasts() -> list[Stored]:
    """List the stored forecasts that the present code can show.

    A manifest must be readable, by the present code, and its arrays must be as long as it says. They are
    not opened here: whether a byte of them changed is found out when one is loaded.

    Returns
    -------
    list of Stored
        Newest evidence first; among equals the one of the expected polling day.
    """
    code = code_version()  # hashes every module, so once for all
    found = (_usable(folder, code) for folder in reversed(stored_forecasts()))
    return [stored for stored in found if stored is not None]


def usable(folder: Path) -> Stored | None:
    """Read what can be shown from one folder.

    Parameters
    ----------
    folder : Path
        Folder that may hold a forecast.

    Returns
    -------
    Stored or None
        None where there is none, or none that the present code can show.
    """
    return _usable(folder, code_version())


def _usable(folder: Path, code: str) -> Stored | None:
    try:
        written, length = (folder / MANIFEST).stat(), (folder / ARRAYS).stat().st_size
    except OSError:
        return None
    kept = _read(folder, written.st_mtime_ns, written.st_size)
    if kept is None or (kept[0].code_version, kept[1]) != (code, length):
        return None
    manifest = kept[0]
    return Stored(
        folder=folder,
        as_of=manifest.as_of,
        election_date=manifest.election_date,
        previous_election=manifest.previous_election,
    )


@lru_cache(maxsize=1024)
def _read(folder: Path, _changed: int, _size: int) -> tuple[Manifest, int] | None:
    """Manifest of a folder and the length of its arrays, read once for as long as the file stays the same."""
    try:
        kept = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        manifest, length = Manifest.model_validate(kept["manifest"]), int(kept["bytes"])
    except (OSError, ValueError, KeyError, TypeError, ValidationError):
        return None
    return (manifest, length) if manifest.schema_version == SCHEMA_VERSION else None
