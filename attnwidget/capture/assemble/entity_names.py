"""Name the entities that a model reads after the words of a text."""

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from attnwidget.capture.assemble.text_tokens import text_tokens
from attnwidget.capture.inputs.model_inputs import ModelInputs

IDS, SPANS = "entity_ids", "entity_position_ids"
"""The inputs with the number of each entity, and with the places of the words that mention it."""


def entity_names(inputs: ModelInputs, word_ids: list[int], count: int) -> list[str] | None:
    """Return ``"[ENTITY Paris]"`` for each of `count` entities, None if they are not given.

    An entity has its name in the tokenizer's vocabulary of entities; one that is masked or unknown
    there has the words of the text that mention it.

    Parameters
    ----------
    inputs
        Inputs of the forward pass.
    word_ids
        Ids of the words.
    count
        Number of positions after the words.
    """
    ids = inputs.ids(IDS)
    if ids is None or len(ids) != count:
        return None
    known = _vocabulary(inputs.tokenizer)
    spans = _spans(inputs, count)
    return [
        f"[ENTITY {known.get(each) or _mention(inputs.tokenizer, word_ids, span) or place}]"
        for place, (each, span) in enumerate(zip(ids, spans, strict=True), start=1)
    ]


def _vocabulary(tokenizer: Any) -> dict[int, str]:
    """Return the names of entities by their number, without "[MASK]" and the like."""
    names = getattr(tokenizer, "entity_vocab", None)
    if not isinstance(names, Mapping):
        return {}
    return {number: name for name, number in names.items() if not name.startswith("[")}


def _spans(inputs: ModelInputs, count: int) -> list[list[int]]:
    """Return the places of the words that mention each entity; places below 0 are padding."""
    places = inputs.tensors.get(SPANS)
    if not isinstance(places, Tensor) or places.ndim != 3 or places.shape[1] != count:
        return [[] for _ in range(count)]
    of_entry: list[list[int]] = places[inputs.entry if len(places) > 1 else 0].tolist()
    return [[place for place in span if place >= 0] for span in of_entry]


def _mention(tokenizer: Any, word_ids: list[int], span: list[int]) -> str:
    """Return the words at some places of a text; empty where they cannot be read."""
    if tokenizer is None or not span or max(span) >= len(word_ids):
        return ""
    words = text_tokens(tokenizer, [word_ids[place] for place in span])
    pieces = zip(words.text, words.continues, strict=True)
    return "".join(piece if more else f" {piece}" for piece, more in pieces).strip()
