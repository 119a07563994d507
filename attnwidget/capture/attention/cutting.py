"""The observer that cuts attention while a model runs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeAlias

import torch
from torch import Tensor, nn

from attnwidget.capture.attention.cut_rows import cut_rows
from attnwidget.capture.attention.cut_weights import cut_weights
from attnwidget.capture.attention.entries import Entries
from attnwidget.capture.attention.found_weights import FoundWeights, Product
from attnwidget.capture.attention.observer import Origin
from attnwidget.capture.attention.projections import Projections
from attnwidget.trace.layer_cut import LayerCut, Places, index, union, within


class PlannedCall(NamedTuple):
    """The cuts of one attention call.

    Attributes
    ----------
    cuts
        In positions of the whole layer, padding included.
    rows
        The queries of the whole layer that are no padding.
    first
        The first call of the layer: windows of a layer are calls that follow each other.
    """

    cuts: tuple[LayerCut, ...]
    rows: slice
    first: int


Plan: TypeAlias = Mapping[int, PlannedCall]
"""The cuts of a run, by the number of the attention call."""


class OwnCuts(NamedTuple):
    """The cuts of one entry in one call, in positions of that call."""

    entry: int
    cuts: tuple[LayerCut, ...]
    rows: slice


class CannotBatch(Exception):  # noqa: N818  it is caught, and the runs are made one by one
    """The attention of a model is not that of one entry for each run."""


@dataclass
class Cutting:
    """The observer that changes the result of every attention that a plan names.

    Parameters
    ----------
    plans
        The plan of the run; or one for each entry, where a batch holds as many runs.
    entries
        Tells the entries of the traced input, where there is one run.
    done
        The numbers of the calls that were cut.
    emptied
        Number of rows of attention, over all heads and layers, that have no key left and are 0.
    """

    plans: Sequence[Plan]
    entries: Entries = field(default_factory=Entries)
    done: set[int] = field(default_factory=set)
    emptied: int = 0
    _calls: int = 0
    _ends: dict[int, tuple[int, int]] = field(default_factory=dict)
    _running: Projections | None = None

    def add_projections(self, module: nn.Module, projections: Projections) -> None:
        """Keep the arguments of an attention function until its result is known."""
        self._running = projections

    def add_context(self, context: Tensor, heads_first: Callable[[Tensor], Tensor]) -> Tensor:
        """Return the result of an attention function after the cuts."""
        projections, self._running = self._running, None
        assert projections is not None
        size = projections.query.shape[2], projections.key.shape[2]
        found = list(self._own_cuts(projections.query, size, projections.is_tiled))
        if not found:
            return context
        changed = context.clone()
        seen = heads_first(changed)
        if seen.untyped_storage().data_ptr() != changed.untyped_storage().data_ptr():
            raise ValueError(
                "Attention cannot be cut here: its result has a layout that cannot be written to."
            )
        for entries, cuts, heads, queries in _by_rows(found):
            made = cut_rows(projections, entries, cuts, heads, queries)
            at, head, row = (index(each, seen.device) for each in (entries, heads, queries))
            seen[at[:, None, None], head[:, None], row] = made.contexts.to(seen.dtype)
            self.emptied += made.emptied
        for own in found:
            _silence(seen[own.entry], own)
        return changed

    def add_weights(self, origin: Origin, found: FoundWeights) -> Tensor:
        """Return weights after the cuts."""
        weights = found.weights
        size = weights.shape[2], weights.shape[3]
        own_cuts = list(self._own_cuts(weights, size, found.is_tiled))
        if not own_cuts or not isinstance(origin, nn.Module):
            return weights
        changed = list(weights.unbind())
        for own in own_cuts:
            changed[own.entry], emptied = cut_weights(weights[own.entry], own.cuts, own.rows)
            self.emptied += emptied
        return torch.stack(changed)

    def add_product(self, product: Product) -> Tensor:
        """Return the product of weights and values unchanged."""
        return product.result

    def _own_cuts(self, tensor: Tensor, size: tuple[int, int], is_tiled: bool) -> Iterator[OwnCuts]:
        """Yield the cuts of each entry of a call, whose tensor has the entries first."""
        runs = len(self.plans)
        if runs > 1 and len(tensor) != runs:
            raise CannotBatch
        calls = (
            [(run,) for run in range(runs)]
            if runs > 1
            else self.entries.calls("Attention", tensor, is_tiled=is_tiled)
        )
        # Windows are never planned, so a call that is has one entry.
        for part, (entry, *_) in enumerate(calls):
            call = self._calls + (0 if runs > 1 else part)
            planned = self.plans[entry if runs > 1 else 0].get(call)
            if planned is not None:
                self.done.add(call)
                yield from self._in_window(entry, call, planned, size)
        self._calls += 1 if runs > 1 else len(calls)

    def _in_window(
        self, entry: int, call: int, planned: PlannedCall, size: tuple[int, int]
    ) -> Iterator[OwnCuts]:
        """Yield cuts in the positions of a call, which is one of the windows of its layer."""
        start = self._ends.get(planned.first, (0, 0)) if call != planned.first else (0, 0)
        rows, columns = size
        if len(self.plans) == 1:
            self._ends[planned.first] = (start[0] + rows, start[1] + columns)
        cuts = tuple(
            replace(
                cut,
                queries=within(cut.queries, start[0], rows),
                keys=within(cut.keys, start[1], columns),
            )
            for cut in planned.cuts
        )
        own = tuple(cut for cut in cuts if cut.queries and cut.keys)
        first = max(planned.rows.start - start[0], 0)
        last = min(planned.rows.stop - start[0], rows)
        if own:
            yield OwnCuts(entry, own, slice(first, last))


def _by_rows(
    found: Sequence[OwnCuts],
) -> Iterator[tuple[list[int], list[tuple[LayerCut, ...]], Places, Places]]:
    """Yield entries, their cuts, and the heads and queries that have to be computed for them."""
    groups: dict[tuple[Places, Places], list[OwnCuts]] = {}
    for own in found:
        cuts = tuple(cut for cut in own.cuts if not cut.whole)
        if cuts:
            heads = union([cut.heads for cut in cuts])
            queries = union([cut.queries for cut in cuts])
            groups.setdefault((heads, queries), []).append(own._replace(cuts=cuts))
    for (heads, queries), several in groups.items():
        yield [own.entry for own in several], [own.cuts for own in several], heads, queries


def _silence(context: Tensor, own: OwnCuts) -> None:
    """Write what is left of contexts (H, n_q, d_v) that lose every key, in place."""
    for cut in own.cuts:
        if not cut.whole:
            continue
        heads, rows = (index(each, context.device) for each in (cut.heads, cut.queries))
        if cut.mode == "zero":
            context[heads[:, None], rows] = 0.0
        else:
            mean = context[heads][:, own.rows].mean(1, keepdim=True)
            context[heads, own.rows] = mean.expand(-1, own.rows.stop - own.rows.start, -1)
