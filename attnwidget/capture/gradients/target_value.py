"""The value of a target: the scalar that gradients are taken of."""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from attnwidget.capture.gradients.model_output import EntryOutput
from attnwidget.capture.gradients.placed_target import span_of
from attnwidget.capture.gradients.predicted_text import Span
from attnwidget.trace.indexing import resolve_index
from attnwidget.trace.prediction_head import PredictionHead
from attnwidget.trace.target import Aim, IndexedTarget, ScalarOf


def target_value(target: IndexedTarget, entry: EntryOutput, output: Any) -> Tensor:
    """Return the value of a target, a scalar tensor with a graph.

    Parameters
    ----------
    target
        The target; None is the default of the model's head.
    entry
        The output for the traced entry.
    output
        The output as the model returned it, for a target that is a function.

    Raises
    ------
    IndexError
        There is no such position, token or class.
    ValueError
        The target does not fit the model, or a function returns no scalar tensor with a graph.
    """
    return _connected(scalar_of(target, entry, output))


def scalar_of(target: IndexedTarget, entry: EntryOutput, output: Any) -> Tensor:
    """Return the value of a target, with or without a graph; see `target_value`."""
    if callable(target):
        return _called(target, output)
    default: Aim = ("logit", None, None) if entry.head.predicts else ("hidden", None)
    aim = default if target is None else target
    if aim[0] == "hidden":
        return _hidden(entry, aim[1]).float().sum()
    if aim[0] == "span":
        return _of_span(span_of(aim, entry.text, entry.head), entry)
    logits = _logits(entry, aim[1])
    chosen = _chosen(aim[2], logits, entry.head)
    if aim[0] == "contrast":
        other = _chosen(aim[3], logits, entry.head)
        if other == chosen:
            raise ValueError(
                f"The target {aim!r} contrasts {entry.head.unit} {chosen} with itself"
                + (", because it is the predicted one" if aim[2] is None else "")
                + ", and the difference is always 0. Name another index."
            )
        return logits[chosen] - logits[other]
    values = _log_probabilities(logits, entry.head) if aim[0] == "log_prob" else logits
    return values[chosen]


def _logits(entry: EntryOutput, position: int | None) -> Tensor:
    row = entry.head.row(position)
    assert entry.logits is not None
    return entry.logits[row].float()


def _chosen(index: int | None, logits: Tensor, head: PredictionHead) -> int:
    """Return an index counted from the front; the predicted one, which is no part of the graph."""
    predicted = int(logits.detach().argmax()) if index is None else index
    return resolve_index(predicted, len(logits), "token" if head.unit == "token" else "class")


def _of_span(span: Span, entry: EntryOutput) -> Tensor:
    """Return the sum of the log-probabilities of a span's tokens."""
    assert entry.logits is not None
    logits = entry.logits[span.rows].float()
    size = logits.shape[-1]
    ids = [resolve_index(each, size, "token") for each in span.ids]
    chosen = logits.gather(-1, torch.tensor(ids, device=logits.device)[:, None])[:, 0]
    return (chosen - logits.logsumexp(-1)).sum()


def _log_probabilities(logits: Tensor, head: PredictionHead) -> Tensor:
    if head.activation == "identity":
        raise ValueError(
            f"{head.model} gives a score and no classes, so it has no probabilities. Take the "
            '"logit" in place of the "log_prob".'
        )
    return functional.logsigmoid(logits) if head.activation == "sigmoid" else logits.log_softmax(-1)


def _hidden(entry: EntryOutput, position: int | None) -> Tensor:
    if entry.hidden is None:
        raise ValueError(
            f"{entry.head.model} returns neither logits nor a last hidden state. Pass a function "
            "from its output to a scalar as the target."
        )
    if position is None:
        return entry.hidden
    return entry.hidden[resolve_index(position, len(entry.hidden), "position")]


def _called(target: ScalarOf, output: Any) -> Tensor:
    value: object = target(output)
    if not isinstance(value, Tensor) or value.numel() != 1 or not value.is_floating_point():
        got = (
            f"a tensor of shape {tuple(value.shape)} and type {value.dtype}"
            if isinstance(value, Tensor)
            else f"an object of type {type(value).__name__}"
        )
        raise ValueError(
            f"A target that is a function must return a scalar tensor, but it returned {got}. "
            "Take one entry, a sum or a mean."
        )
    return value.reshape(())


def _connected(value: Tensor) -> Tensor:
    if not value.requires_grad:
        raise ValueError(
            "The target does not depend on the model's attention, so it has no gradient. It must "
            "be computed from the model's output, without detach() or torch.no_grad()."
        )
    return value
