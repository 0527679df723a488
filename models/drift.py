"""How parties move together: the covariance of daily movement from one size a party and free numbers for correlation.

Correlation comes from a lower triangular matrix whose row ``i`` is ``(alignment[i, 0], ..., alignment[i, i-1], 1)``
scaled to length one, so that any real numbers make a correlation matrix. Pairs are counted row by row: (1, 0), (2, 0),
(2, 1), ... Compiled by Numba; calls nothing of another file.
"""

import numpy as np

from models.kalman import Floats, compiled


@compiled
def drift_root(drift: Floats, alignment: Floats) -> tuple[Floats, Floats]:
    """Build a root of the correlation matrix and the lengths of its rows before scaling.

    Parameters
    ----------
    drift : (party,)
        Movement of each party a square root of day, in log-odds.
    alignment : (pair,)
        Free numbers, one a pair of parties.

    Returns
    -------
    root : (party, party)
        Lower triangular, rows of length one.
    length : (party,)
        Lengths of the rows before scaling.
    """
    parties = drift.size
    root = np.zeros((parties, parties))
    length = np.ones(parties)
    pair = 0
    for i in range(parties):
        total = 1.0
        for j in range(i):
            root[i, j] = alignment[pair + j]
            total += root[i, j] * root[i, j]
        pair += i
        root[i, i] = 1.0
        length[i] = np.sqrt(total)
        for j in range(i + 1):
            root[i, j] /= length[i]
    return root, length


@compiled
def drift_covariance(drift: Floats, root: Floats) -> Floats:
    """Covariance of one day's movement, of shape (party, party), from sizes and `drift_root`."""
    parties = drift.size
    cov = np.empty((parties, parties))
    for i in range(parties):
        for j in range(i + 1):
            total = 0.0
            for k in range(j + 1):
                total += root[i, k] * root[j, k]
            cov[i, j] = drift[i] * drift[j] * total
            cov[j, i] = cov[i, j]
    return cov


@compiled
def drift_gradients(drift: Floats, root: Floats, length: Floats, gradient: Floats) -> tuple[Floats, Floats]:
    """Carry a gradient from the covariance back to sizes and free numbers.

    Parameters
    ----------
    drift, root, length
        As in `drift_root`.
    gradient : (party, party)
        Symmetric gradient with respect to the covariance.

    Returns
    -------
    drift_gradient, alignment_gradient : (party,), (pair,)
        Gradients with respect to ``drift`` and ``alignment``.
    """
    parties = drift.size
    drift_gradient = np.zeros(parties)
    alignment_gradient = np.zeros(parties * (parties - 1) // 2)
    row = np.empty(parties)
    pair = 0
    for i in range(parties):
        along = 0.0
        for k in range(i + 1):
            total = 0.0
            for j in range(parties):
                total += gradient[i, j] * drift[j] * root[j, k]
            row[k] = 2.0 * drift[i] * total
            along += row[k] * root[i, k]
        drift_gradient[i] = along / drift[i]
        for k in range(i):
            alignment_gradient[pair + k] = (row[k] - along * root[i, k]) / length[i]
        pair += i
    return drift_gradient, alignment_gradient
