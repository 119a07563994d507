"""One Chromium for all tests that need a browser; examples may take any time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

settings.register_profile("any time", deadline=None)
settings.load_profile("any time")

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from tests.browser.chromium import chromium

    with chromium() as running:
        yield running
