"""What README.md shows works, as it stands."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from attnwidget.command_line import main
from tests.docs.cells import README, ROOT, cells, commands
from tests.docs.stand_ins import NAMED_MODEL

TEXT = README.read_text(encoding="utf-8")


def test_every_python_cell_runs(reader):
    shown = cells(README, "python")
    assert len(shown) >= 2
    for cell in shown:
        cell.run(reader)
    for file in re.findall(r'"([\w-]+\.(?:svg|html|png))"', "".join(cell.code for cell in shown)):
        assert Path(file).stat().st_size > 1000, f"{file} was written"


def test_every_command_is_of_a_known_kind():
    kinds = {command.split()[0] for command in commands(README)}
    assert kinds == {"make", "pip"}


def test_every_make_target_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = [command.split()[1] for command in commands(README) if command.startswith("make ")]
    assert {"demo", "test"} <= set(targets)
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_extra_exists():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = re.findall(r"`\.\[(\w+)\]`", TEXT)
    assert extras
    assert set(extras) <= set(project["optional-dependencies"])


@pytest.mark.parametrize("command", re.findall(r"`attnwidget ([^`]+)`", TEXT))
def test_every_command_of_attnwidget_runs(command, reader):
    placeholders = {"MODEL": str(NAMED_MODEL), "TEXT": "the caf walked."}
    arguments = [placeholders.get(word, word) for word in shlex.split(command)]
    assert main(arguments) == 0
    assert [page.suffix for page in Path().glob("*.html")] == [".html"]
