"""Heads of a GPT-2 that are scaled or taken away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from torch import Tensor, nn
from transformers import PreTrainedModel


@contextmanager
def heads_scaled(model: PreTrainedModel, scales: Tensor) -> Iterator[None]:
    """Multiply what each head hands to the output projection by a number; 0 takes it away.

    Parameters
    ----------
    model
        A GPT-2.
    scales
        (B, L, H), or (1, L, H) for every entry alike.
    """
    blocks: Any = model.transformer.h
    hooks = [
        block.attn.c_proj.register_forward_pre_hook(partial(_scaled, scales[:, layer]))
        for layer, block in enumerate(blocks)
    ]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _scaled(scales: Tensor, _: nn.Module, arguments: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    contexts = arguments[0]
    size = contexts.shape[-1] // scales.shape[-1]
    return (contexts * scales.repeat_interleave(size, dim=-1)[:, None], *arguments[1:])
