"""The observer of every attention that a model computes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Protocol, TypeAlias

from torch import Tensor, nn

from attnwidget.capture.attention.found_weights import FoundWeights, Product
from attnwidget.capture.attention.projections import Projections
from attnwidget.capture.attention.roles import Role

Origin: TypeAlias = nn.Module | Role
"""The module that computed an attention; its role where only the model's outputs are known."""


class Observer(Protocol):
    """Receives every attention in the order of computation, and may change its result.

    For each attention it receives either the projections and then the context, or the weights and
    then, where a module multiplies them by hand, their product with the values.
    """

    def add_projections(self, module: nn.Module, projections: Projections) -> None:
        """Receive the arguments of an attention function."""

    def add_context(self, context: Tensor, heads_first: Callable[[Tensor], Tensor]) -> Tensor:
        """Receive the result of an attention function.

        Parameters
        ----------
        context
            The result, in any layout.
        heads_first
            Turns a tensor with the layout of `context` into (B, H, n_q, d_v).

        Returns
        -------
        Tensor
            The tensor that the model goes on with.
        """

    def add_weights(self, origin: Origin, found: FoundWeights) -> Tensor:
        """Receive weights that were computed elsewhere.

        Returns
        -------
        Tensor
            The weights that the model goes on with, if whoever observes can change them.
        """

    def add_product(self, product: Product) -> Tensor:
        """Receive the product of the weights that came last with the values, where it is known.

        Returns
        -------
        Tensor
            The tensor that the model goes on with: the same numbers.
        """


_active: ContextVar[Observer | None] = ContextVar("attnwidget_observer", default=None)


def active_observer() -> Observer | None:
    """Return the observer of this thread's innermost run, None outside of runs."""
    return _active.get()


@contextmanager
def observed_by(observer: Observer) -> Iterator[None]:
    """Make an observer the active one."""
    token = _active.set(observer)
    try:
        yield
    finally:
        _active.reset(token)


class Unobserved:
    """The observer that changes nothing."""

    def add_projections(self, module: nn.Module, projections: Projections) -> None:
        """Ignore the arguments of an attention function."""

    def add_context(self, context: Tensor, heads_first: Callable[[Tensor], Tensor]) -> Tensor:
        """Return the result of an attention function."""
        return context

    def add_weights(self, origin: Origin, found: FoundWeights) -> Tensor:
        """Return the weights."""
        return found.weights

    def add_product(self, product: Product) -> Tensor:
        """Return the product of weights and values."""
        return product.result


class InTurn:
    """Two observers, the second of which receives what the first has returned."""

    def __init__(self, first: Observer, second: Observer) -> None:
        self._both = first, second

    def add_projections(self, module: nn.Module, projections: Projections) -> None:
        """Pass on the arguments of an attention function."""
        for each in self._both:
            each.add_projections(module, projections)

    def add_context(self, context: Tensor, heads_first: Callable[[Tensor], Tensor]) -> Tensor:
        """Pass on the result of an attention function."""
        for each in self._both:
            context = each.add_context(context, heads_first)
        return context

    def add_weights(self, origin: Origin, found: FoundWeights) -> Tensor:
        """Pass on weights."""
        for each in self._both:
            weights = each.add_weights(origin, found)
            if weights is not found.weights:
                found = replace(found, weights=weights)
        return found.weights

    def add_product(self, product: Product) -> Tensor:
        """Pass on a product."""
        for each in self._both:
            product = replace(product, result=each.add_product(product))
        return product.result
