"""The view that is shown, as a picture."""

from dataclasses import replace
from typing import NamedTuple

from attnwidget.frames import METHODS, Progress, ScoresOf, Shown, Workspace
from attnwidget.frames.paths import PathsWant
from attnwidget.picture import (
    Drawing,
    Looks,
    Theme,
    caption_of,
    document,
    draw_head,
    draw_matrices,
    draw_model,
    draw_neuron,
    draw_trace,
    theme_named,
)
from attnwidget.widget.importance import ByStream
from attnwidget.widget.on_screen import matrices_on_screen, neuron_on_screen
from attnwidget.widget.selection import Selection


class Sitting(NamedTuple):
    """All that a picture is made of.

    Attributes
    ----------
    importance
        How much heads matter, as the trait has it.
    theme
        The paper.
    """

    selection: Selection
    workspace: Workspace
    importance: ByStream | None
    theme: Theme
    progress: Progress


Drawn = tuple[list[str], Drawing]
"""A caption, and what it stands below."""


def to_svg(
    selection: Selection,
    workspace: Workspace,
    importance: ByStream | None,
    theme: str,
    progress: Progress = None,
) -> str:
    """Return the SVG of a selection.

    Raises
    ------
    ValueError
        There is no such theme.
    """
    paper = theme_named(theme)
    draw = _DRAWN[selection.view]
    caption, drawing = draw(Sitting(selection, workspace, importance, paper, progress))
    return document(drawing, caption, paper)


def _head(sitting: Sitting) -> Drawn:
    selection, workspace, _, theme, progress = sitting
    shown, pins = selection.shown, selection.tokens_selected
    drawing = draw_head(workspace, shown, selection.coverage, pins, theme, progress)
    return caption_of(workspace.trace, "head", shown), drawing


def _model(sitting: Sitting) -> Drawn:
    selection, workspace, importance, theme, progress = sitting
    every = replace(selection.shown.scores, heads=None)
    shown = replace(selection.shown, scores=every, pair_filter="all")
    values = (importance or {}).get(every.stream)
    drawing = draw_model(workspace, shown, selection.thumbnails, values, theme, progress)
    heads = "every head" if METHODS[every.method].per_head else None
    caption = caption_of(workspace.trace, "model", shown, layers="every layer", heads=heads)
    return caption, drawing


def _neuron(sitting: Sitting) -> Drawn:
    selection, workspace, _, theme, progress = sitting
    want = neuron_on_screen(selection)
    pinned = {pin["index"] for pin in selection.tokens_selected if pin["side"] == "key"}
    drawing = draw_neuron(workspace, want, pinned, theme, progress)
    scores = ScoresOf(want.stream, want.layer, (want.head,), "attention", selection.fusion)
    return caption_of(workspace.trace, "neuron", Shown(scores)), drawing


def _matrix(sitting: Sitting) -> Drawn:
    selection, workspace, _, theme, progress = sitting
    matrices = matrices_on_screen(selection)
    looks = Looks(selection.colormap, selection.scale, theme)
    drawing = draw_matrices(workspace, matrices, looks, progress)
    mode = selection.matrix_mode
    layers = "every layer" if mode == "evolution" else None
    view = "matrix" if mode == "single" else f"matrix ({mode})"
    return caption_of(workspace.trace, view, matrices[0].shown, layers=layers), drawing


def _trace(sitting: Sitting) -> Drawn:
    selection, workspace, _, theme, progress = sitting
    followed = "rollout" if selection.method == "attention" else selection.method
    top = selection.current_stream.num_layers - 1
    scores = replace(selection.shown.scores, method=followed, layer=top, heads=None)
    node, via = selection.trace_node, selection.trace_via
    want = PathsWant(
        scores,
        level=None if node is None else node["level"],
        index=None if node is None else node["index"],
        via=None if via is None else (via["level"], via["index"]),
    )
    drawing = draw_trace(workspace, want, selection.coverage, theme, progress)
    shown = Shown(scores)
    return caption_of(workspace.trace, "trace", shown, layers="all layers"), drawing


_DRAWN = {
    "head": _head,
    "model": _model,
    "neuron": _neuron,
    "matrix": _matrix,
    "trace": _trace,
}
