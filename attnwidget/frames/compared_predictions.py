"""The predictions of two traces beside each other."""

from typing import cast

from attnwidget.frames.compared import ComparedWorkspace
from attnwidget.methods.moved_target import OWN_PLACES, moved_target
from attnwidget.methods.named_target import NamedTarget
from attnwidget.methods.rerunning import reruns_of, target_of
from attnwidget.trace.divergence import divergence_between
from attnwidget.trace.match import Match
from attnwidget.trace.reruns import Comparison
from attnwidget.trace.target import FIELDS, Aim, IndexedTarget


def compared_predictions(workspace: ComparedWorkspace, target: NamedTarget, top: int) -> Comparison:
    """Return the predictions and the target of both traces.

    The target of the second is that of the first: the same token or class, at the same token of the
    text or, by default, where each text predicts. There is a divergence where both models predict
    from the same vocabulary.

    Raises
    ------
    ValueError
        A trace has no model, or the target's token is in the first text alone.
    """
    before, after = workspace.trace, workspace.other.trace
    runs = [reruns_of(trace, "A comparison of predictions") for trace in (before, after)]
    aim = runs[0].definite(target_of(before, target))
    stack = "decoder" if "decoder" in before else before.streams[0]
    if target is None:
        other = _at_own_position(aim, runs[1].definite(target_of(after, None)))
    else:
        other = moved_target(aim, Match.of(before[stack].queries, after[stack].queries).places())
    aims = (aim, other)
    places = [_position(each) for each in aims]
    first, second = (
        trace.predictions(place, top) for trace, place in zip((before, after), places, strict=True)
    )
    values = [run.value(each) for run, each in zip(runs, aims, strict=True)]
    kl = divergence_between(*(run.outcome(each) for run, each in zip(runs, aims, strict=True)))
    lack = kl if isinstance(kl, str) else ""
    known = None if isinstance(kl, str) else kl
    return Comparison(first, second, values[0], values[1], known, 0, lack)


def _at_own_position(aim: IndexedTarget, own: IndexedTarget) -> IndexedTarget:
    """Return a target at the position where the second text predicts by default."""
    if not isinstance(aim, tuple) or not isinstance(own, tuple) or aim[0] != own[0]:
        return aim
    values = zip(FIELDS[aim[0]], aim[1:], own[1:], strict=True)
    return cast("Aim", (aim[0], *(b if name in OWN_PLACES else a for name, a, b in values)))


def _position(aim: IndexedTarget) -> int | None:
    """Return the position whose predictions stand for a target."""
    fields = dict(zip(FIELDS[aim[0]], aim[1:], strict=True)) if isinstance(aim, tuple) else {}
    position = fields.get("position")
    return position if isinstance(position, int) else None
