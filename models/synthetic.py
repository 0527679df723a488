"""A synthetic record of elections with known truth, to see whether the arrival model finds it again."""

from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from models.arrival import approach
from models.history import CHANNELS, LEADS, ArrivalHistory, step_length

TRUTH = {
    "beta_favourability": 0.15,
    "beta_margin": 0.4,
    "beta_office": 0.03,
    "kappa": 0.5,
    "campaign": 0.3,
    "pace": 2.0,
    "airtime": 0.1,
    "drift": 0.25,
    "error": 0.08,
}
"""What the synthetic record is drawn with; ``kappa, campaign, drift`` and ``error`` are those of every channel."""
MEASURED = 0.01
"""Standard deviation with which a reading of the polls is off."""


def synthetic_history(n_elections: int, seed: int) -> ArrivalHistory:
    """Draw a record of elections from the arrival model itself.

    Parameters
    ----------
    n_elections : int
        How many elections.
    seed : int
        Seed.

    Returns
    -------
    ArrivalHistory
        Complete: every channel, lead time and leader gap is known.
    """
    rng = np.random.default_rng(seed)
    rows: list[tuple[float, ...]] = []
    steps = list(pairwise([*LEADS, 0]))
    for election in range(n_elections):
        gap, margin = rng.normal(0, 2.5), rng.normal(0, 0.4)
        office = float(rng.choice([-3, -2, -1, 1, 2, 3]))
        pull = TRUTH["beta_favourability"] * gap / 2 + TRUTH["beta_margin"] * margin / 2
        for channel, name in enumerate(CHANNELS):
            previous = rng.normal(-1.0, 0.5)
            home = previous - (TRUTH["beta_office"] * office if name == "lead" else 0.0)
            level = home + rng.normal(0, 0.3)
            seen = level + rng.normal(0, MEASURED)
            for lead, left in steps:
                years, campaign = step_length(lead, left)
                final = left == 0
                kappa, come_home, pace = (np.array(TRUTH[name]) for name in ("kappa", "campaign", "pace"))
                path = approach(kappa, come_home, pace, lead, left)
                level = home + (level - home) * float(path.decay)
                level += pull * float(path.weight) if name == "lead" else 0.0
                level += TRUTH["airtime"] * float(path.gain) if name == "lib" else 0.0
                level += TRUTH["drift"] * float(np.sqrt(path.variance)) * rng.standard_normal()
                level += TRUTH["error"] * rng.standard_normal() if final else 0.0
                now = level if final else level + rng.normal(0, MEASURED)
                rows.append((election, channel, seen, now, previous, years, campaign, final, gap, margin, office))
                seen = now
    days = tuple(date(1900 + 4 * i, 5, 1) for i in range(n_elections))
    return _history(days, np.array(rows, dtype=float))


def _history(days: tuple[date, ...], table: NDArray[np.float64]) -> ArrivalHistory:
    return ArrivalHistory(
        elections=days,
        election=table[:, 0].astype(np.int64),
        channel=table[:, 1].astype(np.int64),
        start=table[:, 2],
        end=table[:, 3],
        previous=table[:, 4],
        years=table[:, 5],
        campaign=table[:, 6],
        variance=np.where(table[:, 7] > 0, 1.0, 2.0) * MEASURED**2,
        scale=np.ones(len(table)),
        final=table[:, 7].astype(bool),
        gap=table[:, 8],
        margin=table[:, 9],
        office=table[:, 10],
    )
