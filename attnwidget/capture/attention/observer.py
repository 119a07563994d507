"""Who is told of every attention that a model computes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol, TypeAlias

from torch import Tensor, nn

from attnwidget.capture.attention.roles import Role

Origin: TypeAlias = nn.Module | Role
"""The module that computed an attention; its role where only the model's outputs are known."""


class Observer(Protocol):
    """Is told of attention in the order in which it is computed.

    For each attention either its projections and then its context, or its weights.
    """

    def add_projections(
        self,
        module: nn.Module,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        *,
        scale: float | None,
        mask: Tensor | None = None,
        causal: bool = False,
        bias: Tensor | None = None,
        softcap: float | None = None,
        sinks: Tensor | None = None,
    ) -> None:
        """Be told what an attention function was called with.

        Parameters
        ----------
        query
            (B, H, n_q, d).
        key, value
            (B, H_kv, n_k, d) and (B, H_kv, n_k, d_v).
        mask, bias
            Broadcastable to (B, H, n_q, n_k).
        """

    def add_context(self, context: Tensor, heads_first: Callable[[Tensor], Tensor]) -> Tensor:
        """Be told what an attention function returns.

        Parameters
        ----------
        heads_first
            Makes (B, H, n_q, d_v) of a tensor that is laid out as `context` is.

        Returns
        -------
        Tensor
            What the model is to go on with: the same numbers.
        """

    def add_weights(self, origin: Origin, weights: Tensor) -> None:
        """Be told of weights that were computed elsewhere, (B, H, n_q, n_k)."""


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
