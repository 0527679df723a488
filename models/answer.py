"""Forecasts made from another one: the answer to a scenario, or draws chosen because something was observed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from models.forecast import Forecast
from models.kernel import F32


@dataclass(frozen=True)
class Answer(Forecast):
    """A forecast that knows the one it was made from.

    Attributes
    ----------
    base : Forecast
        As it was fitted: the first of the row.
    blocks : callable
        Draws the shares of every seat again, as ``models.seat_margins.share_blocks`` says.
    """

    base: Forecast
    blocks: Callable[[], Iterator[F32]]


def base_of(forecast: Forecast) -> Forecast:
    """Give the fitted forecast behind any other.

    Parameters
    ----------
    forecast : Forecast
        A forecast, or an answer.

    Returns
    -------
    Forecast
        Itself if it was fitted. What depends on tables alone, as who holds a seat, is the same for both.
    """
    return forecast.base if isinstance(forecast, Answer) else forecast
