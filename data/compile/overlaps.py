"""Which seats of the set of 2024 were made of which of the set of 2010, by the people who live there."""

from pathlib import Path

import polars as pl

from data.compile.common import new_codes, read_at
from data.compile.maps import KNOWN_ON
from data.errors import BadInput

OVERLAPS = "results/constituency_overlaps_2010_2024.csv"
COLUMNS = {1: "constituency_old", 3: "constituency", 9: "of_old", 10: "of_new"}


def tables(raw: Path) -> dict[str, pl.DataFrame]:
    """Compile the overlaps of the sets of 2010 and 2024.

    Parameters
    ----------
    raw : Path
        Folder of raw files.

    Returns
    -------
    dict of str to pl.DataFrame
        Table ``overlaps``, one row a pair of seats with people in common.

    Raises
    ------
    BadInput
        If a raw file is missing or not what is expected.
    """
    pairs = read_at(raw, OVERLAPS, COLUMNS, header=False)
    try:
        parts = pairs.with_columns(pl.col("of_old", "of_new").cast(pl.Float64))
    except pl.exceptions.PolarsError as error:
        raise BadInput(
            f"Raw file {OVERLAPS} holds something other than numbers: {str(error).splitlines()[0]} Fetch it again."
        ) from error
    peopled = parts.filter(pl.col("of_old").ne_missing(0))  # elsewhere only ground that nobody lives on changed seats
    return {
        "overlaps": peopled.with_columns(
            pl.col("constituency").replace(new_codes(raw)),
            old_set=pl.lit("2010"),
            new_set=pl.lit("2024"),
            known_on=pl.lit(KNOWN_ON["2024"]),
        )
    }
