"""The backtest on two workers beside one, and the memory of a worker beside that of a process that loads the models."""

import os
import subprocess
import sys
from datetime import date
from tempfile import TemporaryDirectory
from time import perf_counter
from unittest.mock import patch

from benchmarks.memory import peak_mib
from models.backtest import grid, run
from models.workers import pool

ELECTIONS = (date(1970, 6, 18), date(1983, 6, 9), date(1992, 4, 9), date(2005, 5, 5))
LEADS = (1, 90)
WORKERS = 2
IDLE = "import models.backtest_job; from benchmarks.memory import peak_mib; print(peak_mib())"


def rows() -> list[dict[str, object]]:
    """Measure every row of this file."""
    # Two first: what the first run leaves in the machine's caches favours the baseline.
    together, peak = _measure(WORKERS)
    alone, _ = _measure(1)
    idle = float(subprocess.run([sys.executable, "-c", IDLE], capture_output=True, text=True, check=True).stdout)
    measured = [
        (f"backtest: jobs an hour on {WORKERS} workers (baseline: on one)", together, alone, "jobs/h"),
        ("backtest: peak memory of a worker (baseline: process that loads the models)", peak, idle, "MiB"),
    ]
    return [
        {"name": name, "figure": figure, "baseline": base, "ratio": figure / base, "unit": unit}
        for name, figure, base, unit in measured
    ]


def _measure(workers: int) -> tuple[float, float]:
    """Jobs an hour with nothing kept from earlier runs, and the largest memory of a worker."""
    jobs = grid(ELECTIONS, LEADS, ["full"])
    with TemporaryDirectory() as folder, patch.dict(os.environ, SELECTORATE_HOME=folder), pool(workers) as executor:
        start = perf_counter()
        failures = run(jobs, executor, progress=False)
        seconds = perf_counter() - start
        asked = [executor.submit(peak_mib) for _ in range(20 * workers)]
        peaks = [future.result() for future in asked]
    assert not failures, failures
    return 3600 * len(jobs) / seconds, max(peaks)
