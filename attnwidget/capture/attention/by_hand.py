"""Recognise attention that a module computes by hand: a product, a softmax, a product."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from attnwidget.capture.attention.equation import Axes, axes_of
from attnwidget.capture.attention.found_weights import FoundWeights, Product

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
    *("__iadd__", "__isub__", "__imul__", "__itruediv__"),
    *("__add__", "__radd__", "__sub__", "__mul__", "__rmul__", "__truediv__", "__neg__"),
    *("masked_fill", "masked_fill_", "tril", "triu", "dropout", "softmax", "clone", "detach"),
    *("to", "float", "double", "half", "bfloat16", "type", "type_as", "contiguous"),
    *("view", "reshape", "flatten", "unflatten", "transpose", "permute", "swapaxes", "swapdims"),
    *("squeeze", "unsqueeze", "movedim", "rearrange", "__get__"),
}
"""Names of the functions that leave scores scores: a factor, a mask, another type or layout."""

MOVES = {"pad", "narrow", "cat", "concat", "as_strided", "__getitem__"}
"""Names of the functions that cut scores or weights, or put them beside others."""

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
    queries, keys
        The factors of the product that gave the scores.
    num_axes
        Number of axes in the softmax, of which some may be put together later; 0 before it.
    """

    tensor: weakref.ref[Tensor]
    is_weights: bool
    queries: Tensor
    keys: Tensor
    num_axes: int = 0


class FoundProduct(NamedTuple):
    """Weights in the moment in which they are multiplied with values.

    Attributes
    ----------
    weights
        The weights, a view of the factor.
    product
        What the product makes of them; None if the axes of the values are not clear.
    factor
        The factor itself.
    view
        Makes the weights, (B, H, n_q, n_k), of `factor`.
    """

    weights: FoundWeights
    product: Product | None
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
    ) -> FoundProduct | None:
        """Follow one call of a function; return the weights if it multiplies weights with values.

        Raises
        ------
        ValueError
            The weights were changed after the softmax, and are no shares.
        """
        if func in PRODUCTS:
            return self._product(func, args, result)
        name = getattr(func, "__name__", "")
        if name == "__setitem__":
            self._follow(args[2:], args[0], func)
        elif name in MOVES:
            self._follow(args, result, func)
        elif name in CHANGES:
            self._follow(args, result, func, numel=True)
        return None

    def _follow(
        self, args: tuple[Any, ...], result: Any, func: Callable[..., Any], *, numel: bool = False
    ) -> None:
        """Mark a result if one of the arguments is marked, and has as many elements if need be."""
        mark = next((mark for mark in map(self._mark, _tensors(args)) if mark), None)
        if mark and isinstance(result, Tensor) and (not numel or result.numel() == _numel(mark)):
            mark = mark._replace(tensor=weakref.ref(result))
            if func in SOFTMAXES:
                mark = mark._replace(is_weights=True, num_axes=result.ndim)
            self._keep(result, mark)

    def _product(
        self, func: Callable[..., Any], args: tuple[Any, ...], result: Any
    ) -> FoundProduct | None:
        factors = list(_tensors(args))
        if len(factors) < 2 or not isinstance(result, Tensor):
            return None
        found = None
        for place, factor in enumerate(factors[:2]):
            mark = self._mark(factor)
            if mark is None or not mark.is_weights:
                continue
            if func is torch.einsum:
                axes = axes_of(str(args[0]), factors, place)
                if axes is not None:
                    found = self._einsum(factors, place, axes, mark, result)
            elif place == 0:
                values = factors[1].expand(*factor.shape[:-2], *factors[1].shape[-2:])
                four = self._with_four_axes
                product = Product(result, four(values), four)
                found = _found(factor, four, mark, result, product)
        if found is None:
            self._keep(result, Mark(weakref.ref(result), False, factors[-2], factors[-1]))
        return found

    def _einsum(
        self, factors: list[Tensor], place: int, axes: Axes, mark: Mark, result: Tensor
    ) -> FoundProduct:
        view, of_values, of_result = (
            None if order is None else partial(_permuted, order=order, batch=self._batch)
            for order in (axes.weights, axes.values, axes.result)
        )
        assert view is not None
        product = None
        if of_values is not None and of_result is not None:
            product = Product(result, of_values(factors[1 - place]), of_result)
        return _found(factors[place], view, mark, result, product)

    def _with_four_axes(self, tensor: Tensor) -> Tensor:
        return with_four_axes(tensor, self._batch)

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


def _found(
    factor: Tensor,
    view: Callable[[Tensor], Tensor],
    mark: Mark,
    result: Tensor,
    product: Product | None,
) -> FoundProduct:
    weights = view(factor)
    is_partial = _is_partial(weights)
    is_tiled = is_partial or max(factor.ndim, mark.num_axes) > 4
    found = FoundWeights(weights, mark.queries, mark.keys, result, is_tiled, is_partial)
    return FoundProduct(found, product, factor, view)


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


def _permuted(tensor: Tensor, order: tuple[int, ...], batch: int) -> Tensor:
    view = tensor.permute(order)
    whole = view[None] if view.ndim == 3 and batch == 1 and len(view) > 1 else view
    return with_four_axes(whole, batch)


def _is_partial(weights: Tensor) -> bool:
    """Return whether some rows sum to less than 1, because another product has the rest.

    Raises
    ------
    ValueError
        Weights are negative, or rows sum to more than 1.
    """
    weights = weights.detach()
    sums = weights.float().sum(-1)
    if float(weights.min()) < 0 or not bool((sums <= 1 + TOLERANCE).all()):
        raise ValueError(no_shares(sums))
    return not bool((sums >= 1 - TOLERANCE).all())


def no_shares(sums: Tensor) -> str:
    """Return the error message for weights whose rows do not sum to 1."""
    return (
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
