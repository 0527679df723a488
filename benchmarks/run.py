"""Run every benchmark and write ``reports/bench.csv``: each figure beside a baseline measured in the same run.

Machines are shared and noisy, so read the ratio. Columns: ``name, figure, baseline, ratio, unit``; a row that could not
be measured has empty figures and says why in ``unit``.
"""

import os
import sys
import tempfile
from pathlib import Path

import polars as pl

from benchmarks import bench_polls, bench_seats

REPORT = Path(__file__).parents[1] / "reports" / "bench.csv"
COLUMNS = {"name": pl.String, "figure": pl.Float64, "baseline": pl.Float64, "ratio": pl.Float64, "unit": pl.String}


def main() -> None:
    """Measure and write the report."""
    rows: list[dict[str, object]] = []
    for module in (bench_seats, bench_polls):
        print(f"{module.__name__} ...", file=sys.stderr, flush=True)
        rows += module.rows()
    table = pl.DataFrame(rows, schema=COLUMNS)
    REPORT.parent.mkdir(exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=REPORT.parent, suffix=".csv")
    os.close(handle)
    table.write_csv(aside, float_precision=4)
    os.replace(aside, REPORT)
    print(table.write_csv(float_precision=4))


if __name__ == "__main__":
    main()
