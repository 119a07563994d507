"""The code that a page shows, and the running of it."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = [ROOT / "docs/index.md", *sorted((ROOT / "docs/how-to").glob("*.md"))]

RESULT = re.compile(r"  # (?:.*(?P<size>torch\.Size\(.*?\]\))|(?P<value>\(\".*\)|\d+)$)")
"""A comment behind an expression that says what comes out of it."""

FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Cell:
    """A block of code of a page."""

    page: Path
    line: int
    language: str
    code: str

    def run(self, namespace: dict[str, Any]) -> None:
        """Run Python as a notebook would, and compare the results that comments promise.

        An error names the line of the page.
        """
        lines = ("\n" * self.line + self.code).splitlines()
        for statement in ast.parse("\n".join(lines)).body:
            if not isinstance(statement, ast.Expr):
                exec(compile(ast.Module([statement], []), str(self.page), "exec"), namespace)
                continue
            value = eval(
                compile(ast.Expression(statement.value), str(self.page), "eval"), namespace
            )
            if promised := RESULT.search(lines[(statement.end_lineno or 1) - 1]):
                assert value == eval(promised["size"] or promised["value"], {"torch": torch})


def cells(page: Path, language: str) -> list[Cell]:
    """Return the blocks of a page in one language; "" for those that name none."""
    text = page.read_text(encoding="utf-8")
    found = [
        Cell(page, text[: match.start()].count("\n") + 1, match["language"], match["code"])
        for match in FENCE.finditer(text)
    ]
    return [cell for cell in found if cell.language == language]


def commands(page: Path) -> list[str]:
    """Return what a page says to type, one command each, without comments."""
    lines = (line for cell in cells(page, "") for line in cell.code.splitlines())
    return [stripped for line in lines if (stripped := line.partition("  #")[0].strip())]
