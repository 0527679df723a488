"""House effects: from free numbers to leanings that sum to zero over pollsters, and gradients back.

Compiled by Numba; calls nothing of another file.
"""

import numpy as np

from models.kalman import Floats, compiled


@compiled
def house_effects(contrast: Floats, centred: Floats, house_sd: Floats) -> Floats:
    """Turn free contrasts into house effects that sum to zero over pollsters.

    The map keeps lengths, so that independent normal contrasts make house effects with the distribution of normal
    numbers less their mean (as PyMC's ``ZeroSumNormal``). It is here, and not in the model, because every further
    operation there costs a second of compiling.

    Parameters
    ----------
    contrast : (party, pollster - 1)
        Free numbers.
    centred : (party, pollster - 1)
        1 where the free number is the contrast itself, 0 where it is a multiple of ``house_sd``.
    house_sd : (party,)
        Spread of house effects.

    Returns
    -------
    (party, pollster)
        House effects.
    """
    parties, free = contrast.shape
    root = np.sqrt(free + 1.0)
    house = np.empty((parties, free + 1))
    for k in range(parties):
        total = 0.0
        for h in range(free):
            house[k, h] = contrast[k, h] * (centred[k, h] + (1.0 - centred[k, h]) * house_sd[k])
            total += house[k, h]
        shift = total / (root + free + 1.0)
        for h in range(free):
            house[k, h] -= shift
        house[k, free] = -total / root
    return house


@compiled
def house_gradients(gradient: Floats, contrast: Floats, centred: Floats, house_sd: Floats) -> tuple[Floats, Floats]:
    """Carry a gradient (party, pollster) back through `house_effects`, to ``contrast`` and to ``house_sd``."""
    parties, free = contrast.shape
    root = np.sqrt(free + 1.0)
    contrast_gradient = np.empty((parties, free))
    house_sd_gradient = np.zeros(parties)
    for k in range(parties):
        total = 0.0
        for h in range(free):
            total += gradient[k, h]
        shift = total / (root + free + 1.0) + gradient[k, free] / root
        for h in range(free):
            scaled = gradient[k, h] - shift
            contrast_gradient[k, h] = scaled * (centred[k, h] + (1.0 - centred[k, h]) * house_sd[k])
            house_sd_gradient[k] += scaled * (1.0 - centred[k, h]) * contrast[k, h]
    return contrast_gradient, house_sd_gradient
