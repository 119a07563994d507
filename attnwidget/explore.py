"""Capture a model and show the widget in one call."""

import inspect
import os
from collections.abc import Mapping, Sequence
from typing import Any, Unpack, cast

from torch import nn

from attnwidget.capture import capture
from attnwidget.capture.inputs.generate import is_generate_option
from attnwidget.capture.inputs.given import is_texts
from attnwidget.capture.model.wrappers import HoldsModel
from attnwidget.trace import Tokens
from attnwidget.widget import AttentionWidget
from attnwidget.widget.keywords import KEYWORDS, WidgetKeywords


class ExploreKeywords(WidgetKeywords, total=False):
    """Keywords of `attnwidget.capture` and of `AttentionWidget`.

    Of the options of ``generate``, only the ones that are used most.
    """

    messages: Sequence[Mapping[str, Any]] | None
    images: Any
    audio: Any
    tokenizer: Any
    processor: Any
    tokens: Sequence[str] | Tokens | None
    truncation: bool | int
    silence: bool
    decoder_text: str | None
    max_new_tokens: int
    batch_index: int | None
    modules: str | None
    seed: int | None
    do_sample: bool
    temperature: float
    top_k: int
    top_p: float
    num_beams: int


def explore(
    model: str | os.PathLike[str] | nn.Module | HoldsModel,
    text: Any = None,
    text_pair: str | None = None,
    **keywords: Unpack[ExploreKeywords],
) -> AttentionWidget:
    """Run a model once and show its attention.

    Parameters
    ----------
    model, text, text_pair
        As `attnwidget.capture` takes them.
    **keywords
        Any other keyword of `attnwidget.capture` or of `AttentionWidget`.

    Returns
    -------
    AttentionWidget
        The widget, with the trace in ``widget.trace``.

    Raises
    ------
    TypeError
        A keyword belongs neither to `attnwidget.capture` nor to `AttentionWidget`.
    """
    capture_keywords = [
        *(name for name in tuple(inspect.signature(capture).parameters)[3:] if name != "generate"),
        *filter(is_generate_option, keywords),
    ]
    widget_keywords = [name for name in KEYWORDS if name not in ("tokens", "key_tokens")]
    unknown = [name for name in keywords if name not in (*capture_keywords, *widget_keywords)]
    if unknown:
        raise TypeError(
            f"explore does not know the keyword {', '.join(map(repr, unknown))}. For the capture "
            f"it takes {', '.join(capture_keywords)}; for the widget {', '.join(widget_keywords)}."
        )
    given = cast("dict[str, Any]", keywords)
    for_capture = {name: given.pop(name) for name in capture_keywords if name in given}
    if is_texts(text) and for_capture.get("batch_index") is None:
        raise ValueError(
            f"A widget shows one text, and {len(text)} were given. Pass batch_index=0 to "
            f"{len(text) - 1} to choose it."
        )
    return AttentionWidget(capture(model, text, text_pair, **for_capture), **given)
