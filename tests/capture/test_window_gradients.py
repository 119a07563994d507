"""Gradients by attention within windows, equal to those of eager attention by autograd."""

import pytest
import torch
import transformers as tf

from attnwidget import Cut, alti, knockout, knockout_effects, rollout
from attnwidget.analysis.findings.effects import effect_candidates
from attnwidget.capture import capture
from tests.capture.eager_gradients import assert_equal
from tests.capture.small_modules import made
from tests.capture.test_sliding_windows import REACH, SMALL, spread
from tests.capture.test_windows import SWIN, pixels, random
from tests.capture.windows_by_hand import eager_weights, whole_map, window_positions


def classifier(kind, config):
    return random(kind, config(image_size=32, num_labels=3, **SWIN))


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        (tf.SwinForImageClassification, tf.SwinConfig),
        (tf.Swinv2ForImageClassification, tf.Swinv2Config),
    ],
)
@pytest.mark.parametrize(("height", "width"), [(32, 32), (20, 28)])
def test_gradients_within_windows(kind, config, height, width):
    model, image = classifier(kind, config), pixels(height, width)
    trace = capture(model, {"pixel_values": image}, target=("logit", None, 1))
    model.set_attn_implementation("eager")
    outputs = []
    hook = model.register_forward_hook(lambda _, __, output: outputs.append(output))
    weights = eager_weights(model, pixel_values=image)
    hook.remove()
    gradients = torch.autograd.grad(outputs[0].logits[0, 1], weights)
    stage = trace.stacks[0]
    sizes = -(-height // 2), -(-width // 2)
    count = sizes[0] * sizes[1]
    for layer in range(SWIN["depths"][0]):
        slots = window_positions(*sizes, 4, 2 * layer)
        expected = whole_map(gradients[layer], slots, slots, (count, count))
        inside = whole_map(torch.ones_like(gradients[layer]), slots, slots, (count, count)) > 0
        assert_equal(stage.attention_gradient(layer) * inside, expected)


def test_the_gradient_for_a_key_of_another_window_is_that_of_its_value():
    model, image = classifier(tf.SwinForImageClassification, tf.SwinConfig), pixels(32, 32)
    stream = capture(model, {"pixel_values": image}).stacks[0]
    expected = stream.context_gradient(1) @ stream.value(1).mT
    assert_equal(stream.attention_gradient(1), expected)
    assert_equal(
        stream.attention_gradient(1, 0, queries=[3], keys=[200, 5]), expected[:1, 3:4, [200, 5]]
    )


def test_gradients_of_bands_and_global_tokens():
    model = spread(made(tf.LongformerModel, tf.LongformerConfig(**SMALL)))
    globally, length = [0, 9], 24
    inputs = {"input_ids": torch.randint(5, 60, (1, length))}
    inputs["global_attention_mask"] = torch.zeros_like(inputs["input_ids"])
    inputs["global_attention_mask"][0, globally] = 1

    def target(output):
        return output.last_hidden_state[0, 9:12, :4].square().sum()

    trace = capture(model, inputs, target=target)
    outputs = []
    hook = model.register_forward_hook(lambda _, __, output: outputs.append(output))
    weights = eager_weights(model, **inputs)
    hook.remove()
    local, over = torch.autograd.grad(target(outputs[0]), weights[:2])
    expected = torch.zeros(2, length, length)
    for query in range(length):
        for key in range(max(0, query - REACH), min(length, query + REACH + 1)):
            expected[:, query, key] = local[0, query, :, 2 + key - query + REACH]
        for place, key in enumerate(globally):
            expected[:, query, key] = local[0, query, :, place]
    for place, query in enumerate(globally):
        expected[:, query] = over[:, place]
    found = trace.attention_gradient(0)
    assert_equal(found * (trace.attention(0) > 0), expected * (trace.attention(0) > 0))


def test_each_stage_rolls_out_alone():
    model, image = classifier(tf.SwinForImageClassification, tf.SwinConfig), pixels(32, 32)
    trace = capture(model, {"pixel_values": image})
    for stream in trace.stacks:
        rolled = torch.eye(len(stream.queries))
        for layer in range(stream.num_layers):
            mixed = stream.attention(layer).mean(0) + torch.eye(len(stream.queries))
            rolled = mixed / mixed.sum(-1, keepdim=True) @ rolled
        assert torch.allclose(rollout(trace, stream=stream.name), rolled, atol=1e-5)


def test_the_steps_to_a_row_within_a_window():
    model, image = classifier(tf.SwinForImageClassification, tf.SwinConfig), pixels(20, 28)
    stream = capture(model, {"pixel_values": image}).stacks[0]
    for query in (0, 47, 139):
        steps = stream.scores(1, 1, query)
        logits = (steps.scaled + steps.bias).masked_fill(~steps.allowed, -torch.inf)
        row = stream.attention(1, 1, queries=query)[0, 0]
        # Padding in the window has the rest of the row.
        assert torch.allclose(logits.softmax(-1) * row.sum(), row, atol=1e-6)
        assert torch.equal(steps.weights, row)
        assert torch.allclose(steps.keys @ steps.query * steps.scale, steps.scaled, atol=1e-6)
    allowed = stream.layers[1].num_allowed([1], slice(None))[0]
    assert torch.equal(allowed, (stream.attention(1, 1)[0] > 0).sum(-1))


def test_what_windows_do_not_allow_is_refused():
    model, image = classifier(tf.SwinForImageClassification, tf.SwinConfig), pixels(32, 32)
    trace = capture(model, {"pixel_values": image})
    with pytest.raises(ValueError, match=r"Layer 0 of 'self 1' attends within windows"):
        knockout(trace, Cut(layers=0, heads=0, mode="zero"))
    assert knockout_effects(trace, "head", stream="self 1").shape == (2, 2)
    with pytest.raises(ValueError, match="attends within windows"):
        trace.stacks[0].written(0)
    with pytest.raises(ValueError, match="attends within windows"):
        alti(trace, stream="self 1")


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        (tf.SwinForImageClassification, tf.SwinConfig),
        (tf.Swinv2ForImageClassification, tf.Swinv2Config),
    ],
)
def test_effects_within_windows_are_found(kind, config):
    model, image = classifier(kind, config), pixels(32, 32)
    trace = capture(model, {"pixel_values": image}, target=("logit", None, 1))
    for stream in trace.stacks:
        found = {
            (each.layer, each.head): each.score
            for each in effect_candidates(trace, stream, lambda: None)
        }
        for layer in range(stream.num_layers):
            gradient = stream.attention_gradient(layer)
            effects = (stream.attention(layer) * gradient).double().sum((1, 2))
            for head, effect in enumerate(effects.tolist()):
                assert found[layer, head] == pytest.approx(effect, rel=1e-3, abs=1e-9)
