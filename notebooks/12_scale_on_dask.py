# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Scale the grid on Dask
#
# A track record is a grid of jobs: elections by lead times by variants. Each job is pure (its scores depend on
# tables, code and seed) and is kept under a hash of those, so the grid can be cut up among as many machines as you
# have, stopped at any time, and resumed. Here a cluster of two workers on this machine does what a large one would.

# %%
import logging
import os
import tempfile
from contextlib import contextmanager
from datetime import date

import polars as pl
import polars.selectors as cs
from distributed import Client, LocalCluster

from models.backtest import collect, grid, job_path, run_to_end

elections = [date(1979, 5, 3), date(1983, 6, 9)]
jobs = grid(elections, leads=[7, 30], variants=["my_variants:ours"])
for job in jobs:
    print(job.election_date, f"{job.lead_days} days before:", "kept" if job_path(job).is_file() else "to do")

# %% [markdown]
# Jobs that notebook 9 did are kept already, if you ran it. The jobs of one election go to one worker, one after the
# other, as they share what was learned before that election. From nothing they take some minutes.
#
# ## A cluster
#
# Two processes with one thread each, on the loopback address and nowhere else. Numerical libraries get one thread, as
# two workers that each take all cores only wait for each other. Linux can pin each process to a core of its own
# besides.


# %%
def pin(cores: list[int]) -> list[int]:
    """Keep this process to some cores, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, cores)
        return sorted(os.sched_getaffinity(0))
    return cores


@contextmanager
def two_workers():
    """Open the cluster and give what jobs are submitted to."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
    options = {"n_workers": 2, "threads_per_worker": 1, "host": "127.0.0.1", "dashboard_address": None}
    with (
        tempfile.TemporaryDirectory() as scratch,
        LocalCluster(**options, local_directory=scratch, silence_logs=logging.ERROR) as cluster,
        Client(cluster) as client,
    ):
        for i, worker in enumerate(client.scheduler_info()["workers"]):
            print(worker, "on core", client.submit(pin, [cores[i % len(cores)]], workers=[worker]).result())
        yield client.get_executor(retries=1)


# %% [markdown]
# ## Run to the end
#
# `run_to_end` takes whatever has `submit`: a pool of processes, or a Dask client's executor. A worker that dies costs
# a fresh cluster and the job it was at, nothing else.

# %%
failures = run_to_end(jobs, two_workers, progress=False)
print(f"{len(jobs) - len(failures)} of {len(jobs)} jobs done", *failures, sep="\n")

# %%
scores = collect(jobs).filter(pl.col("metric").is_in(["vote_mae", "seat_mae"]), pl.col("party") == "")
points = pl.when(pl.col("metric") == "vote_mae").then(100.0).otherwise(1.0)
scores = scores.with_columns(pl.col("value") * points)
scores.pivot("metric", index=["election_date", "lead_days"], values="value").with_columns(cs.float().round(1))

# %% [markdown]
# `vote_mae` is in points, `seat_mae` in seats. Scores come back to this machine as text, so workers may have disks of
# their own; what they need is this package in the same version, and the notebooks' folder if a variant lives there.
#
# ## A cluster that is already there
#
# The whole grid (17 elections, eight leads, nine variants: 1,161 forecasts) takes an hour and a half on two cores. With
# a scheduler elsewhere:
#
#     selectorate backtest --dask tcp://scheduler:8786
#
# ## Something to try
#
# Stop this notebook in the middle of a run and start it again: what is printed as kept? Then add both elections of
# 1974, and see in which order elections are done, and why (`models.backtest.run`).
