"""Repeat the inputs of a run, so that one forward pass makes several runs."""

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from attnwidget.capture.changes.token_ids import with_tokens
from attnwidget.capture.gradients.model_output import EntryOutput
from attnwidget.capture.gradients.rerun import Rerun
from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.trace.reruns import Change

MOST_RUNS = 64
"""Most runs in one forward pass."""

BUDGET = 1 << 28
"""Bytes of logits and hidden states that the runs of one forward pass may take."""

STATES = 24
"""Hidden states and wider layers that are in memory at a time, as a number of widths."""

ALONE = ({"self"}, {"encoder", "decoder", "cross"})
"""The streams of models whose entries have nothing to do with each other."""


def can_repeat(rerun: Rerun) -> bool:
    """Return whether a forward pass may hold the same input several times.

    Only inputs of transformers models, whose first axis is known to be that of the batch.
    """
    tensors = [each for each in rerun.inputs.tensors.values() if isinstance(each, Tensor)]
    return (
        rerun.model.is_pretrained
        and rerun.batch_index is None
        and {group.name for group in rerun.groups} in ALONE
        and all(len(parts) == 1 for group in rerun.groups for parts in group.layers)
        and all(each.ndim > 0 and len(each) == 1 for each in tensors)
    )


def runs_at_once(rerun: Rerun, entry: EntryOutput) -> int:
    """Return how many runs fit in one forward pass, given the output of one."""
    if not can_repeat(rerun):
        return 1
    main = rerun.main
    width = 0 if entry.hidden is None else entry.hidden.shape[-1]
    logits = 0 if entry.logits is None else entry.logits.shape[-1]
    per_run = main.lengths[0] * (3 * logits + STATES * width) * 4
    return max(1, min(MOST_RUNS, BUDGET // max(1, per_run)))


def changed_inputs(rerun: Rerun, changes: Sequence[Change]) -> ModelInputs:
    """Return inputs with one entry for each change, whose tokens are replaced."""
    copies = len(changes)
    inputs = rerun.inputs
    if copies > 1:
        tensors = {
            name: each.repeat_interleave(copies, 0) if isinstance(each, Tensor) else each
            for name, each in inputs.tensors.items()
        }
        inputs = replace(inputs, tensors=tensors, size=copies)
    for entry, change in enumerate(changes):
        if change.tokens:
            inputs = with_tokens(rerun, inputs, entry, change)
    return inputs


def is_same(base: EntryOutput, copy: EntryOutput) -> bool:
    """Return whether an entry of a batch has the output of the same input alone."""
    for one, other in ((base.logits, copy.logits), (base.hidden, copy.hidden)):
        if one is None or other is None:
            continue
        if one.shape != other.shape:
            return False
        single = one.dtype in (torch.float32, torch.float64)
        largest = float(one.abs().max().clamp(min=1e-6))
        if float((one - other).abs().max()) > (1e-3 if single else 0.1) * largest:
            return False
    return True
