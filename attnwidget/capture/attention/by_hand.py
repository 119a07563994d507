"""Recognise attention that a module computes by hand: a product, a softmax, a product."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

PRODUCTS = {
    *(torch.matmul, torch.bmm, torch.einsum, torch.baddbmm),
    *(Tensor.matmul, Tensor.bmm, Tensor.__matmul__),
}
"""The functions that multiply queries with keys, and weights with values."""

SOFTMAXES = {torch.softmax, Tensor.softmax, functional.softmax, torch.special.softmax}
"""The functions that compute softmax."""

CHANGES = {
    *("add", "sub", "mul", "div", "true_divide", "where", "clamp", "tanh", "nan_to_num"),
    *("add_", "sub_", "mul_", "div_", "clamp_", "tanh_"),
    *("__add__", "__radd__", "__sub__", "__mul__", "__rmul__", "__truediv__", "__neg__"),
    *("masked_fill", "masked_fill_", "tril", "triu", "dropout", "softmax", "clone", "detach"),
    *("to", "float", "double", "half", "bfloat16", "type", "type_as", "contiguous"),
    *("view", "reshape", "flatten", "unflatten", "transpose", "permute", "swapaxes", "swapdims"),
    *("squeeze", "unsqueeze", "movedim", "rearrange", "__get__"),
}
"""Names of the functions that leave scores scores: a factor, a mask, another type or layout."""

TOLERANCE = 1e-3
"""Largest difference of the sum of a row of weights from 1."""


class Mark(NamedTuple):
    """A tensor on its way from scores to weights.

    Attributes
    ----------
    tensor
        The tensor, which goes when the module lets it go.
    is_weights
        True behind the softmax, False before it.
    queries
        The first factor of the product that gave the scores.
    """

    tensor: weakref.ref[Tensor]
    is_weights: bool
    queries: Tensor


class FoundWeights(NamedTuple):
    """Weights in the moment in which they are multiplied with values.

    Attributes
    ----------
    weights
        (B, H, n_q, n_k), a view of the factor.
    queries
        The queries that they were made of.
    factor
        The factor itself.
    view
        Makes `weights` of `factor`.
    """

    weights: Tensor
    queries: Tensor
    factor: Tensor
    view: Callable[[Tensor], Tensor]

    def replaced(self, weights: Tensor, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return the arguments of the product with other weights, (B, H, n_q, n_k).

        Raises
        ------
        ValueError
            The factor has a layout that cannot be written to.
        """
        factor = self.factor.clone(memory_format=torch.preserve_format)
        view = self.view(factor)
        if view.untyped_storage().data_ptr() != factor.untyped_storage().data_ptr():
            raise ValueError("Attention cannot be cut here: its weights cannot be written to.")
        view.copy_(weights)
        return _with_factor(args, self.factor, factor)


class ByHand:
    """Follows tensors from a product through softmax to the product with the values.

    What is multiplied with the values is the attention, whatever was done to it after the softmax.
    A softmax whose result is not multiplied so, as that of a router, is none.

    Parameters
    ----------
    batch
        Number of entries that the model gets.
    """

    def __init__(self, batch: int) -> None:
        self._batch = batch
        self._marks: dict[int, Mark] = {}

    def see(
        self, func: Callable[..., Any], args: tuple[Any, ...], result: Any
    ) -> FoundWeights | None:
        """Follow one call of a function; return the weights if it multiplies weights with values.

        Raises
        ------
        ValueError
            The weights were changed after the softmax, and their rows do not sum to 1.
        """
        if func in PRODUCTS:
            return self._product(func, args, result)
        if isinstance(result, Tensor) and getattr(func, "__name__", "") in CHANGES:
            marked = next((mark for mark in map(self._mark, _tensors(args)) if mark), None)
            if marked and result.numel() == _numel(marked):
                is_weights = marked.is_weights or func in SOFTMAXES
                self._keep(result, Mark(weakref.ref(result), is_weights, marked.queries))
        return None

    def _product(
        self, func: Callable[..., Any], args: tuple[Any, ...], result: Any
    ) -> FoundWeights | None:
        factors = list(_tensors(args))
        if len(factors) < 2 or not isinstance(result, Tensor):
            return None
        found = None
        for place, factor in enumerate(factors[:2]):
            mark = self._mark(factor)
            if mark is None or not mark.is_weights:
                continue
            view = self._view(func, args, factors, place)
            if view is not None:
                weights = view(factor)
                _check_rows(weights)
                found = FoundWeights(weights, mark.queries, factor, view)
        if found is None:
            self._keep(result, Mark(weakref.ref(result), False, factors[0]))
        return found

    def _view(
        self, func: Callable[..., Any], args: tuple[Any, ...], factors: list[Tensor], place: int
    ) -> Callable[[Tensor], Tensor] | None:
        """Return what makes (B, H, n_q, n_k) of a factor that holds weights, None if unclear."""
        if func is not torch.einsum:
            return partial(with_four_axes, batch=self._batch) if place == 0 else None
        order = _order_in_equation(str(args[0]), place)
        return None if order is None else partial(_permuted, order=order, batch=self._batch)

    def _mark(self, tensor: Tensor) -> Mark | None:
        mark = self._marks.get(id(tensor))
        return mark if mark is not None and mark.tensor() is tensor else None

    def _keep(self, tensor: Tensor, mark: Mark) -> None:
        self._marks[id(tensor)] = mark


