"""The tokens of a text, each with the position at which a model predicts it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from attnwidget.capture.gradients.reach import reach
from attnwidget.trace.stream import Stream
from attnwidget.trace.target import SpanRange


@dataclass(frozen=True)
class Span:
    """Some tokens of a text that follow each other.

    Attributes
    ----------
    start, stop
        The tokens, counted from 0; `stop` is left out.
    rows
        The positions at which they are predicted.
    ids
        Their indices in the vocabulary.
    """

    start: int
    stop: int
    rows: slice
    ids: tuple[int, ...]


@dataclass(frozen=True)
class PredictedText:
    """The text whose tokens a model predicts: that of the decoder, if there is one.

    Attributes
    ----------
    model
        Name of the model's class, for errors.
    stream
        The attention of these tokens.
    ids
        The index of each token in the vocabulary; None for a position that is no token, such as a
        part of an image, and for a mask. None as a whole if no ids are known.
    is_next
        True if each token is predicted at the position before it, from the tokens before it; False
        if at its own position.
    answer
        The first token of what was written, or of the second text; None if there is neither.
    """

    model: str
    stream: Stream
    ids: Sequence[int | None] | None
    is_next: bool
    answer: int | None = None

    @property
    def range(self) -> SpanRange | None:
        """The tokens that a span may have; None if the model predicts none of them."""
        if self.ids is None:
            return None
        stop = len(self.ids)
        unknown = {at for at in range(self.first, stop) if self.ids[at] is None}
        gaps = tuple(sorted(unknown | self._seen))
        if len(gaps) == len(range(self.first, stop)):
            return None
        answer = self._words()
        has_gap = answer is not None and any(answer[0] <= gap < answer[1] for gap in gaps)
        return SpanRange(self.first, stop, gaps, None if has_gap else answer)

    def _words(self) -> tuple[int, int] | None:
        """Return start and stop of the answer without the special tokens that frame it."""
        special = self.stream.queries.special
        words = [
            at
            for at in range(self.first, len(special))
            if self.answer is not None and at >= self.answer and not special[at]
        ]
        if not words:
            return None
        # The end that a model wrote is part of what it wrote.
        return words[0], len(special) if self.is_next else words[-1] + 1

    @property
    def first(self) -> int:
        """The first token that has a prediction."""
        return int(self.is_next)

    def span(self, start: int, stop: int | None) -> Span:
        """Return some of the tokens; negative numbers count from the end.

        Raises
        ------
        IndexError
            The text has no such tokens.
        ValueError
            There are none between start and stop, or the model predicts some of them not at all or
            knowing them already.
        """
        given = ("span", start, stop)
        if self.ids is None:
            raise ValueError(
                f"The target {given!r} needs the indices of the text's tokens, and the positions "
                f"of {self.model} are no tokens of its vocabulary. Name an index yourself: "
                '("log_prob", position, index).'
            )
        begin, end = self._bounds(given, start, stop)
        ids = self.ids[begin:end]
        self._check_tokens(given, begin, ids)
        self._check_unseen(given, begin, end)
        rows = slice(begin - self.first, end - self.first)
        return Span(begin, end, rows, tuple(each for each in ids if each is not None))

    def _bounds(self, given: object, start: int, stop: int | None) -> tuple[int, int]:
        length = len(self.ids or ())
        begin = start + length if start < 0 else start
        end = length if stop is None else stop + length if stop < 0 else stop
        choices = f'Pass ("span", start, stop) with {self.first} <= start < stop <= {length}'
        if not 0 <= begin < length or not 0 <= end <= length:
            raise IndexError(
                f"The target {given!r} goes beyond the text, which has {length} tokens. {choices}; "
                "stop itself is left out, and None is the end."
            )
        if begin >= end:
            raise ValueError(
                f"The target {given!r} has no tokens: it begins at {begin} and ends before {end}. "
                f"{choices}; stop itself is left out."
            )
        if begin < self.first:
            advice = f"{choices}." if length > self.first else "Capture a longer text."
            raise ValueError(
                f"The target {given!r} has token 0 {self._name(0)}, which {self.model} does not "
                f"predict, because nothing stands before it. {advice}"
            )
        return begin, end

    def _check_tokens(self, given: object, begin: int, ids: Sequence[int | None]) -> None:
        if None not in ids:
            return
        place = begin + ids.index(None)
        raise ValueError(
            f"The target {given!r} has position {place} {self._name(place)}, which is a mask or no "
            "token of the vocabulary, so that it has no probability. Leave it out, or name the "
            f'token whose probability you mean: ("log_prob", {place - self.first}, index).'
        )

    def _check_unseen(self, given: object, begin: int, end: int) -> None:
        """Refuse tokens that the position before them has seen."""
        seen = [at for at in range(begin, end) if at in self._seen]
        if not seen:
            return
        place = seen[0]
        raise ValueError(
            f"The target {given!r} has token {place} {self._name(place)}, which {self.model} "
            "reads before it predicts it: its attention goes to later tokens too. Take a token "
            f'of your own, ("log_prob", {place - 1}, index), or a model whose attention is causal.'
        )

    @cached_property
    def _seen(self) -> frozenset[int]:
        """The tokens that the position before them has seen, though it is to predict them."""
        if not self.is_next or self.stream.causal:
            return frozenset()
        last = reach(self.stream).tolist()
        return frozenset(at for at in range(1, len(last)) if last[at - 1] >= at)

    def _name(self, place: int) -> str:
        return repr(self.stream.queries.text[place])
