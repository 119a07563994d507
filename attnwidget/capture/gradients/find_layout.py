"""Find where the tiles of an attention lie in the map of all positions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain

import torch
from torch import Tensor

from attnwidget.capture.attention.layout import Grid, Layout
from attnwidget.capture.attention.recorder import together
from attnwidget.capture.gradients.image_places import image_grid
from attnwidget.capture.gradients.position_codes import MIXED
from attnwidget.capture.gradients.residual import pulled, residual_of
from attnwidget.capture.gradients.side import Side, sides
from attnwidget.capture.gradients.windows_of import windows_of
from attnwidget.trace.tiles import NOWHERE

MOST_POOLED = 0.9
"""Largest share of keys that pool several positions, beside keys that are one."""


@dataclass(frozen=True, eq=False)
class Call:
    """An attention call in a graph from which the results of all attention are cut.

    Attributes
    ----------
    values
        (B, H_kv, n_k, d_v), the values.
    context
        The result, a leaf of the graph that goes on, in any layout.
    heads_first
        Turns a tensor with the layout of `context` into (B, H, n_q, d_v).
    entries
        The entries of the traced input.
    share
        Index and number of the traced entry among those of a batch.
    """

    values: Tensor
    context: Tensor
    heads_first: Callable[[Tensor], Tensor]
    entries: Sequence[int]
    share: tuple[int, int] = (0, 1)


@dataclass
class LayoutSearch:
    """Finds the layouts of calls; those found before are tried first, and proved like others.

    Parameters
    ----------
    maps
        The maps that convolutions returned so far.
    """

    maps: list[Tensor] = field(default_factory=list)
    _columns: list[Tensor] = field(default_factory=list)
    _rows: list[Tensor] = field(default_factory=list)

    def find(
        self, call: Call, given: Tensor, results: Iterable[Tensor], grid: Grid | None
    ) -> Layout | None:
        """Return where the tiles of a call lie, None if it cannot be told.

        Parameters
        ----------
        call
            The call.
        given
            A tensor of whole entries before it, whose positions are those of the keys.
        results
            Tensors of whole entries after it, one of which has the positions of the queries.
        grid
            Rows and columns of `given`, if they are told and its axes do not tell.
        """
        for keys in sides(given):
            columns = self._of_keys(call, keys)
            if columns is None:
                continue
            best: Layout | None = None
            for result in results:
                layout = self._towards(call, keys, columns, result, grid)
                if layout is not None and layout.is_proved:
                    return layout
                best = best or layout
            return best
        return None

    def _towards(
        self, call: Call, keys: Side, columns: Tensor, result: Tensor, grid: Grid | None
    ) -> Layout | None:
        for queries in sides(result):
            traced = self._of_queries(call, queries)
            if traced is None:
                continue
            rows, marks = traced
            residual = residual_of(keys, queries)
            if residual is not None and keys.length == queries.length:
                columns = torch.where(columns < 0, columns, residual[columns.clamp_min(0)])
            found = windows_of(
                rows, columns, (queries.length, keys.length), call.share, _values(call), marks
            )
            if found is None:
                return None
            heads, rows, columns, (num_queries, num_keys) = found
            is_proved = residual is not None
            is_same = queries.length == keys.length
            own = keys.grid or grid
            other = queries.grid or (own if is_same else None)
            if own is None and other is None:
                other = image_grid(self.maps, queries, call.share)
                own = other if is_same else image_grid(self.maps, keys, call.share)
            is_whole = num_keys * call.share[1] == keys.length
            grids = (other, own if is_whole and (is_proved or not is_same) else None)
            return Layout(heads, rows, columns, num_queries, num_keys, grids, is_proved)
        return None

    def _of_keys(self, call: Call, side: Side) -> Tensor | None:
        """Return the position of each key slot, (T, s_k)."""
        probe = torch.zeros_like(call.values, requires_grad=True)
        back = pulled(call.values, side.tensor, probe, create_graph=True)
        if back is None or not back.requires_grad:
            return None
        pushed = (pulled(back, probe, tangent) for tangent in side.tangents())
        products = (
            together(each, call.entries).float().cpu() for each in pushed if each is not None
        )
        found = side.code.decoded(products, self._columns)
        slots = found != NOWHERE
        if not slots.any() or (found == MIXED)[slots].float().mean() > MOST_POOLED:
            return None
        _remember(self._columns, found)
        return found

    def _of_queries(self, call: Call, side: Side) -> tuple[Tensor, Tensor] | None:
        """Return the position of each query slot, (T, s_q), and its unit product, (T, s_q, d)."""
        tangents = side.tangents()
        first = pulled(side.tensor, call.context, next(tangents))
        if first is None:
            return None
        rest = (pulled(side.tensor, call.context, each) for each in tangents)
        products = (
            together(call.heads_first(each), call.entries).float().cpu()
            for each in chain([first], rest)
            if each is not None
        )
        found = side.code.decoded(products, self._rows)
        if (found == MIXED).any() or (found == NOWHERE).all():
            return None
        _remember(self._rows, found)
        return found, together(call.heads_first(first), call.entries).float().cpu()


def _values(call: Call) -> Tensor:
    return together(call.values.detach(), call.entries).cpu()


def _remember(known: list[Tensor], found: Tensor) -> None:
    if not any(found is each for each in known):
        known.insert(0, found)
        del known[8:]
