"""Find what the queries and keys of each attention call of a run are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.graph import Node

from attnwidget.capture.assemble.sources import CallLinks
from attnwidget.capture.attention.entries import Entries, entries_of
from attnwidget.capture.attention.found_weights import FoundWeights, Product
from attnwidget.capture.attention.lookups import Lookups, watched_lookups
from attnwidget.capture.attention.observer import Origin
from attnwidget.capture.attention.projections import Projections
from attnwidget.capture.attention.strategies import CaptureStrategy
from attnwidget.capture.gradients.graph import grad_enabled_outputs, requiring_gradients
from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.capture.model.loaded_model import LoadedModel
from attnwidget.capture.model.model_state import evaluation_mode

VIEWS = ("View", "UnsafeView", "ReshapeAlias", "Unsqueeze", "Transpose", "Permute", "Squeeze")
"""Beginnings of the names of graph nodes that only give a tensor another shape."""


def links(
    model: LoadedModel, inputs: ModelInputs, strategy: CaptureStrategy, batch_index: int | None
) -> CallLinks:
    """Return the earlier calls and the inputs that each attention call is made of.

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
    with (
        torch.inference_mode(False),
        torch.enable_grad(),
        evaluation_mode(model.module),
        grad_enabled_outputs(model.module),
        watched_lookups(model.module) as lookups,
    ):
        rooted = requiring_gradients(inputs.without_inference())
        observer = Links(entries_of(model, inputs, batch_index), lookups, rooted)
        strategy(model, rooted, observer)
    return CallLinks(observer.before, observer.queries, observer.keys)


@dataclass
class Links:
    """The observer that finds, for each call, the calls that it depends on.

    Parameters
    ----------
    entries
        Tells the entries of the traced input.
    lookups
        The lookups of token ids so far, with their nodes.
    inputs
        The inputs, whose floating tensors are part of the graph.
    """

    entries: Entries
    lookups: Lookups
    inputs: ModelInputs
    before: list[frozenset[int]] = field(default_factory=list)
    queries: list[frozenset[int]] = field(default_factory=list)
    keys: list[frozenset[int]] = field(default_factory=list)
    _calls: dict[Node, frozenset[int]] = field(default_factory=dict)
    _running: frozenset[int] = frozenset()

    def add_projections(self, module: nn.Module, projections: Projections) -> None:
        """Find what the queries are made of."""
        query = projections.query
        self._add(type(module).__name__, query, query, projections.key, projections.is_tiled)

    def add_context(self, context: Tensor, heads_first: Callable[[Tensor], Tensor]) -> Tensor:
        """Mark the result of an attention function."""
        self._mark(context)
        return context

    def add_weights(self, origin: Origin, found: FoundWeights) -> Tensor:
        """Find what weights are made of, and mark them."""
        # The graph of weights holds the keys too, which in cross-attention come from elsewhere.
        weights = found.weights
        queries = weights if found.queries is None else found.queries
        keys = weights if found.keys is None else found.keys
        self._add(type(origin).__name__, weights, queries, keys, found.is_tiled)
        self._mark(weights)
        if found.result is not None:
            self._mark(found.result)
        return weights

    def add_product(self, product: Product) -> Tensor:
        """Return the product of weights and values unchanged."""
        return product.result

    def _add(
        self, name: str, tensor: Tensor, queries: Tensor, keys: Tensor, is_tiled: bool = False
    ) -> None:
        number = len(self.entries.calls(name, tensor, is_tiled=is_tiled))
        first = len(self.before)
        self._running = frozenset(range(first, first + number))
        roots = self._roots()
        before, read = self._made_of(queries, roots)
        self.before.extend([before] * number)
        self.queries.extend([read] * number)
        self.keys.extend([self._made_of(keys, roots)[1]] * number)

    def _roots(self) -> dict[Node | None, int]:
        """Return the number of each source whose node is known so far."""
        nodes = {
            each.node: place
            for place, each in enumerate(self.lookups.found)
            if not each.is_position
        }
        values = (each for each in self.inputs.tensors.values() if isinstance(each, Tensor))
        # Lookups go on while the model runs, so inputs count from below.
        return nodes | {each.grad_fn: -1 - place for place, each in enumerate(values)}

    def _made_of(
        self, tensor: Tensor, roots: dict[Node | None, int]
    ) -> tuple[frozenset[int], frozenset[int]]:
        """Return the nearest calls behind a tensor, and its sources, also those through calls."""
        calls, sources = set[int](), set[int]()
        for node in self._reached(tensor.grad_fn, roots):
            if node in self._calls:
                calls |= self._calls[node]
            else:
                sources.add(roots[node])
        sources.update(*(self.queries[call] for call in calls))
        return frozenset(calls), frozenset(sources)

    def _mark(self, tensor: Tensor) -> None:
        node = tensor.grad_fn
        while node is not None:
            self._calls[node] = self._running
            inner = [each for each, _ in node.next_functions if each is not None]
            node = inner[0] if inner and node.name().startswith(VIEWS) else None

    def _reached(self, node: Any, roots: dict[Node | None, int]) -> Iterator[Node]:
        """Yield the nodes of results and sources that are the nearest ones behind a node."""
        seen, left = {node}, [node]
        while left:
            each = left.pop()
            if each is None:
                continue
            if each in self._calls or each in roots:
                yield each
                continue
            inner = {child for child, _ in each.next_functions} - seen
            seen |= inner
            left.extend(inner)
