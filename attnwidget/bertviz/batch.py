"""One entry of a batch of attention weights."""

from collections.abc import Mapping, Sequence
from typing import SupportsIndex

from torch import Tensor

from attnwidget.trace.arrays import Array, as_floating
from attnwidget.trace.indexing import resolve_index
from attnwidget.trace.stack import Stack


def entry_of(stack: Stack, batch_index: SupportsIndex | None, name: str) -> list[Tensor]:
    """Return one array (1, H, n_q, n_k) a layer; arrays without a batch axis stay as they are.

    Parameters
    ----------
    stack
        One array a layer; or one array of all, (L, H, n_q, n_k) or (L, B, H, n_q, n_k).
    batch_index
        The entry of the batch; None if there is only one.
    name
        Name of the argument for errors.

    Raises
    ------
    ValueError
        The model returned no weights, or they are a batch and no entry was chosen.
    IndexError
        There is no such entry.
    """
    return [
        _entry(as_floating(array, f"{name}[{place}]"), batch_index, f"{name}[{place}]")
        for place, array in enumerate(_arrays(stack, name))
    ]


def _arrays(stack: Stack, name: str) -> Sequence[Array]:
    if isinstance(stack, Sequence):
        if not stack or any(each is None for each in stack):
            raise ValueError(f"{name} {'holds None' if stack else 'is empty'}. {_ADVICE}")
        if any(map(_is_stack, stack)):
            raise ValueError(
                f"{name} holds the attentions of each step of a generation. Trace the whole text "
                "instead, prompt and continuation: attnwidget.explore(model, text, "
                "max_new_tokens=20)."
            )
        return stack
    if isinstance(stack, Mapping):
        raise ValueError(
            f"{name} must be the attentions alone, but a {type(stack).__name__} was given. Pass "
            "what it holds, such as outputs.attentions."
        )
    whole = as_floating(stack, name)
    if whole.ndim not in (4, 5):
        raise ValueError(
            f"{name} must be one array (1, heads, queries, keys) a layer, such as "
            f"outputs.attentions, but one array of shape {tuple(whole.shape)} was given. {_ADVICE}"
        )
    return list(whole)


def _is_stack(value: object) -> bool:
    """Return whether a value is the attentions of all layers."""
    return isinstance(value, tuple) and any(
        isinstance(each, Tensor) and each.ndim == 4 for each in value
    )


def _entry(layer: Tensor, batch_index: SupportsIndex | None, name: str) -> Tensor:
    size = len(layer) if layer.ndim == 4 else 1
    if batch_index is None and size != 1:
        raise ValueError(
            f"{name} is a batch of {size} (its shape is {tuple(layer.shape)}), and a view shows "
            f"one entry. Pass batch_index=0 to {size - 1}, and the tokens of that entry."
        )
    index = resolve_index(0 if batch_index is None else batch_index, size, "example")
    return layer[index : index + 1] if layer.ndim == 4 else layer


_ADVICE = (
    "Name what is meant, such as outputs.attentions: outputs[-1] is something else in recent "
    "versions of transformers. Where that is empty or None, the model returned no attention "
    "weights, as with attn_implementation='sdpa'. Load it with attn_implementation='eager' and "
    "call it with output_attentions=True, or use attnwidget.explore(model, text), which needs "
    "neither."
)
