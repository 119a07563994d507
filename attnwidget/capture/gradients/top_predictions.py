"""The most probable tokens or classes at every position."""

from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from attnwidget.capture.assemble.text_tokens import text_tokens
from attnwidget.capture.gradients.model_output import PredictionHead, entry_output
from attnwidget.capture.gradients.rerun import Rerun
from attnwidget.capture.inputs.forward import forward
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
    probabilities, indices
        (n, K) by falling probability; (0, 0) of a model without a head.
    is_complete
        True if K is the whole vocabulary, or all classes.
    """

    head: PredictionHead
    probabilities: Tensor
    indices: Tensor
    is_complete: bool

    def holds(self, top: int) -> bool:
        """Return whether the first `top` predictions of a position are here."""
        return self.is_complete or top <= self.indices.shape[-1]

    def at(self, position: int | None, top: int, rerun: Rerun) -> Predictions:
        """Return the first `top` predictions at a position; see `Trace.predictions`."""
        if position is None and not self.head.predicts:
            return Predictions("hidden", None, ())
        row = self.head.row(position)
        chosen = self.indices[row, :top].tolist()
        probabilities = self.probabilities[row, :top].tolist()
        entries = map(Prediction, chosen, _texts(self.head, chosen, rerun), probabilities)
        place = row if self.head.has_positions else None
        return Predictions(self.head.unit, place, tuple(entries))


def top_predictions(rerun: Rerun, count: int) -> TopPredictions:
    """Run a model and return the first `count` predictions at every position, or `MIN_KEPT`."""
    with torch.no_grad():
        result = rerun.run(partial(forward, rerun.model, rerun.graph_inputs()))
        entry = entry_output(rerun, result)
        if entry.logits is None:
            return TopPredictions(entry.head, torch.empty(0, 0), torch.empty(0, 0), True)
        size = min(max(count, MIN_KEPT), entry.logits.shape[-1])
        chunks = torch.split(entry.logits, CHUNK_SIZE)
        tops = [chunk.float().softmax(-1).topk(size) for chunk in chunks]
    values, indices = (torch.cat([top[each] for top in tops]).cpu() for each in (0, 1))
    return TopPredictions(entry.head, values, indices, size == entry.logits.shape[-1])


def _texts(head: PredictionHead, indices: list[int], rerun: Rerun) -> list[str]:
    if head.unit == "class":
        return [rerun.model.class_label(each) for each in indices]
    tokenizer = rerun.inputs.tokenizer
    if tokenizer is None:
        return [str(each) for each in indices]
    return list(text_tokens(tokenizer, indices).text)
