"""Record every attention of a forward pass."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NamedTuple, TypeAlias

from torch import Tensor, nn

from attnwidget.capture.attention.entries import traced_entries
from attnwidget.capture.attention.observer import Origin
from attnwidget.capture.attention.projections import Projections
from attnwidget.capture.attention.tensor_cache import TensorCache
from attnwidget.capture.attention.verify import context_error, is_right
from attnwidget.trace.bias import Bias, compress_bias
from attnwidget.trace.compress import CompressedMask, compress_mask
from attnwidget.trace.dense import DenseLayer
from attnwidget.trace.mapped_tensor import detached_copy
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
    part
        Index among the parts of one input that a module attends within, such as the tiles of an
        image; 0 where there is one.
    place
        Index of its result among all results of attention functions, and its entry there; None if
        no function returned it.
    """

    origin: Origin
    layer: Layer
    part: int = 0
    place: tuple[int, int] | None = None


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
    batch
        Number of entries that the model gets.
    """

    batch_index: int | None = None
    batch: int = 1
    calls: list[AttentionCall] = field(default_factory=list)
    wrong: list[WrongCall] = field(default_factory=list)
    num_results: int = 0
    _masks: TensorCache[CompressedMask] = field(default_factory=TensorCache)
    _biases: TensorCache[Bias | None] = field(default_factory=TensorCache)

    def add_projections(self, module: nn.Module, projections: Projections) -> None:
        """Record the arguments of an attention function."""
        entries = self.entries(type(module).__name__, projections.query)
        for part, entry in enumerate(entries):
            self.calls.append(AttentionCall(module, self._layer(projections, entry), part))

    def add_context(self, context: Tensor, heads_first: Callable[[Tensor], Tensor]) -> Tensor:
        """Verify what was recorded last by its result, which is returned unchanged."""
        results = heads_first(context)
        entries = self.entries("Attention", results)
        first = len(self.calls) - len(entries)
        for call, entry in enumerate(entries, first):
            layer = self.calls[call].layer
            self.calls[call] = replace(self.calls[call], place=(self.num_results, entry))
            if isinstance(layer, ProjectedLayer):
                error = context_error(layer, results[entry])
                if not is_right(layer, error):
                    self.wrong.append(WrongCall(call, error))
        self.num_results += 1
        return context

    def add_weights(self, origin: Origin, weights: Tensor, queries: Tensor | None = None) -> Tensor:
        """Record weights that were computed elsewhere, (B, H, n_q, n_k)."""
        for part, entry in enumerate(self.entries(type(origin).__name__, weights)):
            layer = DenseLayer(detached_copy(weights[entry]))
            self.calls.append(AttentionCall(origin, layer, part))
        return weights

    def entries(self, name: str, tensor: Tensor) -> Sequence[int]:
        """Return the indices of the recorded entry, or of its parts, on the first axis."""
        return traced_entries(self.batch_index, self.batch, name, tensor)

    def _layer(self, projections: Projections, entry: int) -> ProjectedLayer:
        query = projections.query
        mask = self._mask(projections, entry)
        scale = query.shape[-1] ** -0.5 if projections.scale is None else projections.scale
        return ProjectedLayer(
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

    def _mask(self, projections: Projections, entry: int) -> CompressedMask:
        """Return the mask of an entry in its smallest form, sharing no memory with the model's."""
        mask = projections.mask
        if mask is None:
            return CompressedMask(None, projections.causal, None)

        def compressed() -> CompressedMask:
            small = compress_mask(_entry_of(mask, entry, projections.query))
            return small._replace(mask=None if small.mask is None else small.mask.clone())

        return self._masks.get(mask, compressed, entry)

    def _bias(self, projections: Projections, entry: int) -> Bias | None:
        """Return the position bias of an entry in its smallest form."""
        bias = projections.bias
        if bias is None:
            return None
        compressed = partial(compress_bias, _entry_of(bias, entry, projections.query))
        return self._biases.get(bias, compressed, entry)


def _entry_of(tensor: Tensor, entry: int, query: Tensor) -> Tensor:
    """Return one entry of a mask or bias that broadcasts to (B, H, n_q, n_k)."""
    tensor = tensor.detach()
    if tensor.ndim < 4:
        return tensor
    return tensor[entry if tensor.shape[0] == query.shape[0] else 0]
