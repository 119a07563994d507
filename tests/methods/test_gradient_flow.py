"""Gradient-weighted attention against autograd and against its definition."""

import pytest
import torch
from torch.autograd.functional import jacobian

from attnwidget.capture.model.model_state import interface_configs
from attnwidget.methods import gradient_flow
from tests.methods.memory import Memory
from tests.methods.models import inputs, long_trace, model, trace


def assert_near(actual, expected):
    largest = float(expected.abs().max())
    assert largest > 0
    torch.testing.assert_close(actual, expected.float(), atol=1e-5 * largest, rtol=0)


@pytest.mark.parametrize("normalize", [False, True])
@pytest.mark.parametrize("heads", [None, [2, 0], -1])
def test_by_attention_equals_autograd(heads, normalize):
    reference = model("bert", eager=True)
    output = reference(**inputs("bert"), output_attentions=True)
    weights = output.attentions[1]
    (gradient,) = torch.autograd.grad(output.last_hidden_state[0, 4].sum(), weights)
    expected = (weights * gradient.abs())[0].double()
    if normalize:
        expected = expected / expected.sum(-1, keepdim=True)
    chosen = slice(None) if heads is None else [heads] if isinstance(heads, int) else heads

    flow = gradient_flow(trace("bert"), 1, heads, normalize=normalize, target=("hidden", 4))

    assert_near(flow, expected[chosen].detach())


def values_and_attentions(name, module, loss):
    """Return the values a module made, their gradients, and what the model returned."""
    reference, kept = model(name, eager=True), []
    reference.get_submodule(module).register_forward_hook(lambda *given: kept.append(given[2]))
    output = reference(**inputs(name), output_attentions=True)
    return torch.autograd.grad(loss(output), kept[0])[0], output


def test_by_value_equals_autograd():
    gradient, output = values_and_attentions(
        "bert",
        "encoder.layer.1.attention.self.value",
        lambda out: out.last_hidden_state[0, 4].sum(),
    )
    size = gradient[0].unflatten(-1, (4, 8)).abs().sum(-1).T
    expected = output.attentions[1][0] * size[:, None]
    flow = gradient_flow(trace("bert"), 1, wrt="value", normalize=False, target=("hidden", 4))
    assert_near(flow, expected.detach())


def test_by_value_through_cross_attention():
    if not interface_configs(model("t5")):
        pytest.skip("this version of transformers does not let its attention be replaced")
    gradient, output = values_and_attentions(
        "t5", "decoder.block.1.layer.1.EncDecAttention.v", lambda out: out.logits[0, 3, 9]
    )
    size = gradient[0].unflatten(-1, (4, 8)).abs().sum(-1).T
    expected = output.cross_attentions[1][0] * size[:, None]
    flow = gradient_flow(
        trace("t5", ("logit", 3, 9)), 1, wrt="value", normalize=False, stream="cross"
    )
    assert_near(flow, expected.detach())


def test_by_value_counts_each_query_head_of_a_group_alone():
    traced = trace("qwen2")
    flow = gradient_flow(traced, 0, wrt="value", normalize=False)
    stream = traced["self"]
    weights, contexts = stream.attention(0).double(), stream.context_gradient(0).double()
    expected = torch.stack(
        [
            weight * torch.stack([weight[:, j] @ g for j in range(12)]).abs().sum(-1)
            for weight, g in zip(weights, contexts, strict=True)
        ]
    )
    assert_near(flow, expected)


def norms(function, embeddings):
    """Return the Frobenius norm of each block (k, j) of a Jacobian, by torch's own."""
    blocks = jacobian(function, embeddings)[0, :, :, 0]
    return blocks.double().square().sum((1, 3)).sqrt()


def test_by_input_equals_the_whole_jacobian():
    plain = model("bert", eager=True)
    embeddings = plain.get_input_embeddings()(inputs("bert")["input_ids"]).detach()
    expected = norms(lambda e: plain(inputs_embeds=e).last_hidden_state, embeddings)
    traced = trace("bert")
    flow = gradient_flow(traced, 2, wrt="input", normalize=False)
    assert_near(flow, traced.attention(2).double() @ expected)
    assert all(weights.grad is None for weights in plain.parameters())


