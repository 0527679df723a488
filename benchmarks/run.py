"""Run every benchmark and write ``reports/bench.csv``: each figure beside a baseline measured in the same run.

Machines are shared and noisy, so read the ratio. Columns: ``name, figure, baseline, ratio, unit``; a row that could not
be measured has empty figures and says why in ``unit``.
"""

import sys
from pathlib import Path

import polars as pl

from benchmarks import bench_backtest, bench_links, bench_load, bench_polls, bench_seats
from data.files import write_aside

REPORT = Path(__file__).parents[1] / "reports" / "bench.csv"
COLUMNS = {"name": pl.String, "figure": pl.Float64, "baseline": pl.Float64, "ratio": pl.Float64, "unit": pl.String}


def main() -> None:
    """Measure and write the report."""
    rows: list[dict[str, object]] = []
    for module in (bench_load, bench_seats, bench_polls, bench_links, bench_backtest):
        print(f"{module.__name__} ...", file=sys.stderr, flush=True)
        rows += module.rows()
    table = pl.DataFrame(rows, schema=COLUMNS)
    write_aside(REPORT, table.write_csv(float_precision=4))
    print(table.write_csv(float_precision=4))


if __name__ == "__main__":
    main()
