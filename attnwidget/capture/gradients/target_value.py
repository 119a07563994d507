"""The one number that gradients are taken of."""

from typing import Any

from torch import Tensor

from attnwidget.capture.gradients.model_output import Answer
from attnwidget.trace.selection import resolve_index
from attnwidget.trace.target import Aim, ScalarOf, Target


def scalar(target: Target, answer: Answer, output: Any) -> Tensor:
    """Return the scalar that a target means.

    Parameters
    ----------
    target
        None for the default of the model's head.
    output
        What the model returned, for a target that is a function.

    Raises
    ------
    IndexError
        There is no such position, token or class.
    ValueError
        The target does not fit the model, or a function returns no scalar with a graph.
    """
    if callable(target):
        return _connected(_called(target, output))
    default: Aim = ("logit", None, None) if answer.head.predicts else ("hidden", None)
    aim = default if target is None else target
    if aim[0] == "hidden":
        return _connected(_hidden(answer, aim[1]).float().sum())
    kind, position, index = aim
    row = answer.head.row(position)
    assert answer.logits is not None
    logits = answer.logits[row].float()
    # Which is predicted is no part of the graph.
    entry = int(logits.detach().argmax()) if index is None else index
    values = logits.log_softmax(-1) if kind == "log_prob" else logits
    unit = "token" if answer.head.unit == "token" else "class"
    return _connected(values[resolve_index(entry, len(values), unit)])


def _hidden(answer: Answer, position: int | None) -> Tensor:
    if answer.hidden is None:
        raise ValueError(
            f"{answer.head.model} returns neither logits nor a last hidden state. Pass a function "
            "from its output to a scalar as the target."
        )
    if position is None:
        return answer.hidden
    return answer.hidden[resolve_index(position, len(answer.hidden), "position")]


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