def with_four_axes(tensor: Tensor, batch: int) -> Tensor:
    """Return a tensor (B, H, n, d), of one whose heads lie elsewhere.

    Of three axes, the first holds the heads of each entry in turn, or the entries of one head. Of
    more than four, all between the entries and the tokens are heads. Of one entry, an axis of
    length 1 after the first is that of entries.
    """
    if tensor.ndim == 3:
        heads = len(tensor) // batch if len(tensor) % batch == 0 else 1
        return tensor.reshape(-1, heads, *tensor.shape[1:])
    if tensor.ndim > 4:
        return tensor.flatten(1, tensor.ndim - 3)
    is_turned = tensor.ndim == 4 and batch == 1 and len(tensor) > 1 and tensor.shape[1] == 1
    return tensor.transpose(0, 1) if is_turned else tensor


def _with_factor(args: tuple[Any, ...], old: Tensor, new: Tensor) -> tuple[Any, ...]:
    """Return arguments with another tensor in the place of one."""
    return tuple(
        new
        if each is old
        else type(each)(new if inner is old else inner for inner in each)
        if isinstance(each, (tuple, list))
        else each
        for each in args
    )


def _order_in_equation(equation: str, place: int) -> list[int] | None:
    """Return the axes of the weights in an einsum, keys last; None if they are unclear."""
    sides = equation.replace(" ", "").split("->")
    names = sides[0].split(",")
    if len(sides) != 2 or len(names) != 2 or "." in equation:
        return None
    weights, values, output = names[place], names[1 - place], sides[1]
    keys = [each for each in weights if each in values and each not in output]
    queries = [each for each in weights if each not in values and each in output]
    others = [each for each in weights if each in values and each in output]
    if len(keys) != 1 or len(queries) != 1 or len(weights) != len(others) + 2:
        return None
    # Of two axes that both factors share, the entries come first in what the module returns.
    others.sort(key=output.index)
    return [weights.index(each) for each in (*others, queries[0], keys[0])]


def _permuted(factor: Tensor, order: list[int], batch: int) -> Tensor:
    view = factor.permute(order)
    whole = view[None] if view.ndim == 3 and batch == 1 and len(view) > 1 else view
    return with_four_axes(whole, batch)


def _check_rows(weights: Tensor) -> None:
    weights = weights.detach()
    sums = weights.float().sum(-1)
    if float(weights.min()) < 0 or not bool(((sums - 1).abs() <= TOLERANCE).all()):
        raise ValueError(
            "Attention weights are changed between the softmax and their product with the values: "
            f"their rows sum to between {float(sums.min()):.4g} and {float(sums.max()):.4g} "
            "instead of 1, so they are no shares. If a module returns the weights before that, "
            'name it: modules="*.attn".'
        )


def _tensors(args: tuple[Any, ...]) -> Iterator[Tensor]:
    for each in args:
        if isinstance(each, Tensor):
            yield each
        elif isinstance(each, (tuple, list)):
            yield from (inner for inner in each if isinstance(inner, Tensor))


def _numel(mark: Mark) -> int:
    tensor = mark.tensor()
    return -1 if tensor is None else tensor.numel()
