"""Record every attention of a forward pass."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NamedTuple, TypeAlias

from torch import Tensor, nn

from attnwidget.capture.attention.entries import Entries
from attnwidget.capture.attention.found_weights import FoundWeights, Product
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
    is_tiled
        True if the heads of `layer` are tiles of a map: those of every window in turn.
    is_partial
        True if rows sum to less than 1, because another call has the rest.
    """

    origin: Origin
    layer: Layer
    part: int = 0
    place: tuple[int, int] | None = None
    is_tiled: bool = False
    is_partial: bool = False


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
    entries
        Tells the entries to record.
    """

    entries: Entries = field(default_factory=Entries)
    calls: list[AttentionCall] = field(default_factory=list)
    wrong: list[WrongCall] = field(default_factory=list)
    num_results: int = 0
    _running: list[tuple[int, Sequence[int]]] = field(default_factory=list)
    _masks: TensorCache[CompressedMask] = field(default_factory=TensorCache)
    _biases: TensorCache[Bias | None] = field(default_factory=TensorCache)

    def add_projections(self, module: nn.Module, projections: Projections) -> None:
        """Record the arguments of an attention function."""
        name, is_tiled = type(module).__name__, projections.is_tiled
        calls = self.entries.calls(name, projections.query, is_tiled=is_tiled)
        self._running.clear()
        for part, entries in enumerate(calls):
            layer = self._layer(projections, entries)
            is_window = is_tiled or len(entries) > 1
            self.calls.append(AttentionCall(module, layer, part, is_tiled=is_window))
            self._running.append((len(self.calls) - 1, entries))

    def add_context(self, context: Tensor, heads_first: Callable[[Tensor], Tensor]) -> Tensor:
        """Verify what was recorded last by its result, which is returned unchanged."""
        results = heads_first(context)
        for call, entries in self._running:
            layer = self.calls[call].layer
            if not self.calls[call].is_tiled:
                place = self.num_results, entries[0]
                self.calls[call] = replace(self.calls[call], place=place)
            if isinstance(layer, ProjectedLayer):
                error = context_error(layer, together(results, entries))
                if not is_right(layer, error):
                    self.wrong.append(WrongCall(call, error))
        self.num_results += 1
        return context

    def add_weights(self, origin: Origin, found: FoundWeights) -> Tensor:
        """Record weights that were computed elsewhere."""
        name, is_tiled = type(origin).__name__, found.is_tiled
        calls = self.entries.calls(name, found.weights, is_tiled=is_tiled)
        for part, entries in enumerate(calls):
            layer = DenseLayer(detached_copy(together(found.weights, entries)))
            call = AttentionCall(origin, layer, part)
            is_window = is_tiled or len(entries) > 1
            self.calls.append(replace(call, is_tiled=is_window, is_partial=found.is_partial))
        return found.weights

    def add_product(self, product: Product) -> Tensor:
        """Return the product of weights and values unchanged."""
        return product.result

    def _layer(self, projections: Projections, entries: Sequence[int]) -> ProjectedLayer:
        query, sinks = projections.query, projections.sinks
        mask = self._mask(projections, entries)
        scale = query.shape[-1] ** -0.5 if projections.scale is None else projections.scale
        return ProjectedLayer(
            query=detached_copy(together(query, entries)),
            key=detached_copy(together(projections.key, entries)),
            value=detached_copy(together(projections.value, entries)),
            scale=float(scale),
            mask=mask.mask,
            causal=mask.causal or projections.causal,
            window=mask.window,
            bias=self._bias(projections, entries),
            softcap=projections.softcap,
            sinks=None if sinks is None else sinks.detach().repeat(len(entries)),
        )

    def _mask(self, projections: Projections, entries: Sequence[int]) -> CompressedMask:
        """Return the mask of entries in its smallest form, sharing no memory with the model's."""
        mask = projections.mask
        if mask is None:
            return CompressedMask(None, projections.causal, None)

        def compressed() -> CompressedMask:
            small = compress_mask(_entries_of(mask, entries, projections.query))
            return small._replace(mask=None if small.mask is None else small.mask.clone())

        return self._masks.get(mask, compressed, entries[0])

    def _bias(self, projections: Projections, entries: Sequence[int]) -> Bias | None:
        """Return the position bias of entries in its smallest form."""
        bias = projections.bias
        if bias is None:
            return None
        compressed = partial(compress_bias, _entries_of(bias, entries, projections.query))
        return self._biases.get(bias, compressed, entries[0])


def together(tensor: Tensor, entries: Sequence[int]) -> Tensor:
    """Return the heads of some entries that follow each other, those of each entry in turn."""
    if len(entries) == 1:
        return tensor[entries[0]]
    return tensor[entries[0] : entries[-1] + 1].flatten(0, 1)


def _entries_of(tensor: Tensor, entries: Sequence[int], query: Tensor) -> Tensor:
    """Return entries of a mask or bias that broadcasts to (B, H, n_q, n_k)."""
    tensor = tensor.detach()
    if tensor.ndim == 4 and len(tensor) == len(query):
        heads = query.shape[1] if len(entries) > 1 else tensor.shape[1]
        return together(tensor.expand(-1, heads, -1, -1), entries)
    if tensor.ndim == 4:
        tensor = tensor[0]
    if tensor.ndim < 3 or len(tensor) == 1 or len(entries) == 1:
        return tensor
    return tensor.repeat(len(entries), 1, 1)
