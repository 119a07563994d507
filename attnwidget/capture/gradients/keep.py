"""What is kept of a model's predictions when a trace leaves its model behind."""

from collections.abc import Iterable

from attnwidget.capture.gradients.rerun import Rerun
from attnwidget.capture.gradients.top_predictions import TopPredictions, names_of
from attnwidget.trace.kept import KeptPredictions
from attnwidget.trace.predictions import Prediction
from attnwidget.trace.target import IndexedTarget


def kept_predictions(
    found: TopPredictions, rerun: Rerun, targets: Iterable[IndexedTarget]
) -> KeptPredictions:
    """Return the predictions of every position, and those that some targets name."""
    others: dict[int, tuple[Prediction, ...]] = {}
    for target in targets:
        if target is None or callable(target) or target[0] in ("hidden", "span"):
            continue
        named = [each for each in target[2:] if each is not None]
        row = found.head.row(target[1])
        entries = found.at(target[1], 1, named, rerun).entries if named else ()
        listed = set(found.indices[row].tolist())
        known = {each.index: each for each in others.get(row, ())}
        known |= {each.index: each for each in entries if each.index not in listed}
        if known:
            others[row] = tuple(known.values())
    indices = sorted(set(found.indices.flatten().tolist()))
    names = dict(zip(indices, names_of(found.head, rerun, indices), strict=True))
    names |= {each.index: each.text for row in others.values() for each in row}
    return KeptPredictions(
        found.head,
        found.logits,
        found.probabilities,
        found.indices,
        found.is_complete,
        names,
        others,
    )
