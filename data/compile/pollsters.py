"""One name for each polling house, whatever a source calls it.

The names are in ``data/byhand/pollsters.csv``. Renamed houses keep one name (MORI became Ipsos, Communicate Research
became ComRes and then Savanta, TNS became Kantar and then Verian, Omnisis became We Think). Houses that merely sound
alike stay apart (ORC and ORB), as do those that were bought and polled on under both names (GfK and NOP, Norstat and
Panelbase).
"""

import polars as pl

from data.compile.common import TRUE, by_hand

HOUSES: dict[str, str] = dict(by_hand("pollsters").select("label", "pollster").iter_rows())
"""Our name by the source's, in lower case."""


def pollsters_table(made: pl.DataFrame) -> pl.DataFrame:
    """Build the table ``pollsters``.

    Parameters
    ----------
    made : pl.DataFrame
        ``pollster`` and ``known_on`` of polls and leader ratings.

    Returns
    -------
    pl.DataFrame
        One row a label; ``known_on`` is the day the first poll or rating of its pollster here was known, or, where none
        is held, the day the first of all was.
    """
    first = made.group_by("pollster").agg(pl.col("known_on").min())
    table = by_hand("pollsters").join(first, on="pollster", how="left")
    return table.with_columns(pl.col("verified") == TRUE, pl.col("known_on").fill_null(made["known_on"].min()))
