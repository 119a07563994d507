"""Executes a notebook from top to bottom and writes the result beside nothing else.

``python -m scripts.run_notebook notebooks/quickstart.ipynb --out build/demo``
"""

from __future__ import annotations

import argparse
from pathlib import Path

import nbformat
from nbclient import NotebookClient

CELL_TIMEOUT_SECONDS = 300


def run_notebook(path: Path, out: Path | None = None) -> nbformat.NotebookNode:
    """Execute a notebook in a fresh kernel and return it with its outputs.

    Parameters
    ----------
    path
        The notebook. It runs in its own folder and is not changed.
    out
        A folder for the executed copy; None keeps it in memory only.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        When a cell raises; the message holds the cell and its traceback.
    """
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, out / path.name)
    return notebook


def main() -> None:
    """Run the notebooks named on the command line."""
    parser = argparse.ArgumentParser(description="Execute notebooks from top to bottom.")
    parser.add_argument("notebooks", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, default=None, help="folder for the executed copies")
    arguments = parser.parse_args()
    for path in arguments.notebooks:
        notebook = run_notebook(path, arguments.out)
        cells = sum(cell.cell_type == "code" for cell in notebook.cells)
        where = f", written to {arguments.out / path.name}" if arguments.out else ""
        print(f"{path}: {cells} cells ran without an error{where}")


if __name__ == "__main__":
    main()
