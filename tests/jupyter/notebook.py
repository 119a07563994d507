"""Drives one open notebook through the front end's own commands, not its menus."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar
from weakref import WeakSet

from playwright.sync_api import Error, Locator, Page

from tests.wait import wait_until

IDLE = """() => {
    const widget = window.jupyterapp?.shell.currentWidget;
    const context = widget?.sessionContext;
    const kernel = context?.session?.kernel;
    return Boolean(
        widget?.context?.isReady && context?.isReady &&
        kernel?.connectionStatus === "connected" && kernel.status === "idle"
    );
}"""

CELLS_DONE = """(last) => {
    const cells = window.jupyterapp.shell.currentWidget.content.model.cells;
    for (let i = 0; i <= last; i++) if (cells.get(i).executionState === "running") return false;
    return cells.get(last).executionCount !== null;
}"""

TEXT = """(index) => {
    const cell = window.jupyterapp.shell.currentWidget.content.model.cells.get(index);
    return (cell.outputs.toJSON() ?? [])
        .map((output) => [output.text ?? output.evalue ?? ""].flat().join("")).join("");
}"""

SAVED = """(words) => {
    const cells = [...window.jupyterapp.shell.currentWidget.content.model.cells];
    const outputs = cells.flatMap((cell) => cell.outputs?.toJSON() ?? []);
    const saved = outputs.map((output) => [output.data?.["text/html"] ?? []].flat().join(""))
        .filter((html) => html !== "");
    return saved.length === words.length && saved.every((html, i) => html.includes(words[i]));
}"""

STATUS = """() => {
    const context = window.jupyterapp?.shell.currentWidget?.sessionContext;
    const kernel = context?.session?.kernel;
    return `ready: ${context?.isReady}, kernel: ${kernel?.connectionStatus}, ${kernel?.status}`;
}"""

ROWS = """() => [...document.querySelectorAll(".jp-OutputArea-child")].map((row) => ({
    height: row.getBoundingClientRect().height,
    is_saved: row.querySelector(".attnwidget-saved") !== null,
    state: row.querySelector(".attnwidget")?.dataset.state ?? null,
    text: row.innerText,
}))"""

NOT_FOUND = "Error displaying widget: model not found"


class Notebook:
    """An open notebook.

    Attributes
    ----------
    page : Page
        Its browser page.
    name : str
        Its file, in the server's folder.
    """

    opened: ClassVar[WeakSet[Notebook]] = WeakSet()

    def __init__(self, page: Page, name: str, url: str) -> None:
        self.page = page
        self.name = name
        self.opened.add(self)
        page.goto(url)
        self.wait_idle()

    @property
    def widgets(self) -> Locator:
        """Every view of an attention widget in the notebook."""
        return self.page.locator(".attnwidget")

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Every output that is in the page."""
        return self.page.evaluate(ROWS)

    def describe(self) -> str:
        """Return what a person would see of the kernel and of every output."""
        try:
            return "\n".join([self.page.url, self.page.evaluate(STATUS), *map(repr, self.rows)])
        except Error as error:  # the page crashed or is being left
            return str(error)

    def wait_restored(self, count: int) -> None:
        """Wait until the saved widgets are there.

        An output that ipywidgets draws while it restores may be given up, and its saved page stands
        in its place; a user opens the notebook again.
        """

        def is_restored() -> bool:
            if any(NOT_FOUND in row["text"] for row in self.rows):
                self.page.reload()
                self.wait_idle()
            return self.widgets.count() == count

        wait_until(is_restored, pause=lambda: self.page.wait_for_timeout(100))

    def wait_idle(self) -> None:
        self.page.wait_for_function(IDLE)

    def command(self, name: str, *, wait: bool = True) -> None:
        """Run a command of the front end, such as "notebook:run-all-cells"."""
        self.page.evaluate(
            """([name, wait]) => {
                const done = window.jupyterapp.commands.execute(name);
                return wait ? done.then(() => null) : null;
            }""",
            [name, wait],
        )

    def run_all(self) -> None:
        self.command("notebook:run-all-cells")
        self.wait_idle()

    def replace(self, cells: Sequence[str]) -> None:
        """Put code cells in the place of all that are there."""
        self.page.evaluate(
            """(sources) => {
                const notebook = window.jupyterapp.shell.currentWidget.content;
                const shared = notebook.model.sharedModel;
                const cells = sources.map((source) => ({ cell_type: "code", source }));
                shared.transact(() => {
                    shared.deleteCellRange(0, shared.cells.length);
                    shared.insertCells(0, cells);
                });
                notebook.activeCellIndex = 0;
            }""",
            list(cells),
        )

    def select(self, index: int) -> None:
        """Make a cell the active one, without outputs."""
        self.page.evaluate(
            """(index) => {
                const content = window.jupyterapp.shell.currentWidget.content;
                content.deselectAll();
                content.activeCellIndex = index;
                content.model.cells.get(index).clearExecution();
            }""",
            index,
        )

    def run(self, index: int) -> str:
        """Run one cell and return what it printed."""
        self.select(index)
        self.command("notebook:run-cell")
        self.wait_done(index)
        self.wait_idle()
        return self.text(index)

    def run_until(self, index: int, expected: str) -> None:
        """Run a cell again until it prints this: a click's update may still be on its way."""
        wait_until(
            lambda: self.run(index) == expected, pause=lambda: self.page.wait_for_timeout(100)
        )

    def wait_done(self, index: int) -> None:
        """Wait until a cell and those before it have run."""
        self.page.wait_for_function(CELLS_DONE, arg=index)

    def text(self, index: int) -> str:
        """Return the printed output of a cell."""
        text: str = self.page.evaluate(TEXT, index)
        return text

    def wait_saved(self, *words: str) -> None:
        """Wait until what displays leave in the notebook says this, each in its turn."""
        self.page.wait_for_function(SAVED, arg=list(words))

    def restart_kernel(self) -> None:
        self.page.evaluate(
            """() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel
                .restart().then(() => null)"""
        )
        self.wait_idle()

    def shut_down(self) -> None:
        """End the kernel, so that the notebook opens without one that knows its widgets."""
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")

    def save(self) -> None:
        self.command("docmanager:save")
