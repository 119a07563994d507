"""Capture the attention weights that modules of a certain name return."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from fnmatch import fnmatchcase
from typing import Any

import torch
from torch import Tensor, nn

from attnwidget.capture.attention.observer import Observer


@contextmanager
def observe_named_modules(model: nn.Module, pattern: str, observer: Observer) -> Iterator[None]:
    """Pass the second output of every module with a matching name to an observer, as its weights.

    Parameters
    ----------
    model
        The model whose modules are watched.
    pattern
        Module name with shell wildcards, such as ``"*.attn"``.
    observer
        Receives the weights.

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
        return lambda module, _, output: observer.add_weights(module, second_output(name, output))

    with ExitStack() as hooks:
        for name, module in matching.items():
            hooks.callback(module.register_forward_hook(add_output(name)).remove)
        yield


def second_output(name: str, output: Any) -> Tensor:
    """Return the attention weights among a module's outputs, (B, H, n_q, n_k).

    Raises
    ------
    ValueError
        The second output is missing, has other axes, or its rows do not sum to 1.
    """
    expected = f"The second output of {name!r} must be attention weights"
    weights = output[1] if isinstance(output, (tuple, list)) and len(output) > 1 else None
    if not isinstance(weights, Tensor):
        raise ValueError(f"{expected}, but it returned {_described(output)}.")
    if weights.ndim == 3:
        weights = weights[:, None]
    if weights.ndim != 4 or not weights.is_floating_point():
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
    return weights


def _described(output: Any) -> str:
    if isinstance(output, (tuple, list)):
        return f"{len(output)} outputs: {', '.join(type(each).__name__ for each in output)}"
    return f"one output, a {type(output).__name__}"
