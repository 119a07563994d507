"""The view that docs/developing/add-a-view.md writes works as the page says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import attnwidget as aw
from attnwidget.frames import Workspace
from attnwidget.picture import document, theme_named
from attnwidget.views import VIEWS, DrawRequest, View
from tests.docs.cells import cells
from tests.frames.traces import pair_trace

PAGE = Path(__file__).parents[2] / "docs" / "developing" / "add-a-view.md"


@pytest.fixture
def list_view() -> View:
    """Return the row that the first block of the page makes."""
    module: dict[str, Any] = {}
    cells(PAGE, "python")[0].run(module)
    view: View = module["LIST"]
    return view


def test_its_picture_lists_the_tokens(list_view: View) -> None:
    trace, theme = pair_trace(), theme_named("light")
    state = aw.AttentionWidget(trace).state
    request = DrawRequest(state, Workspace(trace), None, theme, None, is_small=False)
    caption, drawing = list_view.draw(request)
    assert "list view" in caption
    svg = document(drawing, caption, theme)
    for token in trace["self"].queries.text:
        assert f">{token}</text>" in svg


def test_it_is_no_view_of_the_package(list_view: View) -> None:
    assert list_view.name not in VIEWS
    assert list_view.drawn_from_scores
