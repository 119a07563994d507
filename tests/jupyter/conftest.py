"""A server for the session, a fresh notebook for each test, in both front ends."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import Complaints
from tests.wait import MILLISECONDS

from .notebook import Notebook
from .server import JupyterServer, jupyter_server

FRONT_ENDS = ("lab", "notebook")
# What the front ends themselves say: when a kernel restarts, a page is left.
NOISE = (
    *("Canceled future for", "Failed to load resource", "Kernel"),
    "widget model not found",  # of a notebook without the widgets' state
    "[anywidget] Failed to initialize model",  # where that takes more than two seconds
)
Open = Callable[..., Notebook]
Write = Callable[..., Notebook]
Keep = Callable[[str], tuple[Notebook, Complaints]]

# Both front ends share the code for much; one run of it says enough.
JUPYTERLAB_ONLY = pytest.mark.parametrize("front_end", ["lab"])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.jupyter)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say what open notebooks show when a test fails."""
    report = yield
    if report.failed and Path(__file__).parent in item.path.parents:
        for notebook in Notebook.opened:
            if not notebook.page.is_closed():
                report.sections.append((notebook.name, notebook.describe()))
    return report


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    with jupyter_server(tmp_path_factory.mktemp("jupyter")) as running:
        yield running


@pytest.fixture(params=FRONT_ENDS)
def front_end(request: pytest.FixtureRequest) -> str:
    """Run a test in both; `parametrize("front_end", ["lab"])` where one says enough."""
    return request.param


_numbers = count()


@pytest.fixture
def open_notebook(browser: Browser, server: JupyterServer, front_end: str) -> Iterator[Open]:
    """Write a notebook of the given cells (or take one that is there) and open it."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    context.set_default_timeout(MILLISECONDS)
    complaints: list[Complaints] = []

    def open_(*cells: str, name: str | None = None) -> Notebook:
        if name is None:
            name = f"test{next(_numbers)}.ipynb"
            server.write(name, cells)
        page = context.new_page()
        complaints.append(Complaints(page))
        notebook = Notebook(page, name, server.url(name, front_end))
        complaints[-1].forget_errors()  # the front ends make some while they start
        return notebook

    yield open_
    context.close()
    assert said(complaints) == []


@pytest.fixture(scope="session")
def kept(browser: Browser, server: JupyterServer) -> Iterator[Keep]:
    """Open one notebook in each front end, for all tests that need no fresh kernel and page."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    context.set_default_timeout(MILLISECONDS)
    opened: dict[str, tuple[Notebook, Complaints]] = {}

    def keep(front_end: str) -> tuple[Notebook, Complaints]:
        if front_end not in opened:
            name = f"kept-in-{front_end}.ipynb"
            server.write(name, [""])
            page = context.new_page()
            complaints = Complaints(page)
            opened[front_end] = Notebook(page, name, server.url(name, front_end)), complaints
        return opened[front_end]

    yield keep
    context.close()


@pytest.fixture
def write_notebook(kept: Keep, front_end: str) -> Iterator[Write]:
    """Put the given cells in the place of those of a notebook that is open already."""
    notebook, complaints = kept(front_end)
    complaints.list.clear()

    def write(*cells: str) -> Notebook:
        notebook.replace(cells)
        return notebook

    yield write
    notebook.replace(["import ipywidgets; ipywidgets.Widget.close_all()"])
    notebook.run_all()
    assert said([complaints]) == []


def said(complaints: Iterable[Complaints]) -> list[str]:
    """Return what the front ends themselves are not known for."""
    lines = [line for page in complaints for line in page.list]
    return [line for line in lines if not any(noise in line for noise in NOISE)]
