"""Parts of a file for the scores of one layer."""

from collections.abc import Iterator
from dataclasses import replace

from attnwidget.frames import Workspace
from attnwidget.frames.files.parts import Part, scores_part, statistics_part, summary_part
from attnwidget.methods.registry import METHODS
from attnwidget.views.contents import Contents


def layer_parts(workspace: Workspace, contents: Contents) -> Iterator[Part]:
    """Yield the scores of the layer and its statistics; heads are fused if the state fuses them."""
    state, held = contents.state, contents.on_screen
    stream = workspace.trace[state.stream]
    scores = replace(held.by(state.method), layer=state.layer)
    heads = state.heads if METHODS[scores.method].per_head else None
    yield scores_part(workspace, stream, replace(scores, heads=held.heads) if heads else scores)
    yield statistics_part(workspace, replace(scores, heads=tuple(heads[:1]) if heads else None))
    yield summary_part(workspace, stream.name, state.layer)
