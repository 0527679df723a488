"""Peak memory of a process."""

import resource
from pathlib import Path

STATUS = Path("/proc/self/status")


def peak_mib() -> float:
    """Peak memory of this process in MiB: of the program alone, where the system tells it.

    ``ru_maxrss`` begins at what the parent held when it started the process, so a small child of a large parent looks
    as large as it.
    """
    if STATUS.is_file():
        line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
