"""Keep a forecast in one folder: ``forecast.nc`` (netCDF with checksums) beside ``manifest.json``.

A forecast is written aside and renamed into place, manifest last, so a reader never meets half of one. The manifest
holds the file's SHA-256, and the file is hashed before the HDF5 library opens it: a changed byte, or a file made by
somebody else that points outside itself, is refused unread.
"""

import hashlib
import json
import os
import shutil
import tempfile
from datetime import date
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import xarray as xr
from platformdirs import user_cache_path
from pydantic import ValidationError

from data.errors import BadInput, DamagedArtefact
from data.own.place import HOME_VARIABLE
from models.forecast import GROUPS, SCHEMA_VERSION, Forecast, Manifest
from models.modules import FOLDER, behind
from models.record import NEXT_ELECTION

ARRAYS = "forecast.nc"
MANIFEST = "manifest.json"
SHOWN_VARIABLE = "SELECTORATE_FORECAST"
KEEPERS = frozenset({"fingerprint", "modules", "store"})
"""Modules behind a forecast that neither fit nor draw: they keep it and tell whether it is stale."""


class OtherFormat(DamagedArtefact):
    """A stored forecast is whole, but of another version's format."""


def statistical_modules() -> list[Path]:
    """Files of the modules whose change makes a stored forecast stale, in order: those behind ``models.chain``."""
    return [FOLDER / f"{name}.py" for name in sorted(behind("chain") - KEEPERS)]


@cache
def code_version() -> str:
    """Version of the package and eight digits of its models' hash, so that changed code is not mistaken for old."""
    digest = hashlib.sha256()
    for path in statistical_modules():
        digest.update(path.read_bytes())
    try:
        release = version("selectorate")
    except PackageNotFoundError:
        release = "0"
    return f"{release}+{digest.hexdigest()[:8]}"


def home() -> Path:
    """Folder of stored forecasts: ``$SELECTORATE_HOME``, else the user's cache folder."""
    given = os.environ.get(HOME_VARIABLE)
    return Path(given) if given else user_cache_path("selectorate")


def forecast_path(as_of: date, election_date: date) -> Path:
    """Folder of the forecast made ``as_of`` one day for an election on another."""
    return home() / "forecasts" / f"{as_of}_{election_date}"


def stored_forecasts() -> list[Path]:
    """Folders of all stored forecasts, oldest evidence first; among equals the expected polling day comes last."""
    found = (path.parent for path in (home() / "forecasts").glob(f"[!.]*/{MANIFEST}"))
    expected = NEXT_ELECTION.isoformat()
    return sorted(found, key=lambda folder: (folder.name[:10], folder.name.endswith(expected), folder.name))


def default_path() -> Path:
    """Folder of the forecast to show: ``$SELECTORATE_FORECAST``, else the newest stored, if there is one."""
    named = os.environ.get(SHOWN_VARIABLE)
    stored = stored_forecasts()
    newest = stored[-1] if stored else home() / "forecasts" / "none"
    return Path(named) if named else newest


def save_forecast(forecast: Forecast, folder: Path) -> Path:
    """Write a forecast, whole or not at all.

    Parameters
    ----------
    forecast : Forecast
        What to store.
    folder : Path
        Where; replaced if it exists.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    BadInput
        If the folder cannot be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder.parent))
    except OSError as error:
        raise BadInput(f"Cannot write a forecast to {folder.parent}: {error.strerror}. Set {HOME_VARIABLE}.") from error
    try:
        _write(forecast, aside)
        if folder.exists():
            os.replace(folder, Path(tempfile.mkdtemp(prefix=".replaced-", dir=folder.parent)))
        os.replace(aside, folder)
        for old in folder.parent.glob(".replaced-*"):
            shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise BadInput(f"Cannot write a forecast to {folder}: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return folder


def _write(forecast: Forecast, folder: Path) -> None:
    packed = {"zlib": True, "complevel": 1, "fletcher32": True}
    encoding = {
        f"/{group}": {
            str(name): packed
            for name, array in forecast.tree[group].to_dataset().data_vars.items()
            if array.ndim and array.dtype.kind in "fiu"
        }
        for group in GROUPS
    }
    forecast.tree.to_netcdf(folder / ARRAYS, engine="h5netcdf", encoding=encoding)
    text = json.dumps(
        {
            "sha256": _sha256(folder / ARRAYS),
            "bytes": (folder / ARRAYS).stat().st_size,
            "manifest": forecast.manifest.model_dump(mode="json"),
            "draws": forecast.n_draws,
            "variant": forecast.tree.attrs.get("variant"),
        },
        indent=2,
    )
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """Read what a stored forecast was made from, without opening its arrays.

    Parameters
    ----------
    folder : Path
        Folder of a stored forecast.

    Returns
    -------
    Manifest
        Its manifest.

    Raises
    ------
    BadInput
        If there is no forecast in the folder.
    DamagedArtefact
        If the manifest cannot be read or the arrays do not match it; ``OtherFormat`` if another version wrote it.
    """
    if not (folder / MANIFEST).is_file():
        raise BadInput(f"No forecast is stored in {folder.name}/. Make one with: selectorate fit.")
    try:
        kept = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        written = int(kept["manifest"]["schema_version"])
        if written != SCHEMA_VERSION:  # before anything else is read: another format may lack what this one needs
            raise OtherFormat(
                f"The forecast stored in {folder.name}/ has format {written}, this version reads {SCHEMA_VERSION}. "
                "Make it again with: selectorate fit."
            )
        manifest = Manifest.model_validate(kept["manifest"])
        size, digest = int(kept["bytes"]), str(kept["sha256"])
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise _damaged(folder, f"{MANIFEST} cannot be read") from error
    path = folder / ARRAYS
    if not path.is_file():
        raise _damaged(folder, f"{ARRAYS} is missing")
    if path.stat().st_size != size:
        raise _damaged(folder, f"{ARRAYS} has {path.stat().st_size:,} bytes, {size:,} were written")
    if _sha256(path) != digest:
        raise _damaged(folder, f"the checksum of {ARRAYS} does not match its manifest")
    return manifest


def _damaged(folder: Path, why: str) -> DamagedArtefact:
    return DamagedArtefact(
        f"The forecast stored in {folder.name}/ is damaged or foreign: {why}. Make it again with: selectorate fit."
    )


def load_forecast(folder: Path) -> Forecast:
    """Read a stored forecast into memory.

    Parameters
    ----------
    folder : Path
        Folder written by ``save_forecast``.

    Returns
    -------
    Forecast
        The forecast.

    Raises
    ------
    BadInput
        If there is no forecast in the folder, or other code made it, whose parameters may have meant something else.
    DamagedArtefact
        If a file is missing, damaged or not ours.
    """
    manifest = read_manifest(folder)
    if manifest.code_version != code_version():
        made = f"The forecast stored in {folder.name}/ was made by version {manifest.code_version}"
        raise BadInput(f"{made}, this is {code_version()}. Make it again with: selectorate fit.")
    try:
        with xr.open_datatree(folder / ARRAYS, engine="h5netcdf") as tree:
            loaded = tree.load()
    except (OSError, ValueError, KeyError) as error:
        raise _damaged(folder, f"{ARRAYS} cannot be opened") from error
    missing = [group for group in GROUPS if group not in loaded.children]
    if missing:
        raise _damaged(folder, f"{ARRAYS} lacks the group {missing[0]!r}")
    return Forecast(loaded, manifest)
