"""Display, clicks, traits in both directions, several views: what a person does in a notebook."""

from tests.browser.pages import View

from .cells import SELECTION, SETUP, SHOW
from .conftest import JUPYTERLAB_ONLY, Write
from .server import JupyterServer


def test_the_widget_is_drawn_and_clicks_reach_python(write_notebook: Write) -> None:
    notebook = write_notebook(SETUP, SHOW, SELECTION)
    notebook.run_all()
    view = View(notebook.widgets.first)
    view.wait(view="head", layer=0)
    view.token("query", 3).click()
    view.chip(1).click()
    view.choose("layer", "2")
    view.wait(layer=2)
    notebook.run_until(2, "head 2 [1] [{'side': 'query', 'index': 3}]\n")


def test_what_python_assigns_is_drawn(write_notebook: Write) -> None:
    change = "w.layer = -1; w.heads = [0, 2]; w.tokens_selected = [{'side': 'key', 'index': 5}]"
    notebook = write_notebook(SETUP, SHOW, change, "w.view = 'model'")
    notebook.run(0)
    notebook.run(1)
    view = View(notebook.widgets.first)
    view.wait(layer=0)
    notebook.run(2)
    view.wait(layer=3)
    assert view.chosen_heads() == [0, 2]
    assert view.pins() == [{"side": "key", "index": 5}]
    notebook.run(3)
    view.wait(view="model")


@JUPYTERLAB_ONLY
def test_observers_in_the_notebook_hear_of_clicks(write_notebook: Write) -> None:
    observe = "heard = []; w.observe(lambda c: heard.append((c.name, c.new)), ['layer', 'view'])"
    notebook = write_notebook(SETUP, observe, SHOW, "print(heard)")
    notebook.run_all()
    view = View(notebook.widgets.first)
    view.wait(layer=0)
    view.choose("layer", "1")
    view.wait(layer=1)
    view.choose("view", "model")
    view.wait(view="model")
    notebook.run_until(3, "[('layer', 1), ('view', 'model')]\n")


@JUPYTERLAB_ONLY
def test_layers_are_served_while_a_long_cell_runs(
    write_notebook: Write, server: JupyterServer
) -> None:
    long = "import pathlib, time\nwhile not pathlib.Path('end').exists(): time.sleep(0.05)"
    notebook = write_notebook(SETUP, SHOW, f"{long}\nprint('done')")
    notebook.run(0)
    notebook.run(1)
    view = View(notebook.widgets.first)
    view.wait(layer=0)
    view.choose("layer", "1")  # the first messages are handled on the kernel's main thread
    view.wait(layer=1)
    notebook.select(2)
    notebook.command("notebook:run-cell", wait=False)
    view.choose("layer", "3")
    view.wait(layer=3)
    assert notebook.text(2) == ""
    (server.folder / "end").touch()
    notebook.wait_done(2)
    assert notebook.text(2) == "done\n"


def test_two_views_of_one_widget_stay_together(write_notebook: Write) -> None:
    notebook = write_notebook(SETUP, SHOW, SHOW)
    notebook.run_all()
    one, other = View(notebook.widgets.nth(0)), View(notebook.widgets.nth(1))
    one.wait(layer=0)
    other.wait(layer=0)
    one.token("query", 4).click()
    one.choose("layer", "2")
    other.wait(layer=2)
    assert other.pins() == [{"side": "query", "index": 4}]


@JUPYTERLAB_ONLY
def test_an_error_in_python_is_said_in_the_widget(write_notebook: Write) -> None:
    spoil = """
import attnwidget.widget.server as server
kept, server.make_frame = server.make_frame, None
def broken(*given, **options): raise RuntimeError("out of order")
server.make_frame = broken
"""
    notebook = write_notebook(SETUP, SHOW, spoil, "server.make_frame = kept")
    notebook.run(0)
    notebook.run(1)
    view = View(notebook.widgets.first)
    view.wait(layer=0)
    notebook.run(2)
    view.choose("fusion", "max")
    view.alert.wait_for()
    assert "out of order" in view.alert.inner_text()
    notebook.run(3)
    view.choose("fusion", "min")
    view.wait(layer=0)
    assert view.alert.count() == 0
