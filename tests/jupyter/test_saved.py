"""What a saved notebook shows when it is opened again without a kernel that knows its widgets."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.pages import View
from tests.wait import MILLISECONDS, wait_until

from .cells import SETUP, SHOW
from .conftest import JUPYTERLAB_ONLY, Open, Write
from .notebook import Notebook
from .saved import CELLS, VIEWS, sanitised, saved_fragments, without_state
from .server import JupyterServer

NAME = "every-view.ipynb"


def is_saved(row: dict[str, Any]) -> bool:
    return bool(row["is_saved"])


def wait_for_heights(
    notebook: Notebook, heights: list[int], *, of: Callable[[dict[str, Any]], bool]
) -> None:
    """Wait until outputs of a kind have these heights: the front end hides them in its own time."""
    wait_until(
        lambda: [row["height"] for row in notebook.rows if of(row)] == heights,
        pause=lambda: notebook.page.wait_for_timeout(100),
    )


@pytest.fixture(scope="module")
def every_view(browser: Browser, server: JupyterServer) -> Path:
    """A notebook with every view, each moved to layer 1, saved with the widgets' state."""
    server.write(NAME, CELLS)
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.set_default_timeout(MILLISECONDS)
    notebook = Notebook(page, NAME, server.url(NAME))
    notebook.run_all()
    for place, view in enumerate(VIEWS):
        shown = View(notebook.widgets.nth(place))
        shown.wait(view=view, layer=0)
        if view == "trace":
            continue  # goes through all layers
        shown.choose("layer", "1")
        shown.wait(layer=1)
        shown.rest()
    layers = [0 if view == "trace" else 1 for view in VIEWS]
    notebook.wait_saved(
        *(f"{view} view, layer {layer} of" for view, layer in zip(VIEWS, layers, strict=True))
    )
    wait_for_heights(notebook, [0] * len(VIEWS), of=is_saved)
    notebook.save()
    notebook.shut_down()
    page.close()
    server.trust(NAME)
    return server.folder / NAME


@pytest.mark.usefixtures("every_view")
def test_every_view_is_drawn_again_from_the_state(open_notebook: Open) -> None:
    notebook = open_notebook(name=NAME)
    notebook.wait_restored(len(VIEWS))
    for place, view in enumerate(VIEWS):
        shown = View(notebook.widgets.nth(place))
        shown.wait(view=view, layer=0 if view == "trace" else 1)
        assert shown.alert.count() == 0
    wait_for_heights(notebook, [0] * len(VIEWS), of=is_saved)


def test_without_the_state_a_page_stands_in_every_place(
    open_notebook: Open, server: JupyterServer, every_view: Path
) -> None:
    name = without_state(every_view, "bare.ipynb").name
    server.trust(name)
    notebook = open_notebook(name=name)
    for place, view in enumerate(VIEWS):
        layer = 0 if view == "trace" else 1
        iframe = notebook.page.locator(".attnwidget-saved iframe").nth(place)
        iframe.scroll_into_view_if_needed()  # browsers do not draw frames that are out of sight
        frame = iframe.content_frame
        root = f'.attnwidget[data-state="ready"][data-view="{view}"][data-layer="{layer}"]'
        frame.locator(root).wait_for()
    wait_for_heights(
        notebook, [], of=lambda row: "Error displaying" in row["text"] and row["height"] > 0
    )


@JUPYTERLAB_ONLY
def test_where_it_is_not_trusted_a_picture_and_a_line_stand(
    open_notebook: Open, server: JupyterServer, every_view: Path
) -> None:
    name = server.copy(without_state(every_view, "mailed.ipynb").name)
    notebook = open_notebook(name=name)
    pictures = notebook.page.locator(".jp-RenderedHTML img")
    pictures.nth(len(VIEWS) - 1).wait_for()
    widths = pictures.evaluate_all("(all) => all.map((img) => img.naturalWidth)")
    assert len(widths) == len(VIEWS)
    assert min(widths) > 200
    lines = notebook.page.locator(".jp-RenderedHTML p").all_inner_texts()
    assert [f"{view} view" in line for line, view in zip(lines, VIEWS, strict=True)] == [
        True
    ] * len(VIEWS)
    assert notebook.page.locator("iframe, .attnwidget").count() == 0


def test_a_sanitiser_leaves_a_picture_and_a_line(every_view: Path) -> None:
    fragments = saved_fragments(every_view)
    assert len(fragments) == len(VIEWS)
    for fragment, view in zip(fragments, VIEWS, strict=True):
        left = sanitised(fragment)
        assert "<img" in left
        assert f"{view} view" in left
        assert "layer" in left
        assert "<script" in fragment
        assert "<script" not in left
        assert len(fragment) < 600_000


def test_what_is_saved_takes_no_room_while_the_widget_is_there(write_notebook: Write) -> None:
    show_twice = "from IPython.display import display\nprint('above')\ndisplay(w)\nprint('below')"
    notebook = write_notebook(SETUP, SHOW, show_twice)
    notebook.run_all()
    notebook.run(1)
    View(notebook.widgets.nth(1)).wait(layer=0)
    live, hidden = (False, True), (True, False)

    def heights() -> list[tuple[bool, bool]]:
        return [(row["is_saved"], row["height"] > 0) for row in notebook.rows]

    expected = [live, hidden, live, live, hidden, live]
    wait_until(lambda: heights() == expected, pause=lambda: notebook.page.wait_for_timeout(100))


@JUPYTERLAB_ONLY
def test_both_displays_follow_and_the_cell_that_is_typed_in_is_left_alone(
    write_notebook: Write, server: JupyterServer
) -> None:
    notebook = write_notebook(SETUP, SHOW, SHOW, "")
    for cell in range(3):
        notebook.run(cell)
    view = View(notebook.widgets.first)
    view.wait(layer=0)
    view.choose("layer", "2")
    view.wait(layer=2)
    figures = notebook.page.locator(".aw-figures dd")
    figures.filter(has_text="…").first.wait_for(state="detached")  # the last to come
    editor = notebook.page.locator(".jp-Cell").nth(3).locator(".cm-content")
    editor.click()
    scrolled = "document.querySelector('.jp-WindowedPanel-outer').scrollTop"
    before = notebook.page.evaluate(scrolled)
    notebook.page.keyboard.type("a")
    notebook.wait_saved(*["layer 2 of 0 to 3"] * 2)
    notebook.page.keyboard.type("bc")
    assert editor.inner_text().strip() == "abc"
    assert notebook.page.evaluate(scrolled) == before
    notebook.save()
    fragments = saved_fragments(server.folder / notebook.name)
    assert len(fragments) == 2
    assert all("layer 2 of 0 to 3" in fragment for fragment in fragments)


@JUPYTERLAB_ONLY
def test_in_a_box_there_is_the_widget_alone(write_notebook: Write, server: JupyterServer) -> None:
    notebook = write_notebook(SETUP, "import ipywidgets\nipywidgets.VBox([w])")
    notebook.run_all()
    View(notebook.widgets.first).wait(layer=0)
    notebook.save()
    assert saved_fragments(server.folder / notebook.name) == []
    cells = json.loads((server.folder / notebook.name).read_text())["cells"]
    assert len(cells[1]["outputs"]) == 1
