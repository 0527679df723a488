"""Give the forecast that answers a question: the stored one where it still holds, else a new fit."""

import sys
from datetime import date
from pathlib import Path

from data import load_evidence
from models.forecast import Forecast
from models.settle import settle_dates
from models.store import OtherFormat, code_version, forecast_path, load_forecast, read_manifest, save_forecast


def obtain_forecast(
    as_of: date | None, election_date: date | None, *, seed: int, refit: bool = False, quiet: bool = False
) -> Forecast:
    """Load the stored forecast for two dates, or fit and store it.

    Parameters
    ----------
    as_of, election_date : date, optional
        As for ``settle_dates``.
    seed : int
        Seed of all random numbers.
    refit : bool
        Fit even where a stored forecast would do.
    quiet : bool
        No progress on stderr.

    Returns
    -------
    Forecast
        Made from the present tables, code version and seed.

    Raises
    ------
    BadInput
        If the dates cannot be.
    DamagedArtefact
        If the stored forecast is damaged (make it again with ``refit``) or a table is.
    """
    day, polling_day = settle_dates(as_of, election_date)
    folder = forecast_path(day, polling_day)
    if folder.exists() and not refit and _still_holds(folder, day, seed):
        return load_forecast(folder)
    from models.chain import make_forecast  # PyMC takes seconds to import, and is not needed to read a forecast

    if not quiet:
        print(f"Fitting the forecast of {polling_day} as of {day}", file=sys.stderr, flush=True)
    made = make_forecast(day, polling_day, seed=seed, progress=not quiet)
    save_forecast(made, folder)
    return made


def _still_holds(folder: Path, day: date, seed: int) -> bool:
    """Whether the stored forecast was made from the present tables, code and seed."""
    try:
        manifest = read_manifest(folder)
    except OtherFormat:  # left by another version: as stale as one of other code
        return False
    fingerprint = load_evidence().as_of(day).fingerprint()
    return (manifest.data_fingerprint, manifest.seed, manifest.code_version) == (fingerprint, seed, code_version())
