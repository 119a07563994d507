"""Where the cells of the matrix view are, and what is drawn there."""

from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Locator

import attnwidget as aw
from attnwidget.trace import Trace

from .pages import View


def matrix_widget(trace: Trace, **traits: Any) -> aw.AttentionWidget:
    return aw.AttentionWidget(trace, view="matrix", **traits)


def cells(view: View, plot: int = 0) -> Locator:
    return view.root.locator(".aw-plot-cells").nth(plot)


def move_to(view: View, query: int, key: int, *, tokens: Sequence[int], plot: int = 0) -> None:
    """Move the pointer to the middle of a cell of a picture of so many queries and keys."""
    box = cells(view, plot).bounding_box()
    assert box
    queries, keys = tokens
    x = box["x"] + (key + 0.5) / keys * box["width"]
    y = box["y"] + (query + 0.5) / queries * box["height"]
    view.page.mouse.move(x, y)


def pixel(view: View, query: int, key: int, *, tokens: Sequence[int], plot: int = 0) -> list[int]:
    """Return red, green, blue and opacity of a cell, off its middle where a value may stand."""
    return (
        cells(view, plot)
        .locator("canvas")
        .first.evaluate(
            """(canvas, [query, key, queries, keys]) => {
                const x = Math.floor(((key + 0.12) / keys) * canvas.width);
                const y = Math.floor(((query + 0.15) / queries) * canvas.height);
                return [...canvas.getContext("2d").getImageData(x, y, 1, 1).data];
            }""",
            [query, key, *tokens],
        )
    )


def tip(view: View) -> str:
    return view.root.locator('[role="tooltip"]').inner_text()
