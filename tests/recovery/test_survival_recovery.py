"""Simulate leaders' careers from the survival model, fit them, and see whether the truth lies where the fit says."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from data import load_evidence
from models.days import DAYS_PER_YEAR
from models.fit import SamplerConfig, diagnose, is_good, sample
from models.survival import SAMPLER, build_survival_model, prior_odds
from models.survival_odds import CENTRE, LIBERAL, PARTIES, Defeat, Odds, over_it
from models.survival_record import ILL, STAYED, WENT, SurvivalRecord, survival_record

pytestmark = pytest.mark.slow
RUNS, TERMS, TERM = 8, 40, 48
SCALARS = ("usual", "support", "unknown", "rating", "premier", "defeat", "era", "liberal", "gain", "delay", "health")
COLUMNS = ("party", "pull", "liking", "premier", "since", "decade", "gain", "months", "how")


class Career:
    """One leader, month after month, from the clocks of the head of ``models.survival_odds``."""

    def __init__(self, truth: Odds, party: int, rng: np.random.Generator) -> None:
        self.truth, self.party, self.rng = truth, party, rng
        self.pull = rng.normal(0.0, 0.6) if rng.random() < 0.7 else np.nan
        self.liking = rng.normal(0.0, 2.0)
        self.premier, self.over = 0.0, np.inf
        self.since = self.decade = self.gain = np.nan

    def election(self, term: int) -> None:
        """Win or lose by lot; Liberals lose."""
        self.since = self.decade = self.gain = np.nan
        self.premier, self.over = 1.0, np.inf
        if self.party == LIBERAL or self.rng.random() < 0.5:
            day = CENTRE + timedelta(days=DAYS_PER_YEAR * (4 * term - 30))
            self.since, self.decade, self.gain = 0.0, (4 * term - 30) / 10.0, self.rng.normal(0.0, 0.6)
            q = float(over_it(self.truth, PARTIES[self.party], Defeat(election=day, gain=self.gain / 10.0))[0])
            self.premier, self.over = (
                0.0,
                self.rng.exponential(self.truth.delay[0]) if self.rng.random() < q else np.inf,
            )

    def month(self) -> tuple[Any, ...]:
        """Live a month, or the part of it until a clock strikes."""
        truth = self.truth
        level = float(truth.usual[0] + truth.of_party[0, self.party] + truth.premier[0] * self.premier)
        level += float(truth.unknown[0] if np.isnan(self.pull) else truth.support[0] * self.pull)
        level += float(truth.rating[0] * self.liking)
        politics, health = self.rng.exponential(np.exp(-level)), self.rng.exponential(1.0 / truth.health[0])
        strikes = {STAYED: 1.0, WENT: min(politics, self.over), ILL: health}
        how = min(strikes, key=lambda kind: strikes[kind])
        known = (self.party, self.pull, self.liking, self.premier, self.since, self.decade, self.gain)
        self.since, self.over = self.since + 1.0, self.over - 1.0
        return *known, strikes[how], how


def simulate(truth: Odds, rng: np.random.Generator) -> SurvivalRecord:
    """Careers of three parties over many terms; who has gone is followed at the next month."""
    rows, spell, count = [], [], 0
    for party in range(len(PARTIES)):
        leader = Career(truth, party, rng)
        for month in range(TERM * TERMS):
            if month % TERM == 0 and month:
                leader.election(month * 15 // (TERM * TERMS))
            rows.append(leader.month())
            spell.append(count)
            if rows[-1][-1] != STAYED:
                leader, count = Career(truth, party, rng), count + 1
        count += 1
    columns = dict(zip(COLUMNS, map(np.array, zip(*rows, strict=True)), strict=True))
    return SurvivalRecord(
        leaders=tuple(f"L{i}" for i in range(count)), spell=np.array(spell), day=np.arange(len(rows)), **columns
    )


@pytest.mark.timeout(1200)
def test_ninety_per_cent_intervals_hold_the_truth() -> None:
    """Over several made-up records, 90 % intervals hold the known truth about nine times in ten."""
    held = []
    for seed in range(RUNS):
        truth = prior_odds(n_draws=1, seed=seed)
        made_up = simulate(truth, np.random.default_rng(seed))
        sampler = SamplerConfig(seed=seed, draws=600, tune=600, target_accept=0.9)
        posterior = sample(build_survival_model(made_up), sampler, progress=False)["posterior"].to_dataset()
        for name in (*SCALARS, "of_party"):
            low, high = posterior[name].quantile([0.05, 0.95], dim=("chain", "draw")).values
            value = getattr(truth, name)[0]
            held += np.atleast_1d((low <= value) & (value <= high)).tolist()
    assert 0.82 <= np.mean(held) <= 0.97


@pytest.mark.timeout(900)
@pytest.mark.parametrize("day", [date(1960, 1, 1), date(1992, 4, 9), date(2026, 9, 30)])
def test_the_record_is_sampled_well(day: date) -> None:
    """From the first leaders in 1960 to all of them today, the fit passes the gates of convergence."""
    record = survival_record(load_evidence(own=False).as_of(day))
    assert is_good(diagnose(sample(build_survival_model(record), SAMPLER, progress=False)))
