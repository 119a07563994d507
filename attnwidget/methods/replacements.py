"""The tokens that stand in for others."""

import operator
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Literal, TypeAlias

import torch

from attnwidget.trace.gradients import Report
from attnwidget.trace.reruns import Reruns, Words

Replacements: TypeAlias = Literal["predictions"] | Iterable[str | int] | None
"""What is drawn from: tokens of the same kind, predictions at a mask, or given tokens."""


@dataclass(frozen=True)
class Pool:
    """What tokens are drawn from, for each position that is replaced.

    Attributes
    ----------
    stream
        The stream whose keys are replaced.
    places
        The positions.
    ids
        The token at each position of the stream.
    candidates
        The tokens to draw from.
    of_places
        For each of the positions the candidates for it.
    draws
        Most tokens for each position.
    seed
        Seed of the draws.
    predicts
        True if the model's predictions say how likely each candidate is drawn.
    """

    stream: str
    places: tuple[int, ...]
    ids: tuple[int, ...]
    candidates: Sequence[int]
    of_places: tuple[Sequence[int], ...]
    draws: int
    seed: int
    predicts: bool

    @property
    def runs(self) -> int:
        """Number of runs of the model: one for each draw, and for each mask that is filled."""
        known = set(self.candidates)
        drawn = sum(
            min(self.draws, len(some) - (self.ids[place] in known))
            for place, some in zip(self.places, self.of_places, strict=True)
        )
        return drawn + (len(self.places) if self.predicts else 0)

    def drawn(self, reruns: Reruns, report: Report) -> list[tuple[int, int]]:
        """Return positions and the tokens to put there, in the order of the positions.

        Runs the model for predictions, and reports how many positions are done.
        """
        if self.predicts:
            return self._predicted(reruns, report)
        rng = Random(self.seed)
        found = []
        for place, some in zip(self.places, self.of_places, strict=True):
            several = rng.sample(some, min(self.draws + 1, len(some)))
            others = [each for each in several if each != self.ids[place]][: self.draws]
            found += [(place, each) for each in others]
        return found

    def _predicted(self, reruns: Reruns, report: Report) -> list[tuple[int, int]]:
        generator = torch.Generator().manual_seed(self.seed)
        candidates = torch.tensor(self.candidates, device="cpu")
        found = []
        logits = reruns.fillings(self.stream, self.places, report)
        for place, row in zip(self.places, logits, strict=True):
            others = candidates[candidates != self.ids[place]]
            # The largest of log-probabilities with Gumbel noise are a sample without repetition.
            noise = torch.rand(len(others), generator=generator).clamp(min=1e-20).log().neg().log()
            ranked = (row[others].log_softmax(-1) - noise).topk(min(self.draws, len(others)))
            found += [(place, each) for each in others[ranked.indices].tolist()]
        return found


def pool_of(
    words: Words,
    stream: str,
    left_out: frozenset[int],
    draws: int,
    replacements: Replacements,
    seed: int,
) -> Pool:
    """Return what is drawn from.

    Raises
    ------
    ValueError
        `draws` is less than 1, or the replacements cannot be used.
    """
    if isinstance(draws, bool) or not isinstance(draws, int) or draws < 1:
        raise ValueError(f"draws must be 1 or a larger number, but {draws!r} was given.")
    predicts = isinstance(replacements, str) and replacements == "predictions"
    if predicts and not words.fills_masks:
        raise ValueError(
            'replacements="predictions" asks the model what it predicts at a mask, and this one '
            "fills no masks, or no tokenizer tells its mask. Pass None for ordinary tokens of the "
            "vocabulary, or a list of tokens."
        )
    candidates = (
        list(words.ordinary) if replacements is None or predicts else _given(replacements, words)
    )
    places = tuple(place for place in range(len(words.ids)) if place not in left_out)
    of_places = (
        _alike(words, places, candidates) if replacements is None else (candidates,) * len(places)
    )
    pool = Pool(stream, places, words.ids, candidates, of_places, draws, seed, predicts)
    if not pool.runs:
        raise ValueError(
            f"No token can be replaced: of {len(words.ids)} tokens {len(places)} may be, and "
            f"there are {len(candidates)} tokens to draw from. Pass a longer text, or other "
            "replacements."
        )
    return pool


def _alike(
    words: Words, places: Sequence[int], candidates: Sequence[int]
) -> tuple[Sequence[int], ...]:
    """Return for each position the candidates of its token's kind; all if there are no others."""
    by_kind: dict[Hashable, list[int]] = {}
    for each in candidates:
        by_kind.setdefault(words.kind_of(each), []).append(each)
    found: list[Sequence[int]] = []
    for place in places:
        own = words.ids[place]
        alike = by_kind.get(words.kind_of(own), [])
        found.append(alike if alike and alike != [own] else candidates)
    return tuple(found)


def _given(replacements: Any, words: Words) -> list[int]:
    if isinstance(replacements, str) or not isinstance(replacements, Iterable):
        raise ValueError(
            'replacements must be None, "predictions" or a list of tokens, as texts or indices, '
            f"but {replacements!r} was given."
        )
    entries: Any = replacements.tolist() if hasattr(replacements, "tolist") else replacements
    return list(dict.fromkeys(_index(each, words) for each in entries))


def _index(token: Any, words: Words) -> int:
    if isinstance(token, str):
        return words.index_of(token)
    if isinstance(token, bool) or not hasattr(token, "__index__"):
        raise ValueError(f"A replacement must be a text or an index, but {token!r} was given.")
    index = operator.index(token)
    if not 0 <= index < words.size:
        raise ValueError(
            f"The replacement {index} is no token of the vocabulary, which has {words.size}: pass "
            f"0 to {words.size - 1}."
        )
    return index
