"""The attention weights that a model computes, taken from its softmaxes as it runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import torch
from torch import Tensor
from torch.nn import functional
from torch.overrides import TorchFunctionMode

SOFTMAXES: tuple[Callable[..., Any], ...] = (
    functional.softmax,
    torch.softmax,
    torch.special.softmax,
    Tensor.softmax,
)
"""The functions of torch that make weights of scores."""


class Softmaxes(TorchFunctionMode):
    """Keeps what the softmaxes of a model return while it runs.

    It shares nothing with capture, and sees neither queries nor keys where a model computes its
    scores by itself. Where a model calls fused attention, it computes the weights as the
    documentation of torch does.

    Attributes
    ----------
    found
        The weights, in the order of the calls, each with queries and keys as its last two axes.
    """

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Tensor] = []

    def __torch_function__(
        self, function: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        """Run a function of torch, and keep the weights that it makes."""
        kwargs = kwargs or {}
        if function is functional.multi_head_attention_forward:
            whole = {**kwargs, "need_weights": True, "average_attn_weights": False}
            output, weights = cast("tuple[Tensor, Tensor]", function(*args, **whole))
            self._keep(weights)
            return output, weights.mean(-3)
        output = function(*args, **kwargs)
        if function in SOFTMAXES:
            self._keep(output)
        elif function is functional.scaled_dot_product_attention:
            self._keep(_fused(*args, **kwargs))
        return output

    def _keep(self, weights: Tensor) -> None:
        if weights.ndim > 2 and weights.is_floating_point():
            self.found.append(weights.detach().float())


def _fused(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor:
    """Return the weights of fused attention, (..., H, n_q, n_k)."""
    del value, dropout_p
    if enable_gqa:
        key = key.repeat_interleave(query.shape[-3] // key.shape[-3], -3)
    scores = query @ key.mT * (query.shape[-1] ** -0.5 if scale is None else scale)
    if is_causal:
        allowed = torch.ones(scores.shape[-2:], dtype=torch.bool, device="cpu").tril()
        scores = scores.masked_fill(~allowed, float("-inf"))
    if attn_mask is not None and attn_mask.dtype == torch.bool:
        scores = scores.masked_fill(~attn_mask, float("-inf"))
    elif attn_mask is not None:
        scores = scores + attn_mask
    return scores.softmax(-1)
