"""Products with the Jacobian between two tensors of a graph, and what they tell."""

from __future__ import annotations

from itertools import chain

import torch
from torch import Tensor

from attnwidget.capture.gradients.position_codes import MIXED
from attnwidget.capture.gradients.side import Side


def pulled(
    output: Tensor, by: Tensor, cotangent: Tensor, *, create_graph: bool = False
) -> Tensor | None:
    """Return a vector-Jacobian product, None if the output does not depend on the tensor."""
    found: tuple[Tensor | None, ...] = torch.autograd.grad(
        output, by, cotangent, retain_graph=True, create_graph=create_graph, allow_unused=True
    )
    return found[0]


def residual_of(keys: Side, queries: Side) -> Tensor | None:
    """Return the query position that each key position goes on as, None if it cannot be told."""
    tangents = queries.tangents()
    first = pulled(queries.tensor, keys.tensor, next(tangents))
    if first is None or not first.any():
        return None

    rest = (pulled(queries.tensor, keys.tensor, each) for each in tangents)
    products = (
        keys.by_position(each).float().cpu() for each in chain([first], rest) if each is not None
    )
    order = torch.arange(queries.length, device="cpu")
    found = queries.code.decoded(products, [order])
    if keys.length != queries.length:
        return None if (found == MIXED).any() else found
    return found if torch.equal(found.sort().values, order) else None
