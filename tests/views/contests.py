"""Made-up habits of contests and leaders, and reports of past contests, for tests of the page on leadership."""

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from models import contest_answer
from models.contest_forecast import Rallying
from models.contest_odds import ContestHabits
from models.survival_odds import Odds

HABITS = {
    "spread": 0.7, "rho": 0.5, "members": 0.7, "affiliates": 0.4, "supporters": 0.7, "block": 1.0, "nominations": 0.5,
    "confidence": 0.4, "stay": 0.1, "free": 0.6, "shared": 0.25, "poll": 0.1, "drift": 0.15, "edge_mps": 0.7,
    "edge_members": 0.5, "lent": 0.5, "size_affiliates": -1.2, "size_supporters": -1.5, "size_spread": 0.5,
}  # fmt: skip
RALLYING = {"usual": 1.0, "spread_new": 0.7, "crowding": 0.5, "noise_chosen": 0.6}
ODDS = {
    "usual": -5.0, "support": -0.5, "unknown": 0.0, "rating": -0.1, "unrated": 0.0, "premier": 0.1, "defeat": 0.5,
    "era": 0.3, "liberal": 0.0, "gain": -0.5, "delay": 4.0, "health": 0.001,
}  # fmt: skip
N = 20


def habits(_day: date) -> tuple[ContestHabits, Rallying]:
    """What contests would have taught by any day: the middles of the priors."""
    alike = {name: np.full(N, value) for name, value in HABITS.items()}
    return ContestHabits(**alike), Rallying(**{name: np.full(N, value) for name, value in RALLYING.items()})


def odds(_day: date) -> Odds:
    """How long leaders would last, by any day."""
    return Odds(of_party=np.zeros((N, 3)), **{name: np.full(N, value) for name, value in ODDS.items()})


def teach(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let contests be held with made-up habits, so that no file of draws is needed."""
    monkeypatch.setattr(contest_answer, "learned_by", habits)
    monkeypatch.setattr(contest_answer, "lasting_by", odds)


def replays() -> pl.DataFrame:
    """Three past contests, as ``reports/contests.csv`` has them."""
    shared = {"n_candidates": 2, "p_even": 0.5, "share_lo90": 0.4, "share_hi90": 0.7, "car_crash": 0.6}
    rows = [
        {"contest_id": "ld2019", "party": "lib", "eve": date(2019, 7, 21), "rule": "lib-2006", "winner": "Jo Swinson",
         "favourite": "Jo Swinson", "p_winner": 0.64, "poll_leader": None, "p_poll": 0.5, "mps_leader": None,
         "p_mps": 0.5, "share": 0.62, "share_mean": 0.6, "share_poll": None, "divergence": 0.1,
         "divergence_seen": None},
        {"contest_id": "lab2016", "party": "lab", "eve": date(2016, 9, 23), "rule": "lab-2014",
         "winner": "Jeremy Corbyn", "favourite": "Jeremy Corbyn", "p_winner": 0.9, "poll_leader": "Jeremy Corbyn",
         "p_poll": 0.8, "mps_leader": "Owen Smith", "p_mps": 0.3, "share": 0.618, "share_mean": 0.6,
         "share_poll": 0.62, "divergence": 0.7, "divergence_seen": 0.81},
        {"contest_id": "con2022a", "party": "con", "eve": date(2022, 9, 4), "rule": "con-2022a",
         "winner": "Liz Truss", "favourite": "Rishi Sunak", "p_winner": 0.4, "poll_leader": "Liz Truss",
         "p_poll": 0.7, "mps_leader": "Rishi Sunak", "p_mps": 0.4, "share": 0.574, "share_mean": 0.48,
         "share_poll": 0.6, "divergence": 0.2, "divergence_seen": 0.22},
    ]  # fmt: skip
    return pl.DataFrame([shared | row for row in rows], infer_schema_length=None).sort("eve")


def rules() -> pl.DataFrame:
    """The contest of 2016 under two rules, as ``reports/contest_rules.csv`` has them."""
    shared = {
        "contest_id": "lab2016", "party": "lab", "eve": date(2016, 9, 23), "happened": "Jeremy Corbyn", "p_nobody": 0.0,
        "p_lot": 0.0,
    }  # fmt: skip
    rows = [
        {"in_force": True, "rule": "lab-2014", "name": "one member one vote", "winner": "Jeremy Corbyn",
         "p_winner": 0.9, "car_crash": 0.9, "support": 0.2, "seats": 210.0, "lo90": 160.0, "hi90": 270.0,
         "p_majority": 0.02, "price": 0.0, "price_lo90": 0.0, "price_hi90": 0.0},
        {"in_force": False, "rule": "lab-1922", "name": "ballots of MPs", "winner": "Owen Smith", "p_winner": 0.95,
         "car_crash": 0.0, "support": 0.7, "seats": 222.0, "lo90": 170.0, "hi90": 280.0, "p_majority": 0.03,
         "price": 12.0, "price_lo90": -3.0, "price_hi90": 31.0},
    ]  # fmt: skip
    return pl.DataFrame([shared | row for row in rows], infer_schema_length=None)


def write_reports(folder: Path) -> None:
    """Write both reports into a folder."""
    replays().write_csv(folder / "contests.csv")
    rules().write_csv(folder / "contest_rules.csv")
