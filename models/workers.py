"""Processes that fit side by side on one machine."""

import os
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from multiprocessing.sharedctypes import Synchronized


def _pin(counter: "Synchronized[int]") -> None:
    """Hold a worker to one core: fits side by side then do not get in each other's way."""
    with counter.get_lock():
        number, counter.value = counter.value, counter.value + 1
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[number % len(cores)]})


def pool(workers: int) -> Executor:
    """Make a pool of spawned processes, each held to one core.

    Parameters
    ----------
    workers : int
        Processes.

    Returns
    -------
    Executor
        To be shut down by the caller.
    """
    context = get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_pin, initargs=(context.Value("i", 0),))
