"""What the page on speed says of a run that is killed, and of a fit that was half written."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

# Two stages of a run, with numbers in the place of a sampler. The second waits to be killed unless it may go on.
RUN = """
import os, time
from dataclasses import dataclass
import numpy as np
import xarray as xr
from models import stages
from models.fit import SamplerConfig

@dataclass(frozen=True)
class Nothing:
    pass

def build(data, *, priors):
    print("built", flush=True)
    if data.size == 2 and "GO" not in os.environ:
        time.sleep(600)

def drawn(model, sampler, progress):
    draws = np.random.default_rng().normal(size=(2, 20))
    make = lambda **names: xr.Dataset({name: (("chain", "draw"), values) for name, values in names.items()})
    groups = {"posterior": make(mean=draws), "sample_stats": make(diverging=draws > 9, energy=draws**2)}
    tree = xr.DataTree.from_dict(groups)
    tree.attrs = {"compile_seconds": 0.0, "sampling_seconds": 0.0}
    return tree

stages.sample, run = drawn, stages.Run(seed=1, progress=False)
for name, size in (("polls", 1), ("votes", 2)):
    tree = run.fit(name, np.zeros(size), build, Nothing(), SamplerConfig())
    print(name, float(tree["posterior"]["mean"].sum()), flush=True)
"""


def begin(root: Path, **more: str) -> subprocess.Popen[str]:
    """Start the run in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", RUN], cwd=root, env={**os.environ, **more}, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_killed_run_goes_on_at_its_stage(root: Path, own_store: Path) -> None:
    """Started again, a run reads the stages that were finished, and samples the one it was killed in.

    Of a finished stage whose hash was not written any more nothing is read.
    """
    killed = begin(root)
    assert killed.stdout is not None
    told = [killed.stdout.readline().split() for _ in range(3)]
    killed.send_signal(signal.SIGKILL)
    killed.communicate(timeout=60)
    assert [line[0] for line in told] == ["built", "polls", "built"]
    assert [path.name.split("-")[0] for path in (own_store / "stages").glob("*.nc")] == ["polls"]
    again, _ = begin(root, GO="1").communicate(timeout=120)
    lines = [line.split() for line in again.splitlines()]
    assert [line[0] for line in lines] == ["polls", "built", "votes"]
    assert lines[0] == told[1]
    (seal,) = (own_store / "stages").glob("polls-*.sha256")
    seal.unlink()
    last, _ = begin(root).communicate(timeout=120)
    made_anew = [line.split() for line in last.splitlines()]
    assert [line[0] for line in made_anew] == ["built", "polls", "votes"]
    assert made_anew[1] != lines[0]
    assert made_anew[2] == lines[2]
