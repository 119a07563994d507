"""Paths from the inputs to one node, level by level."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from attnwidget.methods.product import blocks_of_targets, blocks_that_count
from attnwidget.methods.progress import Progress, reporting
from attnwidget.methods.steps import Step
from attnwidget.methods.strongest import Strongest
from attnwidget.trace.indexing import resolve_index


@dataclass(frozen=True, eq=False)
class Paths:
    """The content of one node: its shares in every node below, and the strongest edges to it.

    Step k reads level k: level 0 holds the inputs, the last level the outputs.

    Attributes
    ----------
    shares
        (levels, N) float32: the share of the chosen node's content that passes through each node;
        zero above its level. ``shares[0]`` is the node's row of the rollout, or of the relevance.
    step
        (E,) int32: the step of each edge, which leads from level ``step`` up to ``step + 1``.
    upper, lower
        (E,) int32: the nodes at the ends of each edge. A node that is passed on unchanged has an
        edge to itself.
    share
        (E,) float32, in falling order: the content that passes along the edge,
        ``shares[step + 1, upper] * B[upper, lower]`` with B the matrix of the step.
    total
        The sum of the shares of the inputs: 1 for rollout, less if `via` is given.
    """

    shares: Tensor
    step: Tensor
    upper: Tensor
    lower: Tensor
    share: Tensor
    total: float


def paths(
    steps: Sequence[Step],
    node: int,
    *,
    level: int | None = None,
    via: tuple[int, int] | None = None,
    most: int = 4000,
    progress: Progress = None,
) -> Paths:
    """Trace the content of a node back to the inputs.

    Parameters
    ----------
    steps
        The steps of a method, bottom to top: `attention_steps`, `relevance_steps`,
        `gradient_steps`.
    node
        Node of `level`, among the N nodes of the steps; negative ones count from the end.
    level
        Level of the node, from 0 (the inputs) to ``len(steps)``; None is the top.
    via
        (level, node): count only the content that passes through this node, which is not above
        `level`.
    most
        Most edges to return, the strongest of all steps.
    progress
        True shows a progress bar, False none, None a bar if it takes long. A function is called
        with (done, total) and may raise to interrupt.

    Raises
    ------
    IndexError
        A level or node is out of range.
    ValueError
        There are no steps, `most` is negative, or `via` lies above `level`.

    Notes
    -----
    Each matrix is computed in blocks, so that memory holds only two rows for each level beside the
    edges. If `via` is a node u at a level v, the share of an edge is the share of its upper end,
    times the edge's entry of B, times the share of u in its lower end.
    """
    if not steps:
        raise ValueError("steps is empty; pass the steps of at least one layer.")
    if most < 0:
        raise ValueError(f"most must not be negative, but {most} was given.")
    num_nodes = steps[0].num_nodes
    start = len(steps) if level is None else resolve_index(level, len(steps) + 1, "level")
    chosen = resolve_index(node, num_nodes, "node")
    gate = None if via is None else _gate(via, len(steps), num_nodes, start)
    lowest = start if gate is None else gate[0]

    with reporting(progress, 2 * start - lowest, "paths") as report:
        contents = torch.ones(start + 1, num_nodes, device="cpu")
        if gate is not None:
            contents[lowest:] = _contents_of(gate[1], steps[lowest:start], num_nodes, report)
        shares = torch.zeros(len(steps) + 1, num_nodes, device="cpu")
        shares[start, chosen] = 1
        strongest = Strongest(most)
        for place in reversed(range(start)):
            if gate is not None and place + 1 == lowest:
                shares[lowest] *= contents[lowest]
            shares[place] = _descend(
                steps[place], shares[place + 1], contents[place], place, strongest
            )
            report(2 * start - lowest - place)
    shares[: start + 1] *= contents
    return Paths(shares, *strongest.edges(), total=float(shares[0].sum()))


def _descend(
    step: Step, above: Tensor, contents: Tensor, place: int, strongest: Strongest
) -> Tensor:
    """Return shares of the nodes below a step, (N,), and add its edges to `strongest`."""
    below = above.clone()
    below[step.targets] = 0
    strongest.add_passed_on(place, below * contents)
    for nodes in blocks_that_count(above[None], step):
        uppers = torch.tensor(nodes, device="cpu") + step.targets.start
        edges = step.rows(nodes) * above[uppers, None]
        below += edges.sum(0)
        strongest.add(place, uppers, edges.mul_(contents))
    return below


def _contents_of(
    node: int, steps: Sequence[Step], num_nodes: int, report: Callable[[int], object]
) -> Tensor:
    """Return the share of a node in each node of its level and above, (len(steps) + 1, N)."""
    contents = torch.zeros(len(steps) + 1, num_nodes, device="cpu")
    contents[0, node] = 1
    for place, step in enumerate(steps):
        contents[place + 1] = contents[place]
        for nodes in blocks_of_targets(step):
            uppers = slice(step.targets.start + nodes.start, step.targets.start + nodes.stop)
            contents[place + 1, uppers] = step.rows(nodes) @ contents[place]
        report(place + 1)
    return contents


def _gate(via: tuple[int, int], num_levels: int, num_nodes: int, start: int) -> tuple[int, int]:
    level = resolve_index(via[0], num_levels + 1, "level")
    if level > start:
        raise ValueError(
            f"via is at level {level}, above level {start} of the node: nothing from there reaches "
            f"it. Pass a node at level 0 to {start}."
        )
    return level, resolve_index(via[1], num_nodes, "node")
