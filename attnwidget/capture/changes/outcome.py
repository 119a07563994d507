"""Read what a run was made for: the target, and the logits at its position."""

from torch import Tensor
from torch.nn import functional

from attnwidget.capture.gradients.model_output import EntryOutput, PredictionHead
from attnwidget.capture.gradients.placed_target import span_of
from attnwidget.capture.gradients.predicted_text import PredictedText
from attnwidget.capture.gradients.rerun import RunResult
from attnwidget.capture.gradients.target_value import scalar_of
from attnwidget.trace.target import IndexedTarget


def value_in(target: IndexedTarget, entry: EntryOutput, result: RunResult) -> float:
    """Return the target of a run."""
    return float(scalar_of(target, entry, result.output).detach())


def rows_of(target: IndexedTarget, text: PredictedText, head: PredictionHead) -> tuple[int, ...]:
    """Return the rows of the logits that the target is read from; none without logits."""
    if target is not None and not callable(target) and target[0] == "span":
        rows = span_of(target, text, head).rows
        return tuple(range(rows.start, rows.stop))
    if callable(target) or target is None or target[0] == "hidden":
        position = None if target is None or callable(target) else target[1]
        if position is not None and head.has_positions:
            return (head.row(position),)
        return (head.row(None),) if head.predicts else ()
    return (head.row(target[1]),)


def divergence(before: Tensor, after: Tensor, head: PredictionHead) -> float | None:
    """Return the Kullback-Leibler divergence in nats, the sum over rows of logits (m, V).

    Parameters
    ----------
    before, after
        The logits of two runs; the mean of the logarithm of their ratio is taken by `before`.
    head
        The head, which says what makes probabilities of them; None is returned for a score.
    """
    if head.activation == "identity":
        return None
    before, after = before.double(), after.double()
    if head.activation == "softmax":
        first, second = before.log_softmax(-1), after.log_softmax(-1)
        return float((first.exp() * (first - second)).sum())
    return sum(
        float((both[0].exp() * (both[0] - both[1])).sum())
        for both in (
            (functional.logsigmoid(before), functional.logsigmoid(after)),
            (functional.logsigmoid(-before), functional.logsigmoid(-after)),
        )
    )


def kept(entry: EntryOutput, rows: tuple[int, ...]) -> Tensor | None:
    """Return some rows of the logits, (m, V) float32 on the CPU; None without logits."""
    if entry.logits is None or not rows:
        return None
    return entry.logits[list(rows)].detach().float().cpu()
