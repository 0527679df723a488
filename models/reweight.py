"""Draws of a forecast weighed again by something known later: how many still count, and which to keep.

Weights come as logarithms, known up to a constant, since likelihoods of many polls are too small for plain numbers.
"""

import numpy as np
from numpy.typing import NDArray


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


def _weights(log_weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights with the largest at 1; all nought where no logarithm is finite."""
    top = log_weight.max(initial=-np.inf)
    if not np.isfinite(top):
        return np.zeros(log_weight.shape)
    return np.asarray(np.exp(log_weight - top))
