"""Check the models of leaders, MPs, response, votes and seats, and write ``reports/model_checks.csv``.

Columns: ``model, check, quantity, value, low, high, ok``, a figure a row; ``low`` and ``high`` are what is allowed.

- ``prior_predictive``: what the priors hold possible.
- ``sbc``: whether a fit finds the truth of made-up records as often as it says (a p-value a parameter).
- ``posterior_predictive``: how much of the real record lies inside the range that the fit expects.
- ``psense``: how far the prior moves a posterior; a row fails where the record does not move it as well.
- ``gates``: how well the real fits were sampled.
- ``extreme``: what the least and the best backed leaders do to the vote.

A row that is not ok is no error of the command: ``tests/test_model_checks.py`` lists those known, with their reasons.
"""

import logging
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import polars as pl

from benchmarks import checks_extreme, checks_fit, checks_prior, checks_sbc, checks_seats
from benchmarks.checks_record import real_stages
from benchmarks.checks_rows import CHECKS, COLUMNS, MODELS, Row
from data.files import write_aside

REPORT = Path(__file__).parents[1] / "reports" / "model_checks.csv"


def main() -> None:
    """Run every check and write the report."""
    logging.getLogger("pymc").setLevel(logging.WARNING)
    logging.getLogger("arviz_stats").setLevel(logging.ERROR)
    # Both are known: made-up ratings and votes of MPs are drawn by a simulator (``benchmarks.checks_sbc``).
    warnings.filterwarnings("ignore", message="The effect of Potentials")
    logging.getLogger().addFilter(lambda told: "a simulator" not in told.getMessage())
    begun = perf_counter()
    stages, links = real_stages()
    _tell("fits", begun)
    checks: dict[str, Callable[[], list[Row]]] = {
        "prior_predictive": lambda: checks_prior.rows(stages),
        "posterior_predictive": lambda: checks_fit.posterior_predictive(stages),
        "psense": lambda: checks_fit.psense(stages),
        "gates": lambda: checks_fit.gates(stages),
        "extreme": lambda: checks_extreme.rows(stages, links),
        "sbc": checks_sbc.rows,
        "seats": checks_seats.rows,
    }
    rows: list[Row] = []
    for name, check in checks.items():
        start = perf_counter()
        rows += check()
        _tell(name, start)
    order = {"model": pl.Enum(MODELS), "check": pl.Enum(CHECKS)}
    table = pl.DataFrame(rows, schema=COLUMNS).sort(*(pl.col(n).cast(t) for n, t in order.items()), maintain_order=True)
    write_aside(REPORT, table.write_csv(float_precision=4))
    failed = table.filter(~pl.col("ok"))
    print(failed.drop("ok").write_csv(float_precision=4))
    _tell(f"{table.height} rows, {failed.height} not ok", begun)


def _tell(what: str, start: float) -> None:
    print(f"{what}: {perf_counter() - start:.0f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
