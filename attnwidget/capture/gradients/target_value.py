"""The value of a target: the scalar that gradients are taken of."""

from typing import Any

from torch import Tensor
from torch.nn import functional

from attnwidget.capture.gradients.model_output import EntryOutput, PredictionHead
from attnwidget.trace.indexing import resolve_index
from attnwidget.trace.target import Aim, ScalarOf, Target


def target_value(target: Target, entry: EntryOutput, output: Any) -> Tensor:
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


def scalar_of(target: Target, entry: EntryOutput, output: Any) -> Tensor:
    """Return the value of a target, with or without a graph; see `target_value`."""
    if callable(target):
        return _called(target, output)
    default: Aim = ("logit", None, None) if entry.head.predicts else ("hidden", None)
    aim = default if target is None else target
    if aim[0] == "hidden":
        return _hidden(entry, aim[1]).float().sum()
    kind, position, index = aim
    row = entry.head.row(position)
    assert entry.logits is not None
    logits = entry.logits[row].float()
    # The choice of the predicted index is no part of the graph.
    chosen = int(logits.detach().argmax()) if index is None else index
    values = _log_probabilities(logits, entry.head) if kind == "log_prob" else logits
    unit = "token" if entry.head.unit == "token" else "class"
    return values[resolve_index(chosen, len(values), unit)]


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
