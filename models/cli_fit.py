"""What ``selectorate fit`` does beyond the usual forecast: one made again from its manifest, and one by a variant."""

import re
from datetime import date
from pathlib import Path

import typer

from data.errors import BadInput
from models.forecast import Forecast


def fit_again(path: Path, variant: str | None, anyway: bool, out: Path | None) -> Forecast:
    """Remake a forecast from its manifest, store it, and say on stderr whether its draws are the same.

    Parameters
    ----------
    path : Path
        ``manifest.json`` or its folder.
    variant : str, optional
        Function of the user's that made it, where one did.
    anyway : bool
        Make it even where tables or code are others now.
    out : Path, optional
        Folder to store it in; apart from forecasts that are asked for by their dates unless given.

    Returns
    -------
    Forecast
        The forecast.
    """
    from models.remake import Recipe, remake
    from models.store import home, save_forecast

    recipe = Recipe.read(path)
    made = remake(recipe, name=variant, anyway=anyway)
    told = recipe.manifest
    folder = save_forecast(made, out or home() / "remade" / f"{told.as_of}_{told.election_date}")
    same = Recipe.read(folder).sha256 == recipe.sha256
    typer.echo(f"Stored in {folder}.", err=True)
    typer.echo(
        "Every draw is that of the manifest, to the byte."
        if same
        else "The draws are not those of the manifest to the byte: its fits were sampled elsewhere (other machine, "
        "packages, tables or code), or by code that the manifest does not name.",
        err=True,
    )
    return made


def fit_variant(name: str, dates: tuple[date, date], seed: int, out: Path | None) -> Forecast:
    """Make a forecast by a variant and store it apart from the usual ones.

    Parameters
    ----------
    name : str
        Variant or import path (``models.makers``).
    dates : tuple of date
        Last day of evidence and polling day.
    seed : int
        Seed of all random numbers.
    out : Path, optional
        Folder to store it in.

    Returns
    -------
    Forecast
        The forecast.
    """
    from models.makers import forecast_by
    from models.store import home, save_forecast

    made = forecast_by(name, *dates, seed=seed)
    named = re.sub(r"[^\w.-]+", ".", name)
    folder = save_forecast(made, out or home() / "variants" / f"{named}_{dates[0]}_{dates[1]}")
    typer.echo(f"Stored in {folder}. Look at it with: selectorate app --forecast {folder}", err=True)
    return made


def check_options(path: Path | None, variant: str | None, given: dict[str, object]) -> None:
    """Refuse options that would be passed over in silence.

    Parameters
    ----------
    path : Path, optional
        ``--from``.
    variant : str, optional
        ``--variant``.
    given : dict
        Other options by name; what is None or False was not given.

    Raises
    ------
    BadInput
        If two options exclude each other.
    """
    dates = [name for name in ("--as-of", "--election") if given[name] is not None]
    if path is not None and dates:
        raise BadInput(f"--from brings its own dates and seed. Leave {' and '.join(dates)} out.")
    if path is None and given["--anyway"]:
        raise BadInput("--anyway goes with --from.")
    if path is None and variant is None and given["--out"] is not None:
        raise BadInput("--out goes with --from or --variant: other forecasts are stored by their dates.")
