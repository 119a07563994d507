"""Find the logits among the outputs of a model."""

from typing import Any

from torch import Tensor, nn

LOGITS = ("logits", "logits_per_image", "prediction_logits", "start_logits")
"""Names of a model's logits among its outputs: how well image and text match, the words of a model
that learns two tasks, the token at which an answer begins."""

TOLERANCE = 1e-3
"""Largest difference of the length of a feature vector from 1."""


def logits_in(
    output: Any, module: nn.Module, entries: int | None, *, is_pretrained: bool
) -> Tensor | None:
    """Return the logits among the outputs of a forward pass; see `LoadedModel.logits_of`."""
    for name in LOGITS:
        found = output.get(name) if isinstance(output, dict) else getattr(output, name, None)
        if isinstance(found, Tensor) and found.ndim in (2, 3):
            return found
    if is_pretrained:
        return None
    similarity = _similarity(output, entries)
    if similarity is not None or isinstance(output, dict):
        return similarity
    first, *others = output if isinstance(output, (tuple, list)) and output else [output]
    if not isinstance(first, Tensor) or not first.is_floating_point():
        return None
    if first.ndim == 3:
        return first if _has_vocabulary(module, first.shape[-1]) else None
    is_like_another = any(getattr(each, "shape", None) == first.shape for each in others)
    are_features = is_like_another or _are_directions(first)
    return first if first.ndim == 2 and len(first) == entries and not are_features else None


def _similarity(output: Any, entries: int | None) -> Tensor | None:
    """Return the cosine (B, 1) of the features of two towers, None if there are no such two."""
    parts = output.values() if isinstance(output, dict) else output
    if not isinstance(output, (dict, tuple, list)):
        return None
    found = [each for each in parts if isinstance(each, Tensor) and each.ndim == 2]
    if len(found) != 2 or found[0].shape != found[1].shape or len(found[0]) != entries:
        return None
    return (found[0] * found[1]).sum(-1, keepdim=True) if all(map(_are_directions, found)) else None


def _has_vocabulary(module: nn.Module, size: int) -> bool:
    """Return whether an embedding of a module has so many tokens, which are no features."""
    tables = [each for each in module.modules() if "embed" in type(each).__name__.lower()]
    shapes = [each.shape for table in tables for each in table.parameters(recurse=False)]
    pairs = [shape for shape in shapes if len(shape) == len(("tokens", "features"))]
    return size in {tokens for tokens, _ in pairs} - {features for _, features in pairs}


def _are_directions(rows: Tensor) -> bool:
    """Return whether vectors (B, D) were brought to length 1, as features are."""
    lengths = rows.detach().float().norm(dim=-1)
    return rows.shape[-1] > 1 and bool(((lengths - 1).abs() < TOLERANCE).all())
