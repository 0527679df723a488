"""Loading and checking all tables beside reading them with the same types, unchecked: time and memory."""

import subprocess
import sys
from collections.abc import Callable
from time import perf_counter

import polars as pl

from data import schemas
from data.load import evidence_from, tables_dir

REPEATS = 7
PEAK = "from benchmarks.memory import peak_mib; print(peak_mib())"
BASELINE = f"from benchmarks.bench_load import read_plain; read_plain(); {PEAK}"
LOADED = f"from data import load_evidence; load_evidence(); {PEAK}"


def read_plain() -> list[pl.DataFrame]:
    """Read every table with its types, as the product does, but check nothing."""
    types = {
        name: {column: kind.dtype for column, kind in schema.columns().items()}
        for name, schema in schemas.TABLES.items()
    }
    return [pl.read_csv(tables_dir() / f"{name}.csv", schema_overrides=types[name]) for name in schemas.TABLES]


def shortest(run: Callable[[], object]) -> float:
    """Shortest of some runs, in milliseconds."""
    times = []
    for _ in range(REPEATS):
        start = perf_counter()
        run()
        times.append(perf_counter() - start)
    return 1000 * min(times)


def peak(code: str) -> float:
    """Peak memory, in MiB, of a fresh process."""
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def rows() -> list[dict[str, object]]:
    """Measure every row of this file."""
    figures = {
        "tables: read and validated (baseline: read alone)": (
            shortest(lambda: evidence_from(tables_dir())),
            shortest(read_plain),
            "ms",
        ),
        "tables: peak memory of a process that holds them (baseline: read alone)": (
            peak(LOADED),
            peak(BASELINE),
            "MiB",
        ),
    }
    return [
        {"name": name, "figure": figure, "baseline": base, "ratio": figure / base, "unit": unit}
        for name, (figure, base, unit) in figures.items()
    ]
