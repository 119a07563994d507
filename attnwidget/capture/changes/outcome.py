"""Read what a run was made for: the target, and the logits at its position."""

from torch import Tensor

from attnwidget.capture.gradients.model_output import EntryOutput
from attnwidget.capture.gradients.placed_target import span_of
from attnwidget.capture.gradients.predicted_text import PredictedText
from attnwidget.capture.gradients.rerun import Rerun, RunResult
from attnwidget.capture.gradients.target_value import scalar_of
from attnwidget.trace.prediction_head import PredictionHead
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


def vocabulary_of(rerun: Rerun, head: PredictionHead) -> object:
    """Return what the entries of the logits stand for, None if that is not known."""
    if head.of_positions:
        return rerun.streams[0].queries.text
    if head.unit == "class":
        return dict(rerun.model.labels)
    list_tokens = getattr(rerun.inputs.tokenizer, "get_vocab", None)
    return dict(list_tokens()) if callable(list_tokens) else None


def kept(entry: EntryOutput, rows: tuple[int, ...]) -> Tensor | None:
    """Return some rows of the logits, (m, V) float32 on the CPU; None without logits."""
    if entry.logits is None or not rows:
        return None
    return entry.logits[list(rows)].detach().float().cpu()
