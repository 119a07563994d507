"""Inputs of a model without some of its tokens, several such inputs to a batch."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from attnwidget.capture.gradients.rerun import Rerun
from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.trace.removal import Removal


@dataclass(frozen=True)
class ReadText:
    """The token ids that the keys of a stream stand for.

    Attributes
    ----------
    rerun
        The model and its inputs.
    name
        The argument that holds them, such as ``"input_ids"``.
    ids
        (1, n), padding included.
    offset
        Number of positions of padding before the first key.
    """

    rerun: Rerun
    name: str
    ids: Tensor
    offset: int

    @property
    def length(self) -> int:
        """Number of positions, padding included."""
        return self.ids.shape[1]

    def places(self, keys: Sequence[int]) -> list[int]:
        """Return the positions of some keys among the ids."""
        return [key + self.offset for key in keys]

    def kept(self, keys: Sequence[int]) -> list[int]:
        """Return the positions of all that is not among the keys."""
        gone = set(self.places(keys))
        return [place for place in range(self.length) if place not in gone]


def read_text(rerun: Rerun, stream: str) -> ReadText:
    """Return the token ids that the keys of a stream stand for.

    Raises
    ------
    ValueError
        The keys are no token ids that the model gets, so none can be taken away.
    """
    group, tensors = rerun.group(stream), rerun.inputs.tensors
    whole = [name for name, each in tensors.items() if _holds_ids(each)]
    name = "input_ids" if "input_ids" in tensors or len(whole) != 1 else whole[0]
    ids = tensors.get(name)
    length = group.lengths[1] if group.keys != "decoder" else None
    if not isinstance(ids, Tensor) or ids.ndim != 2 or ids.shape[1] != length:
        raise ValueError(
            f"Tokens are deleted from input_ids, but the keys of {stream!r} in "
            f"{rerun.model.class_name} are not its input_ids. Take a model that reads a text, or "
            "cut each key by itself with attnwidget.knockout_effects(trace, exact=True)."
        )
    if len(ids) != 1:
        raise ValueError(
            f"{rerun.model.class_name} was captured with a batch of {len(ids)}, of which one entry "
            "is traced. To delete tokens, capture the entry alone, as a batch of one."
        )
    return ReadText(rerun, name, ids, int(group.columns.start or 0))


def _holds_ids(value: object) -> bool:
    return (
        isinstance(value, Tensor) and value.ndim == 2 and value.dtype in (torch.int32, torch.int64)
    )


def removed_inputs(text: ReadText, sets: Sequence[Sequence[int]], removal: Removal) -> ModelInputs:
    """Return a batch with one entry for each set of keys, without these keys.

    Parameters
    ----------
    text
        The token ids.
    sets
        The keys to take out; for ``"remove"`` as many in each.
    removal
        How they are taken out.

    Raises
    ------
    ValueError
        The model or its tokenizer cannot take tokens out in this way.
    """
    inputs = text.rerun.inputs
    tensors = {
        name: torch.cat([each] * len(sets)) if isinstance(each, Tensor) and each.ndim else each
        for name, each in inputs.tensors.items()
    }
    return replace(inputs, tensors=_REMOVALS[removal](text, sets, tensors), size=len(sets))


def _cut(
    text: ReadText, sets: Sequence[Sequence[int]], tensors: dict[str, object]
) -> dict[str, object]:
    if not text.rerun.model.accepts("attention_mask"):
        raise ValueError(
            f"{text.rerun.model.class_name} takes no attention_mask, so that tokens cannot be cut "
            'off. Pass removal="remove" to leave them out.'
        )
    mask = tensors.get("attention_mask")
    if not isinstance(mask, Tensor) or mask.shape != (len(sets), text.length):
        if mask is not None:
            raise ValueError(
                "The input has an attention_mask that is not one number for each token, so that "
                'tokens cannot be cut off by it. Pass removal="remove" or "mask".'
            )
        mask = torch.ones(len(sets), text.length, dtype=torch.long, device=text.ids.device)
    for entry, keys in enumerate(sets):
        mask[entry, text.places(keys)] = 0
    return {**tensors, "attention_mask": mask}


def _remove(
    text: ReadText, sets: Sequence[Sequence[int]], tensors: dict[str, object]
) -> dict[str, object]:
    kept = torch.tensor([text.kept(keys) for keys in sets], device=text.ids.device)
    if not kept.shape[1]:
        raise ValueError(
            "Every token would be removed, and a model cannot read nothing. Pass "
            'removal="mask", or shares below 1.'
        )

    def shortened(name: str, each: object) -> object:
        is_of_tokens = isinstance(each, Tensor) and each.shape[:2] == (len(sets), text.length)
        if not isinstance(each, Tensor) or not is_of_tokens or name.startswith("decoder"):
            return each
        return torch.stack([row[places] for row, places in zip(each, kept, strict=True)])

    return {name: shortened(name, each) for name, each in tensors.items()}


def _mask(
    text: ReadText, sets: Sequence[Sequence[int]], tensors: dict[str, object]
) -> dict[str, object]:
    token = getattr(text.rerun.inputs.tokenizer, "mask_token_id", None)
    if token is None:
        raise ValueError(
            f"The tokenizer of {text.rerun.model.class_name} has no mask token, or none was given. "
            'Pass removal="cut" or "remove".'
        )
    ids = torch.cat([text.ids] * len(sets))
    for entry, keys in enumerate(sets):
        ids[entry, text.places(keys)] = token
    return {**tensors, text.name: ids}


_REMOVALS: dict[
    Removal,
    Callable[[ReadText, Sequence[Sequence[int]], dict[str, object]], dict[str, object]],
] = {"cut": _cut, "remove": _remove, "mask": _mask}
