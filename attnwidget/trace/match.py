"""The tokens that two texts share, and where the places of one are in the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from attnwidget.trace.tokens import Tokens


@dataclass(frozen=True)
class Match:
    """Tokens that two texts share, in order: a longest run of equal tokens, and so on beside it.

    Attributes
    ----------
    before, after
        The places of the shared tokens in either text.
    sizes
        The number of tokens of either text.
    """

    before: tuple[int, ...]
    after: tuple[int, ...]
    sizes: tuple[int, int]

    @classmethod
    def of(cls, before: Tokens, after: Tokens) -> "Match":
        """Match the tokens of two texts by their text."""
        matcher = SequenceMatcher(None, before.text, after.text, autojunk=False)
        blocks = matcher.get_matching_blocks()
        return cls(
            tuple(block.a + at for block in blocks for at in range(block.size)),
            tuple(block.b + at for block in blocks for at in range(block.size)),
            (len(before), len(after)),
        )

    def places(self) -> dict[int, int]:
        """Return the place in the second text of every token of the first that has one.

        It is that of the same token. Between two shared tokens, as many tokens as there were before
        stand in the places of these, one by one.
        """
        return dict(self._pairs())

    def _pairs(self) -> Iterator[tuple[int, int]]:
        shared = [(-1, -1), *zip(self.before, self.after, strict=True), self.sizes]
        for (one, other), (next_one, next_other) in pairwise(shared):
            yield from [(one, other)] * (one >= 0)
            if next_one - one == next_other - other:
                yield from zip(range(one + 1, next_one), range(other + 1, next_other), strict=True)
