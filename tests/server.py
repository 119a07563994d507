"""Start a server as a process of its own, and end it with all that it started."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.wait import SECONDS, wait_until

ROOT = Path(__file__).parents[1]


def environment(folders: Mapping[str, Path]) -> dict[str, str]:
    """Return an environment whose variables name these folders, made where they are missing."""
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {
        **os.environ,
        **{name: str(folder) for name, folder in folders.items()},
        "PYTHONPATH": path,
        "HF_HUB_OFFLINE": "1",
        "OMP_NUM_THREADS": "1",
    }


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def server(command: Sequence[str], env: Mapping[str, str], url: str, log: Path) -> Iterator[None]:
    """Run a server, from the time it answers `url`; its output goes to `log`."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=env, stdout=output, stderr=output, start_new_session=True
        )
        try:
            wait_until(lambda: _answers(url, process, log))
            yield
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=SECONDS)


def _answers(url: str, process: subprocess.Popen[bytes], log: Path) -> bool:
    if process.poll() is not None:
        raise RuntimeError(f"The server ended:\n{log.read_text()[-3000:]}")
    try:
        with urllib.request.urlopen(url, timeout=SECONDS):
            return True
    except (urllib.error.URLError, ConnectionError):
        return False
