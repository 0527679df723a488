"""A live Streamlit for measuring: the dashboard, or a page with next to nothing on it, which no app can beat."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
DASHBOARD = ROOT / "app.py"
FLOOR = "import streamlit as st\n\nvalue = st.slider('A number', 0.0, 100.0, 5.0, 1.0, key='number')\nst.write(value)\n"


@contextmanager
def floor_page() -> Iterator[Path]:
    """Path of the page with one slider and one line of text, beside the dashboard's settings."""
    with TemporaryDirectory() as name:
        (Path(name) / ".streamlit").symlink_to(ROOT / ".streamlit")
        page = Path(name) / "floor.py"
        page.write_text(FLOOR, encoding="utf-8")
        yield page


@contextmanager
def serve(app: Path, *flags: str) -> Iterator[tuple[int, int]]:
    """Port and process number of a server that says it is healthy; it ends with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(app), f"--server.port={port}", *flags]
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(command, cwd=app.parent, env={**os.environ}, stdout=quiet, stderr=quiet)
    try:
        _wait(port, server)
        yield port, server.pid
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:  # runs of sessions that are gone may still be under way
            server.kill()
            server.wait(10)


def _wait(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(1200):
        if server.poll() is not None:
            raise RuntimeError("the server ended")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.05)
    raise RuntimeError("the server did not answer in a minute")


def resident_kib(pid: int) -> float:
    """Memory that a process holds, in KiB (Linux)."""
    line = next(s for s in Path(f"/proc/{pid}/status").read_text().splitlines() if s.startswith("VmRSS"))
    return float(line.split()[1])


def cpu_seconds(pid: int) -> float:
    """Time that a process has had of the cores so far (Linux): what else the machine does hardly moves it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
