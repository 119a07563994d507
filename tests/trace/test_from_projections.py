"""Traces from queries and keys that other software computed."""

import numpy as np
import pytest
import torch
import transformers as tf
from torch.nn.functional import scaled_dot_product_attention
from traitlets import TraitError

import attnwidget as aw
from attnwidget.trace import RelativeBias, Trace
from attnwidget.trace.windowed import have_values
from tests.trace.test_trace import Foreign, OnlyDlpack

GENERATOR = torch.Generator().manual_seed(5)
WORDS = [f"w{place}" for place in range(7)]


def random(*shape):
    return torch.randn(shape, generator=GENERATOR)


QUERIES, KEYS, VALUES = random(3, 4, 7, 8), random(3, 2, 7, 8), random(3, 2, 7, 6)


def by_hand(place, *, scale=8**-0.5, cap=None, bias=None, allowed=None, sinks=None):
    """Softmax of grouped heads in float64."""
    keys = KEYS[place].double().repeat_interleave(2, 0)
    scores = QUERIES[place].double() @ keys.mT * scale
    if cap is not None:
        scores = cap * torch.tanh(scores / cap)
    if bias is not None:
        scores = scores + bias
    if allowed is not None:
        scores = scores.masked_fill(~allowed, -torch.inf)
    if sinks is not None:
        scores = torch.cat([scores, sinks[:, None, None].expand(-1, 7, 1)], -1)
    return scores.softmax(-1)[..., :7].float()


def assert_equal(trace, **options):
    for place in range(3):
        own = {
            name: each[place] if isinstance(each, list) else each for name, each in options.items()
        }
        torch.testing.assert_close(trace.attention(place), by_hand(place, **own))


FORMS = {
    "list": list,
    "stacked": lambda stack: stack,
    "numpy": lambda stack: stack.numpy(),
    "batch of one": lambda stack: [each[None] for each in stack],
    "stacked batch of one": lambda stack: stack[:, None],
    "__array__": lambda stack: [Foreign(each) for each in stack],
    "__dlpack__": lambda stack: [OnlyDlpack(each) for each in stack],
    "nested lists": lambda stack: [each.tolist() for each in stack],
    "float64": lambda stack: stack.double().numpy(),
    "requires grad": lambda stack: [each.clone().requires_grad_() for each in stack],
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form(form):
    make = FORMS[form]
    trace = Trace.from_projections(make(QUERIES), make(KEYS), make(VALUES), tokens=WORDS)
    assert (trace.streams, trace.num_layers, trace.num_heads) == (("self",), 3, 4)
    assert_equal(trace)
    assert torch.equal(trace.value(1), VALUES[1].repeat_interleave(2, 0))


def test_tokens_first():
    swapped = [each.transpose(1, 2) for each in (QUERIES, KEYS, VALUES)]
    trace = Trace.from_projections(*swapped, tokens=WORDS, layout="NHD")
    assert_equal(trace)


def test_half_precision_stays():
    trace = Trace.from_projections(QUERIES.half(), KEYS.bfloat16(), tokens=WORDS)
    assert trace.stacks[0].layers[0].query.dtype == torch.float16
    assert trace.stacks[0].layers[0].key.dtype == torch.bfloat16


TRIANGLE = torch.ones(7, 7, dtype=torch.bool).tril()
DISTANCE = torch.arange(7)[None] - torch.arange(7)[:, None]
SLOPES = torch.tensor([0.5, 0.25, 0.125, 0.0625])
ALIBI = SLOPES[:, None, None] * DISTANCE
SINKS = torch.tensor([0.5, -1.0, 2.0, 0.0])


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"causal": True}, {"allowed": TRIANGLE}),
        ({"scale": 0.3}, {"scale": 0.3}),
        ({"scale": [0.1, 0.2, 0.3]}, {"scale": [0.1, 0.2, 0.3]}),
        ({"softcap": 0.5}, {"cap": 0.5}),
        ({"softcap": [0.5, None, 2]}, {"cap": [0.5, None, 2]}),
        ({"causal": True, "window": 3}, {"allowed": TRIANGLE & (DISTANCE > -3)}),
        ({"window": [2, None, 4]}, {"allowed": [DISTANCE.abs() < 2, None, DISTANCE.abs() < 4]}),
        ({"mask": TRIANGLE}, {"allowed": TRIANGLE}),
        ({"mask": TRIANGLE.numpy()[None, None]}, {"allowed": TRIANGLE}),
        ({"mask": TRIANGLE.tolist()}, {"allowed": TRIANGLE}),
        ({"mask": torch.zeros(7, 7).masked_fill(~TRIANGLE, -torch.inf)}, {"allowed": TRIANGLE}),
        ({"mask": [None, TRIANGLE, None]}, {"allowed": [None, TRIANGLE, None]}),
        ({"mask": torch.tensor([True] * 6 + [False])}, {"allowed": torch.arange(7) < 6}),
        ({"causal": True, "mask": DISTANCE > -4}, {"allowed": TRIANGLE & (DISTANCE > -4)}),
        ({"bias": ALIBI}, {"bias": ALIBI}),
        ({"bias": list(ALIBI[None].repeat(3, 1, 1, 1))}, {"bias": ALIBI}),
        ({"sinks": SINKS}, {"sinks": SINKS}),
    ],
)
def test_settings(given, expected):
    assert_equal(Trace.from_projections(QUERIES, KEYS, tokens=WORDS, **given), **expected)


