"""Run benchmarks and write ``reports/bench.csv``: each figure beside a baseline measured in the same run.

Machines are shared and noisy, so read the ratio. Columns: ``name, figure, baseline, ratio, unit``; a row that could not
be measured has empty figures and says why in ``unit``. ``python -m benchmarks.run`` runs all; with ``app`` behind it,
``bench_app`` alone: its rows take the place of those it wrote before, the others stay. ``ess`` ends with a table of its
own: what each model gains over its naive form.
"""

import sys
from importlib import import_module
from pathlib import Path

import polars as pl
from rich.console import Console

from data.files import write_aside

REPORT = Path(__file__).parents[1] / "reports" / "bench.csv"
COLUMNS = {"name": pl.String, "figure": pl.Float64, "baseline": pl.Float64, "ratio": pl.Float64, "unit": pl.String}
TOPICS = {
    "load": "tables",
    "seats": "seats",
    "ess": "ESS",
    "backtest": "backtest",
    "app": "app",
}
"""Modules ``bench_*``, and how the names of their rows begin."""


def main(chosen: list[str]) -> None:
    """Measure and write the report.

    Parameters
    ----------
    chosen : list of str
        Topics to measure again; empty for all.
    """
    if unknown := set(chosen) - set(TOPICS):
        raise SystemExit(f"No benchmark {', '.join(sorted(unknown))}. There are: {', '.join(TOPICS)}.")
    table = pl.read_csv(REPORT, schema=COLUMNS)
    topics = chosen or list(TOPICS)
    for topic in topics:
        print(f"bench_{topic} ...", file=sys.stderr, flush=True)
        rows = import_module(f"benchmarks.bench_{topic}").rows()
        table = merged(table, pl.DataFrame(rows, schema=COLUMNS), topic)
        write_aside(REPORT, table.write_csv(float_precision=4))
    if topics != ["ess"]:
        print(table.write_csv(float_precision=4))
    if "ess" in topics:
        # Loaded late, as it brings all models with it.
        Console(width=120).print(import_module("benchmarks.bench_ess").glance(table))


def merged(report: pl.DataFrame, rows: pl.DataFrame, topic: str) -> pl.DataFrame:
    """Put a topic's rows in the place of those it wrote before, or at the end."""
    old = report["name"].str.contains(f"^({TOPICS[topic]})\\b")
    first = int(old.arg_max() or 0) if old.any() else report.height
    rest = report.with_row_index("at").filter(~old)
    before, behind = (rest.filter(keep).drop("at") for keep in (pl.col("at") < first, pl.col("at") >= first))
    return pl.concat([before, rows, behind])


if __name__ == "__main__":
    main(sys.argv[1:])
