"""A marimo server of its own: fresh settings and home, every notebook of the tests as an app."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .notebooks import NOTEBOOKS, source

ROOT = Path(__file__).parents[2]


@contextmanager
def marimo_server(folder: Path) -> Iterator[str]:
    """Start a server of the notebooks, each also in dark; give its address without a slash."""
    notebooks = folder / "notebooks"
    notebooks.mkdir()
    for name, cells in NOTEBOOKS.items():
        (notebooks / f"{name}.py").write_text(source(cells))
        (notebooks / f"{name}-dark.py").write_text(source(cells, dark=True))
    port = _free_port()
    command = [
        *(sys.executable, "-m", "marimo", "-y", "run", str(notebooks), "--headless"),
        *("--no-token", "--host=127.0.0.1", f"--port={port}"),
    ]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            env=_environment(folder / "home"),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            _wait(f"http://127.0.0.1:{port}", process, folder / "server.log")
            yield f"http://127.0.0.1:{port}"
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=20)


def _environment(home: Path) -> dict[str, str]:
    variables = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")
    folders = {variable: home / variable.lower() for variable in variables}
    for folder in folders.values():
        folder.mkdir(parents=True)
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {
        **os.environ,
        **{variable: str(folder) for variable, folder in folders.items()},
        "PYTHONPATH": path,
        "HF_HUB_OFFLINE": "1",
        "OMP_NUM_THREADS": "1",
    }


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/health")
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"The marimo server did not start:\n{log.read_text()[-3000:]}")
