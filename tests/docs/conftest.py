"""A reader's working folder, and the site, built once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.docs.cells import ROOT
from tests.docs.stand_ins import namespace, save_named_model


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "site" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return the names that a reader has, in a folder of their own."""
    monkeypatch.chdir(tmp_path)
    save_named_model()
    return namespace()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site; any warning is an error."""
    folder = tmp_path_factory.mktemp("site")
    strict = ("--quiet", "--fail-on-warning", "--keep-going")
    doctrees = ("--doctree-dir", str(folder / "doctrees"))
    built = subprocess.run(
        [sys.executable, "-m", "sphinx", *strict, *doctrees, ROOT / "docs", folder / "site"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return folder / "site"
