"""The value of a target when tokens are deleted from the input."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import torch
from torch import Tensor

from attnwidget.capture.changes.outcome import value_in
from attnwidget.capture.changes.removed_inputs import ReadText, read_text, removed_inputs
from attnwidget.capture.gradients.model_output import entry_output
from attnwidget.capture.gradients.rerun import Rerun, RunResult
from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.capture.model.logits import LOGITS
from attnwidget.trace.gradients import Report
from attnwidget.trace.removal import Removal
from attnwidget.trace.target import IndexedTarget

TOKENS_AT_ONCE = 1 << 10
"""Most tokens of a batch of reruns."""

TOLERANCE = 1e-3
"""Largest change of the target, in parts of it, that the content of cut tokens may make."""


def values_without(
    rerun: Rerun,
    target: IndexedTarget,
    stream: str,
    sets: Sequence[Sequence[int]],
    removal: Removal,
    report: Report,
) -> Tensor:
    """Return the value of a target without each of some sets of keys, (len(sets),) float64.

    Positions of the target are those of the whole input, however many tokens are removed.

    Parameters
    ----------
    rerun
        The model and its inputs.
    target
        The target; a function gets the model's output on the shorter or changed input.
    stream
        The stream whose keys are deleted.
    sets
        Keys, counted from 0; an empty set deletes nothing.
    removal
        How they are deleted.
    report
        Receives the number of sets that are done.

    Raises
    ------
    ValueError
        The tokens cannot be deleted in this way, or the target does not fit the model.
    """
    text = read_text(rerun, stream)
    values = torch.full((len(sets),), torch.nan, dtype=torch.float64)
    done = 0
    for chosen in _batches(text, sets, removal, one_by_one=callable(target)):
        batch = removed_inputs(text, [sets[each] for each in chosen], removal)
        is_shorter = removal == "remove" and rerun.group(stream).keys == rerun.main.queries
        kept = [text.kept(sets[each]) for each in chosen] if is_shorter else None
        found = _values(rerun, target, batch, kept)
        values[chosen] = torch.tensor(found, dtype=torch.float64)
        done += len(chosen)
        report(done)
    return values


def check_cut(rerun: Rerun, target: IndexedTarget, stream: str, keys: Sequence[int]) -> None:
    """Check that nothing of cut tokens arrives at a target: other tokens there change nothing.

    Raises
    ------
    ValueError
        Something of them arrives, because the target reads their own outputs, or because the
        model passes on tokens by other ways than attention; or they cannot be cut.
    """
    text = read_text(rerun, stream)
    batch = removed_inputs(text, [keys, keys], "cut")
    ids = torch.cat([text.ids, text.ids])
    places = text.places(keys)
    # The rarest of them in every place: known to the model, and another sum of all tokens.
    counts = Counter(ids[0, places].tolist())
    ids[1, places] = min(counts, key=counts.__getitem__)
    batch = batch.adding(**{text.name: ids})
    if callable(target):
        runs = [replace(batch, tensors=_entry(batch.tensors, each), size=1) for each in (0, 1)]
        before, after = (_values(rerun, target, each, None)[0] for each in runs)
    else:
        before, after = _values(rerun, target, batch, None)
    if not abs(before - after) <= TOLERANCE * max(1.0, abs(before)):
        raise ValueError(
            f"Tokens were cut off from the attention of {rerun.model.class_name}, and yet the "
            f"target depends on which tokens these were ({before:.4g} and {after:.4g}): it reads "
            "their own outputs, as a mean over tokens does, or the model passes tokens on by other "
            'ways than attention. Pass removal="remove" to leave them out of the input.'
        )


def _entry(tensors: dict[str, Any], entry: int) -> dict[str, Any]:
    return {
        name: each[entry : entry + 1] if isinstance(each, Tensor) and each.ndim else each
        for name, each in tensors.items()
    }


def _batches(
    text: ReadText, sets: Sequence[Sequence[int]], removal: Removal, *, one_by_one: bool
) -> Iterator[list[int]]:
    """Yield the numbers of sets that go through the model together, of one length."""
    is_alone = one_by_one or not text.rerun.model.is_pretrained
    size = 1 if is_alone else max(1, TOKENS_AT_ONCE // text.length)
    # As many entries as the whole text has positions would be taken for its positions.
    size = max(1, min(size, text.length - 1))
    lengths: dict[int, list[int]] = {}
    for number, keys in enumerate(sets):
        lengths.setdefault(len(keys) if removal == "remove" else 0, []).append(number)
    for numbers in lengths.values():
        for start in range(0, len(numbers), size):
            yield numbers[start : start + size]


def _values(
    rerun: Rerun, target: IndexedTarget, batch: ModelInputs, kept: Sequence[Sequence[int]] | None
) -> list[float]:
    """Return the target's value of each entry of a batch.

    Parameters
    ----------
    rerun
        The model and the whole input.
    target
        The target, whose positions are those of the whole input.
    batch
        The inputs; one entry only if the target is a function.
    kept
        For each entry the positions of the whole input that are left; None if all are.
    """
    row = _only_row(rerun, target, kept)
    if row is not None:
        batch = batch.adding(logits_to_keep=torch.tensor([row]))
    entries = [rerun] if batch.size == 1 else [rerun.at(entry) for entry in range(batch.size)]
    with torch.no_grad():
        results = rerun.run_batch(partial(rerun.forward, batch), entries)
        if callable(target):
            return [value_in(target, entry_output(rerun, results[0]), results[0])]
        outputs = _logits(rerun, results[0].output, batch.size)
        if kept is not None:
            _check_shorter(rerun, outputs, len(kept[0]))
        found = []
        for entry, result in enumerate(results):
            places = None if kept is None else kept[entry]
            made = places if row is None else [row if places is None else places[row]]
            hidden = None if result.hidden is None else result.hidden[None]
            whole = {
                name: _whole(rows[entry : entry + 1], made, rerun) for name, rows in outputs.items()
            }
            alone = RunResult(whole, None if hidden is None else _whole(hidden, places, rerun)[0])
            found.append(value_in(target, entry_output(rerun, alone), alone))
    return found


def _only_row(
    rerun: Rerun, target: IndexedTarget, kept: Sequence[Sequence[int]] | None
) -> int | None:
    """Return the only row of the logits that a target needs, None if the model makes all rows.

    The logits of all positions take a fifth of the time and most of the memory of a small model.
    """
    if target is None or callable(target) or target[0] in ("hidden", "span"):
        return None
    if target[1] is None or not rerun.model.accepts("logits_to_keep"):
        return None
    place = range(rerun.main.lengths[0])[rerun.main.rows][target[1]]
    rows = {place} if kept is None else {each.index(place) for each in kept}
    return rows.pop() if len(rows) == 1 else None


def _logits(rerun: Rerun, output: Any, entries: int) -> dict[str, Tensor]:
    """Return the logits among the outputs by their names there: of an answer those of both ends."""
    logits = rerun.model.logits_of(output, entries)
    if logits is None:
        return {}
    name = next((each for each in LOGITS if _named(output, each) is logits), LOGITS[0])
    ends = _named(output, "end_logits") if name == "start_logits" else None
    return {name: logits} if ends is None else {name: logits, "end_logits": ends}


def _check_shorter(rerun: Rerun, outputs: dict[str, Tensor], length: int) -> None:
    """Refuse logits of a shorter input that are one number a token: removed tokens have none."""
    classes = getattr(rerun.model.config, "num_labels", None)
    for name, rows in outputs.items():
        is_long = rerun.model.is_pretrained and rows.shape[1] == length != classes
        if rows.ndim == 2 and (name in ("start_logits", "end_logits") or is_long):
            raise ValueError(
                f"{rerun.model.class_name} has one number for each token of the input, and removed "
                'tokens have none. Pass removal="cut" or "mask", which keep all tokens.'
            )


def _named(output: Any, name: str) -> Any:
    return output.get(name) if isinstance(output, dict) else getattr(output, name, None)


def _whole(rows: Tensor, kept: Sequence[int] | None, rerun: Rerun) -> Tensor:
    """Return the rows of one entry, (1, ...), at their places in the whole input, (1, n, ...)."""
    if rows.ndim != 3 or kept is None or rows.shape[1] != len(kept):
        return rows
    whole = rows.new_zeros(1, rerun.main.lengths[0], rows.shape[2])
    whole[0, list(kept)] = rows[0]
    return whole
