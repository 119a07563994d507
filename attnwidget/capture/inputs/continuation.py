"""A prompt with what the model writes after it, as one input."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import torch
from torch import Tensor

from attnwidget.capture.inputs.forward import forward
from attnwidget.capture.inputs.generate import Writing, generated
from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.capture.inputs.reading import Reading
from attnwidget.capture.model.loaded_model import LoadedModel

TOLERANCE = 1e-3
"""Largest difference of the last logits, as a share of the largest, in single precision."""


def continued(model: LoadedModel, inputs: ModelInputs, writing: Writing) -> ModelInputs:
    """Return the inputs of a decoder, followed by the tokens that it writes.

    Raises
    ------
    ValueError
        The text would become too long, the model cannot write, or one forward pass cannot repeat
        what it read.
    """
    if model.prompt_length:
        raise ValueError(
            "max_new_tokens is not possible with a learned prompt of PEFT, which generate puts "
            "before the text in a way of its own. Let the model write, and pass the written ids."
        )
    inputs = _without_padding(inputs)
    limits = model.limits("decoder")
    count = writing.max_new_tokens
    limits.check_length(inputs.length + count, "The text with max_new_tokens")
    ids, read = generated(model, inputs, writing, count, "Leave out max_new_tokens")
    prompt = inputs.tensors.get("input_ids")
    if isinstance(prompt, Tensor) and not torch.equal(ids[:, : prompt.shape[1]], prompt):
        ids = torch.cat([prompt, ids], dim=1)  # some models return what is new only
    written = ids.shape[1] - inputs.length
    segments = tuple(inputs.segments)
    segments += segments[-1:] * written
    # The words of the written tokens are unknown; their pieces will tell.
    whole = replace(inputs.adding(input_ids=ids), words=(), segments=segments)
    if not written:
        return whole
    whole = replace(whole, written=inputs.length)
    variants = [whole.adding(**_extended(inputs, written, values)) for values in _values(inputs)]
    return variants[0] if len(variants) == 1 else _agreeing(model, variants, read)


def _without_padding(inputs: ModelInputs) -> ModelInputs:
    """Return the inputs without the padding after the text, which what is written would follow."""
    mask, length = inputs.tensors.get("attention_mask"), inputs.length
    if not isinstance(mask, Tensor) or mask.shape != (1, length) or bool(mask[0, -1]):
        return inputs
    end = int(mask[0].nonzero().max()) + 1 if bool(mask.any()) else length
    tensors = {
        name: each[:, :end]
        if isinstance(each, Tensor) and each.ndim >= 2 and each.shape[:2] == (1, length)
        else each
        for name, each in inputs.tensors.items()
    }
    words, segments = inputs.words[:end], inputs.segments[:end]
    return replace(inputs, tensors=tensors, words=words, segments=segments)


def _by_token(inputs: ModelInputs) -> list[str]:
    """Return the names of the inputs that hold a kind for each token of the prompt."""
    known = ("input_ids", "attention_mask", "position_ids")
    return [
        name
        for name, each in inputs.tensors.items()
        if name not in known and isinstance(each, Tensor) and not each.is_floating_point()
        if each.ndim == 2 and each.shape == (1, inputs.length)
    ]


def _values(inputs: ModelInputs) -> Iterator[dict[str, int]]:
    """Yield the kinds that written tokens may have: that of the last one, 0 and 1."""
    names = _by_token(inputs)
    kinds = [dict.fromkeys([int(inputs.tensors[name][0, -1]), 0, 1]) for name in names]
    return (dict(zip(names, values, strict=True)) for values in product(*kinds))


def _extended(inputs: ModelInputs, count: int, values: dict[str, int]) -> dict[str, Tensor]:
    """Return the inputs that have one entry a token, continued for written tokens."""
    longer = {
        name: _followed_by(inputs.tensors[name], torch.full((count,), value))
        for name, value in values.items()
    }
    mask, positions = (inputs.tensors.get(name) for name in ("attention_mask", "position_ids"))
    if isinstance(mask, Tensor) and mask.ndim == 2:
        longer["attention_mask"] = _followed_by(mask, torch.ones(count))
    if isinstance(positions, Tensor):
        steps = torch.arange(1, count + 1, device=positions.device)
        longer["position_ids"] = torch.cat([positions, positions[..., -1:] + steps], dim=-1)
    return longer


def _followed_by(row: Tensor, values: Tensor) -> Tensor:
    return torch.cat([row, values[None].to(row)], dim=1)


def _agreeing(model: LoadedModel, variants: list[ModelInputs], read: Reading) -> ModelInputs:
    """Return the variant in which one forward pass gives what the last step gave.

    Raises
    ------
    ValueError
        None does.
    """
    if read.logits is None or read.ids is None or len(read.ids) != 1:
        return variants[0]
    last, expected = read.ids.shape[1] - 1, read.logits[0].float()
    errors = [_error(model, variant, last, expected) for variant in variants]
    is_far = min(errors) > TOLERANCE * float(expected.abs().max())
    if is_far and read.logits.dtype == torch.float32:
        raise ValueError(
            f"What {model.class_name} computed while it wrote cannot be repeated in one forward "
            f"pass: the logits differ by {min(errors):.3g}. Leave out max_new_tokens, and pass the "
            "written text with the inputs that the model's processor makes of it."
        )
    return variants[errors.index(min(errors))]


def _error(model: LoadedModel, inputs: ModelInputs, last: int, expected: Tensor) -> float:
    """Return how far the logits at a position are from those expected; inf if the model fails."""
    try:
        logits = model.logits_of(forward(model, inputs))
    except Exception:  # kinds that do not fit make models fail in every way
        return torch.inf
    assert logits is not None
    return float((logits[0, last].float() - expected).abs().max())
