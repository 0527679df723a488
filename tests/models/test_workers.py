"""Workers on one machine."""

import os

import pytest

from models.workers import pool


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="this system cannot hold a process to a core")
def test_each_worker_has_one_core() -> None:
    """Processes do not get in each other's way: each runs on one core."""
    with pool(2) as executor:
        cores = [executor.submit(os.sched_getaffinity, 0).result() for _ in range(4)]
    assert all(len(held) == 1 for held in cores)
