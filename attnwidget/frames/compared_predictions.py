"""The predictions of two traces beside each other."""

from collections.abc import Mapping
from typing import cast

from attnwidget.frames.compared import ComparedWorkspace
from attnwidget.methods.moved_target import OWN_PLACES, moved_target
from attnwidget.methods.named_target import NamedTarget, num_positions
from attnwidget.methods.rerunning import reruns_of, target_of
from attnwidget.trace import Trace
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
    places = Match.of(before[stack].queries, after[stack].queries).places()
    if target is None:
        aim, other = _defaults(aim, runs[1].definite(target_of(after, None)), places, before, after)
    else:
        other = moved_target(aim, places)
    aims = (aim, other)
    first = before.predictions(_position(aim), top)
    second = after.predictions(_position(other), top)
    values = [run.value(each) for run, each in zip(runs, aims, strict=True)]
    kl = divergence_between(*(run.outcome(each) for run, each in zip(runs, aims, strict=True)))
    lack = kl if isinstance(kl, str) else ""
    known = None if isinstance(kl, str) else kl
    return Comparison(first, second, values[0], values[1], known, 0, lack)


def _defaults(
    aim: IndexedTarget,
    own: IndexedTarget,
    places: Mapping[int, int],
    before: Trace,
    after: Trace,
) -> tuple[IndexedTarget, IndexedTarget]:
    """Return the targets of both texts, if none was chosen.

    They are where the first predicts by default: at its end, which is the end of the second, or at
    a mask. Where the first has no mask, they are at that of the second.
    """
    at, own_at = _position(aim), _position(own)
    if at is None and own_at is not None:
        back = {other: one for one, other in places.items()}
        return moved_target(own, back), own
    if not isinstance(aim, tuple) or not isinstance(own, tuple) or aim[0] != own[0]:
        return aim, moved_target(aim, places)
    ends = at == num_positions(before) - 1 and own_at == num_positions(after) - 1
    if at is not None and not ends and at in places:
        return aim, moved_target(aim, places)
    values = zip(FIELDS[aim[0]], aim[1:], own[1:], strict=True)
    fields = (b if name in OWN_PLACES else a for name, a, b in values)
    return aim, cast("Aim", (aim[0], *fields))


def _position(aim: IndexedTarget) -> int | None:
    """Return the position whose predictions stand for a target."""
    fields = dict(zip(FIELDS[aim[0]], aim[1:], strict=True)) if isinstance(aim, tuple) else {}
    position = fields.get("position")
    return position if isinstance(position, int) else None
