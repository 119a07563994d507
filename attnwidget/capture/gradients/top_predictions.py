"""The most probable tokens or classes at every position."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from attnwidget.capture.assemble.text_tokens import text_tokens
from attnwidget.capture.gradients.model_output import entry_output
from attnwidget.capture.gradients.rerun import Rerun
from attnwidget.trace.divergence import Activation
from attnwidget.trace.indexing import resolve_index
from attnwidget.trace.prediction_head import PredictionHead
from attnwidget.trace.predictions import Prediction, Predictions

MIN_KEPT = 20
"""Fewest predictions that are kept of each position."""

CHUNK_SIZE = 64
"""Positions whose softmax is computed at a time."""


@dataclass(frozen=True, eq=False)
class TopPredictions:
    """The most probable tokens or classes at every position.

    Attributes
    ----------
    head
        The prediction head.
    logits, probabilities, indices
        (n, K) by falling logit; (0, 0) of a model without a head.
    is_complete
        True if K is the whole vocabulary, or all classes.
    """

    head: PredictionHead
    logits: Tensor
    probabilities: Tensor
    indices: Tensor
    is_complete: bool

    def holds(self, top: int) -> bool:
        """Return whether the first `top` predictions of a position are here."""
        return self.is_complete or top <= self.indices.shape[-1]

    def at(
        self, position: int | None, top: int, including: Sequence[int], rerun: Rerun
    ) -> Predictions:
        """Return the first `top` predictions at a position; see `Trace.predictions`."""
        if position is None and not self.head.predicts and not including:
            return Predictions("hidden", None, ())
        row = self.head.row(position)
        first = self.indices[row, :top].tolist()
        found = tuple(each[row, :top] for each in (self.logits, self.probabilities, self.indices))
        others = [each for each in dict.fromkeys(including) if each not in first]
        if others:
            parts = found, _others(rerun, row, others)
            found = tuple(map(torch.cat, zip(*parts, strict=True)))
        return _predictions(self.head, row, rerun, *found)


def top_predictions(rerun: Rerun, count: int) -> TopPredictions:
    """Run a model and return the first `count` predictions at every position, or `MIN_KEPT`."""
    with torch.no_grad():
        result = rerun.run(partial(rerun.forward, rerun.graph_inputs()))
        entry = entry_output(rerun, result)
        if entry.logits is None:
            nothing = torch.empty(0, 0)
            return TopPredictions(entry.head, nothing, nothing, nothing, True)
        size = min(max(count, MIN_KEPT), entry.logits.shape[-1])
        parts = [
            _top(chunk.float(), size, entry.head.activation)
            for chunk in torch.split(entry.logits, CHUNK_SIZE)
        ]
    logits, probabilities, indices = (torch.cat(each).cpu() for each in zip(*parts, strict=True))
    is_complete = size == entry.logits.shape[-1]
    return TopPredictions(entry.head, logits, probabilities, indices, is_complete)


def predictions_in(
    logits: Tensor,
    head: PredictionHead,
    row: int,
    top: int,
    rerun: Rerun,
    including: Sequence[int] = (),
) -> Predictions:
    """Return the first `top` predictions in one row of logits, (V,), and some others."""
    found: tuple[Tensor, ...] = _top(logits, min(top, len(logits)), head.activation)
    others = [each for each in dict.fromkeys(including) if each not in found[2].tolist()]
    if others:
        parts = found, _chosen(logits, head, others)
        found = tuple(map(torch.cat, zip(*parts, strict=True)))
    return _predictions(head, row, rerun, *found)


def _predictions(
    head: PredictionHead,
    row: int,
    rerun: Rerun,
    logits: Tensor,
    probabilities: Tensor,
    indices: Tensor,
) -> Predictions:
    chosen = indices.tolist()
    known: list[float | None] = probabilities.tolist()
    if head.activation == "identity":
        known = [None] * len(chosen)
    entries = map(Prediction, chosen, names_of(head, rerun, chosen), known, logits.tolist())
    return Predictions(head.unit, row if head.has_positions else None, tuple(entries))


def _top(logits: Tensor, size: int, activation: Activation) -> tuple[Tensor, Tensor, Tensor]:
    """Return the largest logits of each row, their probabilities and their indices."""
    values, indices = logits.topk(size)
    return values, _probabilities(values, logits, activation), indices


def _others(rerun: Rerun, row: int, indices: list[int]) -> tuple[Tensor, Tensor, Tensor]:
    """Run the model and return the logits of some indices, their probabilities and the indices."""
    with torch.no_grad():
        result = rerun.run(partial(rerun.forward, rerun.graph_inputs()))
        entry = entry_output(rerun, result)
        assert entry.logits is not None
        return _chosen(entry.logits[row].float().cpu(), entry.head, indices)


def _chosen(
    logits: Tensor, head: PredictionHead, indices: list[int]
) -> tuple[Tensor, Tensor, Tensor]:
    """Return some of the logits (V,), their probabilities and their indices."""
    unit = "token" if head.unit == "token" else "class"
    chosen = torch.tensor([resolve_index(each, len(logits), unit) for each in indices])
    values = logits[chosen]
    return values, _probabilities(values, logits, head.activation), chosen


def _probabilities(values: Tensor, logits: Tensor, activation: Activation) -> Tensor:
    """Return the probabilities of some of the logits of each row."""
    if activation == "sigmoid":
        return values.sigmoid()
    return (values - logits.logsumexp(-1, keepdim=True)).exp()


def names_of(head: PredictionHead, rerun: Rerun, indices: list[int]) -> list[str]:
    """Return the readable tokens, or the labels of the classes, of some indices."""
    if head.of_positions:
        return [rerun.tokens.text[each] for each in indices]
    if head.is_score and not rerun.model.names_classes:
        return ["score"]
    if head.unit == "class":
        return [rerun.model.class_label(each) for each in indices]
    tokenizer = rerun.inputs.tokenizer
    if tokenizer is None:
        return [str(each) for each in indices]
    return list(text_tokens(tokenizer, indices).text)
