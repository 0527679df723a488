"""Which polls came in, which went out, and how voting intention moved meanwhile."""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from models.forecast import Forecast

RECENT_DAYS = 14
"""Days that count as recent: the width of the usual plain mean, so that a poll goes out of it when it is no longer."""
SAME = ["end_date", "pollster", "con", "lab"]
"""A poll whose figures were corrected is another one: the old one goes out, the new one comes in."""


@dataclass(frozen=True, kw_only=True)
class News:
    """What happened since a day.

    ``came`` and ``went`` are rows of polls (``models.poll_table.poll_rows``). ``moved`` has ``party, before, after``:
    median voting intention, 0 to 1 (``before`` null for a party without a line then).
    """

    since: date
    came: pl.DataFrame
    went: pl.DataFrame
    moved: pl.DataFrame


def recent(forecast: Forecast, rows: pl.DataFrame, days: int = RECENT_DAYS) -> News:
    """Say what happened in the last days.

    Parameters
    ----------
    forecast : Forecast
        A stored forecast.
    rows : pl.DataFrame
        Its polls.
    days : int
        How many days.

    Returns
    -------
    News
        ``went`` are the polls that a plain mean over so many days held on the first of them and has lost since; the
        model drops none, old ones only fade. ``before`` is what all polls say today of that day.
    """
    since = forecast.manifest.as_of - timedelta(days=days)
    used = rows.filter(pl.col("place").is_not_null())
    before = pl.col("end_date").is_between(since - timedelta(days=days), since, closed="right")
    path = forecast.intention().sort("date")
    return News(
        since=since,
        came=used.filter(pl.col("known_on") > since),
        went=used.filter(before),
        moved=_moved(_medians(path.filter(pl.col("date") <= since)), _medians(path)),
    )


def since_forecast(forecast: Forecast, rows: pl.DataFrame, earlier: Forecast, earlier_rows: pl.DataFrame) -> News:
    """Say what happened since an earlier forecast.

    Parameters
    ----------
    forecast : Forecast
        A stored forecast.
    rows : pl.DataFrame
        Its polls.
    earlier : Forecast
        One of the same election, made of earlier evidence.
    earlier_rows : pl.DataFrame
        The polls of that one.

    Returns
    -------
    News
        ``went`` are polls the earlier forecast used and this one does not: corrected, or taken out of the tables.
        ``before`` is what the earlier forecast said.
    """
    now, then = (table.filter(pl.col("place").is_not_null()) for table in (rows, earlier_rows))
    return News(
        since=earlier.manifest.as_of,
        came=now.join(then, on=SAME, how="anti", nulls_equal=True, maintain_order="left"),
        went=then.join(now, on=SAME, how="anti", nulls_equal=True, maintain_order="left"),
        moved=_moved(_medians(earlier.intention().sort("date")), _medians(forecast.intention().sort("date"))),
    )


def _medians(path: pl.DataFrame) -> pl.DataFrame:
    """Last median of each party on a path in order of date."""
    return path.group_by("party", maintain_order=True).agg(share=pl.col("q50").last())


def _moved(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    both = after.join(before, on="party", how="left", suffix="_before", maintain_order="left")
    return both.select("party", before="share_before", after="share")
