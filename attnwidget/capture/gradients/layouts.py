"""Find where the windows of a run's attention lie in the maps of all positions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from attnwidget.capture.attention.entries import Entries, entries_of
from attnwidget.capture.attention.found_weights import FoundWeights, Product
from attnwidget.capture.attention.layout import Layout
from attnwidget.capture.attention.observer import Origin
from attnwidget.capture.attention.projections import Projections
from attnwidget.capture.attention.strategies import CaptureStrategy
from attnwidget.capture.gradients.find_layout import Call, LayoutSearch
from attnwidget.capture.gradients.frames import Frame, Frames
from attnwidget.capture.gradients.graph import grad_enabled_outputs, requiring_gradients
from attnwidget.capture.gradients.tape import as_leaf
from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.capture.model.loaded_model import LoadedModel
from attnwidget.capture.model.model_state import evaluation_mode

NEAR = 4
"""Number of tensors after a call that are tried before that which a module returns."""

REACH = 6
"""Most tensors before and after a call that are tried where no module around it tells."""


def layouts(
    model: LoadedModel,
    inputs: ModelInputs,
    strategy: CaptureStrategy,
    batch_index: int | None,
    wanted: Collection[int],
) -> dict[int, Layout]:
    """Return where the tiles of some attention calls lie.

    The model runs once with a graph, from which the result of every attention is cut. What is left
    moves positions about and does not mix them: from the input of a block to its keys, from its
    queries to its output, and along the residual stream. Products with these Jacobians tell the
    position of each slot of each window, without any knowledge of the model.

    Parameters
    ----------
    model
        The model.
    inputs
        The inputs of the run that is asked about.
    strategy
        The strategy that captured its attention.
    batch_index
        The traced entry; None if the model gets the entry alone.
    wanted
        The numbers of the calls.

    Returns
    -------
    dict
        The layout of each call for which it can be told.
    """
    finder = LayoutFinder(entries_of(model, inputs, batch_index), wanted)
    with (
        torch.inference_mode(False),
        torch.enable_grad(),
        evaluation_mode(model.module),
        grad_enabled_outputs(model.module),
        finder.frames.of(model.module),
    ):
        strategy(model, requiring_gradients(inputs.without_inference()), finder)
    return finder.found


@dataclass(eq=False)
class _Pending:
    """A call whose layout is not known yet, and the frames that it lies in.

    `is_tried` says that the tensors nearest to it have been tried.
    """

    number: int
    call: Call
    frames: list[Frame]
    seen: int
    is_tried: bool = False


@dataclass
class LayoutFinder:
    """The observer that finds the layouts of calls.

    Parameters
    ----------
    entries
        Tells the entries of the traced input.
    wanted
        The numbers of the calls.
    """

    entries: Entries
    wanted: Collection[int]
    found: dict[int, Layout] = field(default_factory=dict)
    frames: Frames = field(init=False)
    _count: int = 0
    _running: dict[int, Sequence[int]] = field(default_factory=dict)
    _values: Tensor | None = None
    _search: LayoutSearch = field(default_factory=LayoutSearch)
    _pending: list[_Pending] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.frames = Frames(self.entries.batch, self._close)
        self._search.maps = self.frames.maps

    def add_projections(self, module: nn.Module, projections: Projections) -> None:
        """Keep the values, whose positions are those of the keys."""
        self._add(type(module).__name__, projections.query, projections.is_tiled)
        self._values = projections.value

    def add_context(self, context: Tensor, heads_first: Callable[[Tensor], Tensor]) -> Tensor:
        """Cut the result of an attention function from the graph."""
        assert self._values is not None
        return self._cut(context, self._values, heads_first)

    def add_weights(self, origin: Origin, found: FoundWeights) -> Tensor:
        """Count the attention."""
        self._add(type(origin).__name__, found.weights, found.is_tiled)
        return found.weights

    def add_product(self, product: Product) -> Tensor:
        """Cut the product of weights and values from the graph."""
        return self._cut(product.result, product.values, product.heads_first)

    def _add(self, name: str, tensor: Tensor, is_tiled: bool = False) -> None:
        calls = self.entries.calls(name, tensor, is_tiled=is_tiled)
        self._running = dict(enumerate(calls, self._count))
        self._count += len(calls)

    def _cut(
        self, context: Tensor, values: Tensor, heads_first: Callable[[Tensor], Tensor]
    ) -> Tensor:
        leaf = as_leaf(context)
        share = (self.entries.batch_index or 0) % self.entries.batch, self.entries.batch
        for number, entries in self._running.items():
            if number in self.wanted and values.requires_grad:
                call = Call(values, leaf, heads_first, entries, share)
                frames = list(self.frames.running)
                self._pending.append(_Pending(number, call, frames, len(self.frames.seen)))
        # A copy, because a leaf must not be changed in place.
        return leaf.clone()

    def _close(self, frame: Frame, result: Tensor | None) -> None:
        """Find the layouts of the calls within a module that returns."""
        for each in [each for each in self._pending if frame in each.frames]:
            if frame.given is None or result is None:
                continue
            # The first ones after the attention lie before what the module does with its result.
            results = [*self.frames.seen[each.seen : each.seen + NEAR], result]
            layout = self._search.find(each.call, frame.given, results, frame.grid)
            if layout is None and each.number not in self.found and not each.is_tried:
                each.is_tried = True
                layout = self._between(each, frame)
            if layout is not None and (layout.is_proved or each.number not in self.found):
                self.found[each.number] = layout
            # A larger module tells no more.
            if each.number in self.found and (layout is None or layout.is_proved):
                self._pending.remove(each)

    def _between(self, pending: _Pending, frame: Frame) -> Layout | None:
        """Try the nearest tensors around a call that modules within a frame read and return."""
        seen = self.frames.seen
        before = seen[max(frame.start, pending.seen - REACH) : pending.seen]
        for given in reversed(before):
            results = seen[pending.seen : pending.seen + REACH]
            layout = self._search.find(pending.call, given, results, None)
            if layout is not None:
                return layout
        return None
