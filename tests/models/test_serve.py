"""The server of the dashboard, as a process."""

import socket
import subprocess
import sys
import time

from tests.served import free_port

CODE = "from pathlib import Path; from models.serve import serve_dashboard; serve_dashboard({port}, Path('none'))"


def answers(port: int) -> bool:
    """Whether somebody listens on a port of this machine."""
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


def test_a_kill_ends_the_server_with_the_command() -> None:
    """Whoever ends the command by its process id has no server left behind that holds the port."""
    port = free_port()
    start = [sys.executable, "-c", CODE.format(port=port)]
    with subprocess.Popen(start, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as command:
        deadline = time.monotonic() + 120
        while not answers(port) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert answers(port)
        command.terminate()
        command.wait(60)
    assert not answers(port)
