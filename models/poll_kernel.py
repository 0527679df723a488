"""The polls model's likelihood and simulation smoother: polls pooled by day and party, then the Kalman filter.

Poll ``i`` gives party ``k`` the log-odds ``log_odds[i, k]``, read as::

    log_odds[i, k] ~ N(x[time[i], k] + house[k, pollster[i]], spread[i, k]**2)
    spread[i, k]**2 = tail[i] * (variance[i, k] + noise_sd[k]**2 + unhoused[i] * house_sd[k]**2)

A party that a poll does not name has an infinite variance there, and its log-odds are not looked at. ``x`` is the
random walk of `models.kalman` and is integrated out. NumPy compiled by Numba; nothing knows about PyMC.
Compiled functions here call none of another file: Numba's disk cache would not see that the other file has changed. The
two that join the files (`poll_likelihood`, `smooth`) are therefore plain Python.
"""

import numpy as np

from models.drift import drift_covariance, drift_gradients, drift_root
from models.houses import house_effects, house_gradients
from models.kalman import Floats, Ints, backward, compiled, draw_path, forward

_LOG_2PI = float(np.log(2.0 * np.pi))


@compiled
def spread_squared(variance: float, tail: float, noise_sd: float, unhoused: float, house_sd: float) -> float:
    """Variance of one poll's log-odds of one party around state and house effect, as in the module's formula."""
    return tail * (variance + noise_sd * noise_sd + unhoused * house_sd * house_sd)


@compiled
def pool(
    log_odds: Floats,
    variance: Floats,
    unhoused: Floats,
    pollster: Ints,
    time: Ints,
    times: int,
    noise_sd: Floats,
    house_sd: Floats,
    house: Floats,
    tail: Floats,
) -> tuple[Floats, Floats]:
    """Pool the polls of each step into one precision and one information a party.

    Parameters
    ----------
    log_odds, variance : (poll, party)
        Log-odds of the shares and their known variance (sampling and rounding), infinite where not named.
    unhoused : (poll,)
        1 for a poll whose pollster is unknown, whose house effect is therefore noise; else 0.
    pollster : (poll,)
        Position of the pollster, -1 where there is no house effect.
    time : (poll,)
        Position of the step.
    times : int
        Number of steps.
    noise_sd, house_sd : (party,)
        Poll noise beyond sampling, and spread of house effects, in log-odds.
    house : (party, pollster)
        House effects in log-odds.
    tail : (poll,)
        Factor on the variance of each poll.

    Returns
    -------
    precision, information : (time, party)
        As `models.kalman.forward` takes them.
    """
    polls, parties = log_odds.shape
    precision = np.zeros((times, parties))
    information = np.zeros((times, parties))
    for i in range(polls):
        for k in range(parties):
            if variance[i, k] == np.inf:
                continue
            weight = 1.0 / spread_squared(variance[i, k], tail[i], noise_sd[k], unhoused[i], house_sd[k])
            value = log_odds[i, k] - (house[k, pollster[i]] if pollster[i] >= 0 else 0.0)
            precision[time[i], k] += weight
            information[time[i], k] += weight * value
    return precision, information


@compiled
def score(
    log_odds: Floats,
    variance: Floats,
    unhoused: Floats,
    pollster: Ints,
    time: Ints,
    noise_sd: Floats,
    house_sd: Floats,
    house: Floats,
    tail: Floats,
    smooth_mean: Floats,
    smooth_var: Floats,
) -> tuple[float, Floats, Floats, Floats, Floats]:
    """Part of the log likelihood that does not involve the state, and gradients of the whole of it.

    By Fisher's identity each gradient is the expectation, under the smoothed state, of the gradient that would hold if
    the state were known: a poll's squared miss is ``(residual - smooth_mean)**2 + smooth_var``.

    Parameters
    ----------
    log_odds, variance, unhoused, pollster, time, noise_sd, house_sd, house, tail
        As `pool` takes them.
    smooth_mean, smooth_var : (time, party)
        As `models.kalman.backward` returns them.

    Returns
    -------
    log_likelihood : float
        To be added to that of `models.kalman.forward`.
    noise_gradient, house_sd_gradient, house_gradient, tail_gradient
        With respect to ``noise_sd, house_sd, house, tail``, in their shapes.
    """
    total = 0.0
    noise_gradient = np.zeros(noise_sd.size)
    house_sd_gradient = np.zeros(noise_sd.size)
    house_gradient = np.zeros(house.shape)
    tail_gradient = np.zeros(tail.size)
    polls, parties = log_odds.shape
    for i in range(polls):
        t, h = time[i], pollster[i]
        for k in range(parties):
            if variance[i, k] == np.inf:
                continue
            spread = spread_squared(variance[i, k], tail[i], noise_sd[k], unhoused[i], house_sd[k])
            residual = log_odds[i, k] - (house[k, h] if h >= 0 else 0.0)
            total -= 0.5 * (_LOG_2PI + np.log(spread) + residual * residual / spread)
            miss = residual - smooth_mean[t, k]
            excess = 0.5 * ((miss * miss + smooth_var[t, k]) / spread - 1.0) / spread
            noise_gradient[k] += 2.0 * noise_sd[k] * tail[i] * excess
            house_sd_gradient[k] += 2.0 * house_sd[k] * unhoused[i] * tail[i] * excess
            tail_gradient[i] += excess * spread / tail[i]
            if h >= 0:
                house_gradient[k, h] += miss / spread
    return total, noise_gradient, house_sd_gradient, house_gradient, tail_gradient


