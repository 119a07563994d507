"""Frames of one token against the matrices that they are cut from, and against eager attention."""

import numpy as np
import pytest
import torch

from attnwidget.capture import capture
from attnwidget.frames import Workspace, is_quick, make_frame, score_rows
from attnwidget.methods import rollout
from attnwidget.trace import Tokens
from attnwidget.trace.reading import places, spaced
from tests.frames.reference import shown
from tests.frames.traces import long_trace, pair_trace, translation_trace

SPECIAL = {0, 3, 7}


def values(trace, **want):
    return np.asarray(make_frame(Workspace(trace), {"kind": "token", **want}).arrays["values"])


@pytest.mark.parametrize("fusion", ["mean", "max", "min"])
@pytest.mark.parametrize("hide_special", [False, True])
@pytest.mark.parametrize("heads", [None, [2, 0]])
def test_rows_and_columns_are_those_of_the_fused_matrix(fusion, hide_special, heads):
    trace = pair_trace()
    want = {"layer": 1, "heads": heads, "fusion": fusion, "hide_special": hide_special}
    hidden = SPECIAL if hide_special else set()
    (matrix,), _ = shown(trace.attention(1, heads), fusion=fusion, hidden=hidden)
    for index in range(8):
        row = values(trace, **want, side="query", index=index)
        np.testing.assert_allclose(row, matrix[index], atol=1e-6)
        column = values(trace, **want, side="key", index=index)
        np.testing.assert_allclose(column, np.asarray(matrix)[:, index], atol=1e-6)


def test_a_row_is_that_of_eager_attention():
    from transformers import LlamaConfig, LlamaModel

    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "intermediate_size": 32, "num_hidden_layers": 2}
    heads = {"num_attention_heads": 4, "num_key_value_heads": 2}
    model = LlamaModel(LlamaConfig(vocab_size=50, **sizes, **heads)).eval()
    ids = torch.randint(0, 50, (1, 300))
    trace = capture(model, {"input_ids": ids})
    model.set_attn_implementation("eager")
    with torch.no_grad():
        eager = model(input_ids=ids, output_attentions=True).attentions[1][0].mean(0)
    for side, index, expected in (("query", 299, eager[299]), ("key", 7, eager[:, 7])):
        found = values(trace, layer=1, side=side, index=index)
        np.testing.assert_allclose(found, expected, atol=1e-6)


def test_a_row_of_a_method_through_layers_is_that_of_its_matrix():
    trace = pair_trace()
    found = values(trace, method="rollout", layer=1, side="query", index=2)
    np.testing.assert_allclose(found, rollout(trace)[2], atol=1e-6)


@pytest.mark.parametrize("settings", [{}, {"receptive_field": True}, {"skip_first": True}])
def test_one_row_of_many_tokens_is_that_of_the_whole_product(monkeypatch, settings):
    trace = pair_trace(layers=3)
    want = {"method": "rollout", "layer": 1, "side": "query", "index": 5, **settings}
    whole = values(trace, **want)
    monkeypatch.setattr(score_rows, "MANY_NODES", 4)
    monkeypatch.setattr(score_rows, "full_product", None)
    np.testing.assert_allclose(values(trace, **want), whole, atol=1e-6)


def test_one_row_of_cross_attention_through_layers_is_that_of_the_whole_product(monkeypatch):
    trace = translation_trace()
    want = {"stream": "cross", "method": "rollout", "layer": 1, "side": "query", "index": 3}
    whole = values(trace, **want)
    monkeypatch.setattr(score_rows, "MANY_NODES", 4)
    monkeypatch.setattr(score_rows, "full_product", None)
    np.testing.assert_allclose(values(trace, **want), whole, atol=1e-6)


def test_texts_of_two_lengths_have_rows_of_keys_and_columns_of_queries():
    trace = translation_trace()
    assert values(trace, stream="cross", side="query", index=4).shape == (6,)
    assert values(trace, stream="cross", side="key", index=5).shape == (5,)
    with pytest.raises(IndexError, match="index"):
        values(trace, stream="cross", side="query", index=5)


def test_bytes_grow_with_the_tokens_and_a_row_is_quick():
    trace = long_trace(1024, causal=True)
    workspace = Workspace(trace)
    want = {"kind": "token", "side": "query", "index": 1023}
    assert len(make_frame(workspace, want).to_bytes()) < 4 * 1024 + 1000
    assert is_quick(workspace, want)


def test_the_share_on_hidden_keys_is_that_of_the_row():
    trace = pair_trace()
    frame = make_frame(
        Workspace(trace),
        {"kind": "token", "side": "query", "index": 5, "hide_special": True},
    )
    assert frame.fields["hidden"] == 3
    expected = trace.attention(0).mean(0)[5, sorted(SPECIAL)].sum()
    assert frame.fields["hidden_mass"] == pytest.approx(float(expected), abs=1e-6)


PIECES = '[CLS] the walk ##er said " no " to it . [SEP]'
WORDS = "don ' t pay $ 3 . 50 ( or 4 ) for well - known"


def read(pieces: list[str]) -> str:
    tokens = Tokens.from_text(pieces)
    gaps = spaced(tokens)
    return "".join(" " * gap + text for gap, text in zip(gaps, tokens.text, strict=True))


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        (["<s>", "▁The", "▁wal", "ker", "▁didn", "'", "t", "."], "<s>The walker didn't."),
        (["Hello", ",", "Ġworld", "!", "Ċ", 'Ġ"', "yes", '"'], 'Hello, world!⏎ "yes"'),
        (PIECES.split(), '[CLS]the walker said "no" to it.[SEP]'),
        (WORDS.split(), "don't pay $3.50 (or 4) for well-known"),
        (["我", "爱", "北京", "。"], "我爱北京。"),
        (list("ab,c"), "ab,c"),
    ],
)
def test_spaces_stand_where_the_text_has_them(pieces, text):
    assert read(pieces) == text


def test_names_of_patches_and_moments_are_no_text():
    names = ["[CLS]", "r3 c5", "img2 f0 r1 c4", "img 7", "0.42 s", "4 s", "Paris"]
    assert places(Tokens.from_text(names)) == (False, *[True] * 5, False)
