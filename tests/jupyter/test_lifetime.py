"""What outlives a kernel: stale widgets, restarts, saved and reopened notebooks."""

import re

from tests.browser.pages import View

from .cells import SELECTION, SETUP, SHOW
from .conftest import JUPYTERLAB_ONLY, Open
from .server import JupyterServer

NO_KERNEL = re.compile("kernel|answer|run the cell", re.IGNORECASE)


def test_a_restarted_kernel_leaves_a_widget_that_says_so(open_notebook: Open) -> None:
    notebook = open_notebook(SETUP, SHOW, SELECTION)
    notebook.run_all()
    view = View(notebook.widgets.first)
    view.wait(layer=0)
    notebook.restart_kernel()
    view.choose("fusion", "max")
    view.alert.wait_for()
    assert NO_KERNEL.search(view.alert.inner_text())

    notebook.run_all()
    fresh = View(notebook.widgets.first)
    fresh.wait(layer=0)
    fresh.choose("layer", "3")
    fresh.wait(layer=3)
    notebook.run_until(2, "head 3 None []\n")


@JUPYTERLAB_ONLY
def test_a_saved_notebook_shows_its_picture_again(
    open_notebook: Open, server: JupyterServer
) -> None:
    notebook = open_notebook(SETUP, SHOW)
    notebook.run_all()
    view = View(notebook.widgets.first)
    view.wait(layer=0)
    view.token("query", 3).click()
    view.choose("layer", "2")
    view.wait(layer=2)
    view.rest()  # and its picture has been put into the widget's state
    notebook.save()
    notebook.shut_down()
    notebook.page.close()
    server.trust(notebook.name)

    reopened = open_notebook(name=notebook.name)
    view = View(reopened.widgets.first)
    view.wait(view="head", layer=2)
    assert view.pins() == [{"side": "query", "index": 3}]
    view.rest()  # it is drawn anew when a kernel has been found
    view.token("query", 5).hover()  # what is in the notebook can be explored without a kernel
    view.choose("fusion", "max")
    view.alert.wait_for()
    assert NO_KERNEL.search(view.alert.inner_text())


@JUPYTERLAB_ONLY
def test_a_notebook_that_is_not_trusted_shows_words(
    open_notebook: Open, server: JupyterServer
) -> None:
    notebook = open_notebook(SETUP, SHOW)
    notebook.run_all()
    View(notebook.widgets.first).wait(layer=0)
    notebook.save()
    notebook.shut_down()
    notebook.page.close()
    copy = server.copy(notebook.name)

    reopened = open_notebook(name=copy)
    assert reopened.widgets.count() == 0
    output = reopened.page.locator(".jp-OutputArea-output").first
    assert "AttentionWidget" in output.inner_text()
