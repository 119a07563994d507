"""A Jupyter server of its own: fresh settings and home; JupyterLab and Notebook 7 on one port."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.server import environment, free_port, server

SETTINGS: dict[str, dict[str, Any]] = {
    # Without windowing, cells out of sight are in the page too.
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    # Off by default: a notebook saved without it has no widget to show.
    "@jupyter-widgets/jupyterlab-manager/plugin": {"saveState": True},
}
FOLDERS = {
    "HOME": ".",
    "JUPYTER_CONFIG_DIR": "config",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "runtime",
    "JUPYTERLAB_SETTINGS_DIR": "settings",
    "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    "IPYTHONDIR": "ipython",
}


@dataclass(frozen=True)
class JupyterServer:
    """A running server.

    Attributes
    ----------
    address : str
        Without a trailing slash.
    folder : Path
        What its file browser shows.
    environment : dict
        The environment it runs in; `jupyter trust` needs the same.
    """

    address: str
    token: str
    folder: Path
    environment: dict[str, str]

    def write(self, name: str, cells: Sequence[str]) -> None:
        """Write a notebook of code cells."""
        notebook = {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
            "cells": [_code_cell(number, source) for number, source in enumerate(cells)],
        }
        (self.folder / name).write_text(json.dumps(notebook))

    def copy(self, name: str) -> str:
        """Copy a notebook with a change, as if it came by mail: its signature is gone."""
        notebook = json.loads((self.folder / name).read_text())
        notebook["cells"][0]["source"] += "\n# copied"
        copied = f"copy-of-{name}"
        (self.folder / copied).write_text(json.dumps(notebook))
        return copied

    def trust(self, name: str) -> None:
        """Sign a saved notebook, as a user does who runs `jupyter trust`."""
        subprocess.run(
            [sys.executable, "-m", "jupyter", "trust", str(self.folder / name)],
            env=self.environment,
            check=True,
            capture_output=True,
        )

    def url(self, name: str, front_end: str = "lab") -> str:
        """Address of a notebook in JupyterLab ("lab") or Notebook 7 ("notebook")."""
        path = f"lab/tree/{name}?reset&" if front_end == "lab" else f"notebooks/{name}?"
        return f"{self.address}/{path}token={self.token}"

    def url_in_workspace(self, name: str, workspace: str) -> str:
        """Address of a notebook in a workspace of JupyterLab, loaded once: a reset loads twice."""
        return f"{self.address}/lab/workspaces/{workspace}/tree/{name}?token={self.token}"


@contextmanager
def jupyter_server(folder: Path) -> Iterator[JupyterServer]:
    """Start a server below `folder`; its kernels end with it."""
    work = folder / "work"
    work.mkdir(parents=True)
    home = folder / "home"
    variables = environment({name: home / path for name, path in FOLDERS.items()})
    _write_settings(Path(variables["JUPYTERLAB_SETTINGS_DIR"]))
    port, token = free_port(), secrets.token_hex(16)
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1"),
        *(f"--port={port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={work}"),
        *(f"--IdentityProvider.token={token}", "--LabApp.expose_app_in_browser=True"),
        "--JupyterNotebookApp.expose_app_in_browser=True",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    running = JupyterServer(f"http://127.0.0.1:{port}", token, work, variables)
    status = f"{running.address}/api/status?token={token}"
    with server(command, variables, status, folder / "server.log"):
        yield running


def _code_cell(number: int, source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": f"cell{number}",
        "source": source,
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }


def _write_settings(folder: Path) -> None:
    for name, settings in SETTINGS.items():
        file = folder / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(settings))
