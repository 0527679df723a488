"""Kalman filter and smoothers for a random walk observed through independent Gaussian evidence.

The state ``x[t]`` (one number a party) walks freely: ``x[0] ~ N(start_mean, start_cov)`` and
``x[t] ~ N(x[t-1], step[t] * drift_cov)``. At step ``t`` the evidence on party ``k`` is summed up by its total
``precision[t, k]`` and by ``information[t, k]``, the sum of precision times observed value. Observations of one step
are independent given the state, so they are taken in one by one as scalars: no matrix is ever inverted, and a step
without polls costs only an addition. Everything here is plain NumPy compiled by Numba; nothing knows about PyMC.

Method: univariate treatment of Koopman and Durbin (2000, doi 10.1111/1467-9892.00186), backward recursion of
disturbances of de Jong (1989) and Koopman (1993, doi 10.1093/biomet/80.1.117), simulation smoother of Durbin and
Koopman (2002, doi 10.1093/biomet/89.3.603).

Glossary
--------
filtered
    Given the evidence up to a step.
smoothed
    Given all evidence, before and after.
"""

from collections.abc import Callable
from typing import Any, cast

import numba
import numpy as np
import numpy.typing as npt

type Floats = npt.NDArray[np.float64]
type Ints = npt.NDArray[np.int64]

# Sums may be reordered for speed, but infinity keeps its meaning ("not named").
_REORDER = {"reassoc", "contract", "arcp", "nsz"}


