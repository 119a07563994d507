"""Rows of scores, computed with the cache of a workspace."""

from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import cast

import torch
from torch import Tensor

from attnwidget.frames.compared import Term, terms_of
from attnwidget.frames.workspace import Workspace
from attnwidget.methods import fuse_heads
from attnwidget.methods.method import Method, RowsOf
from attnwidget.methods.nodes import columns_of, nodes_of, stack_of
from attnwidget.methods.product import full_product, product_rows
from attnwidget.methods.progress import Progress
from attnwidget.methods.receptive_field import by_receptive_field, even_steps
from attnwidget.methods.registry import METHODS, followed
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.methods.settings import RECEPTIVE_FIELD
from attnwidget.methods.steps import Step
from attnwidget.trace import Trace

MANY_NODES = 1024
"""Nodes above which the product of all steps takes far longer than one row of it."""


def rows_of(
    workspace: Workspace, scores: ScoresOf, progress: Progress = None, only: int | None = None
) -> RowsOf:
    """Return a function that makes the rows of these scores; everything slow happens first.

    Differences are those of the workspace's run and of the run before.

    Parameters
    ----------
    only
        The one query whose row will be asked for; of a method through many tokens no more is
        computed. None for all.

    Raises
    ------
    ValueError
        The method would take too long.
    """
    method = METHODS[scores.method]
    if scores.difference:
        return _fused(_differences(workspace, method, scores, progress), scores)
    if method.head_rows is not None:
        return _fused(method.head_rows(workspace.trace, scores), scores)
    if method.matrix is not None:
        return _columns(workspace, scores, _matrix(workspace, method, scores, progress))
    nodes = nodes_of(workspace.trace, scores.stream)
    if only is not None and nodes.num_nodes > MANY_NODES and not is_ready(workspace, scores):
        return _row(workspace, method, scores, only, progress)
    return _columns(workspace, scores, _shares(workspace, method, scores, progress))


def is_ready(workspace: Workspace, scores: ScoresOf) -> bool:
    """Return whether the rows of these scores can be made at once."""
    method = METHODS[scores.method]
    if scores.difference:
        of_one = replace(scores, difference=False)
        return all(is_ready(term.run, of_one) for term in terms_of(workspace, scores.stream))
    if method.head_rows is not None:
        return method.is_ready(workspace.trace, scores)
    return workspace.find(_key(workspace.trace, method, scores, scores.layer)) is not None


def steps_of(trace: Trace, scores: ScoresOf) -> list[Step]:
    """Return the steps that paths follow through all layers of a stream, bottom to top."""
    scores = followed(trace, scores)
    steps = METHODS[scores.method].steps
    assert steps is not None  # `followed` returns a method that has steps
    return steps(trace, scores)


def _differences(
    workspace: Workspace, method: Method, scores: ScoresOf, progress: Progress
) -> RowsOf:
    """Return a function that makes rows of differences; heads are single where there are any."""
    of_one = replace(scores, difference=False, into_one=False)
    if method.per_head and of_one.heads is None:
        heads = range(workspace.trace[scores.stream].num_heads)
        of_one = replace(of_one, heads=tuple(heads))
    after, before = (
        _rows_of_term(term, of_one, progress) for term in terms_of(workspace, scores.stream)
    )
    return lambda queries: after(queries).sub_(before(queries))


def _rows_of_term(term: Term, scores: ScoresOf, progress: Progress) -> RowsOf:
    """Return a function that makes the rows that are left of a run."""
    rows = rows_of(term.run, scores, progress)
    places, keys = term.queries, term.keys
    if places is None or keys is None:
        return rows

    def some(queries: slice) -> Tensor:
        chosen = torch.tensor(places[queries], dtype=torch.int64, device="cpu")
        first = int(chosen[0])
        return rows(slice(first, int(chosen[-1]) + 1))[:, chosen - first][..., list(keys)]

    return some


def _fused(head_rows: RowsOf, scores: ScoresOf) -> RowsOf:
    if not scores.fused:
        return head_rows
    return lambda queries: fuse_heads(head_rows(queries), scores.fusion)[None]


