"""No network, one thread and one Chromium for all tests of a process, any time for examples."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

# Both are read once, when huggingface_hub and torch are first imported.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.setdefault("OMP_NUM_THREADS", "1")  # more, in several processes, take four times as long

settings.register_profile("any time", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any time")

if TYPE_CHECKING:
    from playwright.sync_api import Browser


SHARE_NOTHING = {"test_notebooks.py", "test_lifetime.py"}
"""Files whose tests are long and need no other one's fixtures."""

SHARE_A_SERVER = {"jupyter", "marimo"}
"""Folders whose tests do."""


RELEASES = ("torch", "transformers", "numpy", "scipy", "ipywidgets", "anywidget", "traitlets")


def pytest_report_header() -> str:
    """Say which releases are tested."""
    return "releases: " + ", ".join(f"{name} {version(name)}" for name in RELEASES)


TESTS = Path(__file__).parent
OTHER_BROWSERS = TESTS / "browsers"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the tests of other browsers unless they are asked for, and folders not wanted.

    All tests of `browser`, `jupyter` and `marimo` have the mark of that name; where it is
    excluded, what they import need not be waited for.
    """
    marks: str = config.option.markexpr
    asked = [marks, *config.args]
    if collection_path == OTHER_BROWSERS and not any("browsers" in name for name in asked):
        return True
    if collection_path.parent == TESTS and re.search(rf"\bnot {collection_path.name}\b", marks):
        return True
    return None


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep tests that share what they set up in one process; the longest of those begin first."""
    items.sort(key=lambda item: item.path.parent.name not in SHARE_A_SERVER)
    for item in items:
        if "site" in getattr(item, "fixturenames", ()):  # which takes half a minute to build
            item.add_marker(pytest.mark.xdist_group("site"))
        elif item.path.name not in SHARE_NOTHING:
            folder = item.path.parent
            group = folder if folder.name in SHARE_A_SERVER else item.path
            item.add_marker(pytest.mark.xdist_group(str(group)))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from tests.browser.chromium import chromium

    with chromium() as running:
        yield running
