"""Bands of 50, 80 and 95 per cent for fans: of votes on polling day from the draws, of intention from its quantiles."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.arrival import logit
from models.forecast import Forecast

BANDS = ("lo95", "lo80", "lo50", "median", "hi50", "hi80", "hi95")
_ENDS = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
_NORMAL_90, _STEPS = 1.6449, {"80": 1.2816, "95": 1.9600}
"""Ends of central intervals of a standard normal."""
Array = NDArray[np.float64]


def vote_bands(forecast: Forecast) -> pl.DataFrame:
    """Give bands of the vote on polling day.

    Parameters
    ----------
    forecast : Forecast
        Any forecast.

    Returns
    -------
    pl.DataFrame
        ``party`` and ``BANDS``: quantiles of the draws, shares 0 to 1.
    """
    cuts = np.quantile(forecast.votes, _ENDS, axis=0)
    return pl.DataFrame({"party": forecast.parties, **dict(zip(BANDS, cuts, strict=True))})


def intention_bands(forecast: Forecast) -> pl.DataFrame:
    """Give bands of voting intention since the last election.

    A forecast keeps quantiles of the path, not its draws: the ends of 50 and 90 per cent. On the scale of log-odds the
    path is all but normal on either side of its median, so that ends of 80 and 95 per cent lie 0.78 and 1.19 times as
    far from the median as those of 90.

    Parameters
    ----------
    forecast : Forecast
        Any forecast.

    Returns
    -------
    pl.DataFrame
        ``date, party`` and ``BANDS``, shares 0 to 1.
    """
    path = forecast.intention()
    median, low, high = (_log_odds(path[name]) for name in ("q50", "q05", "q95"))
    ends = {}
    for level, z in _STEPS.items():
        ends[f"lo{level}"] = _share(median - (median - low) * z / _NORMAL_90)
        ends[f"hi{level}"] = _share(median + (high - median) * z / _NORMAL_90)
    named = path.select("date", "party", lo50="q25", median="q50", hi50="q75").with_columns(
        **{name: pl.Series(values) for name, values in ends.items()}
    )
    return named.select("date", "party", *BANDS)


def _log_odds(share: pl.Series) -> Array:
    return logit(np.clip(share.to_numpy(), 1e-6, 1 - 1e-6))


def _share(log_odds: Array) -> Array:
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))
