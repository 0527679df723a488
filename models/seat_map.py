"""What a map tells of every seat, of a forecast or of a scenario's answer beside it."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.forecast import Forecast
from models.pairs import GB_NATIONS
from models.record import gb_shares
from models.scenario import keep_last
from models.seat_holders import holders, known_on_day
from models.seat_table import swing_needed
from models.simple_swing import complete, swing_seats


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
        ``ahead`` is the winner); ``was``, with which the likeliest winner is compared: the holder, or in a scenario the
        likeliest winner without it; and ``uniform``, the winner if every seat of Great Britain swung alike to the same
        expected votes: another rule for the same votes, which has no chances.
    """
    seats = forecast.constituencies().join(holders(base), on="constituency", maintain_order="left")
    was = seats["holder"] if forecast is base else base.constituencies()["winner"]
    joined = seats.with_columns(was=was).join(_nearest(forecast), on="constituency", how="left", maintain_order="left")
    ours = ~pl.col("nation").is_in(GB_NATIONS)
    return joined.with_columns(
        pl.col("ahead").fill_null(pl.col("winner")),
        uniform=pl.when(ours).then("winner").otherwise(pl.Series(_uniform(base, forecast))),
    )


def _uniform(base: Forecast, forecast: Forecast) -> NDArray[np.str_]:
    """Winner of every seat by uniform swing from the last result to the expected votes."""
    won = swing_seats(forecast, _last_votes(base), forecast.votes.mean(axis=0)[None])[0]
    lines = forecast.lines
    return np.array([lines[line] for line in won])


@keep_last
def _last_votes(forecast: Forecast) -> NDArray[np.float64]:
    """Last result in Great Britain, by the forecast's parties."""
    before = gb_shares(known_on_day(forecast.manifest.as_of), forecast.manifest.previous_election)
    return complete(before, forecast.parties, before)


@keep_last
def _nearest(forecast: Forecast) -> pl.DataFrame:
    """Nearest challenger of each seat, and the swing that would put it level."""
    return swing_needed(forecast).drop("name").unique("constituency", keep="first")
