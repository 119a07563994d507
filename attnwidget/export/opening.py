"""What a file shows when it is opened, which stands before everything else in it."""

from collections.abc import Iterator
from dataclasses import replace

from attnwidget.export.contents import Contents
from attnwidget.export.parts import (
    Part,
    neurons_part,
    scores_part,
    statistics_part,
    summary_part,
)
from attnwidget.frames import Workspace
from attnwidget.methods.registry import METHODS


def opening(workspace: Workspace, contents: Contents) -> list[Part]:
    """Return the parts that the first picture is drawn from.

    There are none for the model and the trace view, which show every layer.
    """
    return list(_OPENING[contents.state["view"]](workspace, contents))


def _matrices(workspace: Workspace, contents: Contents) -> Iterator[Part]:
    """Yield the scores of the layer: heads fused where all are shown as one, else all of them."""
    state = contents.state
    stream, layer = workspace.trace[state["stream"]], state["layer"]
    held = contents.streams[stream.name]
    scores = next(each for each in held.scores if each.method == state["method"])
    scores = replace(scores, layer=layer)
    by_head = METHODS[scores.method].per_head and state["heads"]
    yield scores_part(workspace, stream, replace(scores, heads=held.heads) if by_head else scores)
    first = tuple(state["heads"][:1]) if by_head else None
    yield statistics_part(workspace, replace(scores, heads=first))
    yield summary_part(workspace, stream.name, layer)


def _neurons(workspace: Workspace, contents: Contents) -> Iterator[Part]:
    state = contents.state
    stream = workspace.trace[state["stream"]]
    heads = state["heads"] or contents.streams[stream.name].heads
    yield neurons_part(workspace, stream, state["layer"], heads[0])


def _nothing(_workspace: Workspace, _contents: Contents) -> Iterator[Part]:
    yield from ()


_OPENING = {
    "head": _matrices,
    "matrix": _matrices,
    "model": _nothing,
    "neuron": _neurons,
    "trace": _nothing,
}