def _columns(workspace: Workspace, scores: ScoresOf, matrix: Tensor) -> RowsOf:
    """Return the rows of an (n_outputs, N) matrix at the keys of the stream."""
    columns = columns_of(workspace.trace, scores.stream)
    return lambda queries: matrix[queries, columns].clone()[None]


def _row(
    workspace: Workspace, method: Method, scores: ScoresOf, query: int, progress: Progress
) -> RowsOf:
    """Return a function that makes the row of one query, multiplied from the left."""
    trace = workspace.trace
    top = nodes_of(trace, scores.stream).steps_to(scores.layer)

    def shares(steps: list[Step]) -> Tensor:
        return product_rows(steps[:top], [query], [top], progress, "layers")[0]

    row = shares(steps_of(trace, scores))
    if RECEPTIVE_FIELD in method.settings and scores.receptive_field:
        stack = stack_of(trace, scores.stream)
        even = even_steps(trace, skip_first=scores.skip_first, stream=stack)
        row = by_receptive_field(row, shares(even))
    row = row[:, columns_of(trace, scores.stream)]

    def rows(queries: slice) -> Tensor:
        if (queries.start, queries.stop) != (query, query + 1):
            raise ValueError(f"Only the row of query {query} was computed, not {queries}.")
        return row.clone()[None]

    return rows


def _matrix(workspace: Workspace, method: Method, scores: ScoresOf, progress: Progress) -> Tensor:
    compute = method.matrix
    assert compute is not None
    key = _key(workspace.trace, method, scores, scores.layer)
    return workspace.get(key, lambda report: compute(workspace.trace, scores, report), progress)


def _shares(workspace: Workspace, method: Method, scores: ScoresOf, progress: Progress) -> Tensor:
    """Return the product of all steps, by receptive field if that is wished for."""
    if RECEPTIVE_FIELD not in method.settings or not scores.receptive_field:
        return _product(workspace, method, scores, progress)
    trace = workspace.trace
    top = nodes_of(trace, scores.stream).steps_to(scores.layer)

    def compute(report: Progress) -> Tensor:
        plain = replace(scores, receptive_field=False)
        product = _product(workspace, method, plain, report)
        stack = stack_of(trace, scores.stream)
        steps = even_steps(trace, skip_first=scores.skip_first, stream=stack)[:top]
        return by_receptive_field(product, full_product(steps, report, "layers")[: len(product)])

    return workspace.get(_key(trace, method, scores, scores.layer), compute, progress)


def _product(workspace: Workspace, method: Method, scores: ScoresOf, progress: Progress) -> Tensor:
    """Return the product of all steps up to a layer, from the highest cached product on."""
    trace = workspace.trace
    steps, nodes = steps_of(trace, scores), nodes_of(trace, scores.stream)
    keys = [_key(trace, method, scores, layer) for layer in range(scores.layer + 1)]
    tops = [nodes.steps_to(layer) for layer in range(scores.layer + 1)]
    below, product = 0, None
    for top, key in zip(reversed(tops), reversed(keys), strict=True):
        found = workspace.find(key)
        if found is not None:
            below, product = top, cast("Tensor", found)
            break
    for top, key in zip(tops, keys, strict=True):
        if top > below:
            compute = _onto(steps[below:top], product, below, tops[-1])
            below, product = top, workspace.get(key, compute, progress)
    assert product is not None  # a layer has steps
    return product[: nodes.num_outputs]


def _onto(
    steps: list[Step], product: Tensor | None, below: int, total: int
) -> Callable[[Progress], Tensor]:
    def compute(progress: Progress) -> Tensor:
        if not callable(progress):
            return full_product(steps, progress, "layers", onto=product)
        report = progress
        return full_product(
            steps, lambda done, _: report(below + done, total), "layers", onto=product
        )

    return compute


def _key(trace: Trace, method: Method, scores: ScoresOf, layer: int) -> Hashable:
    """Return the cache key of the scores of a layer.

    A whole encoder-decoder shares its products between its streams.
    """
    return method.key(scores), stack_of(trace, scores.stream), layer
