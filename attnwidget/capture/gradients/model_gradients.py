"""The gradients and predictions of a captured trace, computed on demand."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import partial
from threading import Lock
from typing import Any

from torch import Tensor

from attnwidget.capture.gradients import _nothing
from attnwidget.capture.gradients.backward import attention_gradients
from attnwidget.capture.gradients.embeddings import embeddings, target_from
from attnwidget.capture.gradients.jacobian import embedding_jacobian
from attnwidget.capture.gradients.keep import kept_predictions
from attnwidget.capture.gradients.named_index import index_of
from attnwidget.capture.gradients.placed_target import placed
from attnwidget.capture.gradients.rerun import Rerun
from attnwidget.capture.gradients.target_words import target_in_words
from attnwidget.capture.gradients.top_predictions import (
    TopPredictions,
    names_of,
    top_predictions,
)
from attnwidget.trace.gradients import Report
from attnwidget.trace.kept import Kept, KeptTarget
from attnwidget.trace.once import Once
from attnwidget.trace.prediction_head import PredictionHead
from attnwidget.trace.predictions import Predictions
from attnwidget.trace.target import Aim, IndexedTarget, SpanRange, check_target, with_indices

DEFAULT: Aim = ("logit", None, None)
"""The target of a model that predicts something, unless another one is named."""

MAX_TARGETS = 4
"""Most targets whose gradients are kept."""


class SharedResults:
    """Results that all targets of one input share.

    Parameters
    ----------
    rerun
        The model and its inputs.
    head
        The prediction head of the model.
    """

    def __init__(self, rerun: Rerun, head: PredictionHead) -> None:
        self.rerun = rerun
        self.head = head
        self._sources: OrderedDict[IndexedTarget, ModelGradients] = OrderedDict()
        self._sources_lock = Lock()
        self._predictions: TopPredictions | None = None
        self._predictions_lock = Lock()
        self._jacobians: dict[str, Once[Tensor]] = {each.keys: Once() for each in rerun.groups}

    def add(self, source: "ModelGradients") -> None:
        """Keep the gradients of a target."""
        self._sources.setdefault(source.target, source)

    def source(self, target: IndexedTarget) -> "ModelGradients":
        """Return the gradients of a target, the kept ones if it is one of the last few."""
        with self._sources_lock:
            source = self._sources.get(target) or ModelGradients(self, target)
            self._sources.move_to_end(target)
            while len(self._sources) > MAX_TARGETS:
                self._sources.popitem(last=False)
            return source

    def predictions(self, top: int) -> TopPredictions:
        """Return at least the first `top` predictions at every position."""
        with self._predictions_lock:
            if self._predictions is None or not self._predictions.holds(top):
                self._predictions = top_predictions(self.rerun, top)
            return self._predictions

    def definite(self, target: IndexedTarget) -> IndexedTarget:
        """Return a target with the position and index that the model predicts."""
        aim = DEFAULT if target is None else target
        if callable(aim) or aim[0] == "hidden" or aim[0] == "span" or aim[2] is not None:
            return aim
        predicted = self.predictions(1).at(aim[1], 1, (), self.rerun)
        if predicted.unit == "hidden":
            return ("hidden", None)
        index = predicted.entries[0].index
        place = aim[1] if predicted.position is None else predicted.position
        if aim[0] == "contrast":
            return ("contrast", place, index, aim[3])
        return (aim[0], place, index)

    def keep(self, own: "ModelGradients") -> Kept:
        """Return what is kept without the model, of one target and of others that were computed."""
        with self._sources_lock:
            sources = [own, *(each for each in self._sources.values() if each is not own)]
        targets = [each.kept() for each in sources]
        targets = [targets[0], *(each for each in targets[1:] if each.layers is not None)]
        found = kept_predictions(self.predictions(1), self.rerun, [each.target for each in targets])
        done = {each.name: self.jacobian(each.name).value for each in self.rerun.groups}
        jacobians = {name: each for name, each in done.items() if each is not None}
        return Kept(tuple(targets), found, jacobians)

    def jacobian(self, stream: str) -> Once[Tensor]:
        """Return the Jacobian by the embeddings of a stream's keys, computed or not."""
        return self._jacobians[self.rerun.group(stream).keys]


