from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import nbformat
import pytest

from attnwidget import analysis, methods, plot
from attnwidget.analysis import models
from scripts.run_notebook import run_notebook

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
FUNCTIONS = [
    *(f"aw.{name}" for name in (*methods.__all__, *analysis.__all__, *models.__all__)),
    *(f"aw.plot.{name}" for name in plot.__all__),
]


@cache
def code(path: Path) -> str:
    cells = nbformat.read(path, as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "code")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_runs_from_top_to_bottom(path: Path) -> None:
    notebook = run_notebook(path)
    shown = [
        kind
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        for kind in output.get("data", {})
    ]
    widget = "application/vnd.jupyter.widget-view+json"
    assert widget in shown, "a notebook of this project shows at least one widget"
    assert ("image/png" in shown) == ("aw.plot." in code(path)), "figures are drawn"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_stored_without_outputs(path: Path) -> None:
    for cell in nbformat.read(path, as_version=4).cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_shown_in_a_notebook(name: str) -> None:
    assert any(re.search(rf"\b{re.escape(name)}\(", code(path)) for path in NOTEBOOKS)


def test_there_is_a_notebook() -> None:
    assert [path.stem for path in NOTEBOOKS]