def test_alibi_takes_no_memory_of_pairs():
    trace = Trace.from_projections(QUERIES, KEYS, tokens=WORDS, bias=ALIBI)
    assert isinstance(trace.stacks[0].layers[0].bias, RelativeBias)


def test_cross_attention():
    sources = [f"s{place}" for place in range(5)]
    keys = random(3, 2, 5, 8)
    trace = Trace.from_projections(QUERIES, keys, tokens=WORDS, key_tokens=sources)
    assert trace.streams == ("cross",)
    expected = torch.softmax(QUERIES[1] @ keys[1].repeat_interleave(2, 0).mT / 8**0.5, -1)
    torch.testing.assert_close(trace.attention(1), expected)


def test_the_last_queries_of_a_cache():
    last = torch.from_numpy(np.tri(7, dtype=bool)[-2:])
    trace = Trace.from_projections(
        QUERIES[:, :, -2:], KEYS, tokens=WORDS[-2:], key_tokens=WORDS, mask=last
    )
    expected = Trace.from_projections(QUERIES, KEYS, tokens=WORDS, causal=True)
    torch.testing.assert_close(trace.attention(2), expected.attention(2, queries=[5, 6]))


def test_eager_attention_of_a_model_whose_queries_were_caught():
    torch.manual_seed(0)
    config = tf.LlamaConfig(
        vocab_size=50,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        intermediate_size=40,
    )
    model = tf.LlamaForCausalLM(config).eval()
    caught = []

    def catch(query, key, value, **options):
        caught.append((query, key, value))
        return scaled_dot_product_attention(query, key, value, **options)

    ids = torch.arange(7)[None]
    original = torch.nn.functional.scaled_dot_product_attention
    torch.nn.functional.scaled_dot_product_attention = catch
    try:
        model(input_ids=ids)
    finally:
        torch.nn.functional.scaled_dot_product_attention = original
    model.set_attn_implementation("eager")
    eager = model(input_ids=ids, output_attentions=True).attentions
    trace = Trace.from_projections(*zip(*caught, strict=True), tokens=WORDS, causal=True)
    for place, expected in enumerate(eager):
        torch.testing.assert_close(trace.attention(place), expected[0], rtol=1e-4, atol=2e-5)


