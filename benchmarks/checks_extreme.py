"""The extremes: Corbyn in 2016, whom 40 of 229 Labour MPs backed against 172, and leaders whom none or all back."""

import numpy as np

from benchmarks.checks_record import Stage, standing_today
from benchmarks.checks_rows import Row, judged
from models.arrival import ArrivalDials, arrive
from models.effects import favourability_shift, intention_shift, response_draws
from models.links import Links
from models.response import USUAL_SUPPORT
from models.votes import arrival_state

N_DRAWS = 4000
SEED = 20260930
CORBYN_MARGIN = (40 - 172) / 229
SUPPORT = {"Corbyn 2016": 40 / 229, "support 0.01": 0.01, "support 0.99": 0.99}
MARGINS = {"Corbyn 2016": CORBYN_MARGIN, "margin -0.98": -0.98, "margin 0.98": 0.98}
"""Murr's margin where all MPs vote is 2 * support - 1."""
MOST = {30: 6.0, 365: 15.0, 1000: 20.0}
"""Largest move of vote allowed in any of 4,000 draws, in points, by days: no party has lost more than 20 points from
one election to the next (Conservatives, 2024), and that was not for its MPs' sake alone."""
MOST_LOG_ODDS = {30: 0.4, 365: 1.0, 1000: 1.5}
"""The same for the shift itself: 1.5 takes a party from 35 per cent to 11."""
MOST_STANDING = 100.0


def rows(stages: dict[str, Stage], links: Links) -> list[Row]:
    """Send the extremes through the links.

    Parameters
    ----------
    stages : dict of Stage
        From ``real_stages``.
    links : Links
        The same.

    Returns
    -------
    list of dict
        Largest move over all draws.
    """
    posterior = stages["votes"].posterior
    response = response_draws(links.response, n_draws=N_DRAWS, seed=SEED)
    level = arrival_state(posterior, standing_today(N_DRAWS, margin=0.0), seed=SEED).merge(response.to_dataset())
    found: list[Row] = []
    for days, most in MOST.items():
        before = arrive(level, days)
        for who, support in SUPPORT.items():
            change = support - USUAL_SUPPORT
            shift = intention_shift(response, 0.0, change, days)
            quantity = f"{who}, {days} days: largest shift of log-odds"
            found.append(_row("response", quantity, shift, MOST_LOG_ODDS[days]))
            quantity = f"{who}, {days} days: largest move of her standing, points"
            found.append(_row("response", quantity, favourability_shift(response, change, days), MOST_STANDING))
            after = arrive(level, days, ArrivalDials(support={"lab": change}))
            quantity = f"{who}, {days} days: largest move of a party's vote, points"
            found.append(_row("response", quantity, 100.0 * (after - before), most))
        for who, margin in MARGINS.items():
            # Labour's leader has the margin, the Conservatives' has none: the gap is the other way round.
            state = arrival_state(posterior, standing_today(N_DRAWS, margin=-margin), seed=SEED)
            quantity = f"{who}, {days} days: largest move of a party's vote, points"
            found.append(_row("votes", quantity, 100.0 * (arrive(state, days) - before), most))
    return found


def _row(model: str, quantity: str, moves: np.ndarray, most: float) -> Row:
    return judged(model, "extreme", quantity, float(np.abs(moves).max()), high=most)
