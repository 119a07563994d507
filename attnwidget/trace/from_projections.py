"""Make a stream from queries and keys that other software computed."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, TypeVar, get_args

import torch
from torch import Tensor

from attnwidget.trace.arrays import Array, as_tensor
from attnwidget.trace.bias import Bias, compress_bias
from attnwidget.trace.check_projections import with_three_axes
from attnwidget.trace.compress import CompressedMask, compress_mask
from attnwidget.trace.given_mask import as_mask
from attnwidget.trace.projected import ProjectedLayer
from attnwidget.trace.stack import Stack
from attnwidget.trace.stream import Stream
from attnwidget.trace.tokens import Tokens

Layout: TypeAlias = Literal["HND", "NHD"]
"""The order of heads, tokens and the size of a head in an array."""

T = TypeVar("T")

OUTPUTS = "the trace was made from queries and keys, without output projections"
"""Why such a stream has no outputs."""


@dataclass(frozen=True)
class GivenProjections:
    """The arguments of `Trace.from_projections`, which describes them."""

    queries: Stack
    keys: Stack
    values: Stack | None
    tokens: Sequence[str] | Tokens
    key_tokens: Sequence[str] | Tokens | None
    layout: Layout
    scale: float | Sequence[float] | None
    causal: bool
    mask: Any
    window: int | Sequence[int | None] | None
    bias: Any
    softcap: float | Sequence[float | None] | None
    sinks: Any

    def stream(self) -> Stream:
        """Return the stream.

        Raises
        ------
        ValueError
            Something does not fit together; the message says what and what to do.
        """
        if self.layout not in get_args(Layout):
            raise ValueError(f'layout must be "HND" or "NHD", but {self.layout!r} was given.')
        queries, keys = self._stack(self.queries, "queries"), self._stack(self.keys, "keys")
        names = _tokens(self.tokens)
        others = names if self.key_tokens is None else _tokens(self.key_tokens)
        values = (
            [key[..., :0] for key in keys]
            if self.values is None
            else self._stack(self.values, "values")
        )
        for name, stack in (("keys", keys), ("values", values)):
            if len(stack) != len(queries):
                raise ValueError(
                    f"queries has {len(queries)} layers and {name} has {len(stack)}. Pass one "
                    "array a layer for each."
                )
        self._check_tokens(queries[0], len(names), "queries", "tokens")
        self._check_tokens(keys[0], len(others), "keys", "tokens or key_tokens")
        layers = tuple(self._layers(queries, keys, values))
        name = "self" if self.key_tokens is None else "cross"
        return Stream(name, layers, names, others, outputs=OUTPUTS)

    def _layers(
        self, queries: list[Tensor], keys: list[Tensor], values: list[Tensor]
    ) -> Iterator[ProjectedLayer]:
        count = len(queries)
        scales = per_layer(self.scale, count, "scale", _positive)
        windows = per_layer(self.window, count, "window", _width)
        caps = per_layer(self.softcap, count, "softcap", _positive)
        masks = per_layer(self.mask, count, "mask", as_mask)
        biases = per_layer(self.bias, count, "bias", _finite)
        sinks = per_layer(self.sinks, count, "sinks", _finite)
        for place, (query, key, value) in enumerate(zip(queries, keys, values, strict=True)):
            _check_fit(query, key, value, place)
            full = (len(query), query.shape[1], key.shape[1])
            scale, window, mask = scales[place], windows[place], self._mask(masks[place], full)
            if mask.window is not None:
                window = mask.window if window is None else min(window, mask.window)
            yield ProjectedLayer(
                query,
                key,
                value,
                scale=query.shape[2] ** -0.5 if scale is None else scale,
                mask=mask.mask,
                causal=mask.causal or self.causal,
                window=window,
                bias=_bias(biases[place], full),
                softcap=caps[place],
                sinks=sinks[place],
            )

    def _mask(self, mask: Tensor | None, full: tuple[int, int, int]) -> CompressedMask:
        _, num_queries, num_keys = full
        if self.causal and num_queries != num_keys:
            raise ValueError(
                f"causal=True counts queries and keys from the first one, but there are "
                f"{num_queries} queries and {num_keys} keys. Pass a mask instead; of the last "
                "queries it is numpy.tri(n_keys, dtype=bool)[-n_queries:]."
            )
        if mask is None:
            return CompressedMask(None, False, None)
        return compress_mask(with_three_axes(_without_batch(mask), full, "mask"))

    def _stack(self, stack: Any, name: str) -> list[Tensor]:
        if stack is None:
            raise ValueError(f"{name} is None. Pass one array a layer.")
        if not isinstance(stack, (list, tuple)):
            whole = as_tensor(stack, name)
            if whole.ndim not in (4, 5):
                raise ValueError(
                    f"{name} must be one array a layer, or one with an axis of layers first, but "
                    f"its shape is {tuple(whole.shape)}. Pass [array] if it is one layer."
                )
            stack = list(whole)
        if not stack:
            raise ValueError(f"{name} is empty. Pass one array a layer.")
        return [self._one(each, f"{name}[{place}]") for place, each in enumerate(stack)]

    def _one(self, array: Array, name: str) -> Tensor:
        given = as_tensor(array, name)
        tensor = _without_batch(given)
        axes = "heads, tokens, size" if self.layout == "HND" else "tokens, heads, size"
        if tensor.ndim != 3 or 0 in tensor.shape:
            batch = " Select one of the batch: array[i]." if tensor.ndim == 4 else ""
            flat = (
                ' Reshape (tokens, heads * size) and pass layout="NHD".' if given.ndim < 3 else ""
            )
            raise ValueError(
                f"{name} must be ({axes}), none of them 0, but its shape is "
                f"{tuple(given.shape)}.{batch}{flat}"
            )
        heads_first = tensor if self.layout == "HND" else tensor.transpose(0, 1)
        wrong = ~heads_first.isfinite()
        if bool(wrong.any()):
            head, token, entry = wrong.nonzero()[0].tolist()
            raise ValueError(
                f"{name} must be finite, but it is {float(heads_first[head, token, entry])} at "
                f"head {head}, token {token}, entry {entry}."
            )
        return heads_first.clone(memory_format=torch.contiguous_format)

    def _check_tokens(self, tensor: Tensor, count: int, name: str, of: str) -> None:
        heads, found, _ = tensor.shape
        if found == count:
            return
        other = "NHD" if self.layout == "HND" else "HND"
        swapped = f' If its axes are in the other order, pass layout="{other}".'
        raise ValueError(
            f"{name} has {found} tokens and {heads} heads in the layout {self.layout!r}, but "
            f"{count} were given as {of}. Pass exactly one for each."
            f"{swapped if heads == count else ''}"
        )


def per_layer(value: Any, count: int, name: str, read: Callable[[Any, str], T]) -> list[T | None]:
    """Return a setting of each layer, given as a list of them or as one for all.

    Raises
    ------
    ValueError
        There are more or fewer than layers, or one is not possible.
    """
    # Nested lists of numbers are one array.
    is_list = isinstance(value, (list, tuple)) and not any(
        isinstance(each, (list, tuple)) for each in value
    )
    if not is_list:
        found = None if value is None else read(value, name)
        return [found] * count
    if len(value) != count:
        raise ValueError(
            f"{name} has {len(value)} entries for {count} layers. Pass one for each layer, or one "
            "for all that is no list."
        )
    return [
        None if each is None else read(each, f"{name}[{place}]") for place, each in enumerate(value)
    ]


def _check_fit(query: Tensor, key: Tensor, value: Tensor, place: int) -> None:
    if query.shape[2] != key.shape[2]:
        raise ValueError(
            f"queries[{place}] has vectors of {query.shape[2]} numbers and keys[{place}] of "
            f"{key.shape[2]}, but they are multiplied with each other."
        )
    if len(query) % len(key):
        raise ValueError(
            f"queries[{place}] has {len(query)} heads and keys[{place}] has {len(key)}, which is "
            "no divisor. Pass keys with a head for every query head, or for every group of them."
        )
    if value.shape[:2] != key.shape[:2]:
        raise ValueError(
            f"values[{place}] must have the heads and tokens of keys[{place}], "
            f"{tuple(key.shape[:2])}, but has {tuple(value.shape[:2])}."
        )


def _bias(bias: Tensor | None, full: tuple[int, int, int]) -> Bias | None:
    return (
        None if bias is None else compress_bias(with_three_axes(_without_batch(bias), full, "bias"))
    )


def _without_batch(tensor: Tensor) -> Tensor:
    return tensor[0] if tensor.ndim == 4 and len(tensor) == 1 else tensor


def _finite(array: Array, name: str) -> Tensor:
    tensor = as_tensor(array, name).clone()
    if not bool(tensor.isfinite().all()):
        raise ValueError(f"{name} must be finite. Pass what is forbidden as a mask.")
    return tensor


def _positive(value: Any, name: str) -> float:
    if isinstance(value, (bool, str)) or not hasattr(value, "__float__"):
        raise ValueError(f"{name} must be a number, but {value!r} was given.")
    number = float(value)
    if not (math.isfinite(number) and number > 0):
        raise ValueError(f"{name} must be above 0 and finite, but {value!r} was given.")
    return number


def _width(value: Any, name: str) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__") or int(value) < 1:
        raise ValueError(f"{name} must be a whole number from 1, or None, but {value!r} was given.")
    return int(value)


def _tokens(tokens: Sequence[str] | Tokens) -> Tokens:
    return tokens if isinstance(tokens, Tokens) else Tokens.from_text(tokens)
