"""The gradients and predictions of a trace, computed when they are first asked for."""

from collections import OrderedDict
from collections.abc import Iterator
from functools import partial
from threading import Lock
from typing import Any

from torch import Tensor

from attnwidget.capture.gradients.backward import attention_gradients
from attnwidget.capture.gradients.embeddings import embeddings, target_from
from attnwidget.capture.gradients.jacobian import embedding_jacobian
from attnwidget.capture.gradients.rerun import Rerun
from attnwidget.capture.gradients.top_predictions import Likeliest, likeliest
from attnwidget.trace.gradients import Report
from attnwidget.trace.once import Once
from attnwidget.trace.predictions import Predictions
from attnwidget.trace.target import Target, check_target

TARGETS = 4
"""How many targets' gradients are kept."""


class Shared:
    """What all targets of one input have in common.

    Parameters
    ----------
    rerun
        Runs the model again.
    """

    def __init__(self, rerun: Rerun) -> None:
        self.rerun = rerun
        self.aimed: OrderedDict[Target, ModelGradients] = OrderedDict()
        self.aiming = Lock()
        self.likeliest: Likeliest | None = None
        self.predicting = Lock()
        self.jacobians: dict[str, Once[Tensor]] = {each.keys: Once() for each in rerun.groups}

    def jacobian(self, stream: str) -> Once[Tensor]:
        """Return what is known of the embeddings of a stream's keys."""
        return self.jacobians[self.rerun.group(stream).keys]


class ModelGradients:
    """The `GradientSource` of a captured trace: a model, its inputs and a target.

    Refers to the model and the inputs. A copy of it is itself, and a pickled trace does without,
    so that neither copies the model.

    Parameters
    ----------
    shared
        The model and its inputs.
    target
        What gradients are of.
    """

    def __init__(self, shared: Shared, target: Target = None) -> None:
        self.target = target
        self._shared = shared
        self._gradients: Once[dict[str, tuple[Tensor, ...]]] = Once()
        shared.aimed.setdefault(target, self)

    def aimed_at(self, target: object) -> "ModelGradients":
        """Return a source of the gradients of another target; that of one of the last few again."""
        checked = check_target(target)
        known = self._shared.aimed
        with self._shared.aiming:
            source = known.get(checked) or ModelGradients(self._shared, checked)
            known.move_to_end(checked)
            while len(known) > TARGETS:
                known.popitem(last=False)
            return source

    def of_layer(self, stream: str, layer: int) -> Tensor:
        """Return the gradient that is kept of one layer."""
        return self.computed()[stream][layer]

    def computed(self) -> dict[str, tuple[Tensor, ...]]:
        """Return the gradients of every layer by stream, running the model the first time."""
        return self._gradients.get(partial(attention_gradients, self._shared.rerun, self.target))

    def predictions(self, position: int | None, top: int) -> Predictions:
        """Return the `top` likeliest predictions at a position."""
        if isinstance(top, bool) or not isinstance(top, int) or top < 1:
            raise ValueError(f"top must be 1 or a larger number, but {top!r} was given.")
        shared = self._shared
        with shared.predicting:
            if shared.likeliest is None or not shared.likeliest.holds(top):
                shared.likeliest = likeliest(shared.rerun, top)
            return shared.likeliest.at(position, top, shared.rerun)

    def embedding_jacobian(self, stream: str, report: Report) -> Tensor:
        """Return how strongly the outputs of a stream's keys depend on their embeddings."""
        compute = partial(embedding_jacobian, self._shared.rerun, stream, report)
        return self._shared.jacobian(stream).get(compute)

    def embeddings(self, stream: str) -> Tensor:
        """Return the embeddings of a stream's keys, (n_k, D)."""
        return embeddings(self._shared.rerun, stream)

    def target_from(self, stream: str, replacement: Tensor) -> Tensor:
        """Return the target that the model reaches with other embeddings of a stream's keys."""
        return target_from(self._shared.rerun, self._decided(), stream, replacement)

    def tensors(self, stream: str) -> Iterator[Tensor]:
        """Yield the gradients of a stream that are kept by now."""
        yield from (self._gradients.value or {}).get(stream, ())
        jacobian = self._shared.jacobian(stream).value
        if jacobian is not None:
            yield jacobian

    def _decided(self) -> Target:
        """Return the target with what it leaves open taken from the run on the inputs as given."""
        if callable(self.target) or (self.target is not None and self.target[0] == "hidden"):
            return self.target
        kind, position, index = ("logit", None, None) if self.target is None else self.target
        if index is not None:
            return self.target
        predicted = self.predictions(position, 1)
        if predicted.unit == "hidden":
            return ("hidden", None)
        return (kind, predicted.position, predicted.entries[0].index)

    def __deepcopy__(self, memo: object) -> "ModelGradients":
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _nothing, ()


def _nothing() -> None:
    """Return what a pickled trace has instead of a model."""
