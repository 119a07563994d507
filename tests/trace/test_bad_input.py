"""Every input that is no attention is refused with a message that helps."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from attnwidget.trace import Tokens, Trace

WORDS = ["a", "b", "c"]
GOOD = torch.full((2, 4, 3, 3), 1 / 3)


def changed(value):
    stack = GOOD.clone()
    stack[1, 2, 0, 1] = value
    return stack


REFUSED = {
    "nothing": ([], r"attentions is empty: the model returned no.*generate.*eager"),
    "None": (None, r"attentions is None.*sdpa.*attnwidget\.capture.*eager"),
    "a None layer": (
        [GOOD[0], None],
        r"attentions\[1\] is None.*sdpa.*attn_implementation='eager'",
    ),
    "an output without attention": (SimpleNamespace(attentions=()), r"SimpleNamespace: the model"),
    "a mapping without attention": ({"logits": GOOD}, r"attention of a dict.*eager"),
    "a batch": ([GOOD], r"attentions\[0\] is a batch of 2 .*batch_index"),
    "one axis": ([GOOD[0, 0, 0]], r"\(heads, queries, keys\).*shape is \(3,\)"),
    "five axes": ([GOOD[None]], r"shape is \(1, 2, 4, 3, 3\)"),
    "no heads": ([GOOD[0, :0]], r"none of them 0"),
    "one array of three axes": (GOOD[0], r"one array of shape \(4, 3, 3\).*Pass \[array\]"),
    "one array of one axis": (GOOD[0, 0, 0], r"shape is \(3,\)"),
    "NaN": (changed(torch.nan), r"attentions\[1\] is NaN at head 2, query 0, key 1"),
    "infinite": (changed(torch.inf), r"attentions\[1\] is infinite at head 2, query 0, key 1: inf"),
    "negative": (changed(-0.2), r"is negative at head 2, query 0, key 1: -0\.2"),
    "sums": (changed(0.1), r"attentions\[1\], head 2, query 0 sums to 0\.7667.*after the softmax"),
    "zero rows": ([torch.zeros(1, 3, 3)], r"sums to 0\b"),
    "mixed heads": ([GOOD[0], GOOD[0, :2]], r"\(4, 3, 3\) and attentions\[1\] has \(2, 3, 3\)"),
    "mixed sizes": ([GOOD[0], torch.full((4, 2, 2), 0.5)], r"attentions\[1\] has \(4, 2, 2\)"),
    "not square": ([torch.full((1, 3, 2), 0.5)], r"3 queries and 2 keys.*pass key_tokens"),
    "text": ([["a", "b"]], r"attentions\[0\] must be an array of real numbers"),
    "ragged": ([[[1.0], [0.5, 0.5]]], r"attentions\[0\] must be an array of numbers"),
    "complex numpy": ([np.ones((3, 3), complex)], r"real numbers.*complex"),
    "complex torch": ([torch.ones(3, 3, dtype=torch.complex64)], r"real numbers.*complex64"),
    "a number": (3.0, r"shape is \(\)"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_attentions_that_are_none(name):
    attentions, message = REFUSED[name]
    with pytest.raises(ValueError, match=message):
        Trace.from_attentions(attentions, WORDS)


@pytest.mark.parametrize(
    ("dtype", "error"), [(torch.float32, 5e-3), (torch.float16, 5e-2), (torch.bfloat16, 5e-2)]
)
def test_sums_may_miss_by_rounding_only(dtype, error):
    Trace.from_attentions((GOOD * (1 + error / 10)).to(dtype), WORDS)
    with pytest.raises(ValueError, match="must sum to 1"):
        Trace.from_attentions((GOOD * (1 + error)).to(dtype), WORDS)


@pytest.mark.parametrize(
    ("tokens", "message"),
    [
        (None, "pass a list with one token for each query"),
        (["a", "b"], "3 query positions, but 2 query tokens"),
        ("abc", r"list of strings, but 'abc' of type str"),
        (7, "'7' of type int"),
        ([1, 2, 3], r"token 0 is 1 of type int.*convert_ids_to_tokens"),
        (["a", None, "c"], "token 1 is None"),
    ],
)
def test_tokens_that_do_not_match(tokens, message):
    with pytest.raises(ValueError, match=message):
        Trace.from_attentions(GOOD, tokens)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"encoder": GOOD}, "encoder needs encoder_tokens"),
        ({"decoder": GOOD, "encoder_tokens": WORDS}, "decoder needs decoder_tokens"),
        ({"cross": GOOD, "decoder_tokens": WORDS}, r"cross needs encoder_tokens \(its keys\)"),
        ({"encoder_tokens": WORDS}, "are all None: the model returned no attention"),
        ({"attentions": GOOD, "encoder": GOOD}, "not both"),
        (
            {"cross": GOOD, "encoder_tokens": ["a"], "decoder_tokens": WORDS},
            "'cross' has 3 key positions, but 1 key tokens",
        ),
        (
            {"encoder": [GOOD[0], None], "encoder_tokens": WORDS},
            r"encoder\[1\] is None",
        ),
    ],
)
def test_encoder_decoders_that_do_not_fit(given, message):
    with pytest.raises(ValueError, match=message):
        Trace.from_attentions(**given)


def test_fields_of_tokens_must_have_one_length():
    with pytest.raises(ValueError, match=r"text 3.*segments 2"):
        Tokens.from_text(WORDS, segments=[0, 1])
