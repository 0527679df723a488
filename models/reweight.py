"""Draws of a forecast weighed again by something known later: how many still count, and which to keep.

Weights come as logarithms, known up to a constant, since likelihoods of many polls are too small for plain numbers.

New polls weigh every draw by how well its voting intention agrees with them (`reweighted`). That is what a new fit
would do if house effects, noise and the speed of opinion were known; here they are measured beforehand
(``models.poll_leans``), so the answer is an approximation. A poll's log-odds are normal around a draw's, each party
apart as in ``models.polls``, with a variance of sampling, rounding and kind; the noise beyond sampling; and how far
opinion may have drifted between the middle of fieldwork and the day of the forecast. Polls of one pollster share its
lean: what is known of it is taken out, what is not is an error they have in common. That all polls may be wrong
together is in the draws already: it comes after voting intention, on the way to votes.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.arrival import to_parties
from models.forecast import Forecast
from models.panel import QUICK_DRIFT
from models.poll_leans import PollErrors
from models.poll_reading import DEFAULT_SAMPLE, clipped_logit, variance

FEWEST = 100
"""Effective draws below which nothing is said: ranges would rest on a handful of draws."""
OLDEST_DAYS = 28
"""Days before the forecast's evidence ends beyond which a poll is passed over: opinion has moved since, and the path
that leads from there to today is not in the draws."""
NATION, OLD = "nation", "old"
_SALT = 59


@dataclass(frozen=True, kw_only=True, eq=False)
class Reweighted:
    """A forecast after polls that it did not see.

    ``weighed`` and ``passed`` count polls: those that entered, and by reason (``nation``: not of Great Britain,
    ``old``) those that did not. ``effective`` is the effective number of draws, ``chosen`` the draws that stand for
    the forecast with the polls, or None where fewer than ``FEWEST`` are effective or no poll entered.
    """

    weighed: int
    passed: dict[str, int]
    effective: float
    chosen: NDArray[np.int64] | None


def effective_size(log_weight: NDArray[np.float64]) -> float:
    """Effective number of draws by Kish: the squared sum of the weights over the sum of their squares.

    Parameters
    ----------
    log_weight : array of shape (n_draws,)
        Logarithms of weights, up to a constant; minus infinity is a weight of nought.

    Returns
    -------
    float
        The number of draws where all weigh the same, 1 where one carries all the weight, 0 where none has any.

    Examples
    --------
    >>> effective_size(np.zeros(4000))
    4000.0
    >>> effective_size(np.array([0.0, 0.0, -np.inf]))
    2.0
    """
    weight = _weights(log_weight)
    total = float(weight.sum())
    return total**2 / float((weight**2).sum()) if total > 0.0 else 0.0


def resample(log_weight: NDArray[np.float64], n: int, *, seed: int) -> NDArray[np.int64]:
    """Choose draws in proportion to their weights, systematically: one random start, then even steps.

    Parameters
    ----------
    log_weight : array of shape (n_draws,)
        Logarithms of weights, up to a constant; at least one above minus infinity.
    n : int
        How many to choose, 1 or more.
    seed : int
        The same seed gives the same choice.

    Returns
    -------
    array of shape (n,)
        Positions of draws, rising; a draw comes as often as ``n`` times its part of the weight says, rounded up or
        down, so that equal weights and ``n`` of their number give each draw once.

    Raises
    ------
    ValueError
        If no draw has a weight.
    """
    weight = _weights(log_weight)
    reach = np.cumsum(weight)
    if not reach[-1] > 0.0:
        raise ValueError("no draw has a weight above nought")
    steps = (np.arange(n) + np.random.default_rng(seed).random()) / n
    # Summed up to the last draw with a weight the total is exact, so that rounding never steps past it.
    chosen = np.searchsorted(reach / reach[-1], steps, side="right")
    return np.minimum(chosen, int(np.flatnonzero(weight)[-1])).astype(np.int64)


def reweighted(forecast: Forecast, rows: pl.DataFrame, errors: PollErrors) -> Reweighted:
    """Weigh a forecast's draws by polls that it did not see.

    Parameters
    ----------
    forecast : Forecast
        A stored forecast, not the answer to a scenario.
    rows : pl.DataFrame
        The polls: ``pollster, area, kind, start_date, end_date, sample`` and a share a party (0 to 1, null where not
        named); parties without a line in the forecast, and others, do not count.
    errors : PollErrors
        How far polls are off, measured on those the forecast used.

    Returns
    -------
    Reweighted
        Draws chosen with a seed of the forecast's own, as many as it has.
    """
    as_of = forecast.manifest.as_of
    age = _number(as_of) - _middle(rows)
    why = pl.select(pl.when(rows["area"] != "GB").then(pl.lit(NATION)).when(age > OLDEST_DAYS).then(pl.lit(OLD)))
    counted = why.to_series().is_null()
    passed = dict(why.to_series().drop_nulls().value_counts().iter_rows())
    log_weight = _log_likelihood(forecast, rows.filter(counted), errors)
    effective = effective_size(log_weight)
    weighed = int(counted.sum())
    enough = weighed > 0 and effective >= FEWEST
    seed = np.random.SeedSequence([forecast.manifest.seed, _SALT]).generate_state(1)[0]
    chosen = resample(log_weight, forecast.n_draws, seed=int(seed)) if enough else None
    return Reweighted(weighed=weighed, passed=passed, effective=effective, chosen=chosen)


def _number(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def _middle(rows: pl.DataFrame) -> pl.Series:
    """Middle day of fieldwork, in days since 1970."""
    start = pl.coalesce("start_date", "end_date").cast(pl.Int32)
    return rows.select((start + pl.col("end_date").cast(pl.Int32)) / 2).to_series()


def _log_likelihood(forecast: Forecast, rows: pl.DataFrame, errors: PollErrors) -> NDArray[np.float64]:
    """Log-likelihood of polls given each draw's voting intention, up to a constant."""
    parties = [party for party in forecast.parties if party in rows.columns and party != "oth"]
    intention = to_parties(forecast.tree["votes"].ds["intention"].values, forecast.parties)
    share = rows.select(parties).to_numpy().astype(np.float64)
    lag = np.abs(_middle(rows).to_numpy() - _number(forecast.manifest.as_of))
    seen = variance(share, rows["sample"].fill_null(DEFAULT_SAMPLE), rows["kind"])
    total = np.zeros(forecast.n_draws)
    for house in rows["pollster"].fill_null("").unique().sort():
        mine = (rows["pollster"].fill_null("") == house).to_numpy()
        lean, lean_sd = errors.of(house)
        for k, party in enumerate(parties):
            p = errors.parties.index(party)
            weight = 1.0 / (seen[mine, k] + errors.noise[p] ** 2 + QUICK_DRIFT**2 * lag[mine])
            if not weight.sum() > 0.0:
                continue
            found = (weight * np.nan_to_num(clipped_logit(share[mine, k]))).sum() / weight.sum() - lean[p]
            off = intention[:, forecast.parties.index(party)] - found
            total -= 0.5 * off**2 / (1.0 / weight.sum() + lean_sd[p] ** 2)
    return total


def _weights(log_weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights with the largest at 1; all nought where no logarithm is finite."""
    top = log_weight.max(initial=-np.inf)
    if not np.isfinite(top):
        return np.zeros(log_weight.shape)
    return np.asarray(np.exp(log_weight - top))
