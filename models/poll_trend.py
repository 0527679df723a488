"""Polls smoothed the plain way, to be held beside the model's path: a moving mean, and a local regression.

Neither knows who made a poll, how many people were asked or how fast opinion moves, and neither says how sure it is.
"""

from datetime import date

import numpy as np
import polars as pl

from models.forecast import Forecast
from models.poll_leans import Array

MODEL, MEAN, LOCAL = "model", "mean", "local"
SMOOTHERS = (MODEL, MEAN, LOCAL)
MEAN_DAYS = 14
"""Days over which the plain mean runs, the last of them included: what newspapers call the poll of polls."""
REACH_DAYS = 60
"""Days on either side that a local regression sees: about three waves of the slowest monthly pollsters."""
BEYOND_DAYS = 7
"""Days beyond the first and last poll to which a local regression is drawn: a step of the path."""
LEAST_POLLS = 3
"""Polls without which neither draws a line."""


def plain_mean(days: Array, share: Array, grid: Array, *, width: float = MEAN_DAYS) -> Array:
    """Mean of the polls that ended in the last days, each counting the same.

    Parameters
    ----------
    days : array of shape (n_polls,)
        Last days of fieldwork, as numbers.
    share : array of shape (n_polls,)
        Shares, none missing.
    grid : array of shape (n_days,)
        Days on which the mean is wanted.
    width : float
        Days it runs over.

    Returns
    -------
    array of shape (n_days,)
        NaN where fewer than ``LEAST_POLLS`` polls ended.
    """
    near = (days <= grid[:, None]) & (days > grid[:, None] - width)
    n = near.sum(axis=1)
    return np.where(n >= LEAST_POLLS, near @ share / np.maximum(n, 1), np.nan)


def local_regression(days: Array, share: Array, grid: Array, *, reach: float = REACH_DAYS) -> Array:
    """Straight line through the polls around each day, near ones weighing more (tricube weights, as LOESS has them).

    Parameters
    ----------
    days, share, grid : array
        As ``plain_mean`` takes them.
    reach : float
        Days on either side beyond which polls weigh nothing.

    Returns
    -------
    array of shape (n_days,)
        NaN where fewer than ``LEAST_POLLS`` polls are in reach, and beyond the first and the last poll by more than
        ``BEYOND_DAYS``: a line runs on where it has nothing to hold it.
    """
    lag = days - grid[:, None]
    weight = np.clip(1.0 - (np.abs(lag) / reach) ** 3, 0.0, None) ** 3
    total = np.maximum(weight.sum(axis=1), 1e-12)
    middle, level = (weight * lag).sum(axis=1) / total, weight @ share / total
    off = lag - middle[:, None]
    spread = (weight * off**2).sum(axis=1)
    slope = (weight * off) @ share / np.maximum(spread, 1e-12)
    told = (weight > 0.0).sum(axis=1) >= LEAST_POLLS
    held = (grid >= days.min(initial=np.inf) - BEYOND_DAYS) & (grid <= days.max(initial=-np.inf) + BEYOND_DAYS)
    return np.where(told & held, level - slope * middle, np.nan)


def trend(forecast: Forecast, rows: pl.DataFrame, parties: list[str], smoother: str) -> pl.DataFrame:
    """Voting intention by one of the ``SMOOTHERS``, on the days of the forecast's path.

    Parameters
    ----------
    forecast : Forecast
        A stored forecast.
    rows : pl.DataFrame
        As ``models.poll_table.poll_rows`` gives it; only polls with a ``place`` count, so that all see the same ones.
    parties : list of str
        Parties wanted.
    smoother : str
        ``model`` (the median of the path), ``mean`` or ``local``.

    Returns
    -------
    pl.DataFrame
        ``date, party, share``, every day of the path for each party; null where the smoother says nothing.
    """
    if smoother == MODEL:
        path = forecast.intention().filter(pl.col("party").is_in(parties))
        return path.select("date", "party", share="q50")
    grid = forecast.tree["path"].ds["date"].values.astype("datetime64[D]")
    smooth = plain_mean if smoother == MEAN else local_regression
    parts = []
    for party in parties:
        polls = rows.filter(pl.col("place").is_not_null(), pl.col(party).is_not_null())
        days = polls["end_date"].cast(pl.Int32).to_numpy().astype(np.float64)
        line = smooth(days, polls[party].to_numpy(), grid.astype(np.float64))
        parts.append(pl.DataFrame({"date": grid, "party": [party] * grid.size, "share": line}))
    empty = pl.DataFrame(schema={"date": pl.Date, "party": pl.String, "share": pl.Float64})
    return pl.concat([empty, *parts]).with_columns(pl.col("share").fill_nan(None))


def at(line: pl.DataFrame, party: str, day: date) -> float | None:
    """Share of a party on the last day of a ``trend`` up to a day, within a week of it; None where there is none."""
    told = line.drop_nulls("share").filter(pl.col("party") == party, pl.col("date") <= day).sort("date").tail(1)
    if told.is_empty() or (day - told["date"].item()).days > 7:
        return None
    return float(told["share"].item())