def test_what_it_can_and_cannot():
    whole = Trace.from_projections(QUERIES, KEYS, VALUES, tokens=WORDS)
    bare = Trace.from_projections(QUERIES, KEYS, tokens=WORDS)
    allowed = [aw.AttentionWidget(each).about["streams"][0]["methods"] for each in (whole, bare)]
    assert allowed == [
        ["attention", "rollout", "max_flow", "value_norm"],
        ["attention", "rollout", "max_flow"],
    ]
    torch.testing.assert_close(
        aw.value_norm(whole, 1),
        by_hand(1) * VALUES[1].norm(dim=-1).repeat_interleave(2, 0)[:, None],
    )
    assert aw.AttentionWidget(bare, view="neuron").scores().shape[-1] == 7
    with pytest.raises(ValueError, match=r"made without values.*values="):
        aw.value_norm(bare, 1)
    with pytest.raises(TraitError, match=r"needs value vectors.*values="):
        aw.AttentionWidget(bare, method="value_norm")
    with pytest.raises(ValueError, match="without output projections"):
        whole.stacks[0].written(0)
    with pytest.raises(ValueError, match="made from arrays"):
        aw.relevance(whole)


def test_it_can_be_saved(tmp_path):
    for values in (VALUES, None):
        trace = Trace.from_projections(QUERIES, KEYS, values, tokens=WORDS, bias=ALIBI)
        for dtype in ("float32", "int8"):
            trace.save(tmp_path / "trace.safetensors", dtype=dtype)
            found = Trace.load(tmp_path / "trace.safetensors")
            torch.testing.assert_close(found.attention(1), trace.attention(1), rtol=0, atol=0.03)
            assert have_values(found.stacks[0].layers) == (values is not None)


NAN = QUERIES.clone()
NAN[1, 2, 3, 4] = torch.nan


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"queries": QUERIES[0]}, r"Pass \[array\] if it is one layer"),
        ({"queries": [QUERIES[0, 0]] * 3}, r"must be \(heads, tokens, size\).*\(7, 8\).*layout"),
        ({"queries": [QUERIES] * 3}, r"\(3, 4, 7, 8\)\. Select one of the batch"),
        ({"queries": []}, "queries is empty"),
        ({"queries": None}, "queries is None"),
        ({"queries": NAN}, r"queries\[1\] must be finite.*nan at head 2, token 3, entry 4"),
        ({"keys": KEYS[:2]}, "queries has 3 layers and keys has 2"),
        ({"keys": KEYS[..., :5]}, "vectors of 8 numbers and keys.* of 5"),
        ({"keys": random(3, 3, 7, 8)}, "4 heads and keys.* has 3, which is no divisor"),
        ({"values": VALUES[:, :1]}, r"values\[0\] must have the heads and tokens of keys\[0\]"),
        ({"tokens": WORDS[:4]}, r'4 were given as tokens.*layout="NHD"'),
        ({"tokens": WORDS[:6]}, "queries has 7 tokens and 4 heads"),
        ({"tokens": "seven"}, "must be a list of strings"),
        ({"keys": KEYS[:, :, :5]}, "5 tokens .* 7 were given as tokens or key_tokens"),
        ({"layout": "BHND"}, "layout must be"),
        ({"scale": 0}, "scale must be above 0"),
        ({"scale": [1.0, 2.0]}, "scale has 2 entries for 3 layers"),
        ({"softcap": float("nan")}, "softcap must be above 0 and finite"),
        ({"window": 0}, "window must be a whole number from 1"),
        ({"mask": torch.ones(7, 7, dtype=torch.int64)}, r"dtype is int64.*mask\.bool\(\)"),
        ({"mask": torch.full((7, 7), torch.nan)}, r"has NaN or \+inf"),
        ({"mask": TRIANGLE[:5]}, r"mask must broadcast to .*\(4, 7, 7\)"),
        ({"bias": torch.full((7, 7), -torch.inf)}, "Pass what is forbidden as a mask"),
        ({"bias": ALIBI[:3]}, "bias must broadcast"),
        ({"sinks": SINKS[:3]}, r"sinks must be \(4,\)"),
        (
            {"keys": KEYS[:, :, :5], "key_tokens": WORDS[:5], "causal": True},
            r"7 queries and 5 keys.*numpy\.tri",
        ),
    ],
)
def test_what_does_not_fit_is_refused(change, message):
    given = {"queries": QUERIES, "keys": KEYS, "values": None, "tokens": WORDS} | change
    with pytest.raises(ValueError, match=message):
        Trace.from_projections(**given)
