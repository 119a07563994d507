"""Several entries of a batch, recorded in one pass."""

from collections.abc import Callable, Sequence
from typing import Any

from torch import Tensor, nn

from attnwidget.capture.attention.observer import Origin
from attnwidget.capture.attention.recorder import Recorder


class Entries:
    """The observer that tells one recorder for each entry of a batch.

    Parameters
    ----------
    recorders
        One for each entry that is kept; if there are several, one for each of the batch.
    """

    def __init__(self, recorders: Sequence[Recorder]) -> None:
        self._recorders = recorders

    def add_projections(
        self, module: nn.Module, query: Tensor, *rest: Tensor, **options: Any
    ) -> None:
        """Tell every recorder what an attention function was called with."""
        self._check_size(module, query)
        for recorder in self._recorders:
            recorder.add_projections(module, query, *rest, **options)

    def add_context(self, context: Tensor, heads_first: Callable[[Tensor], Tensor]) -> Tensor:
        """Leave what an attention function returns as it is."""
        return context

    def add_weights(self, origin: Origin, weights: Tensor) -> None:
        """Tell every recorder of weights that were computed elsewhere."""
        self._check_size(origin, weights)
        for recorder in self._recorders:
            recorder.add_weights(origin, weights)

    def _check_size(self, origin: Origin, tensor: Tensor) -> None:
        entries = len(self._recorders)
        if entries > 1 and len(tensor) not in (1, entries):
            raise ValueError(
                f"{type(origin).__name__} attends within {len(tensor)} separate entries, but the "
                f"batch has {entries}: a model that cuts its input into windows cannot be shown "
                "as one map."
            )