def test_by_input_of_a_model_that_writes():
    plain = model("llama", eager=True)
    embeddings = plain.get_input_embeddings()(inputs("llama")["input_ids"]).detach()
    expected = norms(lambda e: plain.model(inputs_embeds=e).last_hidden_state, embeddings)
    traced = trace("llama")
    flow = gradient_flow(traced, 0, 3, wrt="input", normalize=False)
    assert_near(flow, traced.attention(0, 3).double() @ expected)
    assert not flow.triu(1).any()


@pytest.mark.parametrize("name", ["bart", "t5"])
@pytest.mark.parametrize("stream", ["encoder", "decoder", "cross"])
def test_by_input_of_an_encoder_decoder(name, stream):
    plain, given = model(name, eager=True), inputs(name)
    side = "decoder" if stream == "decoder" else "encoder"
    ids = given["decoder_input_ids" if side == "decoder" else "input_ids"]
    stack = plain.get_encoder() if side == "encoder" else plain.get_decoder()
    embeddings = stack.get_input_embeddings()(ids).detach()
    source = plain.get_encoder()(given["input_ids"]).last_hidden_state.detach()
    cross = {} if side == "encoder" else {"encoder_hidden_states": source}
    expected = norms(
        lambda e: (
            stack(inputs_embeds=e, use_cache=False, **cross).last_hidden_state
            if side == "decoder"
            else stack(inputs_embeds=e).last_hidden_state
        ),
        embeddings,
    )
    traced = trace(name)
    flow = gradient_flow(traced, 0, wrt="input", normalize=False, stream=stream)
    assert_near(flow, traced[stream].attention(0).double() @ expected)


def test_by_input_is_computed_once_reported_and_interrupted():
    traced, told = trace("gpt2"), []

    def stop(done, total):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        gradient_flow(traced, 0, wrt="input", progress=stop)
    gradient_flow(traced, 0, wrt="input", progress=lambda *given: told.append(given))
    assert told == [(done, 12) for done in range(13)]
    runs = []
    traced.gradients._shared.rerun.model.module.register_forward_hook(lambda *_: runs.append(1))
    gradient_flow(traced, 1, wrt="input", progress=False)
    assert not runs


def test_rows_without_gradient_stay_zero():
    flow = gradient_flow(trace("gpt2"), -1)
    assert not flow[:, :-1].any()
    torch.testing.assert_close(flow[:, -1].sum(-1), torch.ones(4))


@pytest.mark.parametrize("wrt", ["attention", "value"])
def test_memory_is_what_is_returned_and_blocks(wrt):
    traced = long_trace(1024)
    traced.attention(0, 0)
    with Memory() as memory:
        flow = gradient_flow(traced, 0, wrt=wrt)
    assert memory.peak < flow.nbytes + 12_000_000


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"wrt": "output"}, ValueError, "attention, value, input, but 'output'"),
        ({"stream": "cross"}, ValueError, "stream must be one of self"),
        ({"layer": 3}, IndexError, "layer 3 is out of range"),
        ({"heads": 4}, IndexError, "head 4 is out of range"),
        ({"target": ("logit", 99, 1)}, IndexError, "position 99"),
        ({"wrt": "input", "max_tokens": 11}, ValueError, "pass max_tokens=12 to compute"),
        ({"wrt": "input", "progress": "yes"}, ValueError, "progress must be"),
    ],
)
def test_wrong_arguments(arguments, error, message):
    with pytest.raises(error, match=message):
        gradient_flow(trace("gpt2"), arguments.pop("layer", 0), **arguments)


def test_arrays_and_images():
    with pytest.raises(ValueError, match="this trace was made from arrays"):
        gradient_flow([torch.eye(3)], 0)
    with pytest.raises(ValueError, match="does not look up one embedding for each token"):
        gradient_flow(trace("vit"), 0, wrt="input")
