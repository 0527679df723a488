"""What contests and leaders' ends taught, kept day by day, so that any contest can be held without sampling anything.

``data/contests/`` holds two files made by ``models.contest_shipped``. ``contests.nc`` has, for each day on which a
contest ended, what all contests over by then teach (``models.contest``) and how MPs have rallied to new leaders
(``models.mp_model``); ``survival.nc``, for the day after each general election, how long leaders have lasted
(``models.survival``). A question sees the last day before its own: nothing is learned from itself or from later on.
"""

import hashlib
import json
import os
import tempfile
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import xarray as xr

from data import load
from data.errors import BadInput, DamagedArtefact
from data.files import write_aside
from models.contest_forecast import Rallying
from models.contest_odds import ContestHabits
from models.survival_odds import Odds

FOLDER = Path(load.__file__).parent / "contests"
CONTESTS, SURVIVAL = "contests", "survival"
_AGAIN = "Make it again with: make contests."


def learned_by(day: date, folder: Path = FOLDER) -> tuple[ContestHabits, Rallying]:
    """Give what contests had taught by a day.

    Parameters
    ----------
    day : date
        The cut of the contest in question.
    folder : Path
        Where it is kept.

    Returns
    -------
    ContestHabits
        What contests over by then teach.
    Rallying
        How MPs had stood by leaders they had just got.

    Raises
    ------
    BadInput
        If the day lies before the first that was learned by.
    DamagedArtefact
        If a file is missing or damaged.
    """
    then = _by(CONTESTS, day, folder)
    return ContestHabits.of(then), Rallying.of(then)


def lasting_by(day: date, folder: Path = FOLDER) -> Odds:
    """Give what had been learned by a day of how long leaders last.

    Parameters
    ----------
    day : date
        The cut.
    folder : Path
        Where it is kept.

    Returns
    -------
    Odds
        As of the last general election.

    Raises
    ------
    BadInput
        If the day lies before the first that was learned by.
    DamagedArtefact
        If a file is missing or damaged.
    """
    return Odds.of(_by(SURVIVAL, day, folder).rename(draw="sample"))


def _by(name: str, day: date, folder: Path) -> xr.Dataset:
    kept = _kept(name, folder)
    days = kept["day"].values.astype("datetime64[D]")
    before = np.flatnonzero(days <= np.datetime64(day, "D"))
    if not before.size:
        raise BadInput(f"No contest can be held on {day}: what past ones teach is known from {days[0]} on.")
    return kept.isel(day=int(before[-1]))


@cache
def _kept(name: str, folder: Path) -> xr.Dataset:
    """All days of a file, checked against its manifest before it is opened."""
    try:
        manifest = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        whole = (folder / f"{name}.nc").read_bytes()
    except (OSError, ValueError) as error:
        raise DamagedArtefact(f"What contests taught ({name}.nc, {name}.json) cannot be read. {_AGAIN}") from error
    if hashlib.sha256(whole).hexdigest() != manifest.get("sha256"):
        raise DamagedArtefact(f"The checksum of {name}.nc does not match {name}.json. {_AGAIN}")
    with xr.open_dataset(folder / f"{name}.nc", engine="h5netcdf") as stored:
        return stored.load()


def keep(name: str, learned: dict[date, xr.Dataset], manifest: dict[str, object], folder: Path = FOLDER) -> None:
    """Write what was learned by each day, manifest last.

    Parameters
    ----------
    name : str
        ``CONTESTS`` or ``SURVIVAL``.
    learned : dict
        Day to draws with dim ``draw``, alike for all days.
    manifest : dict
        What it was made from.
    folder : Path
        Where to.
    """
    days = sorted(learned)
    both = xr.concat([learned[day] for day in days], dim="day").assign_coords(day=np.array(days, "datetime64[ns]"))
    both = both.map(lambda draws: draws.astype(np.float32))
    packed = {"zlib": True, "complevel": 6, "shuffle": True}
    folder.mkdir(exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=folder, suffix=".nc")
    os.close(handle)
    both.to_netcdf(aside, engine="h5netcdf", encoding={str(variable): packed for variable in both.data_vars})
    whole = Path(aside).read_bytes()
    text = json.dumps({"sha256": hashlib.sha256(whole).hexdigest(), **manifest}, indent=1)
    Path(aside).chmod(0o644)
    Path(aside).replace(folder / f"{name}.nc")
    write_aside(folder / f"{name}.json", text + "\n")