def poll_likelihood(
    log_odds: Floats,
    variance: Floats,
    unhoused: Floats,
    pollster: Ints,
    time: Ints,
    step: Floats,
    start_mean: Floats,
    start_cov: Floats,
    centred: Floats,
    drift: Floats,
    alignment: Floats,
    noise_sd: Floats,
    house_sd: Floats,
    contrast: Floats,
    tail: Floats,
) -> tuple[float, Floats, Floats, Floats, Floats, Floats, Floats]:
    """Log likelihood of all polls with the path integrated out, and its gradients.

    Parameters
    ----------
    log_odds, variance, unhoused, pollster, time
        As `pool` takes them.
    step, start_mean, start_cov
        As `models.kalman.forward` takes them.
    centred
        As `house_effects` takes it.
    drift, alignment
        As `models.drift.drift_root` takes them.
    noise_sd, house_sd
        As `pool` takes them.
    contrast
        As `house_effects` takes it.
    tail
        As `pool` takes it.

    Returns
    -------
    log_likelihood : float
        Of the log-odds.
    gradients : six arrays
        With respect to ``drift, alignment, noise_sd, house_sd, contrast, tail``, in their shapes.
    """
    root, length = drift_root(drift, alignment)
    drift_cov = drift_covariance(drift, root)
    house = house_effects(contrast, centred, house_sd)
    precision, information = pool(
        log_odds, variance, unhoused, pollster, time, step.size, noise_sd, house_sd, house, tail
    )
    state_part, means, columns, _, _ = forward(drift_cov, step, precision, information, start_mean, start_cov)
    cov_gradient, smooth_mean, smooth_var, _, _ = backward(step, precision, information, means, columns)
    drift_gradient, alignment_gradient = drift_gradients(drift, root, length, cov_gradient)
    poll_part, noise_gradient, house_sd_gradient, house_gradient, tail_gradient = score(
        log_odds, variance, unhoused, pollster, time, noise_sd, house_sd, house, tail, smooth_mean, smooth_var
    )
    contrast_gradient, scale_gradient = house_gradients(house_gradient, contrast, centred, house_sd)
    return (
        state_part + poll_part,
        drift_gradient,
        alignment_gradient,
        noise_gradient,
        house_sd_gradient + scale_gradient,
        contrast_gradient,
        tail_gradient,
    )


def smooth(
    log_odds: Floats,
    variance: Floats,
    unhoused: Floats,
    pollster: Ints,
    time: Ints,
    step: Floats,
    start_mean: Floats,
    start_cov: Floats,
    centred: Floats,
    drift: Floats,
    alignment: Floats,
    noise_sd: Floats,
    house_sd: Floats,
    contrast: Floats,
    tail: Floats,
    rng: np.random.Generator,
) -> Floats:
    """Draw one path of log-odds for each draw of everything else.

    Parameters
    ----------
    log_odds, variance, unhoused, pollster, time, step, start_mean, start_cov, centred
        As `poll_likelihood` takes them.
    drift, alignment, noise_sd, house_sd, contrast, tail
        As `poll_likelihood` takes them, each with ``draw`` as a further first axis.
    rng : np.random.Generator
        Source of the noise.

    Returns
    -------
    (draw, time, party)
        Log-odds of each party at each step.
    """
    paths = np.empty((len(tail), step.size, start_mean.size))
    for d in range(len(tail)):
        drift_cov = drift_covariance(drift[d], drift_root(drift[d], alignment[d])[0])
        scales = (noise_sd[d], house_sd[d], house_effects(contrast[d], centred, house_sd[d]), tail[d])
        precision, information = pool(log_odds, variance, unhoused, pollster, time, step.size, *scales)
        noise = rng.standard_normal((2, *paths.shape[1:]))
        paths[d] = draw_path(drift_cov, step, precision, information, start_mean, start_cov, noise)
    return paths
