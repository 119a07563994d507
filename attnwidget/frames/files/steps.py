"""Frames of the steps of a method through layers; a page finds the paths to any node from them."""

import torch

from attnwidget.frames import Frame, Workspace
from attnwidget.frames.paths import level_json
from attnwidget.frames.score_rows import steps_of
from attnwidget.methods.progress import Progress
from attnwidget.methods.scores_of import ScoresOf


def steps_frame(
    workspace: Workspace, scores: ScoresOf, place: int, _progress: Progress = None
) -> Frame:
    """Make the frame of one step, counted from the bottom.

    Its array is ``rows`` (m, N) float32: the shares of the N nodes below in each of m nodes, which
    begin at the header's ``first``.
    """
    step = steps_of(workspace.trace, scores)[place]
    rows = step.rows(slice(0, step.num_targets))
    fields = {"step": level_json(workspace.trace, step), "first": step.targets.start}
    want = {"kind": "steps", **scores.to_json(), "place": place}
    return Frame("steps", want, {"rows": rows.to(torch.float32)}, fields)
