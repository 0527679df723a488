"""What a map tells of every seat, of a forecast or of a scenario's answer beside it."""

import polars as pl

from models.forecast import Forecast
from models.seat_holders import holders
from models.seat_table import swing_needed


def seats_to_map(base: Forecast, forecast: Forecast) -> pl.DataFrame:
    """Lay out what maps are coloured by.

    Parameters
    ----------
    base : Forecast
        A forecast.
    forecast : Forecast
        The same, or what a scenario makes of it, with shares by constituency.

    Returns
    -------
    pl.DataFrame
        ``Forecast.constituencies`` of ``forecast`` with the columns of ``models.seat_holders.holders`` and of the
        nearest challenger of ``models.seat_table.swing_needed`` (``ahead, challenger, swing``; without a challenger
        ``ahead`` is the winner); and ``was``, with which the likeliest winner is compared: the holder, or in a scenario
        the likeliest winner without it.
    """
    seats = forecast.constituencies().join(holders(base), on="constituency", maintain_order="left")
    was = seats["holder"] if forecast is base else base.constituencies()["winner"]
    nearest = swing_needed(forecast).drop("name").unique("constituency", keep="first")
    joined = seats.with_columns(was=was).join(nearest, on="constituency", how="left", maintain_order="left")
    return joined.with_columns(pl.col("ahead").fill_null(pl.col("winner")))