class ModelGradients:
    """The `GradientSource` of a captured trace: a model, its inputs and a target.

    It refers to the model and the inputs. Copying gives the same object and a pickled trace has
    none, so that neither copies the model.

    Parameters
    ----------
    shared
        The model, its inputs and the results that all targets share.
    target
        The target that gradients are taken of.
    """

    def __init__(self, shared: SharedResults, target: IndexedTarget = None) -> None:
        self.target = target
        self._shared = shared
        self._gradients: Once[dict[str, tuple[Tensor, ...]]] = Once()
        shared.add(self)

    @property
    def has_gradients(self) -> bool:
        """True: the model can run backward."""
        return True

    def in_words(self) -> str:
        """Return what the target is."""
        rerun, head = self._shared.rerun, self._shared.head
        return target_in_words(self.target, head, rerun.text, partial(names_of, head, rerun))

    def aimed_at(self, target: object) -> "ModelGradients":
        """Return a source of the gradients of another target."""
        return self._shared.source(self._with_indices(target))

    def resolved(self, target: object) -> IndexedTarget:
        """Return a target with indices for texts, and positions counted from the front."""
        return placed(self._with_indices(target), self._shared.rerun.text, self._shared.head)

    @property
    def span_range(self) -> SpanRange | None:
        """The tokens whose log-probability a span may sum up, None if there are none."""
        head, rerun = self._shared.head, self._shared.rerun
        predicts_tokens = head.unit == "token" and head.num_rows == len(rerun.tokens)
        return rerun.text.range if predicts_tokens else None

    def _with_indices(self, target: object) -> IndexedTarget:
        return with_indices(check_target(target), self._index_of)

    def _index_of(self, text: str) -> int:
        rerun, unit = self._shared.rerun, self._shared.head.unit
        return index_of(text, rerun.model, rerun.inputs.tokenizer, unit)

    def of_layer(self, stream: str, layer: int) -> Tensor:
        """Return the gradient of one layer, see `GradientSource`."""
        layers = self.computed()[stream]
        if not layers:
            raise ValueError(
                f"The target, {self.in_words()}, does not depend on the attention of {stream!r}: "
                "all gradients there are 0. Name another target, such as a function of the output "
                "that joins the towers: trace.with_target(lambda output: …)."
            )
        return layers[layer]

    def computed(self) -> dict[str, tuple[Tensor, ...]]:
        """Return the gradients of every layer by stream; the first call runs the model."""
        return self._gradients.get(partial(attention_gradients, self._shared.rerun, self.target))

    def compute(self) -> None:
        """Compute the gradients, if that was not done before."""
        self.computed()

    def kept(self) -> KeptTarget:
        """Return the target with the gradients, if they have been computed."""
        return KeptTarget(self.target, self.in_words(), self._gradients.value)

    def keep(self) -> Kept:
        """Return the predictions and what has been computed, without the model."""
        return self._shared.keep(self)

    def predictions(
        self, position: int | None, top: int, including: Sequence[int | str] = ()
    ) -> Predictions:
        """Return the first `top` predictions at a position, and some others."""
        if isinstance(top, bool) or not isinstance(top, int) or top < 1:
            raise ValueError(f"top must be 1 or a larger number, but {top!r} was given.")
        others = [self._index_of(each) if isinstance(each, str) else each for each in including]
        return self._shared.predictions(top).at(position, top, others, self._shared.rerun)

    def embedding_jacobian(self, stream: str, report: Report) -> Tensor:
        """Return the norms of the Jacobian of a stream's keys by their embeddings, (n_k, n_k)."""
        compute = partial(embedding_jacobian, self._shared.rerun, stream, report)
        return self._shared.jacobian(stream).get(compute)

    def embeddings(self, stream: str) -> Tensor:
        """Return the embeddings of a stream's keys, (n_k, D)."""
        return embeddings(self._shared.rerun, stream)

    def target_from(self, stream: str, replacement: Tensor) -> Tensor:
        """Run the model with other embeddings of a stream's keys and return the target."""
        return target_from(
            self._shared.rerun, self._shared.definite(self.target), stream, replacement
        )

    def tensors(self, stream: str) -> Iterator[Tensor]:
        """Yield the gradients of a stream that have been computed."""
        yield from (self._gradients.value or {}).get(stream, ())
        jacobian = self._shared.jacobian(stream).value
        if jacobian is not None:
            yield jacobian

    def __deepcopy__(self, memo: object) -> "ModelGradients":
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _nothing, ()
