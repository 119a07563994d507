"""Captured attention against what transformers itself returns under eager attention."""

import pytest
import torch
from torch import Tensor

from attnwidget.capture import capture
from attnwidget.capture.model.model_state import interface_configs
from attnwidget.trace import Stream
from tests.capture.architectures import CLIP, FALLBACK, INTERFACE, PADDING, Architecture

TOLERANCE = 2e-5
STREAMS = {
    "self": "attentions",
    "encoder": "encoder_attentions",
    "decoder": "decoder_attentions",
    "cross": "cross_attentions",
}


def named(architecture: Architecture) -> str:
    return architecture.name


def pad(inputs: dict[str, Tensor], side: str) -> dict[str, Tensor]:
    """Pad every text among the inputs."""
    padded = dict(inputs)
    for ids, mask in (
        ("input_ids", "attention_mask"),
        ("decoder_input_ids", "decoder_attention_mask"),
    ):
        if ids in inputs and (ids == "input_ids" or side == "right"):
            room = (PADDING, 0) if side == "left" else (0, PADDING)
            padded[mask] = torch.nn.functional.pad(torch.ones_like(inputs[ids]), room)
            padded[ids] = torch.nn.functional.pad(inputs[ids], room)
    return padded


def span(inputs: dict[str, Tensor], stack: str, length: int) -> slice:
    mask = inputs.get("decoder_attention_mask" if stack == "decoder" else "attention_mask")
    if mask is None or mask.shape[1] != length:
        return slice(0, length)
    tokens = mask[0].nonzero().flatten()
    return slice(int(tokens[0]), int(tokens[-1]) + 1)


def assert_equals_eager(
    stream: Stream, eager: tuple[Tensor, ...], inputs: dict[str, Tensor]
) -> None:
    cross = stream.name == "cross"
    rows, columns = ("decoder", "encoder") if cross else (stream.name, stream.name)
    assert stream.num_layers == len(eager)
    for layer, weights in enumerate(eager):
        queries = span(inputs, rows, weights.shape[2])
        keys = span(inputs, columns, weights.shape[3])
        expected = weights[0, :, queries, keys]
        torch.testing.assert_close(stream.attention(layer), expected, atol=TOLERANCE, rtol=0)
        assert weights[0, :, queries].std() > 0.005, "attention too uniform to test anything"


@pytest.mark.parametrize("architecture", [*INTERFACE, *FALLBACK], ids=named)
@pytest.mark.parametrize("side", [None, "left", "right"])
def test_weights_equal_those_of_eager_attention(architecture, side):
    if side and not architecture.pads:
        pytest.skip("nothing to pad")
    inputs = architecture.inputs()
    inputs = pad(inputs, side) if side else inputs
    with torch.no_grad():
        eager = architecture.reference()(**inputs, output_attentions=True)

    trace = capture(architecture.model(), inputs)

    expected = {
        name: weights
        for name, output in STREAMS.items()
        if (weights := getattr(eager, output, None))
    }
    assert set(trace.streams) == set(expected)
    for name, weights in expected.items():
        assert_equals_eager(trace[name], weights, inputs)


@pytest.mark.parametrize("architecture", INTERFACE, ids=named)
def test_projections_are_kept_and_explain_the_weights(architecture):
    if not interface_configs(architecture.model()):
        pytest.skip("this version of transformers does not let its attention be replaced")
    trace = capture(architecture.model(), architecture.inputs())
    for name in trace:
        stream = trace[name]
        assert stream.has_projections
        heads, queries = stream.num_heads, len(stream.queries)
        assert stream.query(0).shape[:2] == (heads, queries)
        assert stream.key(0).shape[:2] == (heads, len(stream.keys))
        assert stream.value(0).shape[:2] == (heads, len(stream.keys))
        scores = stream.scores(0, heads - 1, queries - 1)
        torch.testing.assert_close(
            scores.weights, stream.attention(0, heads - 1, queries=queries - 1)[0, 0]
        )


@pytest.mark.parametrize("architecture", FALLBACK, ids=named)
def test_models_off_the_interface_give_dense_weights(architecture):
    stream = capture(architecture.model(), architecture.inputs())["self"]
    assert not stream.has_projections
    with pytest.raises(ValueError, match="without the queries"):
        stream.query(0)


@pytest.mark.parametrize("side", [None, "right"])
def test_both_towers_of_clip(side):
    inputs = CLIP.inputs()
    inputs = pad(inputs, side) if side else inputs
    with torch.no_grad():
        eager = CLIP.reference()(**inputs, output_attentions=True)
    if eager.text_model_output.attentions is None:
        pytest.skip("this version of transformers returns no attention of CLIP to compare with")

    trace = capture(CLIP.model(), inputs)

    assert trace.streams == ("text", "vision")
    assert_equals_eager(trace["text"], eager.text_model_output.attentions, inputs)
    assert_equals_eager(trace["vision"], eager.vision_model_output.attentions, {})


@pytest.mark.parametrize("tower", ["text", "vision"])
def test_one_tower_of_clip(tower):
    inputs = CLIP.inputs()
    one = {
        name: each
        for name, each in inputs.items()
        if (name == "pixel_values") == (tower == "vision")
    }
    alone, both = capture(CLIP.model(), one)["self"], capture(CLIP.model(), inputs)[tower]
    for layer in range(both.num_layers):
        torch.testing.assert_close(alone.attention(layer), both.attention(layer))


@pytest.mark.parametrize("side", [None, "left", "right"])
@pytest.mark.parametrize("name", ["llama", "mistral", "gemma2", "gpt_oss", "t5"])
def test_nothing_of_size_n_squared_is_kept(name, side):
    architecture = next(each for each in INTERFACE if each.name == name)
    if not interface_configs(architecture.model()):
        pytest.skip("this version of transformers does not let its attention be replaced")
    inputs = architecture.inputs()
    trace = capture(architecture.model(), pad(inputs, side) if side else inputs)
    for each in trace:
        stream = trace[each]
        n_q, n_k = len(stream.queries), len(stream.keys)
        for layer in stream.layers:
            assert all(tuple(tensor.shape[-2:]) != (n_q, n_k) for tensor in layer.tensors())
