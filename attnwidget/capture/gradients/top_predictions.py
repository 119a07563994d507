"""The likeliest tokens or classes at every position."""

from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from attnwidget.capture.assemble.text_tokens import text_tokens
from attnwidget.capture.gradients.model_output import Head, answer
from attnwidget.capture.gradients.rerun import Rerun
from attnwidget.capture.inputs.forward import forward
from attnwidget.trace.predictions import Prediction, Predictions

AT_LEAST = 20
"""Entries that are kept of each position."""

ROWS = 64
"""Positions whose softmax is taken at a time."""


@dataclass(frozen=True, eq=False)
class Likeliest:
    """The likeliest entries of each position.

    Attributes
    ----------
    head
        What the model predicts.
    probabilities, indices
        (n, K) by falling probability; (0, 0) of a model without a head.
    is_complete
        Whether these are all.
    """

    head: Head
    probabilities: Tensor
    indices: Tensor
    is_complete: bool

    def holds(self, top: int) -> bool:
        """Return whether `top` entries of a position are known, or all that there are."""
        return self.is_complete or top <= self.indices.shape[-1]

    def at(self, position: int | None, top: int, rerun: Rerun) -> Predictions:
        """Return the first `top` of a position; see `Trace.predictions`."""
        if position is None and not self.head.predicts:
            return Predictions("hidden", None, ())
        row = self.head.row(position)
        chosen = self.indices[row, :top].tolist()
        chances = self.probabilities[row, :top].tolist()
        entries = map(Prediction, chosen, _texts(self.head, chosen, rerun), chances)
        place = row if self.head.has_positions else None
        return Predictions(self.head.unit, place, tuple(entries))


def likeliest(rerun: Rerun, count: int) -> Likeliest:
    """Run a model and return the `count` likeliest entries of each position, at least AT_LEAST."""
    with torch.no_grad():
        said = answer(rerun, rerun.run(partial(forward, rerun.model, rerun.inputs())))
        if said.logits is None:
            return Likeliest(said.head, torch.empty(0, 0), torch.empty(0, 0), True)
        size = min(max(count, AT_LEAST), said.logits.shape[-1])
        tops = [block.float().softmax(-1).topk(size) for block in torch.split(said.logits, ROWS)]
    values, indices = (torch.cat([top[each] for top in tops]).cpu() for each in (0, 1))
    return Likeliest(said.head, values, indices, size == said.logits.shape[-1])


def _texts(head: Head, indices: list[int], rerun: Rerun) -> list[str]:
    if head.unit == "class":
        labels = getattr(getattr(rerun.model, "config", None), "id2label", None) or {}
        return [str(labels.get(each, each)) for each in indices]
    if rerun.sides.tokenizer is None:
        return [str(each) for each in indices]
    return list(text_tokens(rerun.sides.tokenizer, indices).text)
