"""Forecast past elections as they would have been forecast, score them, and keep every job that is done.

A job is one election, lead time and variant. It is an ordinary run with an earlier date, and pure: its scores depend on
the tables, the code and the seed. So a finished job is kept under the hash of what went into it, and a run that was
killed goes on where it stopped. The jobs of one election run one after the other in one process, as they share fits.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from multiprocessing import parent_process
from pathlib import Path
from typing import Any

import polars as pl
from rich import progress as bars
from rich.console import Console

from data import load_evidence
from data.errors import BadInput
from data.files import write_aside
from models.fingerprint import made_with
from models.record import past_elections, previous_election
from models.reports import SCHEMA
from models.store import home

LEADS = (1, 7, 30, 90, 180, 365, 730, 1000)
"""Days before polling day; the last two because the live forecast stands there."""
FIRST_ELECTION = date(1964, 10, 15)
"""The first election with a past campaign to learn from."""
SEED = 20160712
POLL_SECONDS = 2.0


@dataclass(frozen=True, order=True)
class Job:
    """One forecast to make and score."""

    election_date: date
    lead_days: int
    variant: str

    @property
    def as_of(self) -> date:
        """Last day of evidence."""
        return self.election_date - timedelta(days=self.lead_days)


@dataclass(frozen=True)
class Failure:
    """A job that could not be done, and why; ``died`` where it is not known, as the process went with all its jobs."""

    job: Job
    reason: str
    died: bool = False


Done = tuple[list[Failure], dict[Job, str]]


def grid(elections: Iterable[date], leads: Iterable[int], variants: Iterable[str]) -> list[Job]:
    """List the jobs of a run.

    Parameters
    ----------
    elections : iterable of date
        Polling days.
    leads : iterable of int
        Days before polling day.
    variants : iterable of str
        Names or import paths, as ``models.makers.maker`` takes them.

    Returns
    -------
    list of Job
        In order. A lead at which the election before had not been held yet is left out.

    Raises
    ------
    BadInput
        If an election was not held, or is too early to learn anything before it.
    """
    evidence, leads, variants = load_evidence(own=False), sorted(leads), list(variants)
    held = past_elections(evidence)
    jobs = []
    for day in sorted(elections):
        if day not in held or day < FIRST_ELECTION:
            possible = ", ".join(str(one) for one in held if one >= FIRST_ELECTION)
            raise BadInput(f"No backtest of {day}: it is not one of the elections that can be tested, {possible}.")
        before = previous_election(evidence, day)
        jobs += [Job(day, lead, name) for lead in leads for name in variants if day - timedelta(days=lead) > before]
    return jobs


def job_path(job: Job) -> Path:
    """File that holds a job's scores once it is done; its name changes with tables, code, seed and settings.

    Parameters
    ----------
    job : Job
        The job.

    Returns
    -------
    Path
        Below the home of stored forecasts.
    """
    key = f"{job!r}|{made_with()}|{SEED}|{_settings(job.variant)}"
    stem = f"{job.election_date}_{job.lead_days}_{job.variant.replace(':', '.')}"
    return home() / "backtest" / f"{stem}_{hashlib.sha256(key.encode()).hexdigest()[:16]}.csv"


def _settings(name: str) -> str:
    """What a variant stands for, in words, as its function may lie outside the code that is hashed."""
    from models.makers import settings_of

    return settings_of(name)


def run_jobs(jobs: Sequence[Job]) -> Done:
    """Do some jobs, one after the other, and keep the scores of each.

    A job that fails is tried once more; bad input (no poll so early) is not, as it would fail again.

    Parameters
    ----------
    jobs : sequence of Job
        Best of one election, so that fits are shared.

    Returns
    -------
    list of Failure
        Jobs that failed.
    dict of Job to str
        Scores of the others as CSV, for a caller on another machine.
    """
    failures, done = [], {}
    parent = parent_process()
    for job in jobs:
        if parent is not None and not parent.is_alive():
            break  # the run was killed: what is done is kept, and nobody waits for the rest
        found = _attempt(job, tries=2)
        if isinstance(found, Failure):
            failures.append(found)
        else:
            done[job] = found
    return failures, done


def _attempt(job: Job, tries: int) -> str | Failure:
    path = job_path(job)
    if path.is_file():
        return path.read_text(encoding="utf-8")
    try:
        text = _scores(job).write_csv()
    except Exception as error:  # noqa: BLE001 (one job's failure is reported and must not stop the rest)
        if tries > 1 and not isinstance(error, BadInput):
            return _attempt(job, tries - 1)
        return Failure(job, f"{type(error).__name__}: {next(iter(str(error).splitlines()), 'no reason given')}")
    write_aside(path, text)
    return text


def _scores(job: Job) -> pl.DataFrame:
    from models.backtest_job import scores

    rows = [
        (job.election_date, job.lead_days, variant, metric, party, value)
        for variant, metric, party, value in scores(job.election_date, job.as_of, job.variant, SEED)
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def run(jobs: Sequence[Job], executor: Executor | Any, *, progress: bool = True) -> list[Failure]:
    """Do all jobs that are not done yet.

    Parameters
    ----------
    jobs : sequence of Job
        From ``grid``.
    executor : Executor
        Anything with ``submit``: a process pool, or the executor of a Dask client.
    progress : bool
        Show a progress bar with the time left on stderr; where that is a file, a line for each forecast done.

    Returns
    -------
    list of Failure
        Jobs that failed, in order; those of a process that died are named with that reason.
    """
    todo = [job for job in jobs if not job_path(job).is_file()]
    groups = [[job for job in todo if job.election_date == day] for day in sorted({job.election_date for job in todo})]
    # Late elections have the longest history and so the slowest fits: they go first.
    futures = {executor.submit(run_jobs, group): group for group in reversed(groups)}
    with _bar(progress) as bar:
        task = bar.add_task("backtest", total=len(jobs), completed=len(jobs) - len(todo))
        show = _watch(todo, lambda done: _tell(bar, task, len(jobs) - len(todo) + done))
        failures = [failure for future in _finished(futures, show) for failure in _failures(future, futures[future])]
    return sorted(failures, key=lambda failure: failure.job)


def run_to_end(
    jobs: Sequence[Job], open_executor: Callable[[], AbstractContextManager[Any]], *, progress: bool = True
) -> list[Failure]:
    """Do all jobs, in a fresh executor where one broke: a process that dies takes all jobs of its pool with it.

    Parameters
    ----------
    jobs : sequence of Job
        From ``grid``.
    open_executor : callable
        Opens an executor.
    progress : bool
        As for ``run``.

    Returns
    -------
    list of Failure
        As ``run`` gives it. A fresh executor is tried as long as the one before got any job done.
    """
    while True:
        done = sum(job_path(job).is_file() for job in jobs)
        with open_executor() as executor:
            failures = run(jobs, executor, progress=progress)
        if not any(failure.died for failure in failures) or sum(job_path(job).is_file() for job in jobs) == done:
            return failures


def _watch(todo: list[Job], update: Callable[[int], None]) -> Callable[[], None]:
    paths = [job_path(job) for job in todo]
    return lambda: update(sum(path.is_file() for path in paths))


def _finished(futures: Iterable["Future[Done]"], show: Callable[[], None]) -> Iterator["Future[Done]"]:
    left = set(futures)
    while left:
        done, left = wait(left, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
        show()
        yield from done


def _failures(future: "Future[Done]", group: list[Job]) -> list[Failure]:
    try:
        failures, done = future.result()
    except Exception as error:  # noqa: BLE001 (a process that died breaks its pool, with whatever was left)
        left = [job for job in group if not job_path(job).is_file()]
        return [Failure(job, f"its process died: {type(error).__name__}", died=True) for job in left]
    for job, text in done.items():
        if not job_path(job).is_file():  # the worker has a disk of its own
            write_aside(job_path(job), text)
    return failures


def _bar(progress: bool) -> bars.Progress:
    columns = (
        bars.TextColumn("{task.description}"),
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TimeElapsedColumn(),
    )
    console = Console(stderr=True, quiet=not progress)
    seen = console.is_terminal or console.is_jupyter
    return bars.Progress(*columns, bars.TimeRemainingColumn(), console=console, disable=not (progress and seen))


def _tell(bar: bars.Progress, task: bars.TaskID, done: int) -> None:
    """Move the bar; where nobody would see it move, as in a file, print a line when more is done than before."""
    told = bar.tasks[task]
    if bar.disable and done > told.completed:
        bar.console.print(f"{told.description}: {done} of {told.total:.0f} forecasts done", highlight=False)
    bar.update(task, completed=done)


def collect(jobs: Sequence[Job]) -> pl.DataFrame:
    """Read the scores of all jobs that are done.

    Parameters
    ----------
    jobs : sequence of Job
        From ``grid``.

    Returns
    -------
    pl.DataFrame
        Columns of ``SCHEMA``, sorted.
    """
    paths = [path for path in map(job_path, jobs) if path.is_file()]
    if not paths:
        return pl.DataFrame(schema=SCHEMA)
    frames = [pl.read_csv(path, schema_overrides=SCHEMA) for path in paths]
    table = pl.concat(frames).with_columns(pl.col("party").fill_null(""))
    return table.unique().sort("election_date", "lead_days", "variant", "metric", "party")
