"""BertViz's model view."""

from collections.abc import Sequence
from typing import SupportsIndex

from attnwidget.bertviz.attentions import Attentions
from attnwidget.bertviz.output import HtmlPage, check_display_mode, check_html_action, output
from attnwidget.bertviz.restrict import restricted
from attnwidget.trace.stack import Stack
from attnwidget.widget import AttentionWidget


def model_view(
    attention: Stack | None = None,
    tokens: Sequence[str] | None = None,
    sentence_b_start: SupportsIndex | None = None,
    prettify_tokens: bool = True,
    display_mode: str = "dark",
    encoder_attention: Stack | None = None,
    decoder_attention: Stack | None = None,
    cross_attention: Stack | None = None,
    encoder_tokens: Sequence[str] | None = None,
    decoder_tokens: Sequence[str] | None = None,
    include_layers: Sequence[SupportsIndex] | None = None,
    include_heads: Sequence[SupportsIndex] | None = None,
    html_action: str = "view",
    *,
    batch_index: SupportsIndex | None = None,
) -> HtmlPage | None:
    """Show all layers and heads at once.

    Parameters
    ----------
    attention, tokens, sentence_b_start, prettify_tokens
        As `head_view` takes them.
    display_mode
        ``"dark"`` or ``"light"``.
    encoder_attention, decoder_attention, cross_attention, encoder_tokens, decoder_tokens
        As `head_view` takes them.
    include_layers, include_heads
        The layers and heads to keep; all others are left out. The kept ones are numbered anew from
        0, in this order; a line above the picture says what each number stands for. Each stack of
        an encoder-decoder keeps those that it has.
    html_action, batch_index
        As `head_view` takes them.

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
    theme = check_display_mode(display_mode)
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
    kept = restricted(streams, include_layers, include_heads)
    widget = AttentionWidget(kept.trace, view="model", theme=theme)
    return output(widget, html_action, kept.note)
