"""Capture the attention weights that modules of a certain name return."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from fnmatch import fnmatchcase
from typing import Any

import torch
from torch import Tensor, nn

from attnwidget.capture.attention.by_hand import with_four_axes
from attnwidget.capture.attention.found_weights import FoundWeights
from attnwidget.capture.attention.observer import Observer

HEAD_COUNTS = ("num_heads", "num_attention_heads", "n_heads", "n_head", "nhead", "heads")
"""Names under which modules say how many heads they have."""


@contextmanager
def observe_named_modules(
    model: nn.Module, pattern: str, observer: Observer, batch: int
) -> Iterator[None]:
    """Pass the weights that every module with a matching name returns to an observer.

    Parameters
    ----------
    model
        The model whose modules are watched.
    pattern
        Module name with shell wildcards, such as ``"*.attn"``.
    observer
        Receives the weights.
    batch
        Number of entries that the model gets.

    Raises
    ------
    ValueError
        No module has such a name, or an output is not attention.
    """
    names = {name: module for name, module in model.named_modules() if name}
    matching = {name: module for name, module in names.items() if fnmatchcase(name, pattern)}
    if not matching:
        some = ", ".join(list(names)[:8])
        raise ValueError(f"No module is named like {pattern!r}. The first ones are named {some}.")

    def add_output(name: str) -> Callable[[nn.Module, object, Any], None]:
        def add(module: nn.Module, _: object, output: Any) -> None:
            weights = weights_of(name, output, batch, _head_count(module))
            observer.add_weights(module, FoundWeights(weights))

        return add

    with ExitStack() as hooks:
        for name, module in matching.items():
            hooks.callback(module.register_forward_hook(add_output(name)).remove)
        yield


def weights_of(name: str, output: Any, batch: int = 1, heads: int | None = None) -> Tensor:
    """Return the attention weights that a module returned, (B, H, n_q, n_k).

    Parameters
    ----------
    name
        Name of the module, for errors.
    output
        What it returned: weights alone, or as the second of several outputs. (B, H, n_q, n_k),
        (H, B, n_q, n_k), (B * H, n_q, n_k) or, of a single head, (B, n_q, n_k).
    batch
        Number of entries that the model gets.
    heads
        Number of heads of the module, None if it does not say.

    Raises
    ------
    ValueError
        There are no weights, they have other axes, their rows do not sum to 1, or they are the mean
        of several heads.
    """
    is_sole = isinstance(output, Tensor)
    expected = (
        f"The {'output' if is_sole else 'second output'} of {name!r} must be attention weights"
    )
    several = isinstance(output, (tuple, list)) and len(output) > 1
    weights = output if is_sole else output[1] if several else None
    if not isinstance(weights, Tensor):
        raise ValueError(f"{expected}, but it returned {_described(output)}.")
    if weights.ndim not in (3, 4) or not weights.is_floating_point():
        raise ValueError(
            f"{expected} of shape (batch, heads, queries, keys), but its shape is "
            f"{tuple(weights.shape)} and its type {weights.dtype}."
        )
    sums = weights.float().sum(-1)
    if weights.min() < 0 or not torch.allclose(sums, torch.ones_like(sums), atol=1e-3):
        raise ValueError(
            f"{expected}, but its rows sum to between {sums.min():.4g} and {sums.max():.4g} "
            "instead of 1."
        )
    if weights.ndim == 4 and len(weights) != batch and weights.shape[1] == batch:
        return weights.transpose(0, 1)
    if weights.ndim == 3 and len(weights) == batch and (heads or 1) > 1:
        raise ValueError(
            f"{expected} of each head, but {name!r} has {heads} heads and returned one map, their "
            f"mean, of shape {tuple(weights.shape)}. Have it return them all, as with "
            "average_attn_weights=False or need_head_weights=True."
        )
    return with_four_axes(weights, batch)


def _head_count(module: nn.Module) -> int | None:
    found = (getattr(module, name, None) for name in HEAD_COUNTS)
    return next((each for each in found if isinstance(each, int)), None)


def _described(output: Any) -> str:
    if isinstance(output, (tuple, list)):
        return f"{len(output)} outputs: {', '.join(type(each).__name__ for each in output)}"
    return f"one output, a {type(output).__name__}"
