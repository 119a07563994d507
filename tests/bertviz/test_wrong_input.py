"""Every refusal says what was given, what was expected and what to do, and displays nothing."""

import pytest
import torch
from transformers.modeling_outputs import BaseModelOutput

from attnwidget.bertviz import head_view
from tests.bertviz.arrays import WORDS, attentions

EAGER = "attn_implementation='eager'"
GIVEN = attentions()


@pytest.mark.parametrize(
    ("attention", "message"),
    [
        (None, f"attention is None.*{EAGER}.*attnwidget.explore"),
        ((), f"attention is empty.*outputs.attentions: outputs.*{EAGER}"),
        ((None, None), f"attention holds None.*{EAGER}"),
        (
            torch.zeros(1, 384),
            rf"one array of shape \(1, 384\) was given.*outputs\[-1\] is.*{EAGER}",
        ),
        ((GIVEN, GIVEN), r"each step of a generation.*explore\(model, text, max_new_tokens=20\)"),
        (
            BaseModelOutput(attentions=GIVEN),
            r"a BaseModelOutput was given. Pass .*outputs.attentions",
        ),
        (attentions(batch=2), r"batch of 2 .*Pass batch_index=0 to 1"),
        (attentions(queries=9), "9 query positions, but 8 query tokens"),
        ([GIVEN[0], GIVEN[1][:, :2]], r"attention\[1\] has \(2, 8, 8\)"),
        ([layer * 2 for layer in GIVEN], r"must sum to 1.*attention\[0\], head 0, query 0.*eval"),
        ([layer * torch.nan for layer in GIVEN], r"attention\[0\] is NaN"),
        (["abc"], r"attention\[0\] must be an array of real numbers"),
    ],
    ids=[
        "None",
        "empty",
        "holds None",
        "pooled",
        "steps",
        "whole output",
        "batch",
        "tokens",
        "heads",
        "sums",
        "NaN",
        "text",
    ],
)
def test_no_attention(displayed, attention, message):
    with pytest.raises(ValueError, match=message):
        head_view(attention, WORDS)
    assert displayed == []


@pytest.mark.parametrize(
    ("keywords", "error", "message"),
    [
        ({"tokens": None}, ValueError, "attention needs tokens"),
        ({"tokens": "abcdefgh"}, ValueError, "must be a list of strings"),
        ({"include_layers": []}, ValueError, "include_layers is empty.*pass None for all"),
        ({"include_layers": [3]}, IndexError, "layer 3 is out of range: there are 3 layers"),
        ({"include_layers": [0, -3]}, ValueError, r"names a layer twice: \[0, 0\]"),
        ({"include_layers": [1.5]}, ValueError, "whole number, but 1.5"),
        ({"include_layers": [0], "layer": 2}, ValueError, r"layer 2 is not among include_layers"),
        ({"layer": 3}, IndexError, "layer 3 is out of range"),
        ({"include_layers": 2}, ValueError, "include_layers must be a list of layers.*but 2 was"),
        ({"heads": []}, ValueError, "heads is empty"),
        (
            {"heads": 2},
            ValueError,
            r"heads must be a list of heads, such as \[0\], but 2 was given",
        ),
        ({"heads": [1, -3]}, ValueError, r"heads names a head twice: \[1, 1\]"),
        ({"heads": [4]}, IndexError, "head 4 is out of range"),
        ({"sentence_b_start": 0}, ValueError, "from 1 to 7 of 8 tokens, but 0 was given"),
        ({"sentence_b_start": 8}, ValueError, "from 1 to 7 of 8 tokens, but 8 was given"),
        ({"sentence_b_start": True}, ValueError, "but True was given"),
        ({"sentence_b_start": "4"}, ValueError, "but '4' was given"),
        ({"html_action": "show"}, ValueError, "'view'.*or 'return'.*'show'"),
        ({"batch_index": 1}, IndexError, "example 1 is out of range: there is 1 example"),
        ({"encoder_tokens": WORDS}, ValueError, "Leave out the one kind or the other"),
    ],
)
def test_options_that_do_not_fit(displayed, keywords, error, message):
    with pytest.raises(error, match=message):
        head_view(**{"attention": GIVEN, "tokens": WORDS, **keywords})
    assert displayed == []


def test_no_batch_has_no_second_entry(displayed):
    with pytest.raises(IndexError, match="example 1 is out of range: there is 1 example"):
        head_view([layer[0] for layer in GIVEN], WORDS, batch_index=1)
    assert displayed == []
