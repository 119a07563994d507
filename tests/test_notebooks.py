from __future__ import annotations

from pathlib import Path

import pytest

from scripts.run_notebook import run_notebook

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_runs_from_top_to_bottom(path: Path) -> None:
    notebook = run_notebook(path)
    widgets = [
        output
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "application/vnd.jupyter.widget-view+json" in output.get("data", {})
    ]
    assert widgets, "a notebook of this project shows at least one widget"


def test_there_is_a_notebook() -> None:
    assert [path.stem for path in NOTEBOOKS]
