"""What steps do together, for chosen outputs."""

from collections.abc import Sequence

import torch
from torch import Tensor

from attnwidget.methods.product import full_product, product_rows, pulled_back, running_product
from attnwidget.methods.progress import Progress, tracked
from attnwidget.methods.steps import Step
from attnwidget.trace import Indexer
from attnwidget.trace.indexing import positions, resolve


def through_layers(steps: Sequence[Step], rows: Indexer, progress: Progress, what: str) -> Tensor:
    """Return the product of steps for chosen outputs.

    Parameters
    ----------
    steps
        Bottom to top.
    rows
        Outputs, counted among those that the last step computes; None for all, for which N x N
        matrices are in memory.
    progress, what
        See `reporting`.

    Returns
    -------
    Tensor
        (n_outputs, N) float32, or (len(rows), N).

    Raises
    ------
    IndexError
        A row is out of range.
    """
    if rows is None:
        return full_product(steps, progress, what)[steps[-1].targets].contiguous()
    return product_rows(steps, _outputs(steps, rows), [len(steps)], progress, what)[0]


def through_each_layer(
    steps: Sequence[Step], rows: Indexer, progress: Progress, what: str
) -> Tensor:
    """Return the product of the steps up to each layer of the top stack, (L, n_outputs, N).

    Parameters and errors are those of `through_layers`.
    """
    outputs = steps[-1].stream
    tops = [count for count, step in enumerate(steps, start=1) if step.stream == outputs]
    if rows is not None:
        return product_rows(steps, _outputs(steps, rows), tops, progress, what)
    top = steps[-1]
    kept = torch.empty(len(tops), top.num_targets, top.num_nodes, device="cpu")
    for count, product in enumerate(running_product(steps, progress, what), start=1):
        if count in tops:
            kept[tops.index(count)] = product[top.targets]
    return kept


def mean_over_depths(steps: Sequence[Step], rows: Indexer, progress: Progress, what: str) -> Tensor:
    """Return the mean of the products of the top step, the top two, and so on to all of them.

    Parameters, result and errors are those of `through_layers`.
    """
    outputs = _outputs(steps, slice(None) if rows is None else rows)
    shares = torch.zeros(len(outputs), steps[-1].num_nodes, device="cpu")
    shares[range(len(outputs)), outputs] = 1
    total = torch.zeros_like(shares)
    for step in tracked(steps[::-1], progress, what):
        shares = pulled_back(shares, step)
        total += shares
    return total.div_(len(steps))


def _outputs(steps: Sequence[Step], rows: Indexer) -> list[int]:
    """Return the nodes that `rows` chooses among those that the last step computes."""
    top = steps[-1]
    chosen = positions(resolve(rows, top.num_targets, "row"), top.num_targets)
    nodes: list[int] = (chosen + top.targets.start).tolist()
    return nodes