def compiled[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Compile with Numba and keep the machine code on disk.

    Parameters
    ----------
    function : callable
        Function in Numba's subset of Python.

    Returns
    -------
    callable
        The same function, compiled at its first call.
    """
    jit = cast(Any, numba).njit(cache=True, fastmath=_REORDER, error_model="numpy")
    return cast("Callable[P, R]", jit(function))


@compiled
def forward(
    drift_cov: Floats,
    step: Floats,
    precision: Floats,
    information: Floats,
    start_mean: Floats,
    start_cov: Floats,
) -> tuple[float, Floats, Floats, Floats, Floats]:
    """Filter forward through time.

    Parameters
    ----------
    drift_cov : (party, party)
        Covariance of the walk for one unit of ``step``.
    step : (time,)
        Time passed since the step before; 0 for the first.
    precision, information : (time, party)
        Sum of precisions, and of precision times value, of the evidence; 0 where there is none.
    start_mean, start_cov : (party,), (party, party)
        The state before any evidence.

    Returns
    -------
    log_likelihood : float
        Of the evidence, up to the terms that do not involve the state.
    means : (time, party)
        Mean of each party just before its own evidence of that step is taken in (unset where there is none).
    columns : (time, party, party)
        Covariance of each party with all others at that moment (unset where there is none).
    filtered_mean, filtered_var : (time, party)
        State given the evidence up to and including the step.
    """
    times, parties = precision.shape
    means = np.empty((times, parties))
    columns = np.empty((times, parties, parties))
    filtered_mean = np.empty((times, parties))
    filtered_var = np.empty((times, parties))
    cov = start_cov.copy()
    mean = start_mean.copy()
    total = 0.0
    for t in range(times):
        for i in range(parties):
            for j in range(parties):
                cov[i, j] += step[t] * drift_cov[i, j]
        for k in range(parties):
            weight = precision[t, k]
            if weight == 0.0:
                continue
            for i in range(parties):
                columns[t, k, i] = cov[k, i]
            before = mean[k]
            means[t, k] = before
            spread = 1.0 + weight * cov[k, k]
            surprise = information[t, k] - weight * before
            gain = surprise / spread
            total += (
                information[t, k] * before
                - 0.5 * (np.log(spread) + weight * before * before)
                + 0.5 * columns[t, k, k] * surprise * gain
            )
            shrink = weight / spread
            for i in range(parties):
                mean[i] += columns[t, k, i] * gain
                scaled = shrink * columns[t, k, i]
                for j in range(parties):
                    cov[i, j] -= scaled * columns[t, k, j]
        for k in range(parties):
            filtered_mean[t, k] = mean[k]
            filtered_var[t, k] = cov[k, k]
    return total, means, columns, filtered_mean, filtered_var


@compiled
def backward(
    step: Floats, precision: Floats, information: Floats, means: Floats, columns: Floats
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Run back through time: moments of the smoothed state, and gradients of the log likelihood.

    Parameters
    ----------
    step, precision, information
        As given to `forward`.
    means, columns
        As returned by `forward`.

    Returns
    -------
    drift_gradient : (party, party)
        Gradient with respect to ``drift_cov``.
    smooth_mean, smooth_var : (time, party)
        Moments of the state given all evidence, where a step has evidence on that party; elsewhere 0. By Fisher's
        identity the gradient is ``smooth_mean`` for ``information`` and ``-(smooth_var + smooth_mean**2) / 2`` for
        ``precision``.
    start_mean_gradient : (party,)
        Gradient with respect to ``start_mean``.
    start_cov_gradient : (party, party)
        Gradient with respect to ``start_cov``.
    """
    times, parties = precision.shape
    smooth_mean = np.zeros((times, parties))
    smooth_var = np.zeros((times, parties))
    drift_gradient = np.zeros((parties, parties))
    start_gradient = np.zeros((parties, parties))
    score = np.zeros(parties)
    curvature = np.zeros((parties, parties))
    product = np.empty(parties)
    for t in range(times - 1, -1, -1):
        for k in range(parties - 1, -1, -1):
            weight = precision[t, k]
            if weight == 0.0:
                continue
            column = columns[t, k]
            variance = column[k]
            spread = 1.0 + weight * variance
            shrink = weight / spread
            gain = (information[t, k] - weight * means[t, k]) / spread
            lean = 0.0
            bend = 0.0
            for i in range(parties):
                lean += column[i] * score[i]
                row = 0.0
                for j in range(parties):
                    row += curvature[i, j] * column[j]
                product[i] = row
                bend += column[i] * row
            smooth_mean[t, k] = means[t, k] + variance * gain + lean / spread
            smooth_var[t, k] = variance / spread - bend / (spread * spread)
            score[k] += gain - shrink * lean
            for i in range(parties):
                curvature[i, k] -= shrink * product[i]
                curvature[k, i] -= shrink * product[i]
            curvature[k, k] += shrink * shrink * bend + shrink
        for i in range(parties):
            for j in range(parties):
                start_gradient[i, j] = 0.5 * (score[i] * score[j] - curvature[i, j])
                drift_gradient[i, j] += step[t] * start_gradient[i, j]
    return drift_gradient, smooth_mean, smooth_var, score, start_gradient


@compiled
def smooth_means(
    drift_cov: Floats,
    step: Floats,
    precision: Floats,
    information: Floats,
    start_mean: Floats,
    start_cov: Floats,
) -> Floats:
    """Mean of the state at every step given all evidence.

    The backward pass yields the scores; the smoothed state is then rebuilt forwards from them (Koopman 1993), so that
    no covariance has to be kept.

    Parameters
    ----------
    drift_cov, step, precision, information, start_mean, start_cov
        As `forward` takes them.

    Returns
    -------
    (time, party)
        Smoothed means.
    """
    times, parties = precision.shape
    _, means, columns, _, _ = forward(drift_cov, step, precision, information, start_mean, start_cov)
    scores = np.empty((times, parties))
    score = np.zeros(parties)
    for t in range(times - 1, -1, -1):
        for k in range(parties - 1, -1, -1):
            weight = precision[t, k]
            if weight == 0.0:
                continue
            lean = 0.0
            for i in range(parties):
                lean += columns[t, k, i] * score[i]
            score[k] += (information[t, k] - weight * (means[t, k] + lean)) / (1.0 + weight * columns[t, k, k])
        scores[t] = score
    path = np.empty((times, parties))
    for i in range(parties):
        total = start_mean[i]
        for j in range(parties):
            total += start_cov[i, j] * scores[0, j]
        path[0, i] = total
    for t in range(1, times):
        for i in range(parties):
            total = 0.0
            for j in range(parties):
                total += drift_cov[i, j] * scores[t, j]
            path[t, i] = path[t - 1, i] + step[t] * total
    return path


@compiled
def draw_path(
    drift_cov: Floats,
    step: Floats,
    precision: Floats,
    information: Floats,
    start_mean: Floats,
    start_cov: Floats,
    noise: Floats,
) -> Floats:
    """Draw one path of states from its distribution given all evidence.

    Draws a path and evidence from the model, then moves the path by the difference that the real evidence makes to
    the smoothed mean (Durbin and Koopman 2002).

    Parameters
    ----------
    drift_cov, step, precision, information, start_mean, start_cov
        As `forward` takes them.
    noise : (2, time, party)
        Independent standard normal numbers, for the walk and for the evidence.

    Returns
    -------
    (time, party)
        One draw of the path.
    """
    times, parties = precision.shape
    drift_root = np.linalg.cholesky(drift_cov)
    start_root = np.linalg.cholesky(start_cov)
    path = np.empty((times, parties))
    surprise = np.empty((times, parties))
    for t in range(times):
        for i in range(parties):
            move = 0.0
            for j in range(i + 1):
                root = start_root[i, j] if t == 0 else np.sqrt(step[t]) * drift_root[i, j]
                move += root * noise[0, t, j]
            path[t, i] = move if t == 0 else path[t - 1, i] + move
        for i in range(parties):
            imagined = precision[t, i] * path[t, i] + np.sqrt(precision[t, i]) * noise[1, t, i]
            surprise[t, i] = information[t, i] - imagined
    return path + smooth_means(drift_cov, step, precision, surprise, start_mean, start_cov)
