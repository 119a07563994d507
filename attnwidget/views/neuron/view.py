"""The row of the neuron view."""

from collections.abc import Iterator

from attnwidget.frames import VisibleRows, Workspace
from attnwidget.frames.files.parts import Part, neurons_part
from attnwidget.frames.neuron import NeuronWant
from attnwidget.methods.registry import DEFAULT
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.picture import caption_of
from attnwidget.trace import Stream, Trace
from attnwidget.views.contents import Contents
from attnwidget.views.neuron.picture import draw_neuron
from attnwidget.views.on_screen import is_short
from attnwidget.views.state import State
from attnwidget.views.view import Drawn, DrawRequest, View


def _refusal(_trace: Trace, stream: Stream) -> str | None:
    if stream.has_projections:
        return None
    return (
        f"The neuron view needs query and key vectors, but the stream {stream.name!r} "
        "holds attention weights only: it was made from arrays, or of a model whose "
        "attention cannot be intercepted."
    )


def _draw(request: DrawRequest) -> Drawn:
    state, workspace = request.state, request.workspace
    want = _want(request.stream, state)
    pinned = {pin["index"] for pin in state.tokens_selected if pin["side"] == "key"}
    drawing = draw_neuron(workspace, want, pinned, request.theme, request.progress)
    scores = ScoresOf(want.stream, want.layer, (want.head,), DEFAULT, state.fusion)
    return caption_of(workspace.trace, "neuron view", VisibleRows(scores)), drawing


def _want(stream: Stream, state: State) -> NeuronWant:
    """Return the request for one query of one head.

    The query is the last pinned one. Without pins, it is the first query that is not a special
    token or, in a causal stream, whose first query attends only to itself, the last one.
    """
    pinned = [pin["index"] for pin in state.tokens_selected if pin["side"] == "query"]
    ordinary = [at for at, special in enumerate(stream.queries.special) if not special] or [0]
    query = pinned[-1] if pinned else ordinary[-1 if stream.causal else 0]
    head = state.heads[0] if state.heads else 0
    return NeuronWant(stream.name, state.layer, head, query)


def _opening_parts(workspace: Workspace, contents: Contents) -> Iterator[Part]:
    state = contents.state
    heads = state.heads or contents.on_screen.heads
    yield neurons_part(workspace, workspace.trace[state.stream], state.layer, heads[0])


def _parts(workspace: Workspace, contents: Contents, name: str) -> Iterator[Part]:
    """Yield the vectors of every head in the file; a brief file has only the head on the screen."""
    stream, held, state = workspace.trace[name], contents.streams[name], contents.state
    if not stream.has_projections:
        return
    layers = (state.layer,) if contents.is_brief else held.layers
    heads = tuple(state.heads or (0,))[:1] if contents.is_brief else held.heads
    for layer in layers:
        for head in heads:
            yield neurons_part(workspace, stream, layer, head)


NEURON = View(
    name="neuron",
    shows_differences=False,
    draw=_draw,
    fits_small_picture=is_short,
    refusal=_refusal,
    lack="This trace holds no queries and keys",
    opening_parts=_opening_parts,
    parts=_parts,
)
