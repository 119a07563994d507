"""Nothing but the rows knows a method or a view by its name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

import attnwidget as aw
from attnwidget.methods.registry import DEFAULT, METHODS, MethodName, allowed_methods
from attnwidget.views import DEFAULT_VIEW, VIEWS, ViewName
from tests.frames.traces import pair_trace, translation_trace

PACKAGE = Path(aw.__file__).parent
NAMES = {*METHODS, *VIEWS}

OTHER_METHODS = {"analysis/models/importance.py"}
"""Modules whose ``method`` is another one: ways to measure the importance of heads."""


def modules() -> Iterator[Path]:
    """Yield the modules that are not rows."""
    for path in sorted(PACKAGE.rglob("*.py")):
        folder, *rest = path.relative_to(PACKAGE).parts
        if folder == "views" and rest[0] in VIEWS:
            continue
        if folder == "methods" and path.stem in METHODS:
            continue
        yield path


def decisions(tree: ast.AST) -> Iterator[ast.expr]:
    """Yield the expressions that a module decides by: comparisons, cases, tables by name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            yield from (node.left, *node.comparators)
        elif isinstance(node, ast.MatchValue):
            yield node.value
        elif isinstance(node, ast.Dict) and all(map(is_name, node.keys)):
            yield from node.keys[1:]  # a single field is no table
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) in ("METHODS", "VIEWS"):
            yield node.slice


def is_name(node: ast.expr | None) -> bool:
    """Return whether an expression is the name of a method or a view, or a list of such names.

    A list that holds other words too, such as ``("layer", "head")``, is about other things.
    """
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        words = [each for each in node.elts if isinstance(each, ast.Constant)]
        return bool(words) and all(map(is_name, words))
    return isinstance(node, ast.Constant) and node.value in NAMES


def test_no_module_but_the_rows_decides_by_the_name_of_a_method_or_view() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in modules()
        if path.relative_to(PACKAGE).as_posix() not in OTHER_METHODS
        for node in decisions(ast.parse(path.read_text(encoding="utf-8")))
        if is_name(node)
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    ['m == "rollout"', 'm in (x, "max_flow")', '{"head": 1, "trace": 2}', 'METHODS["rollout"]'],
)
def test_a_decision_by_name_would_be_found(source: str) -> None:
    assert any(map(is_name, decisions(ast.parse(source))))


def test_the_names_that_users_type_are_those_of_the_rows() -> None:
    assert get_args(MethodName) == tuple(METHODS)
    assert get_args(ViewName) == tuple(VIEWS)


def test_methods_name_methods() -> None:
    for method in METHODS.values():
        assert method.followed_by is None or METHODS[method.followed_by].steps is not None
        assert method.followed_by is not None or method.steps is not None
        rather = method.rather_followed_by
        assert rather is None or METHODS[rather].steps is not None
        assert method.compared_with is None or method.compared_with in METHODS
    assert sum(method.evolves for method in METHODS.values()) == 1
    assert sum(method.is_attention for method in METHODS.values()) == 1


def test_every_stream_has_the_default_method_and_view() -> None:
    for trace in (pair_trace(), translation_trace()):
        for name in trace:
            assert DEFAULT in allowed_methods(trace, trace[name])
            assert VIEWS[DEFAULT_VIEW].refusal(trace, trace[name]) is None
