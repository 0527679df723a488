"""The leaders model's likelihood: a scalar Kalman filter a leader, with its gradient.

Cell ``i`` reads ``value[i] = load[i] * (x[i] + shock[i]) + noise``, where ``x`` is a leader's own standing, an
Ornstein-Uhlenbeck process that is integrated out, and ``shock`` the sum of what honeymoons and events still do::

    x[i] = fade[i] * x[i - 1] + pull[i] + N(0, step[i])
    shock[i] = sum over past shocks of size * exp(-rate * days)

At a leader's first cell ``fade`` is 0 and ``gap`` negative, so that nothing comes over from the leader before.
"""

import numpy as np

from models.kalman import Floats, Ints, compiled

_LOG_2PI = float(np.log(2.0 * np.pi))


@compiled
def shock_paths(entry: Ints, age: Floats, family: Ints, gap: Floats, size: Floats, rate: Floats) -> Floats:
    """What shocks still do at each cell, by family.

    Parameters
    ----------
    entry : (shock,)
        First cell at or after each shock, in order.
    age : (shock,)
        Days from the shock to that cell.
    family : (shock,)
        Which of the rates each shock fades at.
    gap : (cell,)
        Days since the leader's cell before; negative at her first.
    size : (shock,)
        Size on the day, in points.
    rate : (family,)
        Part that fades a day: log 2 over the half-life.

    Returns
    -------
    (cell, family)
        Points.
    """
    paths = np.zeros((gap.size, rate.size))
    k = 0
    for i in range(gap.size):
        if gap[i] >= 0.0:
            for c in range(rate.size):
                paths[i, c] = paths[i - 1, c] * np.exp(-rate[c] * gap[i])
        while k < entry.size and entry[k] == i:
            paths[i, family[k]] += size[k] * np.exp(-rate[family[k]] * age[k])
            k += 1
    return paths


@compiled
def _filtered(
    paths: Floats, value: Floats, load: Floats, noise: Floats, fade: Floats, step: Floats, pull: Floats
) -> tuple[float, Floats, Floats, Floats, Floats, Floats]:
    """Log likelihood; variance, surprise and spread at each cell; mean and variance kept from the cell before."""
    cells = value.size
    variance, surprise, spread = np.empty(cells), np.empty(cells), np.empty(cells)
    kept_mean, kept_variance = np.zeros(cells + 1), np.zeros(cells + 1)  # of the cell before, shifted by one
    total = 0.0
    for i in range(cells):
        mean = fade[i] * kept_mean[i] + pull[i]
        variance[i] = fade[i] * fade[i] * kept_variance[i] + step[i]
        surprise[i] = value[i] - load[i] * (mean + paths[i].sum())
        spread[i] = load[i] * load[i] * variance[i] + noise[i]
        total -= 0.5 * (_LOG_2PI + np.log(spread[i]) + surprise[i] * surprise[i] / spread[i])
        kept_mean[i + 1] = mean + load[i] * variance[i] * surprise[i] / spread[i]
        kept_variance[i + 1] = variance[i] * noise[i] / spread[i]
    return total, variance, surprise, spread, kept_mean, kept_variance


@compiled
def leader_likelihood(
    entry: Ints,
    age: Floats,
    family: Ints,
    gap: Floats,
    value: Floats,
    load: Floats,
    noise: Floats,
    fade: Floats,
    step: Floats,
    pull: Floats,
    size: Floats,
    rate: Floats,
) -> tuple[float, Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats]:
    """Log likelihood of all cells and its gradient.

    Parameters
    ----------
    entry, age, family, gap
        As `shock_paths` takes them.
    value : (cell,)
        Reading less offset and quirk, in points.
    load : (cell,)
        Points of reading for a point of standing.
    noise : (cell,)
        Variance of the reading.
    fade : (cell,)
        Part of the distance from the usual place kept since the cell before, 0 at a leader's first.
    step : (cell,)
        Variance that came in since.
    pull : (cell,)
        Mean that came in since: at a leader's first cell her usual place.
    size, rate
        As `shock_paths` takes them.

    Returns
    -------
    tuple
        The log likelihood, then its gradients with respect to ``value``, ``load``, ``noise``, ``fade``, ``step``,
        ``pull``, ``size`` and ``rate``.
    """
    cells, families = gap.size, rate.size
    paths = shock_paths(entry, age, family, gap, size, rate)
    total, variance, surprise, spread, kept_mean, kept_variance = _filtered(paths, value, load, noise, fade, step, pull)
    g_value, g_load, g_noise = np.empty(cells), np.empty(cells), np.empty(cells)
    g_fade, g_step, g_pull = np.empty(cells), np.empty(cells), np.empty(cells)
    g_size, g_rate, g_path = np.zeros(size.size), np.zeros(families), np.zeros(families)
    g_mean, g_variance = 0.0, 0.0  # of what the cell after takes over
    k = entry.size - 1
    for i in range(cells - 1, -1, -1):
        a, p, v, s, r = load[i], variance[i], surprise[i], spread[i], noise[i]
        g_spread = (0.5 * (v * v / s - 1.0) - g_mean * a * p * v / s - g_variance * p * r / s) / s
        g_surprise = (g_mean * a * p - v) / s
        g_value[i] = g_surprise
        g_load[i] = g_mean * p * v / s + 2.0 * g_spread * a * p - g_surprise * (value[i] - v) / a
        g_noise[i] = g_variance * p / s + g_spread
        g_pull[i] = g_mean - g_surprise * a
        g_step[i] = g_mean * a * v / s + g_variance * r / s + g_spread * a * a
        g_fade[i] = g_pull[i] * kept_mean[i] + 2.0 * g_step[i] * fade[i] * kept_variance[i]
        g_mean = g_pull[i] * fade[i]
        g_variance = g_step[i] * fade[i] * fade[i]
        for c in range(families):
            g_path[c] -= g_surprise * a
        while k >= 0 and entry[k] == i:
            c = family[k]
            left = np.exp(-rate[c] * age[k])
            g_size[k] = g_path[c] * left
            g_rate[c] -= g_path[c] * size[k] * age[k] * left
            k -= 1
        for c in range(families):
            if gap[i] >= 0.0:
                left = np.exp(-rate[c] * gap[i])
                g_rate[c] -= g_path[c] * paths[i - 1, c] * gap[i] * left
                g_path[c] *= left
            else:
                g_path[c] = 0.0
    return total, g_value, g_load, g_noise, g_fade, g_step, g_pull, g_size, g_rate
