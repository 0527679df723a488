"""A forecast if something had been observed: the same simulations, those in which it comes about counting more.

Nothing is moved: this is what else would then be likely, not what doing it would bring about (``models.scenario``).
Simulations are weighed by what is given and drawn again in proportion, so that the result is a forecast like any other.
"""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from data.errors import BadInput
from models.answer import Answer, base_of
from models.count import has_majority, is_largest
from models.forecast import Forecast
from models.given import HUNG, Given, check_given, read_given
from models.kernel import F32
from models.reweight import FEWEST, effective_size, resample
from models.scenario import simulator
from models.seat_errors import BLOCK
from models.seat_margins import share_blocks
from models.swing import QUANTILES, SeatDraws, outcome_of
from models.tally import Tally, quantiles

__all__ = ["FEWEST", "HUNG", "Given", "check_given", "condition", "given_of", "log_weights", "matching", "read_given"]
KEY = "given"
"""Where the text of ``manifest.scenario`` says what was given; no setting of a scenario has this name."""


def given_of(forecast: Forecast) -> Given | None:
    """Read off a forecast what it supposes to have been observed.

    Parameters
    ----------
    forecast : Forecast
        Any forecast.

    Returns
    -------
    Given or None
        None where nothing was.
    """
    told = json.loads(forecast.manifest.scenario or "{}").get(KEY)
    return None if told is None else Given.model_validate(told)


def log_weights(forecast: Forecast, given: Given) -> NDArray[np.float64]:
    """Weigh every simulation by what is given.

    Parameters
    ----------
    forecast : Forecast
        A forecast, or the answer to a scenario.
    given : Given
        What is supposed to have been observed, checked by ``check_given``.

    Returns
    -------
    array of shape (n_draws,)
        Logarithms of weights: a normal kernel around each share, 0 at its top; minus infinity where a seat, the
        largest party or the majority is another. Where k parties tie for the most seats, each is largest by 1 / k.
    """
    total = np.zeros(forecast.n_draws)
    for party, share in given.votes.items():
        off = (forecast.votes[:, forecast.parties.index(party)] - share) / given.tolerance
        total -= 0.5 * off**2
    codes = forecast.tree["outcome"].ds["constituency"].values.astype(str).tolist()
    for code, line in given.seats.items():
        total[forecast.winner[:, codes.index(code)] != forecast.lines.index(line)] = -np.inf
    if given.largest is not None:
        with np.errstate(divide="ignore"):
            total += np.log(is_largest(forecast.seats)[:, forecast.lines.index(given.largest)])
    if given.majority == HUNG:
        total[has_majority(forecast.seats).any(axis=1)] = -np.inf
    elif given.majority is not None:
        total[~has_majority(forecast.seats)[:, forecast.lines.index(given.majority)]] = -np.inf
    return total


def matching(forecast: Forecast, given: Given) -> float:
    """Count the simulations that match what is given.

    Parameters
    ----------
    forecast : Forecast
        A forecast, or the answer to a scenario.
    given : Given
        What is supposed to have been observed.

    Returns
    -------
    float
        The effective number of draws (``models.reweight.effective_size``): those that match, where each does or not.
    """
    check_given(forecast, given)
    return effective_size(log_weights(forecast, given))


def condition(forecast: Forecast, given: Given, *, summaries: bool = True) -> Forecast:
    """Say what a forecast would be if something had been observed.

    Parameters
    ----------
    forecast : Forecast
        A forecast, or the answer to a scenario.
    given : Given
        What is supposed to have been observed. Where nothing is, the forecast itself is returned.
    summaries : bool
        Whether shares by constituency are wanted, too; without them ``constituency`` cannot be asked.

    Returns
    -------
    Forecast
        As many draws, chosen in proportion to their weights with the forecast's seed; a draw may come several times.
        ``given_of`` tells what was given, and ``models.scenario_check.is_answer`` holds: nothing more can be set.

    Raises
    ------
    BadInput
        If what is given does not fit the forecast, fewer than ``FEWEST`` effective simulations match, or the forecast
        supposes something already.
    """
    if given.is_empty:
        return forecast
    if given_of(forecast) is not None:
        raise BadInput("This forecast supposes something already. Put all that is observed into one, on the base.")
    check_given(forecast, given)
    weights = log_weights(forecast, given)
    matched = effective_size(weights)
    if matched < FEWEST:
        count = "no simulation" if matched == 0 else f"only {int(matched)} of {forecast.n_draws:,} simulations"
        verb = "match" if matched >= 2 else "matches"
        raise BadInput(f'{count[0].upper()}{count[1:]} {verb}; widen the condition or use "make it so".')
    chosen = resample(weights, forecast.n_draws, seed=forecast.manifest.seed)
    groups: dict[str, Any] = {name: _taken(node.to_dataset(), chosen) for name, node in forecast.tree.children.items()}
    groups["outcome"] = _outcome(forecast, chosen, summaries)
    told = json.loads(forecast.manifest.scenario or "{}") | {KEY: given.model_dump(exclude_defaults=True)}
    manifest = forecast.manifest.model_copy(update={"scenario": json.dumps(told)})
    return Answer(xr.DataTree.from_dict(groups), manifest, base_of(forecast), lambda: _blocks(forecast, chosen))


def _taken(group: xr.Dataset, chosen: NDArray[np.int64]) -> xr.Dataset:
    return group.isel(draw=chosen) if "draw" in group.dims else group


def _outcome(forecast: Forecast, chosen: NDArray[np.int64], summaries: bool) -> xr.Dataset:
    """Votes and winners of the chosen draws, with shares by constituency if they are wanted."""
    shares = _shares(forecast, chosen) if summaries else {}
    drawn = SeatDraws(winner=forecast.winner[chosen], votes=forecast.votes[chosen], **shares)
    return outcome_of(drawn.votes, drawn, forecast.tree["outcome"].ds.coords)


def _blocks(forecast: Forecast, chosen: NDArray[np.int64]) -> Iterator[F32]:
    """Shares of every seat in the chosen draws, in their order and at most ``BLOCK`` of them at a time.

    Errors of seats are made from a seed block by block, so draws cannot be simulated in another order: all are, and
    each is handed out as often as it was chosen.
    """
    times, start = np.bincount(chosen, minlength=forecast.n_draws), 0
    for shares in share_blocks(forecast):
        rows = np.repeat(np.arange(len(shares)), times[start : start + len(shares)])
        for first in range(0, len(rows), BLOCK):
            yield np.ascontiguousarray(shares[rows[first : first + BLOCK]])
        start += len(shares)


def _shares(forecast: Forecast, chosen: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
    """Mean and quantiles of shares over the chosen draws."""
    tally = Tally((len(forecast.lines), forecast.n_seats))
    for shares in _blocks(forecast, chosen):
        tally.add(shares)
    mean, last = tally.total.T / len(chosen), simulator(base_of(forecast)).base
    ends = np.where(mean > 0, quantiles(tally.counts, QUANTILES).transpose(0, 2, 1), 0.0)
    ends[:, last.is_speaker] = last.share[last.is_speaker]  # the same in every draw
    return {"share_mean": mean, "share_quantile": ends}
