"""Replays of past contests as they stand in ``reports/``: their two files, read."""

from pathlib import Path

import polars as pl

from data.errors import BadInput, DamagedArtefact
from models.reports import REPORTS

SCORES, RULES = "contests.csv", "contest_rules.csv"
DATES = ("eve",)
_AGAIN = "Make it again with: make contests."


def read_contests(name: str = SCORES, folder: Path = REPORTS) -> pl.DataFrame:
    """Read one of the two files.

    Parameters
    ----------
    name : str
        ``SCORES``, a row a contest (``models.contest_scores.scores``), or ``RULES``, a row a contest and rule
        (``models.leadership.price_table`` with ``contest_id, party, eve, in_force, happened``).
    folder : Path
        Where they lie.

    Returns
    -------
    pl.DataFrame
        Oldest contest first.

    Raises
    ------
    BadInput
        If there is none.
    DamagedArtefact
        If it cannot be read.
    """
    path = folder / name
    if not path.is_file():
        raise BadInput(f"No report of past contests is here ({name}). {_AGAIN}")
    try:
        return pl.read_csv(path, try_parse_dates=True, infer_schema_length=None).with_columns(
            pl.col(DATES).cast(pl.Date)
        )
    except (pl.exceptions.PolarsError, UnicodeDecodeError) as error:
        raise DamagedArtefact(f"{name} cannot be read: {str(error).splitlines()[0]} {_AGAIN}") from error
