"""The track record as a function: past elections forecast as they would have been, for a notebook."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from datetime import date
from typing import Any

import polars as pl

from data.errors import BadInput, SelectorateError
from models.backtest import collect, grid, run_to_end
from models.makers import maker
from models.workers import pool


class _Here(Executor):
    """Does each job where it is asked for, so that a variant may be a function of the notebook's own."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Do a job now; a fault is the caller's at once."""
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


def backtest(
    elections: date | Sequence[date],
    *,
    lead_days: int | Sequence[int],
    variants: str | Sequence[str] = ("full",),
    jobs: int = 1,
    progress: bool = True,
) -> pl.DataFrame:
    """Forecast past elections by the path of a live run, and score them.

    Parameters
    ----------
    elections : date or sequence of date
        Polling days since 1964.
    lead_days : int or sequence of int
        Days before polling day, 1 or more.
    variants : str or sequence of str
        Names of ``models.variants``, or ``package.module:function`` of your own (``models.makers``); with ``full`` come
        the baselines.
    jobs : int
        Processes; with one, everything runs in this process.
    progress : bool
        Show a progress bar on stderr.

    Returns
    -------
    pl.DataFrame
        Columns ``election_date, lead_days, variant, metric, party, value``.

    Raises
    ------
    BadInput
        If an election or a variant is not known, or a forecast would be made on polling day or later.
    SelectorateError
        If a job failed. What is done is kept, so the next call makes only the rest.
    """
    days = [elections] if isinstance(elections, date) else list(elections)
    leads = [lead_days] if isinstance(lead_days, int) else list(lead_days)
    names = [variants] if isinstance(variants, str) else list(variants)
    for name in names:
        maker(name)
    if min(leads, default=1) < 1:
        raise BadInput(f"lead_days holds {min(leads)}; a forecast is made one day before polling day or earlier.")
    wanted = grid(days, leads, names)
    failures = run_to_end(wanted, lambda: _workers(jobs), progress=progress)
    if failures:
        job, reason = failures[0].job, failures[0].reason
        raise SelectorateError(
            f"{len(failures)} of {len(wanted)} forecasts failed, first {job.election_date}, {job.lead_days} days, "
            f"{job.variant}: {reason}. The others are kept: the same call makes only these again."
        )
    return collect(wanted)


@contextmanager
def _workers(jobs: int) -> Iterator[Any]:
    if jobs == 1:
        yield _Here()
        return
    with pool(jobs) as executor:
        yield executor
