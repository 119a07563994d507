"""What one forward pass leaves behind: every call of an attention function, in order."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from torch import Tensor, nn

from attnwidget.capture.attention.mapped_tensor import kept
from attnwidget.capture.attention.observer import Origin
from attnwidget.capture.attention.tensor_cache import Memo
from attnwidget.trace.bias import Bias, compress_bias
from attnwidget.trace.compress import CompressedMask, compress_mask
from attnwidget.trace.dense import DenseLayer
from attnwidget.trace.projected import ProjectedLayer

Layer: TypeAlias = ProjectedLayer | DenseLayer


@dataclass(frozen=True, eq=False)
class AttentionCall:
    """One attention computed by one module.

    Attributes
    ----------
    origin
        The module that computed it, which may make several calls, or the role it has.
    layer
        The attention of one entry of the batch, padding included.
    """

    origin: Origin
    layer: Layer


@dataclass
class Recorder:
    """Collects attention calls of one entry of the batch.

    Parameters
    ----------
    batch_index
        Entry to keep; None if the batch must have one entry only.
    """

    batch_index: int | None = None
    calls: list[AttentionCall] = field(default_factory=list)
    _masks: Memo[CompressedMask] = field(default_factory=Memo)
    _biases: Memo[Bias | None] = field(default_factory=Memo)

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
        """Record what an attention function was called with."""
        entry = entry_of(self.batch_index, type(module).__name__, query)
        compressed = CompressedMask(None, causal, None)
        if mask is not None:
            given = mask
            compressed = self._masks.get(mask, lambda: _compressed(_of_batch(given, entry, query)))
        relative = None
        if bias is not None:
            added = bias
            relative = self._biases.get(bias, lambda: compress_bias(_of_batch(added, entry, query)))
        layer = ProjectedLayer(
            query=kept(query[entry]),
            key=kept(key[entry]),
            value=kept(value[entry]),
            scale=query.shape[-1] ** -0.5 if scale is None else float(scale),
            mask=compressed.mask,
            causal=compressed.causal or causal,
            window=compressed.window,
            bias=relative,
            softcap=softcap,
            sinks=None if sinks is None else sinks.detach().clone(),
        )
        self.calls.append(AttentionCall(module, layer))

    def add_context(self, context: Tensor, heads_first: Callable[[Tensor], Tensor]) -> Tensor:
        """Leave what an attention function returns as it is."""
        return context

    def add_weights(self, origin: Origin, weights: Tensor) -> None:
        """Record weights that were computed elsewhere, (B, H, n_q, n_k)."""
        entry = entry_of(self.batch_index, type(origin).__name__, weights)
        self.calls.append(AttentionCall(origin, DenseLayer(kept(weights[entry]))))


def entry_of(batch_index: int | None, name: str, tensor: Tensor) -> int:
    """Return which entry of a batch is traced.

    Parameters
    ----------
    batch_index
        Entry that was asked for; None if the batch must have one entry only.
    name
        Of the module's class, for the error.
    tensor
        Four axes, the batch first.

    Raises
    ------
    ValueError
        The tensor has other axes, or several entries none of which was asked for.
    IndexError
        There is no such entry.
    """
    if tensor.ndim != 4:
        raise ValueError(
            f"{name} works on a tensor of shape {tuple(tensor.shape)}, where attention was "
            "expected to have the axes (batch, heads, tokens, head size)."
        )
    size = tensor.shape[0]
    if batch_index is None:
        if size > 1:
            raise ValueError(
                f"{name} attends within {size} separate entries. For a batch, pass batch_index to "
                "choose one of them; a model that cuts its input into windows cannot be shown as "
                "one map."
            )
        return 0
    if size == 1:
        return 0
    if not -size <= batch_index < size:
        raise IndexError(
            f"batch_index {batch_index} is out of range: the batch has {size} entries, "
            f"so pass 0 to {size - 1}."
        )
    return batch_index


def _compressed(mask: Tensor) -> CompressedMask:
    """Return a mask in its smallest form, sharing no memory with it."""
    compressed = compress_mask(mask)
    own = None if compressed.mask is None else compressed.mask.clone()
    return compressed._replace(mask=own)


def _of_batch(tensor: Tensor, entry: int, query: Tensor) -> Tensor:
    """Return one entry of a mask or bias that broadcasts to (B, H, n_q, n_k)."""
    tensor = tensor.detach()
    if tensor.ndim < 4:
        return tensor
    return tensor[entry if tensor.shape[0] == query.shape[0] else 0]
