"""Gradients and predictions that were kept, where the model is not there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from torch import Tensor

from attnwidget.trace.gradients import Report
from attnwidget.trace.kept import Kept, KeptTarget
from attnwidget.trace.prediction_head import PredictionHead
from attnwidget.trace.predictions import Prediction, Predictions
from attnwidget.trace.scaled import held
from attnwidget.trace.target import Aim, IndexedTarget, SpanRange, check_target, with_indices

AGAIN = (
    "Capture the text again with attnwidget.capture, or save the trace with them: "
    "trace.with_target(target).save(path, gradients=True)."
)
"""What to do about gradients that are not in a file."""


@dataclass(frozen=True, eq=False)
class SavedGradients:
    """The `GradientSource` of a trace that was read from a file.

    Attributes
    ----------
    kept
        What the file holds.
    target
        The target of the gradients.
    """

    kept: Kept
    target: IndexedTarget = None

    @property
    def has_gradients(self) -> bool:
        """True if the file holds the gradients of the target."""
        found = self._found(self.target)
        return found is not None and found.layers is not None

    @property
    def span_range(self) -> SpanRange | None:
        """None: log-probabilities of spans need the model."""
        return None

    def in_words(self) -> str:
        """Return what the target is."""
        found = self._found(self.target)
        return f"the target {self.target!r}" if found is None else found.words

    def aimed_at(self, target: object) -> "SavedGradients":
        """Return a source of the gradients of another target."""
        return SavedGradients(self.kept, self._known(target))

    def resolved(self, target: object) -> IndexedTarget:
        """Return a target with indices for texts, and positions counted from the front."""
        aim = self._known(target)
        if aim is None or callable(aim) or aim[0] in ("span", "hidden") or aim[1] is None:
            return aim
        return cast("Aim", (aim[0], self.head.row(aim[1]), *aim[2:]))

    @property
    def head(self) -> PredictionHead:
        """The prediction head of the model."""
        return self.kept.predictions.head

    def of_layer(self, stream: str, layer: int) -> Tensor:
        """Return the gradient of one layer, see `GradientSource`."""
        found = self._found(self.target)
        if found is None or found.layers is None:
            there = [each.words for each in self.kept.targets if each.layers is not None]
            raise ValueError(
                f"Gradients of {self.in_words()} need the model, and this trace was read from a "
                f"file that holds {'those of ' + '; '.join(there) if there else 'none'}. {AGAIN}"
            )
        if not found.layers.get(stream):
            raise ValueError(
                f"The target, {found.words}, does not depend on the attention of {stream!r}: all "
                "gradients there are 0."
            )
        return found.layers[stream][layer].float()

    def predictions(
        self, position: int | None, top: int, including: Sequence[int | str] = ()
    ) -> Predictions:
        """Return the first `top` predictions at a position, and some others."""
        if isinstance(top, bool) or not isinstance(top, int) or top < 1:
            raise ValueError(f"top must be 1 or a larger number, but {top!r} was given.")
        kept = self.kept.predictions
        if position is None and not self.head.predicts and not including:
            return Predictions("hidden", None, ())
        row = self.head.row(position)
        entries = kept.at(row)
        if top > len(entries) and not kept.is_complete:
            raise ValueError(
                f"The file holds the {len(entries)} likeliest predictions of each position, but "
                f"top={top} was given. Pass less, or capture the text again."
            )
        found = {each.index: each for each in entries[:top]}
        for each in including:
            entry = self._listed(each, row)
            found.setdefault(entry.index, entry)
        place = row if self.head.has_positions else None
        return Predictions(self.head.unit, place, tuple(found.values()))

    def embedding_jacobian(self, stream: str, report: Report) -> Tensor:
        """Return the norms of the Jacobian of a stream's keys by their embeddings, (n_k, n_k)."""
        if stream not in self.kept.jacobians:
            raise ValueError(
                "Gradients by the input need the model, and this trace was read from a file that "
                f"holds none for {stream!r}. Capture the text again, or compute them before the "
                'trace is saved: gradient_flow(trace, 0, wrt="input").'
            )
        return self.kept.jacobians[stream].float()

    def embeddings(self, stream: str) -> Tensor:
        """Raise a ValueError: the embeddings belong to the model."""
        raise ValueError(
            f"The embeddings of {stream!r} need the model, and this trace was read from a file. "
            "Capture the text again with attnwidget.capture."
        )

    def target_from(self, stream: str, replacement: Tensor) -> Tensor:
        """Raise a ValueError: the model would have to run."""
        return self.embeddings(stream)

    def tensors(self, stream: str) -> Iterator[Tensor]:
        """Yield the gradients of a stream that are there."""
        found = self._found(self.target)
        own = () if found is None or found.layers is None else found.layers.get(stream, ())
        yield from held(*own, self.kept.jacobians.get(stream))

    def keep(self) -> Kept:
        """Return what is there, that of the target first."""
        own = self._found(self.target) or KeptTarget(self.target, self.in_words())
        others = (each for each in self.kept.targets if each is not own and each.layers is not None)
        return Kept((own, *others), self.kept.predictions, self.kept.jacobians)

    def compute(self) -> None:
        """Raise a ValueError if the gradients of the target are not there."""
        if not self.has_gradients:
            self.of_layer("", 0)

    def _found(self, target: IndexedTarget) -> KeptTarget | None:
        return next((each for each in self.kept.targets if each.target == target), None)

    def _known(self, target: object) -> IndexedTarget:
        """Return a target of which the file holds something.

        Raises
        ------
        ValueError
            It is no target, or the file does not tell anything about it.
        """
        aim = with_indices(check_target(target), self._index_of)
        if aim is None or self._found(aim) is not None:
            return aim
        if callable(aim) or aim[0] in ("span", "hidden"):
            what = "a function" if callable(aim) else repr(aim)
            raise ValueError(
                f"The target is {what}, and this trace was read from a file that holds nothing of "
                f"it. {AGAIN}"
            )
        row = self.head.row(aim[1])
        for index in aim[2:]:
            if index is not None:
                self._listed(index, row)
        return aim

    def _listed(self, named: int | str, row: int) -> Prediction:
        """Return the prediction of a token or class in a row of the logits."""
        index = self._index_of(named) if isinstance(named, str) else named
        listed = self.kept.predictions.listed(row)
        if index not in listed:
            texts = ", ".join(f"{each.index} {each.text!r}" for each in listed.values())
            raise ValueError(
                f"This trace was read from a file, which lists the likeliest {self.head.unit} at "
                f"each position, and {named!r} is not among them here: {texts}. Name one of these, "
                "or capture the text again; a token that the target names is listed too."
            )
        return listed[index]

    def _index_of(self, text: str) -> int:
        names = self.kept.predictions.names
        found = [index for index, name in names.items() if name == text]
        if len(found) == 1:
            return found[0]
        several = f"{len(found)} tokens: {', '.join(map(str, found))}" if found else "none"
        raise ValueError(
            f"{text!r} was named, and of the tokens or classes that the file lists it is "
            f"{several}. Pass an index that trace.predictions(position) lists."
        )
