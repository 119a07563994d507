"""What is loaded is what was saved, to the last bit."""

import os
import pickle
from dataclasses import fields

import pytest
import torch
import transformers as tf
from safetensors import safe_open

import attnwidget as aw
from attnwidget.trace import (
    DenseLayer,
    ProjectedLayer,
    RelativeBias,
    Stream,
    TiledLayer,
    Tokens,
    Trace,
)
from attnwidget.trace.frozen_norm import FrozenNorm
from attnwidget.trace.layer_cut import LayerCut
from attnwidget.trace.logit_readout import LogitReadout
from attnwidget.trace.prediction_head import PredictionHead
from attnwidget.trace.sublayer_output import SublayerOutput
from attnwidget.trace.tiles import Tiles
from tests.capture.test_windows import SWIN, pixels
from tests.capture.test_windows import random as random_model
from tests.trace.layers import layer
from tests.trace.saved.hand_made import TRACES, of


def saved(trace, folder, **options):
    path = folder / "trace.safetensors"
    trace.save(path, **options)
    return Trace.load(path)


def assert_same(found, expected):
    assert found.streams == expected.streams
    for name in expected.streams:
        one, other = found[name], expected[name]
        assert one.queries == other.queries
        assert one.keys == other.keys
        assert one.layer_numbers == other.layer_numbers
        assert one.has_projections == other.has_projections
        for place in range(other.num_layers):
            assert torch.equal(one.attention(place), other.attention(place))
            layers = one.layers[place], other.layers[place]
            sides = slice(None), slice(None)
            assert torch.equal(*(each.num_allowed(*sides) for each in layers))
            assert torch.equal(*(each.reachable(slice(None)) for each in layers))
            if other.has_projections:
                for part in ("query", "key", "value"):
                    assert torch.equal(getattr(one, part)(place), getattr(other, part)(place))


@pytest.mark.parametrize("kind", TRACES)
def test_every_kind_of_layer(kind, tmp_path):
    trace = TRACES[kind]
    found = saved(trace, tmp_path)
    assert_same(found, trace)
    assert repr(found) == repr(trace)
    assert_same(saved(found, tmp_path), trace)
    assert_same(pickle.loads(pickle.dumps(found)), trace)


def test_tokens_and_words(tmp_path):
    names = Tokens(
        ("[CLS]", "<b>x</b>", "walk", "ing", "\\ud800"),
        ("[CLS]", "<b>x</b>", "Ġwalk", "##ing", "\ud800"),
        (True, False, False, False, False),
        (False, False, False, True, False),
        (0, 0, 0, 1, 1),
        (False, False, False, True, True),
    )
    trace = Trace.from_attentions([torch.full((1, 5, 5), 0.2)], names, model_name='a "name"')
    trace = Trace(trace.stacks, trace.model_name, notes=("a note", "another"))
    found = saved(trace, tmp_path)
    assert found.stacks[0].queries == names
    assert (found.model_name, found.notes) == ('a "name"', ("a note", "another"))


@pytest.mark.parametrize("name", ["brackets", "induction", "dates"])
def test_a_captured_trace(name, tmp_path):
    trace = aw.demo(name)
    found = saved(trace, tmp_path, gradients=True)
    assert_same(found, trace)
    assert repr(found) == repr(trace)
    assert found.predictions() == trace.predictions()
    assert found.predictions(3, top=5) == trace.predictions(3, top=5)
    assert found.target == trace.target
    for stream in trace.streams:
        for place in range(trace[stream].num_layers):
            one, other = found[stream], trace[stream]
            assert_close(one.attention_gradient(place), other.attention_gradient(place))
            assert_close(one.written(place), other.written(place))
    assert_close(aw.alti(found), aw.alti(trace))
    if isinstance(trace.readout, str):
        assert found.readout == trace.readout
    else:
        one, other = aw.logit_contributions(found), aw.logit_contributions(trace)
        assert one.target == other.target
        assert_close(one.heads, other.heads)
        assert one.total == pytest.approx(other.total, rel=1e-6)


def assert_close(found, expected):
    """Products may round otherwise where weights lie elsewhere in memory."""
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-6)


def test_windows_and_classes(tmp_path):
    kind = tf.SwinForImageClassification
    model = random_model(kind, tf.SwinConfig(image_size=32, num_labels=3, **SWIN))
    trace = aw.capture(model, {"pixel_values": pixels(32, 32)})
    found = saved(trace, tmp_path, gradients=True)
    assert_same(found, trace)
    assert found.predictions() == trace.predictions()
    gradients = [each.stacks[0].attention_gradient(1) for each in (found, trace)]
    assert_close(*gradients)


def test_gradients_of_dense_weights(tmp_path):
    config = tf.DebertaConfig(
        vocab_size=60,
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=20,
        num_labels=3,
    )
    torch.manual_seed(0)
    model = tf.DebertaForSequenceClassification(config).eval()
    inputs = {"input_ids": torch.arange(1, 7)[None]}
    trace = aw.capture(model, inputs, target=("logit", None, 2))
    found = saved(trace, tmp_path)
    assert_same(found, trace)
    assert found.target == ("logit", None, 2)
    assert torch.equal(found.attention_gradient(1), trace.attention_gradient(1))


def test_shared_tensors_are_written_once(tmp_path):
    bias = torch.randn(1, 256, 256)
    once = of(layer(queries=256, keys=256, bias=bias))
    twice = of(*(layer(queries=256, keys=256, bias=bias, seed=each) for each in (1, 2)))
    sizes = []
    for trace in (once, twice):
        trace.save(tmp_path / "trace.safetensors")
        sizes.append(os.path.getsize(tmp_path / "trace.safetensors"))
    assert sizes[1] - sizes[0] < bias.nbytes


def test_others_read_the_tensors_by_name(tmp_path):
    trace = TRACES["plain"]
    trace.save(tmp_path / "trace.safetensors")
    with safe_open(tmp_path / "trace.safetensors", "pt") as file:
        assert torch.equal(file.get_tensor("self.1.query"), trace.query(1))


def test_numbers_are_read_when_they_are_used(tmp_path):
    size = 1 << 14
    trace = of(*(layer(queries=size, keys=size, seed=each) for each in range(3)))
    trace.save(tmp_path / "trace.safetensors")
    before = resident()
    found = Trace.load(tmp_path / "trace.safetensors")
    found.attention(0, 0, queries=[5])
    assert resident() - before < trace.nbytes / 2


def resident():
    """Bytes of this process in memory that no file stands for, and of files that were read."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


FIELDS = {
    Trace: "stacks model_name gradients notes readout reruns",
    Stream: "name layers queries keys gradients numbers outputs",
    Tokens: "text raw special continues segments written",
    ProjectedLayer: "query key value scale mask causal window bias softcap sinks cuts _normaliser",
    DenseLayer: "matrices _causal",
    TiledLayer: "parts",
    Tiles: "inner heads rows columns num_queries num_keys",
    LayerCut: "heads queries keys mode whole",
    RelativeBias: "values num_queries",
    SublayerOutput: "weight bias norms residual after passage _lengths",
    FrozenNorm: "weight bias factors scale centred",
    LogitReadout: "chain residual norms weight bias scale capped position",
    PredictionHead: ("model unit num_rows has_positions default activation of_positions is_score"),
}


@pytest.mark.parametrize("kind", FIELDS)
def test_every_field_is_known_to_the_file(kind):
    """A field that is added must be saved and loaded, or be one that files need not hold."""
    assert [field.name for field in fields(kind)] == FIELDS[kind].split()
