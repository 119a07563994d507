"""Capture attention weights from calls of softmax, in modules that compute attention by hand."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from attnwidget.capture.attention.observer import Observer
from attnwidget.capture.attention.torch_functions import current_module, with_four_axes

SOFTMAXES = {torch.softmax, torch.Tensor.softmax, functional.softmax, torch.special.softmax}
"""The functions that compute softmax, by whatever name it is called."""


class SoftmaxMode(TorchFunctionMode):
    """Passes maps of queries by keys that softmax returns to an observer while it is active.

    Parameters
    ----------
    observer
        The observer.
    batch
        Number of entries that the model gets.
    """

    def __init__(self, observer: Observer, batch: int) -> None:
        super().__init__()
        self._observer = observer
        self._batch = batch

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: object,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Call `func`, and pass its result to the observer if it is attention weights."""
        options = kwargs or {}
        result = func(*args, **options)
        if func in SOFTMAXES:
            axis = options.get("dim", args[1] if len(args) > 1 else None)
            if _is_map_of_pairs(result, axis, self._batch):
                self._observer.add_weights(current_module(), with_four_axes(result, self._batch))
        return result


def _is_map_of_pairs(result: Any, axis: int | None, batch: int) -> bool:
    """Return whether the result of a softmax may be attention weights.

    They have the axes of batch and heads, queries and keys, the keys last. Without an axis of
    heads there are as many queries as keys, which tells them from probabilities of classes.
    """
    if not isinstance(result, Tensor) or result.ndim not in (3, 4) or axis is None:
        return False
    is_last = axis % result.ndim == result.ndim - 1
    is_square = result.shape[-1] == result.shape[-2]
    is_folded = result.ndim == 4 or (is_square and len(result) % batch == 0)
    return is_last and is_folded and result.shape[-1] > 1
