"""The trait for the importance of heads, which colours the cells of the model view."""

from collections.abc import Mapping
from typing import Any

import torch
from traitlets import TraitError, TraitType

from attnwidget.trace import Trace, as_tensor
from attnwidget.views import HeadImportance


class Importance(TraitType["HeadImportance | None", Any]):
    """One (layers, heads) array for each stream that has one, or None.

    A single array describes the first stream.
    """

    default_value = None

    def validate(self, obj: Any, value: Any) -> HeadImportance | None:
        """Return lists of floats by stream."""
        if value is None:
            return None
        trace: Trace = obj.trace
        by_stream = value if isinstance(value, Mapping) else {trace.streams[0]: value}
        return {name: _checked(trace, name, array) for name, array in by_stream.items()}


def _checked(trace: Trace, name: str, array: Any) -> list[list[float]]:
    if name not in trace:
        raise TraitError(
            f"head_importance must be an array or a mapping by stream, one of "
            f"{', '.join(trace.streams)}, but {name!r} was given."
        )
    try:
        values = as_tensor(array, "head_importance").float()
    except ValueError as error:
        raise TraitError(str(error)) from error
    expected = (trace[name].num_layers, trace[name].num_heads)
    if tuple(values.shape) != expected:
        raise TraitError(
            f"head_importance of the stream {name!r} must be (layers, heads) = {expected}, but its "
            f"shape is {tuple(values.shape)}."
        )
    if not torch.isfinite(values).all():
        raise TraitError("head_importance must be finite, but it holds NaN or infinity.")
    lists: list[list[float]] = values.tolist()
    return lists
