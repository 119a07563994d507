"""The cells of the pages work, from top to bottom."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from attnwidget.command_line import main
from attnwidget.command_line.arguments import parser
from tests.docs.cells import PAGES, ROOT, cells, commands

COMMAND_LINE = ROOT / "docs/how-to/command-line.md"
IN_PYTHON = [page for page in PAGES if page != COMMAND_LINE]


@pytest.mark.filterwarnings("ignore:enable_nested_tensor")
@pytest.mark.parametrize("page", IN_PYTHON, ids=lambda page: page.stem)
def test_every_python_cell_runs(page, reader):
    shown = cells(page, "python")
    assert shown, "a page of this kind shows how"
    for cell in shown:
        cell.run(reader)


@pytest.mark.parametrize("page", IN_PYTHON, ids=lambda page: page.stem)
def test_the_python_of_a_page_is_all_that_it_shows_as_python(page):
    text = page.read_text(encoding="utf-8")
    assert text.count("```python\n") == len(cells(page, "python"))


def test_every_command_runs(reader, capsys):
    shown = commands(COMMAND_LINE)
    assert len(shown) >= 3
    for command in shown:
        name, *arguments = shlex.split(command)
        assert name == "attnwidget"
        if arguments == ["--version"]:
            with pytest.raises(SystemExit, match=r"^0$"):
                main(arguments)
            continue
        assert main(arguments) == 0, capsys.readouterr().err
        out = capsys.readouterr().out.splitlines()[-1]
        assert Path(out).stat().st_size > (100_000 if out.endswith(".html") else 1_000)


def test_the_reference_of_the_command_line_is_complete():
    page = (ROOT / "docs/reference/command-line.md").read_text(encoding="utf-8")
    root = parser()
    (choices,) = (action.choices for action in root._actions if isinstance(action.choices, dict))
    options = [
        option
        for command in (root, *choices.values())
        for action in command._actions
        for option in action.option_strings
        if option.startswith("--")
    ]
    assert {"--out", "--view", "--pair"} <= set(options)
    for name in (*choices, *options):
        assert name in page
