"""Attention caught in any torch module, whoever wrote it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from fnmatch import fnmatchcase
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from attnwidget.capture.recorder import Recorder

_running: ContextVar[tuple[nn.Module, ...]] = ContextVar("attnwidget_running", default=())


class AttentionCalls(TorchFunctionMode):
    """Records the calls of torch's attention functions while it is active.

    ``scaled_dot_product_attention`` is recorded with its projections. ``nn.MultiheadAttention`` is
    recorded through the same function where its caller wants no weights, and by its weights where
    it does; with the mode active it never takes its fused fast path.
    """

    def __init__(self, recorder: Recorder) -> None:
        super().__init__()
        self._recorder = recorder

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: object,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Call `func`, recording it if it is attention."""
        options = kwargs or {}
        if func is functional.scaled_dot_product_attention:
            self._record(*args, **options)
        elif func is functional.multi_head_attention_forward:
            return self._multi_head(*args, **options)
        return func(*args, **options)

    def _record(
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
        if query.ndim == 3:
            query, key, value = query[:, None], key[:, None], value[:, None]
            attn_mask = (
                attn_mask[:, None] if attn_mask is not None and attn_mask.ndim == 3 else attn_mask
            )
        self._recorder.add_projections(
            current_module(), query, key, value, scale=scale, mask=attn_mask, causal=is_causal
        )

    def _multi_head(self, *args: Any, **options: Any) -> tuple[Tensor, Tensor | None]:
        if not options.get("need_weights", True):
            with self:
                output, _ = functional.multi_head_attention_forward(*args, **options)
            return output, None
        averaged = options.get("average_attn_weights", True)
        output, weights = functional.multi_head_attention_forward(
            *args, **{**options, "average_attn_weights": False}
        )
        self._recorder.add_weights(
            current_module(), weights if weights.ndim == 4 else weights[None]
        )
        return output, weights.mean(-3) if averaged else weights


def current_module() -> nn.Module:
    """Return the innermost module that is running in this thread."""
    return _running.get()[-1]


@contextmanager
def running_modules(model: nn.Module) -> Iterator[None]:
    """Keep track of which module is running, for `current_module`."""

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


@contextmanager
def named_modules_recorded(model: nn.Module, pattern: str, recorder: Recorder) -> Iterator[None]:
    """Record the second output of every module whose name matches, which must be its weights.

    Parameters
    ----------
    pattern
        Module name with shell wildcards, such as ``"*.attn"``.

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

    def record(name: str) -> Callable[[nn.Module, object, Any], None]:
        return lambda module, _, output: recorder.add_weights(module, second_output(name, output))

    with ExitStack() as hooks:
        for name, module in matching.items():
            hooks.callback(module.register_forward_hook(record(name)).remove)
        yield


def second_output(name: str, output: Any) -> Tensor:
    """Return the attention weights among a module's outputs, (B, H, n_q, n_k).

    Raises
    ------
    ValueError
        The second output is missing, has other axes, or its rows are no distributions.
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
