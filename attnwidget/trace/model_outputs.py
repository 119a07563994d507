"""Find attention weights in what a model returned."""

from collections.abc import Mapping, Sequence
from typing import Any

from torch import Tensor

from attnwidget.trace.arrays import as_tensor
from attnwidget.trace.check_weights import rows_sum_to_one
from attnwidget.trace.generated import check_beams, entry_rows, is_steps, join_steps
from attnwidget.trace.stack import NO_ATTENTION, Stack

FIELDS = {
    "attentions": "attentions",
    "encoder_attentions": "encoder",
    "decoder_attentions": "decoder",
    "cross_attentions": "cross",
}
"""Fields of the outputs of transformers' models, and the names of their stacks here."""

TOWERS = ("text_model_output", "vision_model_output", "encoder_outputs", "decoder_outputs")
"""Fields that hold the outputs of parts, each with attention of its own."""


def stacks_in(outputs: object) -> dict[str, Any] | None:
    """Return the stacks in the output of a model by name, None if it is no such output.

    Parameters
    ----------
    outputs
        What a model or its ``generate`` returned: an object or a mapping with fields such as
        ``attentions``, or a tuple as with ``return_dict=False``.

    Raises
    ------
    ValueError
        The output has such fields, but none with attention.
    """
    if isinstance(outputs, (tuple, list)):
        found = _in_tuple(outputs)
        return None if found is None else {"attentions": found}
    stacks = {short: _field(outputs, name) for name, short in FIELDS.items()}
    found = {short: stack for short, stack in stacks.items() if _is_there(stack)}
    if found:
        return found
    parts = [f"outputs.{name}" for name in TOWERS if _field(outputs, name) is not None]
    kind = type(outputs).__name__
    if parts:
        raise ValueError(
            f"A {kind} holds the attention of its parts. Pass one of them: {', '.join(parts)}."
        )
    if isinstance(outputs, Mapping) or any(hasattr(outputs, name) for name in FIELDS):
        raise ValueError(NO_ATTENTION.format(f"The attention of a {kind}"))
    return None


def of_entry(
    stack: Stack,
    name: str,
    batch_index: int | None,
    beam_indices: Any = None,
    *,
    sequences: int | None = None,
) -> Stack:
    """Return the stack of one entry of a batch, with the steps of ``generate`` put together.

    Parameters
    ----------
    stack
        One array a layer, or one a layer for every step of ``generate``.
    name
        Name of the parameter for the errors.
    batch_index
        Entry to take; None if there is only one.
    beam_indices
        As ``generate`` returns them where it searches beams.
    sequences
        Number of sequences that ``generate`` returned, several for each input perhaps; None if it
        is not known.

    Raises
    ------
    ValueError
        There are several entries and none was chosen, or steps do not fit together.
    IndexError
        There is no such entry.
    """
    if is_steps(stack):
        size = len(as_tensor(stack[0][0], name)) if beam_indices is None else len(beam_indices)
        if batch_index is None and size > 1:
            raise ValueError(
                f"{name} has {size} sequences, but a trace holds one. Pass batch_index=0 to "
                f"{size - 1} to choose it; where beams were searched, pass all of what generate "
                "returned."
            )
        if size > 1 and sequences is None:
            raise ValueError(
                f"{name} has {size} rows in each step, which may be beams. Pass all of what "
                "generate returned, with batch_index, and not a part of it."
            )
        entry = _checked(batch_index or 0, size, name)
        rows = entry_rows(len(stack), entry, beam_indices)
        if beam_indices is not None:
            check_beams(stack, rows, name)
        return join_steps(stack, rows, name, is_cross=name == "cross")
    if batch_index is None or not isinstance(stack, (tuple, list)):
        return stack
    if sequences is not None:
        first = next((len(each) for each in stack if getattr(each, "ndim", 0) == 4), sequences)
        batch_index = _checked(batch_index, sequences, name) // max(1, sequences // first)
    return [
        each[_checked(batch_index, len(each), f"{name}[{place}]")]
        if getattr(each, "ndim", 0) == 4 and len(each) > 1
        else each
        for place, each in enumerate(stack)
    ]


def _field(outputs: object, name: str) -> Any:
    return outputs.get(name) if isinstance(outputs, Mapping) else getattr(outputs, name, None)


def _checked(entry: int, size: int, name: str) -> int:
    if not -size <= entry < size:
        raise IndexError(
            f"batch_index {entry} is out of range: {name} has {size} entries, so pass 0 to "
            f"{size - 1}."
        )
    return entry % size


def _is_there(stack: object) -> bool:
    if stack is None:
        return False
    is_empty = isinstance(stack, (tuple, list)) and not any(each is not None for each in stack)
    return not is_empty


def _in_tuple(outputs: Sequence[Any]) -> Any:
    """Return the only element that holds attention weights, where others are no attention."""
    if not outputs or not isinstance(outputs[0], Tensor) or not any(map(_is_group, outputs)):
        return None
    found = [each for each in outputs if _is_group(each) and all(map(_is_attention, each))]
    if len(found) != 1:
        raise ValueError(
            f"A tuple of {len(outputs)} outputs was given, and {len(found)} of them are attention "
            "weights. Pass those of one stack, or call the model with return_dict=True."
        )
    return found[0]


def _is_group(given: object) -> bool:
    return isinstance(given, (tuple, list)) and bool(given)


def _is_attention(given: object) -> bool:
    if not isinstance(given, Tensor) or given.ndim != 4 or not given.is_floating_point():
        return False
    return rows_sum_to_one(as_tensor(given, "attention").flatten(0, 1))
