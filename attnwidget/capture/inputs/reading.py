"""Watch what a model reads while it writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn


@dataclass
class Reading:
    """The token ids that a model has read in the steps of ``generate``.

    Attributes
    ----------
    ids
        (B, n), those of the last text that it wrote; None if it read no ids.
    logits
        (B, V), of the last step; None if the model returned none.
    start
        (B, p), those that it read before it wrote that text.
    """

    ids: Tensor | None = None
    logits: Tensor | None = None
    start: Tensor | None = None

    def add(self, ids: Tensor, cached: int) -> None:
        """Add the ids of one step, which follow those whose keys are in the cache."""
        if cached == 0 and not self._continues(ids):
            self.start = ids
        if self.ids is None or cached == 0 or len(self.ids) != len(ids):
            self.ids = ids
        else:
            self.ids = torch.cat([self.ids[:, :cached], ids], dim=1)

    def _continues(self, ids: Tensor) -> bool:
        """Return whether ids begin with those read first, as without a cache in every step."""
        start = self.start
        return start is not None and torch.equal(ids[:, : start.shape[1]], start)


@contextmanager
def reading(model: nn.Module, name: str) -> Iterator[Reading]:
    """Watch the steps of ``generate``.

    Parameters
    ----------
    model
        The model that writes.
    name
        Name of the input that holds the ids of each step.
    """
    read = Reading()

    def before(_: nn.Module, __: object, inputs: dict[str, Any]) -> None:
        ids = inputs.get(name)
        if isinstance(ids, Tensor) and ids.ndim == 2:
            read.add(ids, max(map(_length, inputs.values())))

    def after(_: nn.Module, __: object, output: Any) -> None:
        logits = getattr(output, "logits", None)
        if isinstance(logits, Tensor) and logits.ndim == 3:
            read.logits = logits[:, -1].detach().clone()

    hooks = (
        model.register_forward_pre_hook(before, with_kwargs=True),
        model.register_forward_hook(after),
    )
    try:
        yield read
    finally:
        for hook in hooks:
            hook.remove()


def _length(value: Any) -> int:
    """Return the number of tokens whose keys are in a cache, 0 for anything else.

    The name of the input that holds the cache is not the same in all models and releases.
    """
    find = getattr(value, "get_seq_length", None)
    return int(find()) if callable(find) else 0
