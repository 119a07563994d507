"""Make layers from arrays of attention weights, as models return them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from torch import Tensor

from attnwidget.trace.arrays import Array, as_floating, as_tensor
from attnwidget.trace.check_weights import check_entries, check_weights
from attnwidget.trace.dense import DenseLayer

Stack: TypeAlias = Sequence[Array] | Array
"""One array a layer, (H, n_q, n_k), (1, H, n_q, n_k) or (n_q, n_k); or one, (L, H, n_q, n_k)."""

NO_ATTENTION = (
    "{}: the model returned no attention weights, as under attn_implementation='sdpa'. Use "
    "attnwidget.capture(model, text), after generate attnwidget.capture(model, {{'input_ids': "
    "outputs.sequences}}), or load the model with attn_implementation='eager' and call it with "
    "output_attentions=True."
)
"""The message for attention that is not there; its first words say where."""


def layers_from(stack: Stack | None, name: str) -> tuple[DenseLayer, ...]:
    """Return one layer for each array of `stack`, checked and copied.

    Parameters
    ----------
    stack
        The attention weights.
    name
        Name of the parameter for the errors.

    Raises
    ------
    ValueError
        There are no layers, a layer is None or has a wrong shape, the layers differ in size, or the
        numbers are no attention weights.
    """
    matrices = _matrices(stack, name, as_tensor)
    for place, layer in enumerate(matrices):
        check_weights(layer, f"{name}[{place}]")
    return tuple(DenseLayer(layer.clone()) for layer in matrices)


def views_from(stack: Stack | None, name: str, *, signed: bool = False) -> tuple[DenseLayer, ...]:
    """Return layers as `layers_from` does, but allow rows of any sum and copy no floating arrays.

    Parameters
    ----------
    stack, name
        As of `layers_from`.
    signed
        Allow negative numbers.

    Raises
    ------
    ValueError
        As `layers_from`, except that rows may have any sum.
    """
    matrices = _matrices(stack, name, as_floating)
    for place, layer in enumerate(matrices):
        check_entries(layer, f"{name}[{place}]", signed=signed)
    return tuple(map(DenseLayer, matrices))


def _matrices(
    stack: Stack | None, name: str, convert: Callable[[Array, str], Tensor]
) -> list[Tensor]:
    matrices = [
        _one_layer(convert(array, f"{name}[{place}]"), f"{name}[{place}]")
        for place, array in _arrays(stack, name)
    ]
    if not matrices:
        raise ValueError(f"{name} is empty; pass at least one layer of attention weights.")
    for place, layer in enumerate(matrices):
        if layer.shape != matrices[0].shape:
            raise ValueError(
                f"All layers must have the same (heads, queries, keys), but {name}[0] has "
                f"{tuple(matrices[0].shape)} and {name}[{place}] has {tuple(layer.shape)}."
            )
    return matrices


def _arrays(stack: Stack | None, name: str) -> Iterable[tuple[int, Array]]:
    if stack is None:
        raise ValueError(NO_ATTENTION.format(f"{name} is None"))
    if isinstance(stack, Mapping) or hasattr(stack, "attentions"):
        raise ValueError(
            f"{name} must be arrays, but an object of type {type(stack).__name__} was given. Pass "
            "its attentions, such as outputs.attentions, or make a trace of it with "
            "Trace.from_attentions."
        )
    if isinstance(stack, Sequence):
        if not stack:
            raise ValueError(NO_ATTENTION.format(f"{name} is empty"))
        for place, array in enumerate(stack):
            if array is None:
                raise ValueError(NO_ATTENTION.format(f"{name}[{place}] is None"))
        return enumerate(stack)
    whole = as_floating(stack, name)
    if whole.ndim in (4, 5):
        return enumerate(whole)
    if whole.ndim in (2, 3):
        raise ValueError(
            f"{name} must be one array a layer, or one (layers, heads, queries, keys), but one "
            f"array of shape {tuple(whole.shape)} was given. Pass [array] if it is one layer."
        )
    raise ValueError(
        f"{name} must be one array a layer, or one (layers, heads, queries, keys), but its shape "
        f"is {tuple(whole.shape)}."
    )


def _one_layer(given: Tensor, name: str) -> Tensor:
    tensor = given
    if tensor.ndim == 4:
        if tensor.shape[0] != 1:
            raise ValueError(
                f"{name} is a batch of {tensor.shape[0]} (its shape is {tuple(tensor.shape)}), but "
                "a trace holds one input. Select it with array[i], or pass batch_index=i."
            )
        tensor = tensor[0]
    elif tensor.ndim == 2:
        tensor = tensor[None]
    if tensor.ndim != 3 or 0 in tensor.shape:
        raise ValueError(
            f"{name} must be (heads, queries, keys), (1, heads, queries, keys) or (queries, keys), "
            f"none of them 0, but its shape is {tuple(given.shape)}."
        )
    return tensor
