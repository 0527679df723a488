"""A made-up panel of months, drawn from the equations of the response model with known links."""

from datetime import date, timedelta

import numpy as np

from models.response_panel import NOBODY, PARTIES, USUAL_STANDING, ResponsePanel

TRUTH = {"theta_mean": 0.1, "lam": 0.05, "speed": 0.1, "phi": 0.2, "psi": 40.0, "chi": 5.0, "r": 0.05}
"""Links the panel is drawn with; all leaders have the same ``theta``."""
TERM, REIGN = 48, 30
"""Months of a Parliament and of a leader."""
GAP = 2
"""Months after an election without voting intention."""


def made_up_panel(n_terms: int, seed: int, *, noise: float = 0.06, jump: float = 20.0) -> ResponsePanel:
    """Draw a panel of some Parliaments; a new leader stands ``jump`` points (sd) from where leaders usually stand."""
    rng = np.random.default_rng(seed)
    n, n_parties = n_terms * TERM, len(PARTIES)
    shape = (n, n_parties)
    term = np.repeat(np.arange(n_terms), TERM)
    reign = (np.arange(n)[:, None] + 10 * np.arange(n_parties)) // REIGN
    leader = reign * n_parties + np.arange(n_parties)
    home = np.array([-0.6, -0.5, -1.6]) + 0.1 * rng.standard_normal((n_terms, n_parties))
    own = home + 0.1 * rng.standard_normal((n_terms, n_parties))
    usual = -10.0 + 10.0 * rng.standard_normal(leader.max() + 1)
    v, liked, support = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for t in range(n):
        new = np.ones(n_parties, dtype=bool) if t == 0 else leader[t] != leader[t - 1]
        if t == 0:
            v[t] = own[0]
        moved = np.where(rng.random(n_parties) < 0.1, 0.3 * rng.standard_normal(n_parties), 0.0)
        last = max(t - 1, 0)
        support[t] = np.clip(np.where(new, rng.uniform(0.2, 0.9, n_parties), support[last] + moved), 0.0, 1.0)
        start = USUAL_STANDING + jump * rng.standard_normal(n_parties)
        pull = TRUTH["r"] * (usual[leader[last]] + TRUTH["psi"] * (support[last] - 0.5) - liked[last])
        next_liked = (
            liked[last] + pull + TRUTH["chi"] * (support[t] - support[last]) + 3.0 * rng.standard_normal(n_parties)
        )
        liked[t] = np.where(new, start, next_liked)
        if t:
            place = own[term[last]] + TRUTH["theta_mean"] * (liked[last] - USUAL_STANDING) / 10.0
            place = place + TRUTH["phi"] * (support[last] - 0.5)
            v[t] = v[last] + TRUTH["speed"] * (place - v[last]) + TRUTH["lam"] * (liked[t] - liked[last]) / 10.0
            v[t] += noise * rng.standard_normal(n_parties)
    early = np.arange(n) % TERM < GAP
    return ResponsePanel(
        days=tuple(date(1980, 1, 31) + timedelta(days=30 * t) for t in range(n)),
        parties=PARTIES,
        leaders=tuple(f"L{i:03d}" for i in range(leader.max() + 1)),
        elections=tuple(date(1980, 1, 31) + timedelta(days=30 * TERM * i - 10) for i in range(n_terms)),
        leader=leader,
        parliament=np.where(early, NOBODY, term),
        v=np.where(early[:, None], np.nan, v),
        home=home[term],
        favourability=liked,
        support=support,
        office=np.zeros(shape),
    )
