"""Pairs of parties that have a majority together."""

from collections.abc import Sequence
from itertools import combinations

import polars as pl

from models.count import has_majority
from models.forecast import Forecast


def partnerships(forecast: Forecast, lines: Sequence[str]) -> pl.DataFrame:
    """Give chances that two lines together have a majority that neither has alone.

    Parameters
    ----------
    forecast : Forecast
        Any forecast.
    lines : sequence of str
        Codes of those that may go together.

    Returns
    -------
    pl.DataFrame
        ``first, second, p``, a row a pair, most likely first. Arithmetic, not a claim that they would agree.
    """
    alone, rows = has_majority(forecast.seats), []
    for first, second in combinations(lines, 2):
        i, j = forecast.lines.index(first), forecast.lines.index(second)
        together = forecast.seats[:, i] + forecast.seats[:, j] >= forecast.majority
        rows.append((first, second, float((together & ~alone[:, i] & ~alone[:, j]).mean())))
    schema = {"first": pl.String, "second": pl.String, "p": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row").sort("p", descending=True, maintain_order=True)
