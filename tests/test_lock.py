"""What `make` installs is said, version by version, by files of the repository."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
REQUIREMENTS = sorted((ROOT / "requirements").glob("*.txt"))
PACKAGE_LOCKS = (ROOT / "package-lock.json", ROOT / "benchmarks" / "package-lock.json")


def lines(path: Path) -> list[str]:
    return [line for line in path.read_text().splitlines() if line and not line.startswith("#")]


def asked() -> list[Requirement]:
    """Everything that pyproject.toml names: to build, to run, and for each extra."""
    said = tomllib.loads((ROOT / "pyproject.toml").read_text())
    project = said["project"]
    extras = [line for extra in project["optional-dependencies"].values() for line in extra]
    named = [*said["build-system"]["requires"], *project["dependencies"], *extras]
    return [asks for line in named if (asks := Requirement(line)).name != project["name"]]


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_each_line_pins_one_release_and_names_no_place(path: Path) -> None:
    for line in lines(path):
        pin = Requirement(line)
        assert [specifier.operator for specifier in pin.specifier] == ["=="], line
        assert pin.url is None
    assert "://" not in path.read_text()


@pytest.mark.parametrize("asks", asked(), ids=str)
def test_a_release_that_is_asked_for_is_locked(asks: Requirement) -> None:
    lock = [Requirement(line) for line in lines(ROOT / "requirements" / "lock.txt")]
    pins = [pin for pin in lock if canonicalize_name(pin.name) == canonicalize_name(asks.name)]
    versions = [specifier.version for pin in pins for specifier in pin.specifier]
    assert versions, f"{asks.name} is in no lock file: make lock"
    assert all(version in SpecifierSet(str(asks.specifier)) for version in versions)


@pytest.mark.parametrize("path", PACKAGE_LOCKS, ids=lambda path: path.parent.name)
def test_the_locked_packages_of_the_front_end_name_no_place(path: Path) -> None:
    said = json.loads(path.read_text())
    asks = json.loads(path.with_name("package.json").read_text())
    packages = said["packages"]
    for kind in ("dependencies", "devDependencies"):
        for name, version in asks.get(kind, {}).items():
            assert packages[f"node_modules/{name}"]["version"] == version
    for name, package in packages.items():
        assert "resolved" not in package
        assert name == "" or package["integrity"], name
