"""Capture a model and show the widget in one call."""

import inspect
import os
from collections.abc import Mapping
from typing import Any

from torch import nn

from attnwidget.capture import capture
from attnwidget.widget import AttentionWidget
from attnwidget.widget.arguments import KEYWORDS


def explore(
    model: str | os.PathLike[str] | nn.Module,
    text: str | Mapping[str, Any],
    text_pair: str | None = None,
    **keywords: Any,
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
    capture_keywords = tuple(inspect.signature(capture).parameters)[3:]
    widget_keywords = [name for name in KEYWORDS if name not in ("tokens", "key_tokens")]
    unknown = [name for name in keywords if name not in (*capture_keywords, *widget_keywords)]
    if unknown:
        raise TypeError(
            f"explore does not know the keyword {', '.join(map(repr, unknown))}. For the capture "
            f"it takes {', '.join(capture_keywords)}; for the widget {', '.join(widget_keywords)}."
        )
    for_capture = {name: keywords.pop(name) for name in capture_keywords if name in keywords}
    return AttentionWidget(capture(model, text, text_pair, **for_capture), **keywords)
