"""Checks of the seat model: what its priors hold possible, and how well its fit to the whole record was sampled.

How it does on elections it has not seen is in ``reports/seats_scores.csv``; whether it finds the truth of made-up seats
is tested in ``tests/models/test_seats.py``.
"""

import numpy as np

from benchmarks.checks_fit import gates
from benchmarks.checks_record import CUT, Stage
from benchmarks.checks_rows import Row, judged
from benchmarks.seat_report import eve, our_chances
from data import load_evidence
from models.cli import DEFAULT_SEED
from models.config import ChainConfig
from models.pairs import seat_pairs
from models.seats import build_seat_model
from models.stages import Run

CASES = ("1974O-1979", "2015-2017", "2019-2024")
"""Pairs of elections whose votes are put through the priors: two quiet ones and a collapse."""


def rows() -> list[Row]:
    """Check priors and fit.

    Returns
    -------
    list of dict
        Rows of the report.
    """
    tables, config, run = load_evidence(own=False), ChainConfig(), Run(DEFAULT_SEED)
    pairs = seat_pairs(tables.as_of(CUT))
    model = build_seat_model(pairs, priors=config.seat_priors)
    tree = run.fit("seats", pairs, build_seat_model, config.seat_priors, config.seat_sampler)
    found = gates({"seats": Stage("seats", pairs, model, tree)})
    for pair in (pair for pair in pairs if pair.name in CASES):
        base, parameters = eve(tables, pair, run, learned=False)
        chances = our_chances(base, parameters, pair, run.seed)
        stood = pair.new > 0
        held = ((chances["lo90"].values <= pair.new) & (pair.new <= chances["hi90"].values))[stood].mean()
        kept = chances["win"].values[np.arange(len(pair.base)), pair.base.argmax(axis=1)].mean()
        width = (chances["hi90"].values - chances["lo90"].values)[:, :2].mean()
        limits = {
            "shares inside the 90% range": (held, 0.75, 0.99),
            "seats that stay with their party": (kept, 0.4, 0.95),
            "width of a main party's range": (width, 0.1, 0.4),
        }
        for what, (value, low, high) in limits.items():
            found.append(judged("seats", "prior_predictive", f"{pair.name}: {what}", float(value), low=low, high=high))
    return found
