"""Edits of an input as plain data: tokens that are replaced, and another text."""

import operator
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

Edit: TypeAlias = dict[str, Any]
"""``{"stream", "index", "token"}`` or ``{"text", "text_pair"}``, as JSON."""

TEXT = "text"
"""The field of an edit that is another text."""

FORMS = (
    'edits must be a text, a mapping of positions to tokens such as {3: "dog"}, or a list of '
    '{"index": 3, "token": "dog"} and {"text": "Another text."}'
)


def read_edits(given: object) -> list[Edit]:
    """Return edits in one form: a text first, if there is one, then tokens that are replaced.

    Parameters
    ----------
    given
        None or an empty list for none; a text; a mapping of positions to tokens; one edit, or a
        list of them. A text takes the place of all edits before it.

    Raises
    ------
    ValueError
        It is none of these.
    """
    read: list[Edit] = []
    for each in _listed(given):
        if not isinstance(each, Mapping):
            raise ValueError(f"{FORMS}, but {given!r} was given.")
        if TEXT in each:
            read = [_text(each)]
        else:
            read.append(_token(each))
    return read


def _listed(given: object) -> Sequence[Any]:
    if given is None:
        return []
    if isinstance(given, str):
        return [{"text": given}]
    if isinstance(given, Mapping):
        if given and all(hasattr(each, "__index__") for each in given):
            return [{"index": index, "token": token} for index, token in given.items()]
        return [given]
    if not isinstance(given, (list, tuple)):
        raise ValueError(f"{FORMS}, but {given!r} was given.")
    return given


def _text(given: Mapping[str, Any]) -> Edit:
    texts = given["text"], given.get("text_pair")
    is_text = isinstance(texts[0], str) and (texts[1] is None or isinstance(texts[1], str))
    if not is_text or not set(given) <= {"text", "text_pair"}:
        raise ValueError(f"{FORMS}, but {dict(given)!r} was given.")
    return {"text": texts[0], "text_pair": texts[1]}


def _token(given: Mapping[str, Any]) -> Edit:
    stream, token = given.get("stream"), given.get("token")
    fits = set(given) <= {"stream", "index", "token"} and {"index", "token"} <= set(given)
    if not fits or not (stream is None or isinstance(stream, str)):
        raise ValueError(f"{FORMS}, but {dict(given)!r} was given.")
    index = _whole(given["index"], given)
    named = token if isinstance(token, str) else _whole(token, given)
    return {"stream": stream, "index": index, "token": named}


def _whole(value: Any, given: Mapping[str, Any]) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise ValueError(f"{FORMS}, but {dict(given)!r} was given.")
    return operator.index(value)
