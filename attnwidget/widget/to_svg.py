"""The view that is shown, as a picture."""

from dataclasses import replace

from attnwidget.frames import METHODS, Progress, Shown, Workspace
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
    draw_trace,
    theme_named,
)
from attnwidget.widget.on_screen import matrices_on_screen
from attnwidget.widget.selection import Selection


def to_svg(
    selection: Selection, workspace: Workspace, theme: str, progress: Progress = None
) -> str:
    """Return the SVG of a selection.

    Raises
    ------
    ValueError
        There is no such theme, or the view has no picture.
    """
    paper = theme_named(theme)
    draw = _DRAWN.get(selection.view)
    if draw is None:
        raise ValueError(
            f"The {selection.view} view has no picture; there is one of the views "
            f"{', '.join(_DRAWN)}. Take a screenshot, or share the view with to_html()."
        )
    caption, drawing = draw(selection, workspace, paper, progress)
    return document(drawing, caption, paper)


Drawn = tuple[list[str], Drawing]


def _head(selection: Selection, workspace: Workspace, theme: Theme, progress: Progress) -> Drawn:
    shown, pins = selection.shown, selection.tokens_selected
    drawing = draw_head(workspace, shown, selection.coverage, pins, theme, progress)
    return caption_of(workspace.trace, "head", shown), drawing


def _model(selection: Selection, workspace: Workspace, theme: Theme, progress: Progress) -> Drawn:
    every = replace(selection.shown.scores, heads=None)
    shown = replace(selection.shown, scores=every, pair_filter="all")
    drawing = draw_model(workspace, shown, selection.thumbnails, theme, progress)
    heads = "every head" if METHODS[every.method].per_head else None
    caption = caption_of(workspace.trace, "model", shown, layers="every layer", heads=heads)
    return caption, drawing


def _matrix(selection: Selection, workspace: Workspace, theme: Theme, progress: Progress) -> Drawn:
    matrices = matrices_on_screen(selection)
    looks = Looks(selection.colormap, selection.scale, theme)
    drawing = draw_matrices(workspace, matrices, looks, progress)
    mode = selection.matrix_mode
    layers = "every layer" if mode == "evolution" else None
    view = "matrix" if mode == "single" else f"matrix ({mode})"
    return caption_of(workspace.trace, view, matrices[0].shown, layers=layers), drawing


def _trace(selection: Selection, workspace: Workspace, theme: Theme, progress: Progress) -> Drawn:
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


_DRAWN = {"head": _head, "model": _model, "matrix": _matrix, "trace": _trace}
