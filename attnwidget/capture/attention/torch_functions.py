"""Capture attention from calls of torch's own attention functions, in any module."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import replace
from functools import partial
from typing import Any

from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from attnwidget.capture.attention.by_hand import ByHand, with_four_axes
from attnwidget.capture.attention.found_weights import FoundWeights
from attnwidget.capture.attention.multihead import output_with_weights
from attnwidget.capture.attention.observer import Observer, Origin
from attnwidget.capture.attention.projections import Projections

DROPOUT = 4
"""Place of the dropout among the arguments of scaled_dot_product_attention."""

_running: ContextVar[tuple[nn.Module, ...]] = ContextVar("attnwidget_running", default=())


class AttentionFunctionMode(TorchFunctionMode):
    """Passes the calls of torch's attention functions to an observer while it is active.

    ``scaled_dot_product_attention`` gives projections. ``nn.MultiheadAttention`` gives weights,
    whether its caller wants them or not; while the mode is active it never takes its fused fast
    path. Modules that compute attention by hand give the weights that they multiply with values.

    Parameters
    ----------
    observer
        The observer.
    batch
        Number of entries that the model gets.
    """

    def __init__(self, observer: Observer, batch: int) -> None:
        super().__init__()
        self._observer = observer
        self._batch = batch
        self._by_hand = ByHand(batch)

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: object,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Call `func`, and pass it to the observer if it is attention."""
        options = kwargs or {}
        if func is functional.multi_head_attention_forward:
            return self._with_weights(*args, **options)
        if func is functional.scaled_dot_product_attention:
            self._add_projections(*args, **options)
            args, options = _without_dropout(args, options)
            context = func(*args, **options)
            return self._observer.add_context(context, partial(with_four_axes, batch=self._batch))
        result = func(*args, **options)
        found = self._by_hand.see(func, args, result)
        if found is None:
            return result
        weights = self._observer.add_weights(current_module(), found.weights)
        if weights is not found.weights.weights:
            result = func(*found.replaced(weights, args), **options)
        if found.product is None:
            return result
        return self._observer.add_product(replace(found.product, result=result))

    def _add_projections(
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        attn_mask: Tensor | None = None,
        dropout_p: float = 0.0,
        is_causal: bool = False,
        scale: float | None = None,
        enable_gqa: bool = False,
    ) -> None:
        is_tiled = query.ndim > 4
        if is_tiled and attn_mask is not None:
            whole = attn_mask.expand(*query.shape[:-1], key.shape[-2])
            attn_mask = with_four_axes(whole, self._batch)
        query, key, value = (with_four_axes(each, self._batch) for each in (query, key, value))
        if attn_mask is not None and attn_mask.ndim == 3 and len(attn_mask) > 1:
            attn_mask = with_four_axes(attn_mask, self._batch)
        projections = Projections(
            query,
            key,
            value,
            scale=scale,
            mask=attn_mask,
            causal=is_causal,
            is_tiled=is_tiled,
        )
        self._observer.add_projections(current_module(), projections)

    def _with_weights(
        self, query: Tensor, key: Tensor, *args: Any, **options: Any
    ) -> tuple[Tensor, Tensor | None]:
        output, weights = functional.multi_head_attention_forward(
            query, key, *args, **{**options, "need_weights": True, "average_attn_weights": False}
        )
        assert weights is not None
        batched = weights if weights.ndim == 4 else weights[None]
        found_weights = FoundWeights(batched, query, key, output)
        changed = self._observer.add_weights(current_module(), found_weights)
        if changed is not batched:
            output = output_with_weights(changed, ((query, key, *args), options), output, batched)
            weights = changed if weights.ndim == 4 else changed[0]
        if not options.get("need_weights", True):
            return output, None
        return output, weights.mean(-3) if options.get("average_attn_weights", True) else weights


def _without_dropout(
    args: tuple[Any, ...], options: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return the arguments of SDPA without the dropout that some modules never turn off."""
    if len(args) > DROPOUT:
        return (*args[:DROPOUT], 0.0, *args[DROPOUT + 1 :]), options
    return args, {**options, "dropout_p": 0.0}


def more_keys(origin: Origin) -> tuple[str, ...]:
    """Return the names of the keys that a module has after those of its tokens."""
    if not isinstance(origin, nn.MultiheadAttention):
        return ()
    learned = ("[BIAS]",) if origin.bias_k is not None else ()
    return (*learned, "[ZERO]") if origin.add_zero_attn else learned


def current_module() -> nn.Module:
    """Return the innermost module that is running in this thread."""
    return _running.get()[-1]


@contextmanager
def running_modules(model: nn.Module) -> Iterator[None]:
    """Keep track of the running module, for `current_module`."""

    def enter(module: nn.Module, _: object) -> None:
        _running.set((*_running.get(), module))

    def leave(module: nn.Module, _: object, __: object) -> None:
        _running.set(_running.get()[:-1])

    token = _running.set((model,))
    with ExitStack() as hooks:
        hooks.callback(_running.reset, token)
        for module in model.modules():
            hooks.callback(module.register_forward_pre_hook(enter).remove)
            hooks.callback(module.register_forward_hook(leave).remove)
        yield
