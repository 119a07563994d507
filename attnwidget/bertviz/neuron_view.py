"""BertViz's neuron view."""

import os
from typing import Any, SupportsIndex

from torch import nn

from attnwidget.bertviz.output import HtmlPage, check_display_mode, check_html_action, output
from attnwidget.capture import capture
from attnwidget.trace import Stream
from attnwidget.trace.indexing import resolve_index
from attnwidget.widget import AttentionWidget


def show(
    model: str | os.PathLike[str] | nn.Module,
    model_type: str | None,
    tokenizer: Any,
    sentence_a: str,
    sentence_b: str | None = None,
    display_mode: str = "dark",
    layer: SupportsIndex | None = None,
    head: SupportsIndex | None = None,
    html_action: str = "view",
) -> HtmlPage | None:
    """Show how a query and the keys become attention weights, neuron by neuron.

    Parameters
    ----------
    model
        A model whose queries and keys `attnwidget.capture` can capture, such as any model of
        transformers.
    model_type
        Ignored.
    tokenizer
        The tokenizer of the model; None for the one saved with it.
    sentence_a, sentence_b
        A text, or the two texts of a pair. An empty second text counts as None.
    display_mode
        ``"dark"`` or ``"light"``.
    layer, head
        The layer and the head that are shown first, by default layer 0 and head 0.
    html_action
        As `attnwidget.bertviz.head_view` takes it.

    Returns
    -------
    HtmlPage or None
        Its ``data`` is the page.

    Raises
    ------
    ValueError
        The texts do not fit the model, or only its weights can be captured, without queries and
        keys; the message says what to do.
    IndexError
        There is no such layer or head.
    """
    check_html_action(html_action)
    theme = check_display_mode(display_mode)
    trace = capture(model, sentence_a, sentence_b or None, tokenizer=tokenizer)
    _check_projections(trace.stacks[0], trace.model_name)
    widget = AttentionWidget(
        trace,
        view="neuron",
        layer=0 if layer is None else resolve_index(layer, trace.num_layers, "layer"),
        heads=[0 if head is None else resolve_index(head, trace.num_heads, "head")],
        theme=theme,
    )
    return output(widget, html_action)


def _check_projections(stream: Stream, model: str | None) -> None:
    if not stream.has_projections:
        raise ValueError(
            f"The neuron view needs queries and keys, but {model or 'this model'} computes "
            "attention in code of its own, from which only the weights can be had. See those with "
            "attnwidget.explore(model, text, tokenizer=tokenizer), or load a model whose "
            "attn_implementation can be 'sdpa'."
        )
