"""Find the attention calls that each attention call of a run depends on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.graph import Node

from attnwidget.capture.attention.entries import Entries, entries_of
from attnwidget.capture.attention.found_weights import FoundWeights, Product
from attnwidget.capture.attention.observer import Origin
from attnwidget.capture.attention.projections import Projections
from attnwidget.capture.attention.strategies import CaptureStrategy
from attnwidget.capture.gradients.graph import grad_enabled_outputs, with_graph
from attnwidget.capture.inputs.forward import batch_size
from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.capture.model.loaded_model import LoadedModel
from attnwidget.capture.model.model_state import evaluation_mode

VIEWS = ("View", "UnsafeView", "ReshapeAlias", "Unsqueeze", "Transpose", "Permute", "Squeeze")
"""Beginnings of the names of graph nodes that only give a tensor another shape."""


def links(
    model: LoadedModel, inputs: ModelInputs, strategy: CaptureStrategy, batch_index: int | None
) -> list[frozenset[int]]:
    """Return for each attention call the nearest earlier calls that its queries are made of.

    The model runs once with a graph of what is computed from what, which takes the memory of a
    training step's forward pass. The result of one attention is found in the graph of another.

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
    """
    observer = Links(entries_of(inputs, batch_index, batch_size(model, inputs)))
    with (
        torch.inference_mode(False),
        torch.enable_grad(),
        evaluation_mode(model.module),
        grad_enabled_outputs(model.module),
    ):
        strategy(model, with_graph(model.module, inputs.without_inference()), observer)
    return observer.before


@dataclass
class Links:
    """The observer that finds, for each call, the calls that it depends on.

    Parameters
    ----------
    entries
        Tells the entries of the traced input.
    """

    entries: Entries
    before: list[frozenset[int]] = field(default_factory=list)
    _calls: dict[Node, frozenset[int]] = field(default_factory=dict)
    _running: frozenset[int] = frozenset()

    def add_projections(self, module: nn.Module, projections: Projections) -> None:
        """Find what the queries are made of."""
        query = projections.query
        self._add(type(module).__name__, query, query, projections.is_tiled)

    def add_context(self, context: Tensor, heads_first: Callable[[Tensor], Tensor]) -> Tensor:
        """Mark the result of an attention function."""
        self._mark(context)
        return context

    def add_weights(self, origin: Origin, found: FoundWeights) -> Tensor:
        """Find what weights are made of, and mark them."""
        # The graph of weights holds the keys too, which in cross-attention come from elsewhere.
        made_of = found.weights if found.queries is None else found.queries
        self._add(type(origin).__name__, found.weights, made_of, found.is_tiled)
        self._mark(found.weights)
        return found.weights

    def add_product(self, product: Product) -> Tensor:
        """Return the product of weights and values unchanged."""
        return product.result

    def _add(self, name: str, tensor: Tensor, made_of: Tensor, is_tiled: bool = False) -> None:
        number = len(self.entries.calls(name, tensor, is_tiled=is_tiled))
        first = len(self.before)
        self._running = frozenset(range(first, first + number))
        found = frozenset().union(*self._reached(made_of.grad_fn))
        self.before.extend([found] * number)

    def _mark(self, tensor: Tensor) -> None:
        node = tensor.grad_fn
        while node is not None:
            self._calls[node] = self._running
            inner = [each for each, _ in node.next_functions if each is not None]
            node = inner[0] if inner and node.name().startswith(VIEWS) else None

    def _reached(self, node: Any) -> Iterator[frozenset[int]]:
        """Yield the calls whose marked nodes are the nearest ones behind a node."""
        seen, left = {node}, [node]
        while left:
            each = left.pop()
            if each is None:
                continue
            if each in self._calls:
                yield self._calls[each]
                continue
            inner = {child for child, _ in each.next_functions} - seen
            seen |= inner
            left.extend(inner)
