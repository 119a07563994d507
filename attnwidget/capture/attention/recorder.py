"""Record every attention of a forward pass."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from torch import Tensor, nn

from attnwidget.capture.attention.mapped_tensor import detached_copy
from attnwidget.capture.attention.observer import Origin
from attnwidget.capture.attention.projections import Projections
from attnwidget.capture.attention.tensor_cache import TensorCache
from attnwidget.capture.attention.verify import context_error, is_right
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
        The module that computed it, which may make several calls, or its role.
    layer
        The attention of one entry of the batch, padding included.
    """

    origin: Origin
    layer: Layer


class WrongCall(NamedTuple):
    """A call whose recorded weights, times its values, are not what its function returned.

    Attributes
    ----------
    call
        Index of the call among all calls.
    error
        Difference as a share of the largest value.
    """

    call: int
    error: float


@dataclass
class Recorder:
    """The observer that records the attention of one entry of the batch.

    Parameters
    ----------
    batch_index
        Entry to record; None if the batch must have one entry only.
    """

    batch_index: int | None = None
    calls: list[AttentionCall] = field(default_factory=list)
    wrong: list[WrongCall] = field(default_factory=list)
    _masks: TensorCache[CompressedMask] = field(default_factory=TensorCache)
    _biases: TensorCache[Bias | None] = field(default_factory=TensorCache)

    def add_projections(self, module: nn.Module, projections: Projections) -> None:
        """Record the arguments of an attention function."""
        query = projections.query
        entry = traced_entry(self.batch_index, type(module).__name__, query)
        mask = self._mask(projections, entry)
        scale = query.shape[-1] ** -0.5 if projections.scale is None else projections.scale
        layer = ProjectedLayer(
            query=detached_copy(query[entry]),
            key=detached_copy(projections.key[entry]),
            value=detached_copy(projections.value[entry]),
            scale=float(scale),
            mask=mask.mask,
            causal=mask.causal or projections.causal,
            window=mask.window,
            bias=self._bias(projections, entry),
            softcap=projections.softcap,
            sinks=None if projections.sinks is None else projections.sinks.detach().clone(),
        )
        self.calls.append(AttentionCall(module, layer))

    def add_context(self, context: Tensor, heads_first: Callable[[Tensor], Tensor]) -> Tensor:
        """Verify the last recorded call by its result, which is returned unchanged."""
        layer = self.calls[-1].layer
        if isinstance(layer, ProjectedLayer):
            results = heads_first(context)
            entry = traced_entry(self.batch_index, "Attention", results)
            error = context_error(layer, results[entry])
            if not is_right(layer, error):
                self.wrong.append(WrongCall(len(self.calls) - 1, error))
        return context

    def add_weights(self, origin: Origin, weights: Tensor) -> None:
        """Record weights that were computed elsewhere, (B, H, n_q, n_k)."""
        entry = traced_entry(self.batch_index, type(origin).__name__, weights)
        self.calls.append(AttentionCall(origin, DenseLayer(detached_copy(weights[entry]))))

    def _mask(self, projections: Projections, entry: int) -> CompressedMask:
        """Return the mask of an entry in its smallest form, sharing no memory with the model's."""
        mask = projections.mask
        if mask is None:
            return CompressedMask(None, projections.causal, None)

        def compressed() -> CompressedMask:
            small = compress_mask(_entry_of(mask, entry, projections.query))
            return small._replace(mask=None if small.mask is None else small.mask.clone())

        return self._masks.get(mask, compressed)

    def _bias(self, projections: Projections, entry: int) -> Bias | None:
        """Return the position bias of an entry in its smallest form."""
        bias = projections.bias
        if bias is None:
            return None
        return self._biases.get(
            bias, lambda: compress_bias(_entry_of(bias, entry, projections.query))
        )


def traced_entry(batch_index: int | None, name: str, tensor: Tensor) -> int:
    """Return the index of the traced entry in a batch.

    Parameters
    ----------
    batch_index
        Entry that was asked for; None if the batch must have one entry only.
    name
        Name of the module's class, for the error.
    tensor
        Four axes, the batch first.

    Raises
    ------
    ValueError
        The tensor has other axes, or several entries and none was asked for.
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


def _entry_of(tensor: Tensor, entry: int, query: Tensor) -> Tensor:
    """Return one entry of a mask or bias that broadcasts to (B, H, n_q, n_k)."""
    tensor = tensor.detach()
    if tensor.ndim < 4:
        return tensor
    return tensor[entry if tensor.shape[0] == query.shape[0] else 0]
