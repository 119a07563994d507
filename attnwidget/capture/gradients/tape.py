"""A tape of the attention in a forward pass, to take gradients by it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor, nn

from attnwidget.capture.attention.entries import traced_entries
from attnwidget.capture.attention.observer import Origin
from attnwidget.capture.attention.projections import Projections


class WatchedTensor(NamedTuple):
    """The contexts or the weights of one attention.

    Attributes
    ----------
    tensor
        The tensor in the graph.
    arrange
        Turns the gradient by `tensor` into that of the traced entry: (H, n_q, d_v) by the contexts,
        or (H, n_q, n_k) by the weights.
    is_weights
        True if the tensor holds weights, False if it holds contexts.
    """

    tensor: Tensor
    arrange: Callable[[Tensor], Tensor]
    is_weights: bool


@dataclass
class Tape:
    """The observer that collects, in order, the contexts or the weights of each attention.

    Parameters
    ----------
    batch_index
        The traced entry; None if the batch must have one entry only.
    batch
        Number of entries that the model gets.
    """

    batch_index: int | None = None
    batch: int = 1
    watched: list[WatchedTensor] = field(default_factory=list)

    def add_projections(self, module: nn.Module, projections: Projections) -> None:
        """Ignore the projections, which the trace already has."""

    def add_context(self, context: Tensor, heads_first: Callable[[Tensor], Tensor]) -> Tensor:
        """Watch the result of an attention function."""
        context = context if context.requires_grad else as_leaf(context)
        for entry in traced_entries(
            self.batch_index, self.batch, "Attention", heads_first(context)
        ):
            arrange = partial(_of_entry, heads_first=heads_first, entry=entry)
            self.watched.append(WatchedTensor(context, arrange, False))
        # A copy, so that no operation in place changes the watched tensor.
        return context.clone()

    def add_weights(self, origin: Origin, weights: Tensor, queries: Tensor | None = None) -> Tensor:
        """Watch weights that were computed elsewhere, (B, H, n_q, n_k)."""
        # The model goes on with the tensor behind the view that it returns.
        whole = weights._base if weights._base is not None else weights
        name = type(origin).__name__
        for entry in traced_entries(self.batch_index, self.batch, name, weights):
            self.watched.append(WatchedTensor(whole, _like_view(weights, whole, entry), True))
        return weights


def as_leaf(tensor: Tensor) -> Tensor:
    """Return a leaf: a tensor that requires gradients and begins a graph of its own."""
    return tensor.detach().requires_grad_()


def _of_entry(gradient: Tensor, heads_first: Callable[[Tensor], Tensor], entry: int) -> Tensor:
    return heads_first(gradient)[entry]


def _like_view(view: Tensor, whole: Tensor, entry: int) -> Callable[[Tensor], Tensor]:
    """Return a function that takes one entry of a gradient by `whole`, in the layout of `view`."""
    shape, strides = whole.shape, whole.stride()
    offset = view.storage_offset() - whole.storage_offset()
    seen = view.shape, view.stride(), offset

    def of_entry(gradient: Tensor) -> Tensor:
        laid_out = torch.empty_strided(
            shape, strides, dtype=gradient.dtype, device=gradient.device
        ).copy_(gradient)
        return laid_out.as_strided(*seen)[entry]

    return of_entry
