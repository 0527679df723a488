"""Simulate leaders and their MPs from the model, fit them, and see whether the truth lies where the fit says."""

from datetime import date

import numpy as np
import pytest

from data import load_evidence
from models.days import DAYS_PER_YEAR
from models.fit import SamplerConfig, diagnose, is_good, sample
from models.mp_filter import ACT_KINDS, CHOSEN, FACED, MpHabits, MpRecord
from models.mp_model import build_mp_model, mp_record, prior_habits

pytestmark = pytest.mark.slow
RUNS, LEADERS, VOTES = 8, 40, 3
SCALARS = ("usual", "spread", "spread_new", "memory", "crowding", "lost", "unevenness")


def simulate(truth: MpHabits, rng: np.random.Generator) -> MpRecord:
    """Leaders chosen in fields of one to four and voted on twice more, with an act or two before each later vote."""
    usual, spread, memory, crowding = (float(getattr(truth, n)[0]) for n in ("usual", "spread", "memory", "crowding"))
    votes, acts = [], []
    for leader in range(LEADERS):
        day, level = date(1960, 1, 1).toordinal(), usual + truth.spread_new[0] * rng.standard_normal()
        for number in range(VOTES):
            until = day + int(rng.integers(100, 1500)) if number else day
            for when in np.sort(rng.integers(day, until - 10, rng.integers(1, 3))) if number else []:
                kind, after = int(rng.integers(len(ACT_KINDS))), float(rng.uniform(0.01, 0.3))
                size = np.log1p(after / truth.halving[0, kind])
                level = _walk(level, int(when) - day, usual, spread, memory, rng)
                level -= size * (1.0 + truth.unevenness[0] * rng.standard_normal())
                acts.append((leader, int(when), kind, after))
                day = int(when)
            level = _walk(level, until - day, usual, spread, memory, rng)
            day, kind = until, FACED if number else CHOSEN
            crowd = 0.0 if number else float(np.log(rng.uniform(1.0, 4.0)))
            share = level - crowding * crowd + truth.noise[0, kind] * rng.standard_normal()
            votes.append((leader, day, share, crowd, kind))
    who, when, share, crowd, kinds = (np.array(column) for column in zip(*votes, strict=True))
    author, on, kind, after = (np.array(column) for column in zip(*acts, strict=True))
    return MpRecord(
        leaders=tuple(f"L{i}" for i in range(LEADERS)),
        vote_leader=who,
        vote_day=when,
        share=share,
        crowd=crowd,
        vote_kind=kinds,
        act_leader=author,
        act_day=on,
        act_kind=kind,
        before=np.zeros(after.size),
        after=after,
    )


def _walk(level: float, days: int, usual: float, spread: float, memory: float, rng: np.random.Generator) -> float:
    fade = np.exp(-days / (memory * DAYS_PER_YEAR))
    return float(usual + (level - usual) * fade + spread * np.sqrt(1.0 - fade**2) * rng.standard_normal())


@pytest.mark.timeout(1200)
def test_ninety_per_cent_intervals_hold_the_truth() -> None:
    """Over several made-up records, 90 % intervals hold the known truth about nine times in ten."""
    held = []
    for seed in range(RUNS):
        truth = prior_habits(n_draws=1, seed=seed)
        made_up = simulate(truth, np.random.default_rng(seed))
        tree = sample(build_mp_model(made_up), SamplerConfig(seed=seed, draws=1000), progress=False)
        posterior = tree["posterior"].to_dataset()
        for name in (*SCALARS, "noise", "halving"):
            low, high = posterior[name].quantile([0.05, 0.95], dim=("chain", "draw")).values
            held += np.atleast_1d((low <= getattr(truth, name)[0]) & (getattr(truth, name)[0] <= high)).tolist()
    assert 0.82 <= np.mean(held) <= 0.97


@pytest.mark.timeout(600)
@pytest.mark.parametrize("day", [date(1956, 1, 1), date(1992, 4, 10), date(2024, 7, 5)])
def test_the_record_is_sampled_well(day: date) -> None:
    """From one vote in 1955 to all of them in 2024, the fit passes the gates of convergence."""
    tree = sample(build_mp_model(mp_record(load_evidence(own=False).as_of(day))), SamplerConfig(), progress=False)
    assert is_good(diagnose(tree))
