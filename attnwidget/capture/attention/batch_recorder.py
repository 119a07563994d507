"""Record several entries of a batch in one forward pass."""

from collections.abc import Callable, Sequence

from torch import Tensor, nn

from attnwidget.capture.attention.found_weights import FoundWeights, Product
from attnwidget.capture.attention.observer import Origin
from attnwidget.capture.attention.projections import Projections
from attnwidget.capture.attention.recorder import Recorder
from attnwidget.capture.outputs.tracker import OutputTracker


class BatchRecorder:
    """The observer that passes every attention on to the recorder of each entry.

    Parameters
    ----------
    recorders
        One for each entry to keep; several recorders are one for each entry of the batch.
    tracker
        Follows the results of attention functions.
    """

    def __init__(self, recorders: Sequence[Recorder], tracker: OutputTracker) -> None:
        self._recorders = recorders
        self._tracker = tracker

    def add_projections(self, module: nn.Module, projections: Projections) -> None:
        """Record the arguments of an attention function."""
        self._check_size(module, projections.query)
        for recorder in self._recorders:
            recorder.add_projections(module, projections)

    def add_context(self, context: Tensor, heads_first: Callable[[Tensor], Tensor]) -> Tensor:
        """Let every recorder verify the result of an attention function; return it unchanged."""
        for recorder in self._recorders:
            recorder.add_context(context, heads_first)
        results = heads_first(context)
        each = [recorder.entries.traced("Attention", results) for recorder in self._recorders]
        self._tracker.add_context(context, heads_first, sorted(set().union(*each)))
        return context

    def add_weights(self, origin: Origin, found: FoundWeights) -> Tensor:
        """Record weights that were computed elsewhere."""
        self._check_size(origin, found.weights)
        for recorder in self._recorders:
            recorder.add_weights(origin, found)
        return found.weights

    def add_product(self, product: Product) -> Tensor:
        """Return the product of weights and values unchanged."""
        return product.result

    def _check_size(self, origin: Origin, tensor: Tensor) -> None:
        entries = len(self._recorders)
        if entries > 1 and len(tensor) > 1 and len(tensor) % entries:
            raise ValueError(
                f"{type(origin).__name__} attends within {len(tensor)} separate entries, but the "
                f"batch has {entries}, and it cannot be told which are whose. Capture the entries "
                "one by one, with batch_index=."
            )
