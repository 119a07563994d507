"""Spans that are refused, and the ways out that the messages name."""

import re

import pytest
import torch
import transformers as tf

from attnwidget.capture import capture
from tests.capture.architectures import GROUPED, WIDE, text
from tests.capture.eager_targets import made
from tests.capture.small_tokenizers import word_piece


def llama():
    return made(tf.LlamaForCausalLM, tf.LlamaConfig(**GROUPED))


@pytest.mark.parametrize(
    ("span", "error", "message"),
    [
        ((3, 13), IndexError, "beyond the text, which has 12 tokens"),
        ((12, None), IndexError, "beyond the text"),
        ((-13, 4), IndexError, "beyond the text"),
        ((3, -13), IndexError, "beyond the text"),
        ((5, 5), ValueError, "has no tokens: it begins at 5 and ends before 5"),
        ((5, 3), ValueError, "has no tokens"),
        ((5, 0), ValueError, "has no tokens"),
        ((0, 4), ValueError, "has token 0 '.*', which LlamaForCausalLM does not predict"),
        ((0, 1), ValueError, "nothing stands before it"),
        ((-12, None), ValueError, "nothing stands before it"),
    ],
)
def test_bounds(span, error, message):
    with pytest.raises(error, match=message) as raised:
        capture(llama(), text(), target=("span", *span))
    said = str(raised.value)
    assert repr(("span", *span)) in said
    first, stop = map(int, re.search(r"(\d+) <= start < stop <= (\d+)", said).groups())
    assert capture(llama(), text(), target=("span", first, stop)).attention_gradient(0).any()


@pytest.mark.parametrize(
    "target",
    [("span", None, 3), ("span", 3), ("span", 1, 2, 3), ("span", "1", 3), ("span", 1, 2.0)],
)
def test_forms(target):
    with pytest.raises(ValueError, match=r'target must be None.*\("span", start, stop\)'):
        capture(llama(), text(), target=target)


def test_a_single_token_is_predicted_by_nothing():
    with pytest.raises(ValueError, match=r"nothing stands before it. Capture a longer text"):
        capture(llama(), {"input_ids": text()["input_ids"][:, :1]}, target=("span", 0, 1))


def test_models_without_a_vocabulary():
    with pytest.raises(ValueError, match=r"BertModel has no head.*Take \(\"hidden\", position\)"):
        capture(made(tf.BertModel, tf.BertConfig(**WIDE)), text(), target=("span", 1, 2))
    classifier = made(tf.BertForSequenceClassification, tf.BertConfig(**WIDE))
    with pytest.raises(
        ValueError, match=r"predicts classes. Name a class, ..log_prob\", None, index"
    ):
        capture(classifier, text(), target=("span", 1, 2))
    named = capture(classifier, text(), target=("log_prob", None, 1))
    assert named.attention_gradient(0).any()
    assert named.gradients.span_range is None


def test_a_mask_has_no_known_token():
    model = made(tf.BertForMaskedLM, tf.BertConfig(**WIDE))
    trace = capture(model, "the [MASK] walked", tokenizer=word_piece())
    with pytest.raises(ValueError, match=r"position 2 '\[MASK\]'.*\"log_prob\", 2, index"):
        trace.with_target(("span", 1, 4)).attention_gradient(0)
    assert trace.with_target(("span", 3, None)).attention_gradient(0).any()
    assert trace.with_target(("log_prob", 2, 5)).attention_gradient(0).any()


@pytest.mark.parametrize(
    "model",
    [
        (tf.BertLMHeadModel, tf.BertConfig(**WIDE)),
        (
            tf.XLNetLMHeadModel,
            tf.XLNetConfig(vocab_size=99, d_model=32, n_layer=3, n_head=4, d_inner=48),
        ),
    ],
    ids=["bert", "xlnet"],
)
def test_a_token_that_was_seen_before_it_is_predicted(model):
    trace = capture(made(*model), text())
    with pytest.raises(ValueError, match=r"reads before it predicts it.*attention is causal"):
        trace.with_target(("span", 5, 8)).attention_gradient(0)
    assert trace.with_target(("log_prob", 4, 7)).attention_gradient(0).any()


def test_a_prefix_that_is_read_as_a_whole():
    """Tokens within the prefix are refused; those after it, which the mask hides, are not."""
    allowed = torch.ones(12, 12).tril()
    allowed[:5, :5] = 1
    added = torch.where(allowed > 0, 0.0, torch.finfo(torch.float32).min)
    inputs = {**text(), "attention_mask": added[None, None]}
    trace = capture(llama(), inputs)
    for span in ((1, 3), (4, 8)):
        with pytest.raises(ValueError, match=r"reads before it predicts it"):
            trace.with_target(("span", *span)).attention_gradient(0)
    assert trace.with_target(("span", 5, 12)).attention_gradient(0).any()


def test_positions_of_a_learned_prompt_are_no_tokens():
    peft = pytest.importorskip("peft")
    config = peft.PromptTuningConfig(task_type="CAUSAL_LM", num_virtual_tokens=3)
    trace = capture(peft.get_peft_model(llama(), config).eval(), text())
    assert trace.gradients.span_range.gaps == (1, 2)
    with pytest.raises(ValueError, match=r"position 1 '\[PROMPT 2\]', which is a mask or no"):
        trace.with_target(("span", 1, 5)).attention_gradient(0)
    ids = text()["input_ids"][0].tolist()
    single = [trace.with_target(("log_prob", 2 + at, ids[at])) for at in range(3)]
    span = trace.with_target(("span", 3, 6)).attention_gradient(0)
    torch.testing.assert_close(span, sum(each.attention_gradient(0) for each in single))


def test_positions_that_are_no_tokens():
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4}
    image = {"image_size": 24, "patch_size": 8, "intermediate_size": 48, "vocab_size": 50}
    model = made(tf.BeitForMaskedImageModeling, tf.BeitConfig(**sizes, **image))
    trace = capture(model, {"pixel_values": torch.randn(1, 3, 24, 24)})
    assert trace.gradients.span_range is None
    with pytest.raises(ValueError, match=r"at 9 positions for 10 tokens\. Pass"):
        trace.with_target(("span", 1, 3)).attention_gradient(0)
