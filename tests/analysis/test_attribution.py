import builtins

import numpy as np
import pytest
import torch
from scipy.stats import spearmanr
from transformers import BertConfig, BertForSequenceClassification, GPT2Config, GPT2LMHeadModel

from attnwidget.analysis import compare_with_gradients
from attnwidget.capture import capture
from attnwidget.demos import demo
from attnwidget.trace import Trace

IDS = torch.tensor([[5, 9, 2, 7, 7, 3, 11]])


@pytest.fixture(scope="module")
def writer():
    torch.manual_seed(0)
    config = GPT2Config(n_layer=2, n_head=2, n_embd=16, vocab_size=20, n_positions=16)
    return GPT2LMHeadModel(config).eval()


@pytest.fixture(scope="module")
def classifier():
    torch.manual_seed(1)
    sizes = {"num_hidden_layers": 2, "num_attention_heads": 2, "hidden_size": 16}
    config = BertConfig(**sizes, intermediate_size=32, vocab_size=20, num_labels=3)
    return BertForSequenceClassification(config).eval()


def embedded(model):
    return model.get_input_embeddings()(IDS).detach().double().requires_grad_()


def gradient(model, of, embeddings):
    """Autograd through inputs_embeds, in double precision."""
    target = of(model.double()(inputs_embeds=embeddings).logits)
    (found,) = torch.autograd.grad(target, embeddings)
    model.float()
    return found[0]


def shares(values):
    return (values / values.sum()).float()


def last_token(logits):
    return logits[0, -1].max()


def test_gradients_of_a_writer(writer):
    found = compare_with_gradients(capture(writer, {"input_ids": IDS}), query=-1)
    expected = gradient(writer, last_token, embedded(writer)).norm(dim=-1)
    torch.testing.assert_close(found["gradient_scores"], shares(expected), rtol=1e-4, atol=1e-6)
    assert found["tokens"] == [str(each) for each in IDS[0].tolist()]


def test_gradient_times_input_of_a_classifier(classifier):
    trace = capture(classifier, {"input_ids": IDS})
    found = compare_with_gradients(trace, query=2, method="gradient_x_input")
    embeddings = embedded(classifier)
    by_input = gradient(classifier, lambda logits: logits[0].max(), embeddings)
    expected = (by_input * embeddings[0]).sum(-1).abs().detach()
    torch.testing.assert_close(found["gradient_scores"], shares(expected), rtol=1e-4, atol=1e-6)
    attention = trace.attention(-1, queries=2)[:, 0].mean(0)
    torch.testing.assert_close(found["attention_scores"], attention)
    rho, p_value = spearmanr(attention, expected)
    assert found["spearman_correlation"] == pytest.approx(rho)
    assert found["p_value"] == pytest.approx(p_value)


def test_integrated_gradients_keep_to_the_class_of_the_input(classifier):
    pytest.importorskip("captum")
    trace = capture(classifier, {"input_ids": IDS})
    found = compare_with_gradients(trace, method="integrated_gradients")
    embeddings = embedded(classifier)
    predicted = int(classifier(input_ids=IDS).logits.argmax())
    # The mean gradient by the midpoint rule, with many more steps.
    total = sum(
        gradient(
            classifier,
            lambda logits: logits[0, predicted],
            (place * embeddings).detach().requires_grad_(),
        )
        for place in (torch.arange(400) + 0.5) / 400
    )
    expected = (total / 400 * embeddings[0]).sum(-1).abs().detach()
    torch.testing.assert_close(found["gradient_scores"], shares(expected), rtol=2e-2, atol=1e-3)


def test_another_target_has_other_gradients(writer):
    trace = capture(writer, {"input_ids": IDS}, target=("log_prob", 3, 4))
    found = compare_with_gradients(trace, query=3)
    expected = gradient(writer, lambda each: each[0, 3].log_softmax(-1)[4], embedded(writer))
    torch.testing.assert_close(
        found["gradient_scores"], shares(expected.norm(dim=-1)), rtol=1e-4, atol=1e-6
    )
    assert not found["gradient_scores"][4:].any()


def test_keys_that_the_mask_forbids_do_not_count(writer):
    trace = capture(writer, {"input_ids": IDS})
    found = compare_with_gradients(trace, query=4)
    rho, _ = spearmanr(found["attention_scores"][:5], found["gradient_scores"][:5])
    assert found["spearman_correlation"] == pytest.approx(rho)
    alone = compare_with_gradients(trace)
    assert np.isnan([alone["spearman_correlation"], alone["p_value"]]).all()


def test_streams_of_an_encoder_decoder():
    trace = demo("dates")
    for name in trace.streams:
        found = compare_with_gradients(trace, query=-1, stream=name)
        assert found["tokens"] == trace[name].key_tokens
        assert found["gradient_scores"].sum().item() == pytest.approx(1, abs=1e-5)
    cross, encoder = (compare_with_gradients(trace, stream=name) for name in ("cross", "encoder"))
    torch.testing.assert_close(cross["gradient_scores"], encoder["gradient_scores"])


def test_the_model_comes_back_as_it_was(writer):
    trace = capture(writer, {"input_ids": IDS})
    compare_with_gradients(trace, query=-1)
    assert all(weights.grad is None for weights in writer.parameters())
    assert not any(module._forward_hooks for module in writer.modules())


def test_without_captum(classifier, monkeypatch):
    def missing(name, *arguments, imported=builtins.__import__, **keywords):
        if name.startswith("captum"):
            raise ImportError(name)
        return imported(name, *arguments, **keywords)

    monkeypatch.setattr(builtins, "__import__", missing)
    trace = capture(classifier, {"input_ids": IDS})
    with pytest.raises(ImportError, match=r"attnwidget\[attribution\]"):
        compare_with_gradients(trace, method="integrated_gradients")


def test_wrong_arguments(writer):
    trace = capture(writer, {"input_ids": IDS})
    arrays = Trace.from_attentions([np.full((2, 2), 0.5)], ["a", "b"])
    with pytest.raises(ValueError, match="gradient, gradient_x_input, integrated_gradients, but"):
        compare_with_gradients(trace, method="saliency")
    with pytest.raises(ValueError, match="made from arrays"):
        compare_with_gradients(arrays)
    with pytest.raises(IndexError, match="layer 7 is out of range"):
        compare_with_gradients(trace, layer=7)
    with pytest.raises(IndexError, match="query 9 is out of range"):
        compare_with_gradients(trace, query=9)
