"""Start the dashboard: Streamlit on the loopback address, without questions or browser windows."""

import importlib.util
import os
import signal
import subprocess
import sys
from pathlib import Path

from data.errors import DamagedArtefact
from models.store import SHOWN_VARIABLE


def serve_dashboard(port: int, folder: Path) -> int:
    """Run Streamlit until it is stopped.

    Parameters
    ----------
    port : int
        Port on 127.0.0.1.
    folder : Path
        Folder of the forecast to show.

    Returns
    -------
    int
        Streamlit's exit code.

    Raises
    ------
    DamagedArtefact
        If ``app.py`` is not installed.
    """
    spec = importlib.util.find_spec("app")
    if spec is None or spec.origin is None:
        raise DamagedArtefact("app.py is not installed with the package. Install selectorate again.")
    print(f"Dashboard: http://127.0.0.1:{port} (stop with Ctrl-C)", file=sys.stderr, flush=True)
    options = {
        "server.address": "127.0.0.1",
        "server.port": str(port),
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
    }
    flags = [f"--{name}={value}" for name, value in options.items()]
    command = [sys.executable, "-m", "streamlit", "run", spec.origin, *flags]
    try:
        with subprocess.Popen(command, env={**os.environ, SHOWN_VARIABLE: str(folder)}) as server:
            # Else a `kill` would end this process and leave the server behind, holding its port.
            signal.signal(signal.SIGTERM, lambda *_: server.terminate())
            return server.wait()
    except KeyboardInterrupt:
        return 0
