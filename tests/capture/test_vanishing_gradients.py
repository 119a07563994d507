"""Gradients that are nothing but zeros or rounding are no picture."""

import pytest
import torch
import transformers as tf
from torch import nn

from attnwidget.capture import capture
from attnwidget.methods import relevance
from tests.capture.architectures import spread
from tests.capture.small_modules import IDS, TEXT, VISION, bert, llama, made

INPUTS = {"input_ids": IDS}
POST_NORM = nn.TransformerEncoder(nn.TransformerEncoderLayer(32, 4, 48, batch_first=True), 2)
FRESH = {
    "BERT": lambda: (bert(tf.BertModel), INPUTS),
    "GPT-2": lambda: (
        made(tf.GPT2Model, tf.GPT2Config(vocab_size=120, n_embd=32, n_layer=2, n_head=4)),
        INPUTS,
    ),
    "ViT": lambda: (
        made(tf.ViTModel, tf.ViTConfig(**VISION)),
        {"pixel_values": torch.randn(1, 3, 8, 8)},
    ),
    "torch": lambda: (POST_NORM.eval(), torch.randn(1, 7, 32)),
}


@pytest.mark.parametrize("name", FRESH)
def test_the_sum_behind_a_norm_that_was_not_trained(name):
    model, inputs = FRESH[name]()
    trace = capture(model, inputs)
    with pytest.raises(ValueError, match=r"a norm whose gains are all alike.*target=lambda output"):
        relevance(trace)
    of_one = trace.with_target(lambda output: getattr(output, "last_hidden_state", output)[0, 0, 3])
    assert bool(of_one.attention_gradient(0).any())


def test_gains_that_differ_and_norms_without_a_mean_are_fine():
    model = bert(tf.BertModel)
    with torch.no_grad():
        model.encoder.layer[-1].output.LayerNorm.weight += torch.randn(32) * 0.1
    assert bool(capture(model, INPUTS).attention_gradient(0).any())
    plain = capture(made(tf.LlamaModel, tf.LlamaConfig(**TEXT)), INPUTS)
    assert bool(plain.attention_gradient(0).any())


def test_weights_whose_kernels_have_no_backward_pass():
    quantised = torch.ao.quantization.quantize_dynamic(spread(bert()), {nn.Linear})
    trace = capture(quantised, INPUTS)
    with pytest.raises(ValueError, match=r"all its gradients are 0.*quantised.*as it was before"):
        trace.attention_gradient(0)
    assert bool(capture(spread(bert()), INPUTS).attention_gradient(0).any())


def test_a_constant():
    constant = capture(llama(), INPUTS).with_target(lambda output: output.logits.sum() * 0)
    with pytest.raises(ValueError, match="all its gradients are 0"):
        constant.attention_gradient(0)


def test_a_head_of_zeros_as_it_is_made_before_training():
    model = bert(tf.BertForSequenceClassification)
    nn.init.zeros_(model.classifier.weight)
    trace = capture(model, INPUTS)
    with pytest.raises(ValueError, match=r"all its gradients are 0.*head whose weights are all 0"):
        trace.attention_gradient(0)
