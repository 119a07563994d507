"""How far the predictions of two runs are apart."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from torch import Tensor
from torch.nn import functional

Activation: TypeAlias = Literal["softmax", "sigmoid", "identity"]
"""The function that makes probabilities of logits; the identity of a score makes none."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a run predicts where a target is read.

    Attributes
    ----------
    logits
        (m, V) float32 on the CPU, a row for each position; None without logits.
    activation
        The function that makes probabilities of them.
    vocabulary
        What the V entries stand for, equal for outcomes that can be compared; None if unknown.
    """

    logits: Tensor | None
    activation: Activation
    vocabulary: object = None


def divergence(before: Tensor, after: Tensor, activation: Activation) -> float | None:
    """Return the Kullback-Leibler divergence KL(before || after) in nats.

    It is the mean of ``ln(p_before / p_after)`` by the probabilities before, of sigmoids the sum
    over classes, and the sum over rows; it is not negative, and 0 for equal predictions.

    Parameters
    ----------
    before, after
        The logits of two runs, (m, V).
    activation
        The function that makes probabilities of them; None is returned for a score.
    """
    if activation == "identity":
        return None
    before, after = before.double(), after.double()
    if activation == "softmax":
        pairs = [(before.log_softmax(-1), after.log_softmax(-1))]
    else:
        pairs = [
            (functional.logsigmoid(sign * before), functional.logsigmoid(sign * after))
            for sign in (1, -1)
        ]
    parts = (float((first.exp() * (first - second)).sum()) for first, second in pairs)
    return max(0.0, sum(parts))


def divergence_between(before: Outcome, after: Outcome) -> float | str:
    """Return the divergence of two models' predictions, or in words why there is none."""
    first, second = before.logits, after.logits
    if first is None or second is None:
        return "a model has no logits"
    if "identity" in (before.activation, after.activation):
        return "a score has no probabilities"
    is_same = before.vocabulary == after.vocabulary and before.activation == after.activation
    if first.shape[1] != second.shape[1] or not is_same:
        return "the models predict from different vocabularies"
    if len(first) != len(second):
        return "the targets are predicted at different numbers of positions"
    found = divergence(first, second, before.activation)
    assert found is not None
    return found
