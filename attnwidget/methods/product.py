"""Products of steps: the nodes of one level as mixtures of the nodes of a lower level."""

from collections import deque
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from attnwidget.methods.progress import Progress, tracked
from attnwidget.methods.steps import Step

LEAN_ELEMENTS = 1 << 15
"""Most entries of a step in memory at a time if there is no N x N matrix in memory: 128 kB."""

DENSE_ELEMENTS = 1 << 17
"""Most entries of a step in memory beside N x N matrices; also at most a sixteenth of one."""

FEW_ELEMENTS = 1 << 12
"""Smallest limit on the entries of a step in memory beside N x N matrices: 16 kB."""


def running_product(
    steps: Sequence[Step],
    progress: Progress = None,
    what: str = "steps",
    *,
    onto: Tensor | None = None,
) -> Iterator[Tensor]:
    """Yield the product of the first step, of the first two, and so on.

    Memory holds two N x N matrices and blocks of a third.

    Parameters
    ----------
    steps
        Bottom to top.
    progress, what
        See `reporting`.
    onto
        (N, N) product of the steps below, which is not changed; None if `steps` are the lowest.

    Yields
    ------
    Tensor
        (N, N) float32: each node above (rows) as a mixture of the inputs (columns). The next but
        one product overwrites it.
    """
    num_nodes = steps[0].num_nodes
    below = torch.eye(num_nodes, device="cpu") if onto is None else onto.clone()
    above = torch.empty_like(below)
    size = max(FEW_ELEMENTS, min(DENSE_ELEMENTS, num_nodes**2 // 16))
    for step in tracked(steps, progress, what):
        first = step.targets.start
        above[:first] = below[:first]
        above[step.targets.stop :] = below[step.targets.stop :]
        for nodes in blocks_of_targets(step, size):
            torch.mm(step.rows(nodes), below, out=above[first + nodes.start : first + nodes.stop])
        below, above = above, below
        yield below


def full_product(
    steps: Sequence[Step],
    progress: Progress = None,
    what: str = "steps",
    *,
    onto: Tensor | None = None,
) -> Tensor:
    """Return the product of all steps, (N, N) float32; see `running_product`."""
    return deque(running_product(steps, progress, what, onto=onto), maxlen=1)[0]


def product_rows(
    steps: Sequence[Step],
    nodes: Sequence[int],
    tops: Sequence[int],
    progress: Progress = None,
    what: str = "steps",
) -> Tensor:
    """Return chosen rows of products, multiplied from the left so that no matrix is in memory.

    Parameters
    ----------
    steps
        Bottom to top.
    nodes
        The rows: nodes of the level above the last step of each product, from 0 to N - 1.
    tops
        Number of steps of each product, in rising order.
    progress, what
        See `reporting`.

    Returns
    -------
    Tensor
        (len(tops), len(nodes), N) float32.
    """
    num_nodes = steps[0].num_nodes
    shares = torch.zeros(len(tops), len(nodes), num_nodes, device="cpu")
    shares[:, range(len(nodes)), list(nodes)] = 1
    numbered = list(enumerate(steps))[: tops[-1]]
    for place, step in tracked(numbered[::-1], progress, what):
        begun = shares[sum(top <= place for top in tops) :]
        begun.copy_(pulled_back(begun.flatten(0, 1), step).view_as(begun))
    return shares


def pulled_back(shares: Tensor, step: Step) -> Tensor:
    """Return shares of the nodes above a step as shares of the nodes below it.

    Parameters
    ----------
    shares
        (m, N) float32

    Returns
    -------
    Tensor
        (m, N) float32: ``shares @ B``, with B the step's matrix over all nodes.
    """
    below = shares.clone()
    below[:, step.targets] = 0
    for nodes in blocks_that_count(shares, step):
        columns = [step.targets.start + node for node in nodes]
        below.addmm_(shares[:, columns], step.rows(nodes))
    return below


def blocks_of_targets(step: Step, elements: int = LEAN_ELEMENTS) -> Iterator[slice]:
    """Yield the targets of a step in blocks whose rows have at most `elements` entries."""
    size = max(1, elements // step.num_nodes)
    for start in range(0, step.num_targets, size):
        yield slice(start, min(start + size, step.num_targets))


def blocks_that_count(shares: Tensor, step: Step) -> Iterator[list[int]]:
    """Yield, in blocks, the targets of a step with any share, counted within the targets."""
    counting = shares[:, step.targets].any(0).nonzero().flatten().tolist()
    size = max(1, LEAN_ELEMENTS // step.num_nodes)
    for start in range(0, len(counting), size):
        yield counting[start : start + size]
