"""A marimo server of its own: fresh settings and home, every notebook of the tests as an app."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.server import environment, free_port, server

from .notebooks import NOTEBOOKS, source

VARIABLES = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")


@contextmanager
def marimo_server(folder: Path) -> Iterator[str]:
    """Start a server of the notebooks, each also in dark; give its address without a slash."""
    notebooks = folder / "notebooks"
    notebooks.mkdir()
    for name, cells in NOTEBOOKS.items():
        (notebooks / f"{name}.py").write_text(source(cells))
        (notebooks / f"{name}-dark.py").write_text(source(cells, dark=True))
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [
        *(sys.executable, "-m", "marimo", "-y", "run", str(notebooks), "--headless"),
        *("--no-token", "--host=127.0.0.1", f"--port={port}"),
    ]
    folders = {variable: folder / "home" / variable.lower() for variable in VARIABLES}
    with server(command, environment(folders), f"{address}/health", folder / "server.log"):
        yield address
