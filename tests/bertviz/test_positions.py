"""Every parameter by its place does what it does by its name."""

import pytest
import torch

from attnwidget.bertviz import head_view, model_view, neuron_view
from tests.bertviz.arrays import SECOND, WORDS, attentions
from tests.bertviz.test_neuron_view import bert
from tests.capture.small_tokenizers import word_piece

NO_ENCODER_DECODER = [None] * 5
WITHOUT_TOKENS = [None, None, None, True]  # attention, tokens, sentence_b_start, prettify_tokens
STACKS = [
    attentions(layers=4),
    attentions(layers=2, queries=5),
    attentions(layers=2, queries=5, keys=len(WORDS)),
    WORDS,
    list("abcde"),
]


def test_head_view(displayed):
    given = attentions()
    head_view(given, WORDS, SECOND, False, 2, [3, 1], *NO_ENCODER_DECODER, [2, 0], "view")
    (widget,) = displayed
    assert (widget.view, widget.layer, widget.heads) == ("head", 0, [3, 1])
    assert widget.trace.tokens == WORDS
    assert widget.trace["self"].queries.segments == (0,) * SECOND + (1,) * (len(WORDS) - SECOND)
    assert widget.trace.num_layers == 2
    assert torch.equal(widget.scores(), given[2][0, [3, 1]])


def test_model_view(displayed):
    given = attentions()
    model_view(given, WORDS, SECOND, False, "light", *NO_ENCODER_DECODER, [2, 0], [3, 1], "view")
    (widget,) = displayed
    assert (widget.view, widget.theme) == ("model", "light")
    assert widget.trace.tokens == WORDS
    assert widget.trace["self"].queries.has_pair
    assert torch.equal(widget.trace.attention(1), given[0][0, [3, 1]])


@pytest.mark.parametrize(
    ("view", "between"), [(head_view, [1, [0]]), (model_view, ["dark"])], ids=["head", "model"]
)
def test_an_encoder_decoder(displayed, view, between):
    view(*WITHOUT_TOKENS, *between, *STACKS)
    trace = displayed[0].trace
    assert trace.streams == ("encoder", "decoder", "cross")
    for name, given in zip(trace.streams, STACKS, strict=False):
        assert trace[name].num_layers == len(given)
        assert torch.equal(trace[name].attention(1), given[1][0])
    assert trace["cross"].query_tokens == list("abcde")


def test_neuron_view(displayed):
    neuron_view.show(bert(), "bert", word_piece(), "the", "walked", "light", 1, 2, "view")
    (widget,) = displayed
    assert (widget.view, widget.theme) == ("neuron", "light")
    assert (widget.layer, widget.heads) == (1, [2])
    assert widget.trace["self"].queries.has_pair


def test_pages(displayed):
    pages = [
        head_view(attentions(), WORDS, None, True, 0, [0], *NO_ENCODER_DECODER, None, "return"),
        model_view(
            *(attentions(), WORDS, None, True, "dark", *NO_ENCODER_DECODER, None, None, "return")
        ),
        neuron_view.show(bert(), "bert", word_piece(), "the", None, "dark", 0, 0, "return"),
    ]
    assert all(page.data.startswith("<!doctype html>") for page in pages)
    assert displayed == []
