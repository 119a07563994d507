"""Types in the reference: those of the signature, as the source names them.

Sphinx would spell out what a name such as ``Source`` stands for, over four lines. The names are
explained in docs/reference/types.md.
"""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from typing import Any

from sphinx.application import Sphinx
from sphinx.ext.autodoc import Options


def add_types(
    app: Sphinx, what: str, name: str, obj: Any, options: Options, lines: list[str]
) -> None:
    """Write the type of each parameter behind its name: ``layers`` becomes ``layers : Indexer``.

    Parameters that share a line and not a type stay as they are.
    """
    if what not in ("function", "method", "class"):
        return
    types = written_types(obj)
    for number in _parameters(lines):
        found = {types.get(each.strip(" *")) for each in lines[number].split(",")}
        if len(found) == 1 and (only := found.pop()):
            lines[number] += f" : {only}"


def written_types(obj: Any) -> dict[str, str]:
    """Return the annotations of a function or of what makes a class, by parameter."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(obj)))).body
    if isinstance(tree, ast.ClassDef):
        makers = (each for each in tree.body if getattr(each, "name", "") == "__init__")
        tree = next(makers, tree)
    if isinstance(tree, ast.FunctionDef):
        arguments = (*tree.args.posonlyargs, *tree.args.args, *tree.args.kwonlyargs)
        named = [(each.arg, each.annotation) for each in arguments]
    else:
        fields = (each for each in ast.walk(tree) if isinstance(each, ast.AnnAssign))
        named = [(ast.unparse(each.target), each.annotation) for each in fields]
    written = {name: ast.unparse(annotation) for name, annotation in named if annotation}
    return {name: text for name, text in written.items() if text != "Any"}


def _parameters(lines: list[str]) -> Iterator[int]:
    """Yield the numbers of the lines that name parameters."""
    section = ""
    for number, (line, following) in enumerate(zip(lines, [*lines[1:], ""], strict=True)):
        if following and not following.strip("-"):
            section = line
        elif section == "Parameters" and line[:1].strip(" -"):
            yield number
