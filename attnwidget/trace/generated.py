"""Put the attention of every step of ``generate`` together to one map a layer."""

from collections.abc import Sequence
from itertools import takewhile
from typing import Any, TypeAlias, TypeGuard

import torch
from torch import Tensor

from attnwidget.trace.arrays import Array, as_tensor

Steps: TypeAlias = Sequence[Sequence[Array]]
"""For each step of ``generate`` one array a layer, (B, H, n_q, n_k)."""


def is_steps(stack: object) -> TypeGuard[Steps]:
    """Return whether a stack has an axis of steps around its layers, as ``generate`` returns."""
    if not isinstance(stack, (tuple, list)) or not stack:
        return False
    first = stack[0]
    return isinstance(first, (tuple, list)) and bool(first) and getattr(first[0], "ndim", 0) == 4


def prompt_length(steps: Steps) -> int:
    """Return the number of tokens that a model read before it wrote any: the first step's."""
    return int(as_tensor(steps[0][0], "the first step").shape[-2])


def join_steps(steps: Steps, rows: Sequence[int], name: str, *, is_cross: bool) -> list[Tensor]:
    """Return the whole map of each layer, (1, H, n_q, n_k).

    The first step attends from the prompt, every other from the token written before it. In
    self-attention a step sees fewer keys than the last one; the others get the weight 0.

    Parameters
    ----------
    steps
        The attention of each step.
    rows
        The entry of the batch to take of each step, which changes where beams are searched.
    name
        Name of the parameter for the errors.
    is_cross
        True if the keys are those of an encoder, the same in every step.

    Raises
    ------
    ValueError
        The steps differ in their layers, or a cache gave up its first keys.
    """
    if not rows:
        raise ValueError(f"{name} has no step of this entry: nothing was written.")
    layers = len(steps[0])
    for place, step in enumerate(steps):
        if len(step) != layers:
            raise ValueError(
                f"{name} must have the same layers in every step, but {name}[0] has {layers} and "
                f"{name}[{place}] has {len(step)}."
            )
    joined = []
    for layer in range(layers):
        maps = [
            _entry(as_tensor(step[layer], f"{name}[{place}][{layer}]"), row, name)
            for place, (step, row) in enumerate(zip(steps, rows, strict=False))
        ]
        whole = torch.cat(maps, dim=-2) if is_cross else _below_each_other(maps, name)
        joined.append(whole[None])
    return joined


def entry_rows(steps: int, entry: int, beam_indices: Any) -> list[int]:
    """Return the row of the batch that an entry's tokens were written in, step by step.

    Parameters
    ----------
    steps
        Number of steps.
    entry
        The sequence among those that ``generate`` returned.
    beam_indices
        (sequences, steps), as ``generate`` returns them where it searches beams; -1 behind the end
        of a sequence. None without beams.
    """
    if beam_indices is None:
        return [entry] * steps
    return list(takewhile(lambda row: row >= 0, (int(row) for row in beam_indices[entry][:steps])))


def check_beams(steps: Steps, rows: Sequence[int], name: str) -> None:
    """Refuse steps that lack the beams in which a sequence was written, as Whisper returns them.

    Raises
    ------
    ValueError
        A beam is missing.
    """
    kept = min(len(as_tensor(step[0], name)) for step in steps)
    if max(rows, default=0) >= kept:
        raise ValueError(
            f"{name} holds {kept} of the beams, and the sequence was written in beam {max(rows)}, "
            "which generate left out. Trace what was written instead: attnwidget.capture(model, "
            "{…, 'decoder_input_ids': outputs.sequences}), with the inputs that generate read."
        )


def _entry(step: Tensor, row: int, name: str) -> Tensor:
    if not -len(step) <= row < len(step):
        raise IndexError(
            f"batch_index {row} is out of range: {name} has {len(step)} entries, so pass 0 to "
            f"{len(step) - 1}."
        )
    return step[row]


def _below_each_other(steps: Sequence[Tensor], name: str) -> Tensor:
    """Return the causal map (H, n, n) whose rows are those of the steps (H, n_q, n_k)."""
    total = sum(step.shape[-2] for step in steps)
    whole = steps[0].new_zeros(steps[0].shape[0], total, total)
    row = 0
    for step in steps:
        queries, keys = step.shape[-2:]
        read = row + queries
        # A cache of fixed size has keys that are not written yet; all have the weight 0.
        if keys < read or bool(step[..., read:].any()):
            raise ValueError(
                f"{name} cannot be put together: a step attends to {keys} keys where {read} tokens "
                "were read. Trace the sequence that was written instead: "
                "attnwidget.capture(model, {'input_ids': outputs.sequences})."
            )
        whole[:, row:read, :read] = step[..., :read]
        row = read
    return whole
