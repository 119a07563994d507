"""The live widget in JupyterLab: drawn, clicked, and heard of in Python."""

from __future__ import annotations

from selenium.webdriver.remote.webdriver import WebDriver

from tests.jupyter.cells import SELECTION, SHOW
from tests.jupyter.notebook import CELLS_DONE, IDLE, TEXT
from tests.jupyter.server import JupyterServer

from .page import WidgetPage, wait_in

SETUP = """
import attnwidget as aw
from tests.browser.models import random_decoder
w = aw.AttentionWidget(random_decoder())
"""
RUN = "window.jupyterapp.commands.execute(arguments[0]);"
SELECT = """
const content = window.jupyterapp.shell.currentWidget.content;
content.deselectAll();
content.activeCellIndex = arguments[0];
content.model.cells.get(arguments[0]).clearExecution();
"""


def test_the_widget_is_drawn_and_clicks_reach_python(
    engine: WebDriver, server: JupyterServer
) -> None:
    browser = engine.name.replace(" ", "-")
    name = f"in-{browser}.ipynb"
    server.write(name, [SETUP, SHOW, SELECTION])
    # A workspace of its own: the default one opens the other browser's notebook as well.
    engine.get(server.url_in_workspace(name, browser))
    wait_in(lambda: engine.execute_script(f"return ({IDLE})()"))
    engine.execute_script(RUN, "notebook:run-all-cells")
    page = WidgetPage(engine)
    page.wait(view="head", layer=0)
    wait_in(page.is_drawn)
    before = page.drawing()
    page.choose("layer", "2")
    page.wait(view="head", layer=2)
    wait_in(lambda: page.drawing() != before)
    page.click('[data-side="query"][data-index="3"]')
    wait_in(lambda: page.is_pressed('[data-side="query"][data-index="3"]'))
    for view in ("model", "neuron", "matrix", "trace", "text", "head"):
        page.choose("view", view)
        page.wait(view=view)
        wait_in(page.is_drawn)
        assert page.all(".attnwidget [role=alert]") == []

    def said() -> str:
        engine.execute_script(SELECT, 2)
        engine.execute_script(RUN, "notebook:run-cell")
        wait_in(lambda: engine.execute_script(f"return ({CELLS_DONE})(2)"))
        text: str = engine.execute_script(f"return ({TEXT})(2)")
        return text

    wait_in(lambda: said() == "head 2 None [{'side': 'query', 'index': 3}]\n")
