"""A fit asked for by a page: one worker process at a time, told by its log how far it is.

``jobs/`` beside the stored forecasts holds the lock, what is being fitted and the log. The worker itself holds the
lock: it inherits the open file, and the system lets go of it when the worker ends, however it ends. So a job outlives
the dashboard that began it, every visitor and every dashboard of one home sees the same one, and a dead worker blocks
nobody.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Thread
from time import sleep, time
from typing import BinaryIO

from data import load_evidence
from data.errors import BadInput
from data.files import write_aside
from models.fit_progress import CLOSING, OPENING, how_far, why_failed
from models.record import past_elections, previous_election
from models.settle import settle_dates
from models.store import MANIFEST, forecast_path, home
from models.stored import usable_forecasts

FIRST_DAY = date(1979, 5, 4)
"""First day a page offers: the day after the election of 1979, since when leaders have been rated month by month."""
READONLY_VARIABLE = "SELECTORATE_READONLY"
COMMAND = (sys.executable, "-c", "from models.cli import main; main()")
"""How the command line is started: by the Python that runs the page, wherever its scripts lie."""
AS_A_TERMINAL = {"TTY_COMPATIBLE": "1", "NO_COLOR": "1", "COLUMNS": "100"}
"""Makes rich write its bars, which say how many draws are made, into a log as well."""
LOW_PRIORITY = 5
"""Niceness of the worker: sampling takes every core, and the page is to stay usable meanwhile."""
PATIENCE = 20
"""Tries, a twentieth of a second apart, to get the lock while others look whether it is held."""


@dataclass(frozen=True, kw_only=True)
class JobState:
    """How far a fit is.

    Attributes
    ----------
    as_of, election_date : date
        Last day of evidence and polling day.
    started : datetime
        When, in UTC; tells one job from the next.
    stage : str
        What is being fitted, in words.
    done : float
        Part of the usual time that has passed, 0 to 1.
    finished : bool
        Whether its forecast is stored.
    failed : str
        Why there is none, in one sentence; empty otherwise.
    """

    as_of: date
    election_date: date
    started: datetime
    stage: str
    done: float
    finished: bool = False
    failed: str = ""

    @property
    def running(self) -> bool:
        """Whether the worker is still at it."""
        return not (self.finished or self.failed)

    @property
    def folder(self) -> Path:
        """Folder of its forecast."""
        return forecast_path(self.as_of, self.election_date)


def readonly() -> bool:
    """Whether whoever runs the dashboard has ruled fits out, or the system cannot hand a lock to a worker."""
    return os.environ.get(READONLY_VARIABLE, "0") not in {"", "0"} or os.name != "posix"


def is_learned(as_of: date) -> bool:
    """Whether what past elections teach a forecast is known already, so that only its polls are left to fit.

    Parameters
    ----------
    as_of : date
        Last day of evidence.

    Returns
    -------
    bool
        True in the present Parliament, for which it comes with the package, and where another day of the same
        Parliament is stored.
    """
    evidence = load_evidence()
    since = previous_election(evidence, as_of)
    known = {past_elections(evidence)[-1], *(stored.previous_election for stored in usable_forecasts())}
    return since in known


def start(as_of: date, election_date: date | None = None) -> JobState:
    """Begin to fit the forecast of a day in a worker process.

    Parameters
    ----------
    as_of : date
        Last day of evidence, from ``FIRST_DAY``.
    election_date : date, optional
        Polling day; as for ``settle_dates`` by default.

    Returns
    -------
    JobState
        The job.

    Raises
    ------
    BadInput
        If the dates cannot be, fits are ruled out here, another fit is under way or ``jobs/`` cannot be written.
    """
    if readonly():
        raise BadInput("This dashboard only shows forecasts that are stored: it makes no new ones.")
    if as_of < FIRST_DAY:
        raise BadInput(f"The first day that can be fitted here is {FIRST_DAY}, the day after the election of 1979.")
    day, polling_day = settle_dates(as_of, election_date)
    dates = {"as_of": str(day), "election_date": str(polling_day)}
    started = datetime.now(UTC)
    job = {**dates, "started": started.isoformat(), "learned": is_learned(day)}
    try:
        with _lock() as lock:
            for old in _folder().glob("*.log"):
                old.unlink()
            write_aside(_folder() / "job.json", json.dumps(job) + "\n")
            with _log(dates).open("wb") as log:
                _begin([*COMMAND, "fit", "--as-of", str(day), "--election", str(polling_day)], log, lock)
    except OSError as error:
        raise BadInput(f"Cannot begin a fit in {_folder().name}/: {error.strerror or error}.") from error
    return JobState(as_of=day, election_date=polling_day, started=started, stage=OPENING, done=0.0)


def state() -> JobState | None:
    """Tell how far the fit is that was begun last.

    Returns
    -------
    JobState or None
        None where none was ever begun, or its record cannot be read.
    """
    running = _held()  # asked first: a job that ends in between has written all of its log
    try:
        job = json.loads((_folder() / "job.json").read_text(encoding="utf-8"))
        day, polling_day = date.fromisoformat(job["as_of"]), date.fromisoformat(job["election_date"])
        started, learned = datetime.fromisoformat(job["started"]), bool(job["learned"])
        log, quiet = _log(job).read_text(encoding="utf-8", errors="replace"), time() - _log(job).stat().st_mtime
    except (OSError, ValueError, KeyError, TypeError):
        return None
    stage, done = how_far(log, learned=learned, quiet=quiet)
    told = JobState(as_of=day, election_date=polling_day, started=started, stage=stage, done=done)
    if running:
        return told
    if _written(told.folder) >= started.timestamp():
        return replace(told, stage=CLOSING, done=1.0, finished=True)
    return replace(told, failed=why_failed(log))


@contextmanager
def _lock() -> Iterator[int]:
    """Hold the lock for as long as its file is open here or in a worker that inherits it."""
    import fcntl  # not on every system: ``readonly``

    _folder().mkdir(parents=True, exist_ok=True)
    with (_folder() / "lock").open("a", encoding="utf-8") as file:
        for _ in range(PATIENCE):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                sleep(0.05)
            else:
                break
        else:
            other = state()
            which = f" of {other.as_of}" if other else ""
            raise BadInput(f"A fit{which} is under way, and one is made at a time. Wait until it is done.")
        yield file.fileno()


def _held() -> bool:
    """Whether a worker holds the lock."""
    if os.name != "posix":
        return False
    import fcntl

    try:
        with (_folder() / "lock").open("a", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _begin(command: list[str], log: BinaryIO, lock: int) -> None:
    """Start the worker in a session of its own, after the page in the queue for the processor."""
    worker = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        env=os.environ | AS_A_TERMINAL,
        start_new_session=True,
        pass_fds=[lock],
    )
    with suppress(OSError):  # it may have ended already
        os.setpriority(os.PRIO_PROCESS, worker.pid, LOW_PRIORITY)
    Thread(target=worker.wait, daemon=True).start()  # or it stays behind as a zombie


def _folder() -> Path:
    return home() / "jobs"


def _log(job: dict[str, str]) -> Path:
    return _folder() / f"{date.fromisoformat(job['as_of'])}_{date.fromisoformat(job['election_date'])}.log"


def _written(folder: Path) -> float:
    """When a forecast was stored, in seconds since 1970; 0 if none is."""
    try:
        return (folder / MANIFEST).stat().st_mtime
    except OSError:
        return 0.0
