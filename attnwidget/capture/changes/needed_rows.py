"""Compute logits at the positions alone that are read."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import get_ident
from typing import Any

import torch
from torch import Tensor, nn

from attnwidget.capture.gradients.rerun import Rerun


@contextmanager
def logits_at(rerun: Rerun, rows: Sequence[int] | None) -> Iterator[None]:
    """Let a model multiply with its vocabulary at some positions; the logits of others are NaN.

    Parameters
    ----------
    rerun
        The model and its inputs.
    rows
        Positions of the tokens that the model predicts at; None for all.
    """
    head = _head(rerun)
    if rows is None or not rows or head is None:
        yield
        return
    length = rerun.main.lengths[0]
    chosen = torch.tensor([rerun.main.rows.start + row for row in rows])
    whole: list[bool] = []
    # Another thread may run the same model.
    thread = get_ident()

    def choose(_: nn.Module, args: tuple[Any, ...]) -> tuple[Any, ...] | None:
        if get_ident() != thread:
            return None
        states = args[0] if len(args) == 1 else None
        if isinstance(states, Tensor) and states.ndim == 3 and states.shape[1] == length:
            whole.append(False)
            return (states[:, chosen.to(states.device)],)
        whole.append(True)
        return None

    def put_back(_: nn.Module, __: object, logits: Any) -> Tensor | None:
        if get_ident() != thread or whole.pop() or not isinstance(logits, Tensor):
            return None
        every = logits.new_full((len(logits), length, logits.shape[-1]), torch.nan)
        every[:, chosen.to(logits.device)] = logits
        return every

    hooks = head.register_forward_pre_hook(choose), head.register_forward_hook(put_back)
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _head(rerun: Rerun) -> nn.Module | None:
    """Return the module that multiplies hidden states with the vocabulary, None if unknown."""
    model = rerun.model.pretrained
    if model is None or rerun.batch_index is not None:
        return None
    try:
        head = model.get_output_embeddings()
    except (AttributeError, NotImplementedError):
        return None
    return head if isinstance(head, nn.Linear) else None
