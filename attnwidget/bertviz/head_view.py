"""BertViz's head view."""

from collections.abc import Sequence
from typing import SupportsIndex

from attnwidget.bertviz.attentions import Attentions
from attnwidget.bertviz.chosen import chosen
from attnwidget.bertviz.output import HtmlPage, check_html_action, output
from attnwidget.bertviz.restrict import restricted
from attnwidget.trace.stack import Stack
from attnwidget.widget import AttentionWidget


def head_view(
    attention: Stack | None = None,
    tokens: Sequence[str] | None = None,
    sentence_b_start: SupportsIndex | None = None,
    prettify_tokens: bool = True,
    layer: SupportsIndex | None = None,
    heads: Sequence[SupportsIndex] | None = None,
    encoder_attention: Stack | None = None,
    decoder_attention: Stack | None = None,
    cross_attention: Stack | None = None,
    encoder_tokens: Sequence[str] | None = None,
    decoder_tokens: Sequence[str] | None = None,
    include_layers: Sequence[SupportsIndex] | None = None,
    html_action: str = "view",
    *,
    batch_index: SupportsIndex | None = None,
) -> HtmlPage | None:
    """Show the attention between tokens, one layer at a time, each head in its colour.

    Parameters
    ----------
    attention
        Self-attention: one array a layer, (1, H, n, n), such as ``outputs.attentions``. Torch,
        numpy, JAX or nested lists; a batch with `batch_index`.
    tokens
        Its n tokens.
    sentence_b_start
        The first token of the second text of a pair, from 1 to n - 1. The view can then be filtered
        by text: from A or B, to A or B.
    prettify_tokens
        True shows tokens as text (``walked``, ``ing``), False as pieces of the tokenizer
        (``Ġwalked``, ``##ing``).
    layer
        The layer that is shown first, as the model counts them; by default the first layer.
    heads
        The heads that are shown first; by default all of them.
    encoder_attention, decoder_attention, cross_attention
        The attention of an encoder-decoder, each with any number of layers.
    encoder_tokens, decoder_tokens
        Their tokens.
    include_layers
        The layers to keep; all others are left out. The kept layers are numbered anew from 0, in
        this order; a line above the picture says which layer of the model each number stands for.
        Each stack of an encoder-decoder keeps those of the layers that it has.
    html_action
        ``"view"`` displays the live widget and returns None. ``"return"`` gives a page that works
        without a kernel and without a network.
    batch_index
        The entry of a batch.

    Returns
    -------
    HtmlPage or None
        Its ``data`` is the page.

    Raises
    ------
    ValueError
        The arguments are no attention, or do not fit together; the message says what to do.
    IndexError
        There is no such layer, head or entry.
    """
    check_html_action(html_action)
    given = Attentions(
        attention,
        encoder_attention,
        decoder_attention,
        cross_attention,
        tokens,
        encoder_tokens,
        decoder_tokens,
    )
    streams = given.streams(sentence_b_start, prettify_tokens, batch_index)
    kept = restricted(streams, include_layers)
    heads_there = kept.trace.num_heads
    widget = AttentionWidget(
        kept.trace,
        view="head",
        layer=0 if layer is None else kept.place(layer),
        heads=range(heads_there) if heads is None else chosen(heads, heads_there, "head", "heads"),
    )
    return output(widget, html_action, kept.note)
