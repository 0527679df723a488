"""Stands in for ``selectorate fit``: writes what a script says, waits where it says so, and ends as it says.

Its first argument is the script, a JSON list of steps: ``["say", text]``, ``["wait", file]`` (until the file is there),
``["copy", from, to]`` or ``["end", code]``.
"""

import json
import shutil
import sys
from pathlib import Path
from time import monotonic, sleep

LONGEST = 60.0

for step, *values in json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")):
    if step == "say":
        print(values[0], file=sys.stderr, flush=True)
    elif step == "wait":
        until = monotonic() + LONGEST
        while not Path(values[0]).exists() and monotonic() < until:
            sleep(0.02)
    elif step == "copy":
        shutil.copytree(*values, copy_function=shutil.copy)
    elif step == "end":
        sys.exit(values[0])
