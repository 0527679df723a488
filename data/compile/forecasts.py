"""Raw file of seats that others forecast, compiled into ``published_forecasts``."""

from pathlib import Path

import polars as pl

from data.compile.common import read_text_csv
from data.compile.library import ELECTIONS
from data.errors import BadInput

FILE = "benchmarks/seat_forecasts_2010_2024.csv"
PARTIES = {"con": "con", "lab": "lab", "ld": "lib", "snp": "snp"}
"""Column of the raw file to party code."""
ACTUAL = "ACTUAL"
"""The forecaster's name in the rows that hold the result."""
COUNTED = "argmax"
"""Mark in ``source``: totals that a third party counted from a constituency table, printed by no page."""


def tables(raw: Path) -> dict[str, pl.DataFrame]:
    """Compile the seats forecast by others.

    Parameters
    ----------
    raw : Path
        Folder of raw files, with ``benchmarks/``.

    Returns
    -------
    dict of str to pl.DataFrame
        ``published_forecasts``, without the rows that hold the result.

    Raises
    ------
    BadInput
        If the file is missing or holds something other than expected.
    """
    rows = long_rows(raw).filter(pl.col("forecaster") != ACTUAL)
    return {"published_forecasts": rows.sort("election_date", "forecaster", "party")}


def long_rows(raw: Path) -> pl.DataFrame:
    """Read forecasts and results, one row a party.

    Parameters
    ----------
    raw : Path
        Folder of raw files.

    Returns
    -------
    pl.DataFrame
        Columns of ``published_forecasts``; the result goes by the forecaster ``ACTUAL``.

    Raises
    ------
    BadInput
        If the file is missing or holds something other than expected.
    """
    days = {name: day for name, (day, _) in ELECTIONS.items()}
    try:
        wide = read_text_csv(raw, FILE).with_columns(election_date=pl.col("election").replace_strict(days))
        index = ["election_date", "forecaster", "kind", "source"]
        rows = wide.rename(PARTIES).unpivot(list(PARTIES.values()), index=index, variable_name="party")
        return rows.drop_nulls("value").with_columns(
            seats=pl.col("value").cast(pl.Float64),
            verified=~pl.col("source").str.contains(COUNTED),
            known_on="election_date",
        )
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0]
        raise BadInput(f"Raw file {FILE} is not as data/SOURCES.md describes it: {reason} Fetch it again.") from error
