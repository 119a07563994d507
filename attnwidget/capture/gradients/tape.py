"""The tensors of a forward pass by which gradients are taken."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from attnwidget.capture.attention.observer import Origin
from attnwidget.capture.attention.recorder import entry_of


class Watched(NamedTuple):
    """One attention.

    Attributes
    ----------
    tensor
        Part of the graph.
    arrange
        From a gradient by `tensor` to that of the traced entry: (H, n_q, d_v) by the contexts, or
        (H, n_q, n_k) by the weights.
    is_weights
        Whether it is by the weights.
    """

    tensor: Tensor
    arrange: Callable[[Tensor], Tensor]
    is_weights: bool


@dataclass
class Tape:
    """Collects, in order, the context of each attention call, or its weights where it tells those.

    Parameters
    ----------
    batch_index
        Entry that is traced; None if the batch must have one entry only.
    """

    batch_index: int | None = None
    watched: list[Watched] = field(default_factory=list)

    def add_projections(self, module: nn.Module, *projections: Tensor, **options: Any) -> None:
        """Pass over the projections, which the trace already has."""

    def add_context(self, context: Tensor, heads_first: Callable[[Tensor], Tensor]) -> Tensor:
        """Watch what an attention function returns."""
        context = context if context.requires_grad else rooted(context)
        entry = entry_of(self.batch_index, "Attention", heads_first(context))
        self.watched.append(Watched(context, lambda gradient: heads_first(gradient)[entry], False))
        # A copy, so that no operation in place changes the tensor that is watched.
        return context.clone()

    def add_weights(self, origin: Origin, weights: Tensor) -> None:
        """Watch weights that were computed elsewhere, (B, H, n_q, n_k)."""
        entry = entry_of(self.batch_index, type(origin).__name__, weights)
        # The model goes on with the tensor that it shows a view of.
        whole = weights._base if weights._base is not None else weights
        self.watched.append(Watched(whole, _like_view(weights, whole, entry), True))


def rooted(tensor: Tensor) -> Tensor:
    """Return a tensor that requires gradients and begins a graph of its own."""
    return tensor.detach().requires_grad_()


def _like_view(view: Tensor, whole: Tensor, entry: int) -> Callable[[Tensor], Tensor]:
    """Return what takes one entry of a gradient by `whole`, seen as `view` sees `whole`."""
    shape, strides = whole.shape, whole.stride()
    offset = view.storage_offset() - whole.storage_offset()
    seen = view.shape, view.stride(), offset

    def of_entry(gradient: Tensor) -> Tensor:
        laid_out = torch.empty_strided(
            shape, strides, dtype=gradient.dtype, device=gradient.device
        ).copy_(gradient)
        return laid_out.as_strided(*seen)[entry]

    return of_entry
