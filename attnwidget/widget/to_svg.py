"""The view that is shown, as a picture."""

from dataclasses import replace
from typing import NamedTuple

from attnwidget.frames import MatrixOf, Shown, Workspace
from attnwidget.frames.paths import PathsWant
from attnwidget.methods.progress import Progress
from attnwidget.methods.registry import DEFAULT, METHODS, followed
from attnwidget.methods.scores_of import ScoresOf
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
    scores_in_words,
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
    is_small
        Whether it is to hold few bytes: the strongest lines alone, and cells as pixels.
    """

    selection: Selection
    workspace: Workspace
    importance: ByStream | None
    theme: Theme
    progress: Progress
    is_small: bool


MOST_LINES_OF_SMALL = 600

MODES = {"compare": "comparison", "difference": "difference", "evolution": "evolution"}
"""What a picture calls the modes of the matrix view."""

Drawn = tuple[list[str], Drawing]
"""A caption, and what it stands below."""


def to_svg(
    selection: Selection,
    workspace: Workspace,
    importance: ByStream | None,
    theme: str,
    progress: Progress = None,
    *,
    is_small: bool = False,
) -> str:
    """Return the SVG of a selection; a small one holds the strongest lines alone, and pixels.

    Raises
    ------
    ValueError
        There is no such theme.
    """
    paper = theme_named(theme)
    draw = _DRAWN[selection.view]
    caption, drawing = draw(Sitting(selection, workspace, importance, paper, progress, is_small))
    return document(drawing, caption, paper)


def _head(sitting: Sitting) -> Drawn:
    selection, workspace, _, theme, progress, is_small = sitting
    shown, pins = selection.shown, selection.tokens_selected
    most = MOST_LINES_OF_SMALL if is_small else None
    drawing = draw_head(workspace, shown, selection.coverage, pins, theme, progress, most)
    return caption_of(workspace.trace, "head view", shown), drawing


def _model(sitting: Sitting) -> Drawn:
    selection, workspace, importance, theme, progress, is_small = sitting
    every = replace(selection.shown.scores, heads=None)
    shown = replace(selection.shown, scores=every, pair_filter="all")
    values = (importance or {}).get(every.stream)
    style = "pixels" if is_small else selection.thumbnails
    drawing = draw_model(workspace, shown, style, values, theme, progress)
    heads = "every head" if METHODS[every.method].per_head else None
    of = scores_in_words(every, layers="every layer", heads=heads)
    return caption_of(workspace.trace, "model view", shown, of), drawing


def _neuron(sitting: Sitting) -> Drawn:
    selection, workspace, _, theme, progress, _ = sitting
    want = neuron_on_screen(selection)
    pinned = {pin["index"] for pin in selection.tokens_selected if pin["side"] == "key"}
    drawing = draw_neuron(workspace, want, pinned, theme, progress)
    scores = ScoresOf(want.stream, want.layer, (want.head,), DEFAULT, selection.fusion)
    return caption_of(workspace.trace, "neuron view", Shown(scores)), drawing


def _matrix(sitting: Sitting) -> Drawn:
    selection, workspace, _, theme, progress, is_small = sitting
    matrices = matrices_on_screen(selection)
    looks = Looks(selection.colormap, selection.scale, theme, as_pixels=is_small)
    drawing = draw_matrices(workspace, matrices, looks, progress)
    mode = selection.matrix_mode
    view = "matrix view" if mode == "single" else f"matrix view ({MODES[mode]})"
    return caption_of(workspace.trace, view, matrices[0].shown, _compared(mode, matrices)), drawing


def _compared(mode: str, matrices: list[MatrixOf]) -> list[str]:
    """Return what the matrices are of."""
    first, *others = matrices
    words = scores_in_words(first.shown.scores)
    if mode == "evolution":
        return scores_in_words(first.shown.scores, layers="every layer")
    if first.minus is not None:
        return [*words, "minus " + ", ".join(scores_in_words(first.minus.scores))]
    if others:
        right = scores_in_words(others[0].shown.scores)
        return ["left: " + ", ".join(words), "right: " + ", ".join(right)]
    return words


def _trace(sitting: Sitting) -> Drawn:
    selection, workspace, _, theme, progress, _ = sitting
    top = selection.current_stream.num_layers - 1
    scores = replace(followed(selection.shown.scores), layer=top, heads=None)
    node, via = selection.trace_node, selection.trace_via
    want = PathsWant(
        scores,
        level=None if node is None else node["level"],
        index=None if node is None else node["index"],
        via=None if via is None else (via["level"], via["index"]),
    )
    drawing = draw_trace(workspace, want, selection.coverage, theme, progress)
    of = scores_in_words(scores, layers="all layers")
    return caption_of(workspace.trace, "trace view", Shown(scores), of), drawing


_DRAWN = {
    "head": _head,
    "model": _model,
    "neuron": _neuron,
    "matrix": _matrix,
    "trace": _trace,
}
