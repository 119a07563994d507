"""Watch the token ids that a model looks up in its tables of embeddings."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.graph import Node

FIRST_POSITION = 2
"""Largest index of a first position: some tables begin with two for padding."""


@dataclass(frozen=True, eq=False)
class Lookup:
    """One lookup of embeddings.

    Attributes
    ----------
    table
        The module that looked them up.
    ids
        (B, n), whole numbers.
    node
        The node of the result in the graph, None in a run without one.
    """

    table: nn.Embedding
    ids: Tensor
    node: Node | None = None

    @property
    def is_position(self) -> bool:
        """True if the ids only count positions, from 0 or from after those of padding."""
        steps = self.ids[:, 1:] - self.ids[:, :-1]
        begins = int(self.ids[0, 0]) <= FIRST_POSITION
        return self.ids.shape[1] > 1 and begins and bool((steps == 1).all())


@dataclass
class Lookups:
    """The lookups of one run, in order."""

    found: list[Lookup] = field(default_factory=list)

    def of_length(self, length: int) -> list[Tensor]:
        """Return the different ids (B, n) of so many tokens that were looked up."""
        found: list[Tensor] = []
        for each in self.found:
            is_new = not any(torch.equal(each.ids, known) for known in found)
            if each.ids.shape[1] == length and not each.is_position and is_new:
                found.append(each.ids)
        return found

    def named(self, numbers: Collection[int], length: int) -> Tensor | None:
        """Return the ids (B, n) of the only lookup among some that has so many tokens."""
        chosen = [self.found[number] for number in numbers if number >= 0]
        fitting = Lookups(chosen).of_length(length)
        return fitting[0] if len(fitting) == 1 else None

    def ids(
        self, stack: nn.Module | None, length: int, batch: int, run: int | None = None
    ) -> Tensor | None:
        """Return the ids (B, n) of the tokens that a stack reads, None if it looks up none.

        Parameters
        ----------
        stack
            A stack of transformers, which knows its table. Without one the ids come from the
            table with the most rows.
        length
            Number of positions; the ids may be fewer, before other positions.
        batch
            Number of entries that the model gets.
        run
            Index among the runs of the stack, each with a lookup of its own; None if there is one.
        """
        tables = _tables(stack)
        fitting = [
            each
            for each in self.found
            if (not tables or each.table in tables) and len(each.ids) in (1, batch)
            if 0 < each.ids.shape[1] <= length and (tables or not each.is_position)
        ]
        most = max((each.ids.shape[1] for each in fitting), default=0)
        longest = [each for each in fitting if each.ids.shape[1] == most]
        if not tables and most < length:
            return None
        rows = max((each.table.num_embeddings for each in longest), default=0)
        # A decoder that shares its table with an encoder looks up last.
        last = [each for each in longest if each.table.num_embeddings == rows]
        place = -1 if run is None or run >= len(last) else run
        return last[place].ids if last else None


@contextmanager
def watched_lookups(model: nn.Module) -> Iterator[Lookups]:
    """Watch every table of embeddings in a model."""
    lookups = Lookups()

    def add(module: nn.Module, inputs: tuple[Any, ...], result: Tensor) -> None:
        ids = inputs[0] if inputs else None
        if isinstance(ids, Tensor) and ids.ndim in (1, 2) and isinstance(module, nn.Embedding):
            rows = ids.detach().reshape(-1, ids.shape[-1]).cpu()
            lookups.found.append(Lookup(module, rows, result.grad_fn))

    with ExitStack() as hooks:
        for module in model.modules():
            if isinstance(module, nn.Embedding):
                hooks.callback(module.register_forward_hook(add).remove)
        yield lookups


def _tables(stack: nn.Module | None) -> set[nn.Module]:
    find = getattr(stack, "get_input_embeddings", None)
    try:
        table = find() if callable(find) else None
    except NotImplementedError:
        return set()
    return {table} if isinstance(table, nn.Embedding) else set()
