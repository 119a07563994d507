"""A server for the session, a fresh session of a notebook for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import Complaints
from tests.wait import MILLISECONDS

from .server import marimo_server

Open = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.marimo)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with marimo_server(tmp_path_factory.mktemp("marimo")) as address:
        yield address


@pytest.fixture
def open_notebook(browser: Browser, server: str) -> Iterator[Open]:
    """Open a notebook by name; neither the widget nor marimo complains of anything."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    context.set_default_timeout(MILLISECONDS)
    complaints: list[Complaints] = []

    def open_(name: str) -> Page:
        page = context.new_page()
        complaints.append(Complaints(page))
        page.goto(f"{server}/?file={name}.py")
        return page

    yield open_
    context.close()
    assert [complaint.list for complaint in complaints] == [[]] * len(complaints)
