"""A tape of the attention in a forward pass, to take gradients by it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor, nn

from attnwidget.capture.attention.entries import Entries
from attnwidget.capture.attention.found_weights import FoundWeights, Product
from attnwidget.capture.attention.observer import Origin
from attnwidget.capture.attention.projections import Projections
from attnwidget.capture.attention.recorder import together


class WatchedTensor(NamedTuple):
    """The contexts or the weights of one attention.

    Attributes
    ----------
    tensor
        The tensor in the graph.
    arrange
        Turns the gradient by `tensor` into that of the traced entry: (H, n_q, d_v) by the contexts,
        or (H, n_q, n_k) by the weights. Of windows it has the heads of every window in turn.
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
    entries
        Tells the entries of the traced input.
    """

    entries: Entries = field(default_factory=Entries)
    watched: list[WatchedTensor] = field(default_factory=list)
    _running: list[Sequence[int]] = field(default_factory=list)

    def add_projections(self, module: nn.Module, projections: Projections) -> None:
        """Note which entries are those of each attention; the trace has the projections."""
        name, is_tiled = type(module).__name__, projections.is_tiled
        self._running = self.entries.calls(name, projections.query, is_tiled=is_tiled)

    def add_context(self, context: Tensor, heads_first: Callable[[Tensor], Tensor]) -> Tensor:
        """Watch the result of an attention function."""
        context = context if context.requires_grad else as_leaf(context)
        for entries in self._running:
            arrange = partial(_of_entries, heads_first=heads_first, entries=entries)
            self.watched.append(WatchedTensor(context, arrange, False))
        # A copy, so that no operation in place changes the watched tensor.
        return context.clone()

    def add_weights(self, origin: Origin, found: FoundWeights) -> Tensor:
        """Watch weights that were computed elsewhere."""
        weights = found.weights
        # The model goes on with the tensor behind the view that it returns.
        whole = weights._base if weights._base is not None else weights
        name = type(origin).__name__
        for entries in self.entries.calls(name, weights, is_tiled=found.is_tiled):
            self.watched.append(WatchedTensor(whole, _like_view(weights, whole, entries), True))
        return weights

    def add_product(self, product: Product) -> Tensor:
        """Return the product of weights and values unchanged."""
        return product.result


def as_leaf(tensor: Tensor) -> Tensor:
    """Return a leaf: a tensor that requires gradients and begins a graph of its own."""
    return tensor.detach().requires_grad_()


def _of_entries(
    gradient: Tensor, heads_first: Callable[[Tensor], Tensor], entries: Sequence[int]
) -> Tensor:
    return together(heads_first(gradient), entries)


def _like_view(view: Tensor, whole: Tensor, entries: Sequence[int]) -> Callable[[Tensor], Tensor]:
    """Return a function that takes entries of a gradient by `whole`, in the layout of `view`."""
    shape, strides = whole.shape, whole.stride()
    offset = view.storage_offset() - whole.storage_offset()
    seen = view.shape, view.stride(), offset

    def of_entries(gradient: Tensor) -> Tensor:
        laid_out = torch.empty_strided(
            shape, strides, dtype=gradient.dtype, device=gradient.device
        ).copy_(gradient)
        return together(laid_out.as_strided(*seen), entries)

    return of_entries
