"""Runs of a trace's model in which something is changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from torch import Tensor

from attnwidget.trace.cut_places import PlacedCut
from attnwidget.trace.divergence import Outcome
from attnwidget.trace.editing import Editing
from attnwidget.trace.gradients import Report
from attnwidget.trace.predictions import Predictions
from attnwidget.trace.removal import Removal
from attnwidget.trace.target import IndexedTarget

if TYPE_CHECKING:
    from attnwidget.trace.trace import Trace


@dataclass(frozen=True)
class Change:
    """What one run changes.

    Attributes
    ----------
    cuts
        Attention that is taken away.
    tokens
        Positions of a stream's keys, and the indices of the tokens that are read there instead.
    stream
        The stream of `tokens`.
    """

    cuts: tuple[PlacedCut, ...] = ()
    tokens: tuple[tuple[int, int], ...] = ()
    stream: str = ""


@dataclass(frozen=True)
class Comparison:
    """A run with cuts beside the run without them.

    Attributes
    ----------
    before, after
        The predictions at the target's position.
    value_before, value_after
        The target.
    kl
        The Kullback-Leibler divergence KL(before || after) of all predictions, in nats; None where
        there is none.
    emptied
        Number of rows of attention, over heads and layers, that had no key left.
    no_kl
        Why there is no divergence, in words; empty where it is known or not worth a word.
    """

    before: Predictions
    after: Predictions
    value_before: float
    value_after: float
    kl: float | None
    emptied: int
    no_kl: str = ""


@dataclass(frozen=True)
class Words:
    """The tokens that the positions of a stream's keys are read from.

    Attributes
    ----------
    ids
        The index of each in the vocabulary.
    ordinary
        The indices of the vocabulary that stand for text, no special or unused ones.
    size
        Number of tokens of the vocabulary.
    index_of
        Returns the index of a text that is one token.
    kind_of
        Returns the kind of a token of the vocabulary: those of one kind are letters, digits or
        signs alike, and begin a word alike.
    fills_masks
        True if the model fills masks, so that it can predict tokens in a text's place.
    fixed
        Positions whose tokens stand for something else, such as a part of an image.
    """

    ids: tuple[int, ...]
    ordinary: Sequence[int]
    size: int
    index_of: Callable[[str], int]
    kind_of: Callable[[int], Hashable]
    fills_masks: bool
    fixed: frozenset[int] = frozenset()


class Reruns(Protocol):
    """Runs a captured model again with changes, and leaves it as it was."""

    def definite(self, target: IndexedTarget) -> IndexedTarget:
        """Return a target whose position and tokens are those of the run without changes."""

    def log_probability(self, target: IndexedTarget) -> IndexedTarget:
        """Return a definite target: of a logit, the log-probability, if the model has any."""

    def positions(self, target: IndexedTarget) -> tuple[int, ...]:
        """Return the positions at which the target is predicted; none if the model has none.

        Raises
        ------
        IndexError, ValueError
            The target does not fit the model.
        """

    def check_cuts(self) -> None:
        """Raise a ValueError if the attention of the model cannot be cut."""

    def value(self, target: IndexedTarget) -> float:
        """Return the target without changes."""

    def outcome(self, target: IndexedTarget) -> Outcome:
        """Return the logits that the target is read from, without changes."""

    def values(self, changes: Sequence[Change], target: IndexedTarget, report: Report) -> Tensor:
        """Return the target of a run for each of some changes, (m,) float32.

        Parameters
        ----------
        changes
            The changes.
        target
            The target; what it leaves open is as in the run without changes.
        report
            Receives the number of changes that are done; it may raise.

        Raises
        ------
        ValueError
            The attention of the model cannot be cut, the stream has no tokens to replace, or the
            target does not fit the model.
        """

    def values_without(
        self,
        stream: str,
        sets: Sequence[Sequence[int]],
        removal: Removal,
        target: IndexedTarget,
        report: Report,
    ) -> Tensor:
        """Return the target of a run without each of some sets of tokens, (m,) float64.

        Parameters
        ----------
        stream
            The stream whose keys are deleted.
        sets
            Keys, counted from 0; an empty set deletes nothing.
        removal
            How they are deleted.
        target
            The target, whose positions are those of the whole input; what it leaves open is as in
            the run without changes.
        report
            Receives the number of sets that are done; it may raise.

        Raises
        ------
        ValueError
            The keys are no token ids, they cannot be deleted in this way, or the target does not
            fit the model.
        """

    def check_removal_by_cut(self, stream: str, keys: Sequence[int], target: IndexedTarget) -> None:
        """Check that nothing of keys that are deleted by cutting arrives at the target.

        Raises
        ------
        ValueError
            Something arrives, or they cannot be cut; the message says what to do.
        """

    def compare(self, cuts: Sequence[PlacedCut], target: IndexedTarget, top: int) -> Comparison:
        """Run the model with all of some cuts and compare it with the run without them."""

    def cut_trace(self, cuts: Sequence[PlacedCut], target: IndexedTarget) -> Trace:
        """Return the trace of the run with all of some cuts."""

    def replaced_trace(self, change: Change, trace: Trace) -> Trace:
        """Return the trace of the run with other tokens, named and aimed as a trace of this one.

        Raises
        ------
        ValueError
            The stream's keys are not read from token ids, or attention is cut in every run.
        """

    def read_trace(self, texts: Sequence[str]) -> Trace:
        """Return the trace of the run on another text, or on another pair, with its own target.

        Raises
        ------
        ValueError
            The input is no text, its tokenizer is not known, the text cannot be read, or attention
            is cut in every run.
        """

    def editing(self) -> Editing:
        """Return what of the input can be edited."""

    def alternatives(
        self, stream: str, place: int, top: int, including: Sequence[int | str]
    ) -> Predictions:
        """Return the likeliest tokens in the place of a stream's key, and some others.

        Raises
        ------
        ValueError
            The model predicts no tokens there, or a text is not one token.
        """

    def words(self, stream: str) -> Words:
        """Return the tokens that a stream's keys are read from.

        Raises
        ------
        ValueError
            They are not read from the indices of a vocabulary.
        """

    def stands_on(self, target: IndexedTarget, stream: str) -> frozenset[int]:
        """Return the keys of a stream that cannot be replaced, because the target is about them."""

    def fillings(self, stream: str, places: Sequence[int], report: Report) -> Tensor:
        """Return the logits at some keys' positions if a mask stood there, (m, V) on the CPU."""
