"""Traces from arrays of any form and framework."""

import dataclasses
from dataclasses import replace

import numpy as np
import pytest
import torch

import attnwidget as aw
from attnwidget.trace import DenseLayer, Stream, Tokens, Trace
from attnwidget.trace.logit_readout import LogitReadout
from tests.trace.layers import layer, stream, tokens


def weights(heads=3, queries=5, keys=5, layers=2, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(layers, heads, queries, keys, generator=generator).softmax(-1)


WORDS = ["[CLS]", "walk", "##ing", "away", "[SEP]"]


class Foreign:
    """An array of another library: it only knows how to become a numpy array."""

    def __init__(self, array):
        self.array = np.asarray(array)

    def __array__(self, dtype=None, copy=None):
        return self.array


class OnlyDlpack:
    def __init__(self, tensor):
        self.tensor = tensor

    def __dlpack__(self, **options):
        return self.tensor.__dlpack__(**options)

    def __dlpack_device__(self):
        return self.tensor.__dlpack_device__()


FORMS = {
    "list of (H, n, n)": list,
    "tuple of (1, H, n, n)": lambda stack: tuple(layer[None] for layer in stack),
    "one (L, H, n, n)": lambda stack: stack,
    "one (L, 1, H, n, n)": lambda stack: stack[:, None],
    "numpy": lambda stack: stack.numpy(),
    "float64": lambda stack: list(stack.double().numpy()),
    "big-endian": lambda stack: stack.numpy().astype(">f4"),
    "nested lists": lambda stack: stack.tolist(),
    "__array__": lambda stack: [Foreign(layer) for layer in stack],
    "__dlpack__": lambda stack: [OnlyDlpack(layer) for layer in stack],
    "requires grad": lambda stack: [layer.clone().requires_grad_() for layer in stack],
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_stack(form):
    trace = Trace.from_attentions(FORMS[form](weights()), WORDS)
    assert (trace.streams, trace.num_layers, trace.num_heads) == (("self",), 2, 3)
    for place, expected in enumerate(weights()):
        assert trace.attention(place).dtype == torch.float32
        torch.testing.assert_close(trace.attention(place), expected, rtol=1e-6, atol=0)


@pytest.mark.parametrize(
    "cast", [torch.Tensor.half, torch.Tensor.bfloat16, lambda stack: stack.half().numpy()]
)
def test_half_precision_stays_half(cast):
    trace = Trace.from_attentions(cast(weights()), WORDS)
    assert trace.nbytes == weights().numel() * 2
    torch.testing.assert_close(trace.attention(1), weights()[1], atol=4e-3, rtol=0)


def test_layers_without_heads_have_one():
    trace = Trace.from_attentions(list(weights()[:, 0]), WORDS)
    assert trace.num_heads == 1
    assert torch.equal(trace.attention(0)[0], weights()[0, 0])


def test_the_weights_are_copied():
    for stack in (weights(), weights().numpy()):
        trace = Trace.from_attentions(stack, WORDS)
        stack[:] = 0
        assert torch.equal(trace.attention(0), weights()[0])


def test_tokens_of_a_single_stack():
    trace = Trace.from_attentions(weights(), WORDS)
    assert trace.tokens == trace.key_tokens == ["[CLS]", "walk", "ing", "away", "[SEP]"]
    assert trace["self"].queries.special == (True, False, False, False, True)
    given = Tokens.from_text(WORDS, segments=[0, 0, 0, 1, 1])
    assert Trace.from_attentions(weights(), given)["self"].queries is given


def test_other_keys_make_cross_attention():
    trace = Trace.from_attentions(weights(keys=2), WORDS, key_tokens=["a", "b"])
    assert trace.streams == ("cross",)
    assert (trace.query_tokens[1], trace.key_tokens) == ("walk", ["a", "b"])


@pytest.mark.parametrize(
    "names",
    [
        ("encoder", "decoder", "cross"),
        ("encoder", "cross"),
        ("decoder", "cross"),
        ("cross",),
        ("encoder",),
        ("decoder",),
    ],
)
def test_encoder_decoders_in_part_or_whole(names):
    source, target = ["a", "b", "c", "d"], ["x", "y"]
    stacks = {
        "encoder": weights(queries=4, keys=4, layers=3),
        "decoder": weights(queries=2, keys=2, heads=2),
        "cross": weights(queries=2, keys=4, heads=2),
    }
    trace = Trace.from_attentions(
        **{name: stacks[name] for name in names}, encoder_tokens=source, decoder_tokens=target
    )
    assert trace.streams == names
    assert tuple(trace) == names
    assert len(trace) == len(names)
    for name in names:
        assert torch.equal(trace[name].attention(-1), stacks[name][-1])
        assert trace[name].query_tokens == (source if name == "encoder" else target)
        assert trace[name].key_tokens == (target if name == "decoder" else source)


def test_one_side_needs_its_own_tokens_only():
    stack = weights(queries=2, keys=2)
    assert Trace.from_attentions(decoder=stack, decoder_tokens=["a", "b"]).tokens == ["a", "b"]


def test_what_a_trace_says_of_its_first_stream():
    first = stream(layer(causal=True), name="decoder")
    trace = Trace((first, stream(layer(keys=3), name="cross")))
    for name in ("attention", "query", "key", "value"):
        assert torch.equal(getattr(trace, name)(0), getattr(first, name)(0))
    assert torch.equal(trace.scores(0, 1, 2).scaled, first.scores(0, 1, 2).scaled)
    assert (trace.causal, trace.has_projections, trace.tokens) == (True, True, first.query_tokens)


def test_streams_by_name():
    trace = Trace.from_attentions(weights(), WORDS)
    assert "self" in trace
    assert "cross" not in trace
    with pytest.raises(KeyError, match="no stream 'cross'; this trace has self"):
        trace["cross"]


def test_shared_layers_count_once_in_memory():
    shared = DenseLayer(torch.full((1, 7, 7), 1 / 7))
    both = [Stream(name, (shared,), tokens(7), tokens(7)) for name in ("encoder", "decoder")]
    assert Trace(both).nbytes == 7 * 7 * 4


def test_a_trace_cannot_be_changed_and_needs_streams():
    trace = Trace.from_attentions(weights(), WORDS)
    with pytest.raises(dataclasses.FrozenInstanceError):
        trace.model_name = "other"
    with pytest.raises(ValueError, match="at least one stream"):
        Trace(())
    with pytest.raises(ValueError, match="different names"):
        Trace((stream(layer()), stream(layer())))


def test_repr_is_short():
    trace = Trace.from_attentions(weights(), WORDS, model_name="tiny")
    assert repr(trace) == "Trace('tiny', 'self', 2 layers x 3 heads, 5 tokens; 0.0 MB)"
    assert len(repr(Tokens.from_text(["word"] * 1000))) < 80


def test_bytes_count_the_residual_stream_that_the_logits_read():
    trace = aw.demo("induction")
    assert isinstance(trace.readout, LogitReadout)
    without = replace(trace, readout="left out")
    residual = trace.readout.residual.untyped_storage().nbytes()
    assert trace.nbytes == without.nbytes + residual
