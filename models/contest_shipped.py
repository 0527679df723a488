"""Learn from contests and leaders over by each day, and keep it: ``python -m models.contest_shipped``."""

import sys
from dataclasses import fields
from datetime import date, timedelta

import numpy as np
import xarray as xr

from data import Evidence, load_evidence
from models.cli import DEFAULT_SEED
from models.config import ChainConfig
from models.contest import contest_record, learn_contests
from models.contest_forecast import Rallying
from models.contest_odds import N_HABITS, ContestHabits, habits_from
from models.contest_record import contest_cases
from models.contest_store import CONTESTS, SURVIVAL, keep
from models.fingerprint import code_behind
from models.fit import is_good
from models.links import LEAST_VOTES
from models.mp_filter import CHOSEN, MpHabits
from models.mp_model import build_mp_model, habits_of, mp_record, prior_habits
from models.record import past_elections
from models.stages import Run, diagnostics, digest
from models.survival import fit_odds
from models.survival_odds import Odds
from models.survival_priors import SurvivalPriors
from models.survival_record import survival_record

FIRST = date(1975, 1, 1)
"""Before 1975 the record holds too few contests with a vote to speak of habits."""
FIRST_LASTING = date(1974, 1, 1)


def learning_days(tables: Evidence) -> list[date]:
    """Days on which a contest with a vote ended, since 1975, oldest first."""
    ended = {case.result_day for case in contest_cases(tables) if any(r.kind == "ballot" for r in case.readings)}
    return sorted(day for day in ended if day >= FIRST)


def learn(tables: Evidence, day: date, run: Run) -> tuple[ContestHabits, Rallying, dict[str, dict[str, float]]]:
    """Learn what contests over by a day teach.

    Parameters
    ----------
    tables : Evidence
        All tables, uncut.
    day : date
        The cut.
    run : Run
        Seed and progress.

    Returns
    -------
    tuple
        Habits of contests, how MPs rally, and the diagnostics of both fits (of the prior none).
    """
    record = tables.as_of(day)
    tree = learn_contests(record, run)
    measured = {"contest": diagnostics(tree)}
    config, voted = ChainConfig().links, mp_record(record)
    habits = prior_habits(config.mp_priors)
    if voted.share.size >= LEAST_VOTES:
        fitted = run.fit("mps", voted, build_mp_model, config.mp_priors, config.mp_sampler)
        measured["mps"], habits = diagnostics(fitted), habits_of(fitted["posterior"].to_dataset())
    return habits_from(tree["posterior"].to_dataset()), _rallying(habits), measured


def _rallying(habits: MpHabits) -> Rallying:
    """Those habits of MPs that say how they take a new leader, as many draws as of contests."""
    taken = {"usual": habits.usual, "spread_new": habits.spread_new, "crowding": habits.crowding}
    taken["noise_chosen"] = habits.noise[:, CHOSEN]
    return Rallying(**{item.name: np.resize(taken[item.name], N_HABITS) for item in fields(Rallying)})


def learn_lasting(tables: Evidence, day: date, run: Run) -> tuple[xr.Dataset, dict[str, float]]:
    """Learn how long leaders last from what was known by a day.

    Parameters
    ----------
    tables : Evidence
        All tables, uncut.
    day : date
        The cut.
    run : Run
        Seed and progress.

    Returns
    -------
    tuple
        Draws, as many as are kept of contests, and the diagnostics of the fit.
    """
    tree = fit_odds(survival_record(tables.as_of(day)), SurvivalPriors(), seed=run.seed, progress=run.progress)
    drawn = Odds.of(tree["posterior"].to_dataset()).to_dataset()
    picked = np.linspace(0, drawn.sizes["sample"] - 1, N_HABITS).round().astype(np.int64)
    return drawn.isel(sample=picked).rename(sample="draw"), diagnostics(tree)


def made_from(tables: Evidence) -> dict[str, str]:
    """Hashes of the contests and of the code that learned from them, by which the files are found stale.

    Parameters
    ----------
    tables : Evidence
        All tables, uncut.

    Returns
    -------
    dict
        ``contest`` and ``survival`` (code), ``record`` (of contests) and ``tenure``.
    """
    return {
        "contest": code_behind("models.contest")[:16],
        "survival": code_behind("models.survival")[:16],
        "record": digest(contest_record(tables))[:16],
        "tenure": digest(tables.leader_tenure.drop("source").write_csv())[:16],
    }


def main() -> None:
    """Learn day by day and write both files."""
    tables, run = load_evidence(own=False), Run(DEFAULT_SEED, progress=False)
    learned, measured = dict[date, xr.Dataset](), dict[str, object]()
    for day in learning_days(tables):
        habits, rallying, found = learn(tables, day, run)
        learned[day], measured[day.isoformat()] = habits.to_dataset().merge(rallying.to_dataset()), found
        _tell(day, found)
    keep(CONTESTS, learned, {**made_from(tables), "seed": DEFAULT_SEED, "diagnostics": measured})
    lasting, measured = dict[date, xr.Dataset](), dict[str, object]()
    for day in [held + timedelta(days=1) for held in past_elections(tables) if held >= FIRST_LASTING]:
        lasting[day], figures = learn_lasting(tables, day, run)
        measured[day.isoformat()] = figures
        _tell(day, {"survival": figures})
    keep(SURVIVAL, lasting, {**made_from(tables), "seed": DEFAULT_SEED, "diagnostics": measured})


def _tell(day: date, found: dict[str, dict[str, float]]) -> None:
    bad = [name for name, figures in found.items() if not is_good(figures)]
    print(day, f"failed: {', '.join(bad)}" if bad else "ok", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
