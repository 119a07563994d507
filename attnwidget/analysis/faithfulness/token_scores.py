"""Scores of tokens by every method: one number for each key of a question."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

import torch
from torch import Tensor

from attnwidget.analysis.attribution import Attribution, compare_with_gradients
from attnwidget.analysis.faithfulness.question import Question
from attnwidget.methods import counterfactual, knockout_effects, max_flow
from attnwidget.methods.method import Method
from attnwidget.methods.nodes import columns_of, stack_of
from attnwidget.methods.product import product_rows
from attnwidget.methods.registry import METHODS
from attnwidget.methods.scores_of import ScoresOf

Scoring: TypeAlias = Callable[[Question], Tensor]
"""Makes one score for each key, (n_k,); higher ones say that the prediction depends more on it."""


@dataclass(frozen=True)
class TokenMethod:
    """One row of the table.

    Attributes
    ----------
    title
        The name of the row.
    scores
        Makes the scores.
    names
        Further names by which users ask for it.
    refusal
        Returns why a question has no such scores, or None if it has.
    is_slow
        Whether it runs the model many times for each text, so that it must be asked for by name.
    is_named
        Whether the user asked for it by name, so that it is an error if a text has no such scores.
    """

    title: str
    scores: Scoring
    names: tuple[str, ...] = ()
    refusal: Callable[[Question], str | None] = field(default=lambda _: None)
    is_slow: bool = False
    is_named: bool = False


def token_methods() -> tuple[TokenMethod, ...]:
    """Return a row for each way to score tokens: of the registry, by gradients, by changed runs.

    A method of the registry with scores of its own for every head makes two rows: the mean over the
    heads of the last layer, and that over all layers. One that goes through layers makes one.
    """
    registered = [row for method in METHODS.values() for row in _rows_of(method)]
    return (*registered, *FROM_GRADIENTS, *FROM_CHANGES)


def _rows_of(method: Method) -> list[TokenMethod]:
    if not method.per_head:
        return [_row(method, method.title, partial(_through_layers, method))]
    return [
        _row(method, f"{method.title}, last layer", partial(_of_heads, method, last=True)),
        _row(method, f"{method.title}, all layers", partial(_of_heads, method, last=False)),
    ]


def _row(method: Method, title: str, scores: Scoring) -> TokenMethod:
    def refusal(question: Question) -> str | None:
        return method.refusal(question.trace, question.stream)

    return TokenMethod(title, scores, (method.name, method.title), refusal)


def _of_heads(method: Method, question: Question, *, last: bool) -> Tensor:
    assert method.head_rows is not None
    stream = question.stream
    layers = range(stream.num_layers)[-1:] if last else range(stream.num_layers)
    total = torch.zeros(len(stream.keys))
    for layer in layers:
        rows = method.head_rows(question.trace, _scores(method, question, layer))
        for query in question.queries:
            total += rows(slice(query, query + 1)).mean((0, 1))
    mean = total / (len(layers) * len(question.queries))
    return -mean if method.is_of_cuts else mean


def _through_layers(method: Method, question: Question) -> Tensor:
    trace, stream = question.trace, question.stream
    queries, whole = list(question.queries), stack_of(trace, stream.name)
    scores = _scores(method, question, stream.num_layers - 1)
    if method.is_flow:
        rows = max_flow(trace, sources=queries, stream=whole, progress=False)
    elif method.matrix is not None:
        rows = method.matrix(trace, scores, False)[queries]
    else:
        assert method.steps is not None
        steps = method.steps(trace, scores)
        nodes = [query + steps[-1].targets.start for query in queries]
        rows = product_rows(steps, nodes, [len(steps)], False)[0]
    return rows[:, columns_of(trace, stream.name)].mean(0)


def _scores(method: Method, question: Question, layer: int) -> ScoresOf:
    return ScoresOf(question.stream.name, layer, None, method.name, "mean")


def _attributed(method: Attribution, question: Question) -> Tensor:
    found = compare_with_gradients(
        question.trace, query=question.queries[-1], stream=question.stream.name, method=method
    )
    scores: Tensor = found["gradient_scores"]
    return scores


def _cut_to_first_order(question: Question) -> Tensor:
    return -knockout_effects(question.trace, "key", stream=question.stream.name)


def _replaced(question: Question) -> Tensor:
    return counterfactual(question.trace, stream=question.stream.name, progress=False)


FROM_GRADIENTS = (
    TokenMethod("gradient", partial(_attributed, "gradient")),
    TokenMethod("gradient x input", partial(_attributed, "gradient_x_input")),
    TokenMethod("integrated gradients", partial(_attributed, "integrated_gradients"), is_slow=True),
)
"""Attributions by gradients of the embeddings."""

FROM_CHANGES = (
    TokenMethod("knock-out, first order", _cut_to_first_order, ("knockout_effects",)),
    TokenMethod("counterfactual", _replaced, is_slow=True),
)
"""Effects of cutting or replacing a token; the exact effects of cuts are leave-one-out."""
