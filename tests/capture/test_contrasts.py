"""The contrast of two tokens or classes as a target, against autograd."""

import pytest
import torch
import transformers as tf

from attnwidget.capture import capture
from tests.capture.architectures import GROUPED, SEQ2SEQ, WIDE, text, text_to_text
from tests.capture.eager_targets import assert_equals_autograd, made
from tests.capture.small_tokenizers import byte_level, word_piece

LABELS = {0: "bad", 1: "fair", 2: "good"}
TWICE = {0: "yes", 1: "no", 2: "yes"}


@pytest.mark.parametrize("position", [None, 4, -3])
def test_of_two_tokens_that_a_llama_may_write(position):
    place = 11 if position is None else position
    assert_equals_autograd(
        made(tf.LlamaForCausalLM, tf.LlamaConfig(**GROUPED)),
        text(),
        ("contrast", position, 7, -2),
        lambda logits: logits[place, 7] - logits[place, -2],
    )


def test_of_two_tokens_at_a_mask():
    tokenizer = word_piece()
    inputs = dict(tokenizer("the [MASK] walked", return_tensors="pt"))
    model = made(tf.BertForMaskedLM, tf.BertConfig(**WIDE))
    caf, the = (tokenizer.convert_tokens_to_ids(each) for each in ("caf", "the"))
    assert_equals_autograd(
        model,
        inputs,
        ("contrast", None, "caf", "the"),
        lambda logits: logits[2, caf] - logits[2, the],
        tokenizer=tokenizer,
    )


def test_of_two_tokens_of_a_decoder():
    assert_equals_autograd(
        made(tf.BartForConditionalGeneration, tf.BartConfig(**SEQ2SEQ)),
        text_to_text(),
        ("contrast", 3, 7, 8),
        lambda logits: logits[3, 7] - logits[3, 8],
    )


def test_of_two_classes_by_their_labels():
    model = made(tf.BertForSequenceClassification, tf.BertConfig(**WIDE, id2label=LABELS))
    trace = assert_equals_autograd(
        model, text(), ("contrast", None, "good", "bad"), lambda logits: logits[2] - logits[0]
    )
    assert "the logit of class 2 'good' minus that of class 0 'bad';" in repr(trace)
    assert trace.target == ("contrast", None, 2, 0)


def test_of_the_predicted_token_with_another():
    model = made(tf.LlamaForCausalLM, tf.LlamaConfig(**GROUPED))
    trace = capture(model, text())
    best, second = (each.index for each in trace.predictions(top=2).entries)
    pairs = (None, second), (best, second)
    open_, fixed = (trace.with_target(("contrast", None, *each)) for each in pairs)
    assert torch.equal(open_.attention_gradient(1), fixed.attention_gradient(1))
    assert "the predicted token minus that of token" in repr(open_)
    with pytest.raises(ValueError, match=f"contrasts token {best} with itself.*predicted one"):
        trace.with_target(("contrast", None, None, best)).attention_gradient(0)


def test_texts_of_tokens_are_named_in_words():
    tokenizer = byte_level()
    model = made(tf.LlamaForCausalLM, tf.LlamaConfig(**GROUPED | {"vocab_size": len(tokenizer)}))
    trace = capture(model, "The café", tokenizer=tokenizer)
    place = len(trace.tokens) - 1
    words = repr(trace.with_target(("contrast", None, " walk", "ed")))
    ids = tokenizer.convert_tokens_to_ids(["Ġwalk", "ed"])
    assert f"token {ids[0]} 'walk' minus that of token {ids[1]} 'ed' at {place} " in words


@pytest.mark.parametrize(
    ("target", "error", "message"),
    [
        (("contrast", 12, 3, 4), IndexError, "position 12 is out of range: there are 12"),
        (("contrast", 0, 99, 4), IndexError, "token 99 is out of range"),
        (("contrast", 0, 4, -100), IndexError, "token -100 is out of range"),
        (("contrast", 0, 4), ValueError, "target must be None"),
        (("contrast", 0, 4, None), ValueError, "target must be None"),
        (("contrast", 0, 4, 5.0), ValueError, "target must be None"),
        (("contrast", "first", 4, 5), ValueError, "target must be None"),
        (("contrast", 3, 4, 4), ValueError, r"names 4 twice.*take \('logit', 3, 4\)"),
        (("contrast", 3, -1, 98), ValueError, "contrasts token 98 with itself"),
        (("contrast", 3, "x", "x"), ValueError, "names 'x' twice"),
        (("contrast", 3, 4, "x"), ValueError, "names 'x', and no tokenizer is known.*an index"),
    ],
)
def test_others_are_refused(target, error, message):
    model = made(tf.LlamaForCausalLM, tf.LlamaConfig(**GROUPED))
    with pytest.raises(error, match=message):
        capture(model, text(), target=target)


def test_two_texts_of_one_token_are_refused_and_the_advice_works():
    tokenizer = word_piece()
    model = made(tf.BertForMaskedLM, tf.BertConfig(**WIDE))
    trace = capture(model, "the [MASK] walked", tokenizer=tokenizer)
    index = tokenizer.convert_tokens_to_ids("caf")
    with pytest.raises(ValueError, match=rf"'caf', {index}\) names {index} twice.*'logit', 2"):
        trace.with_target(("contrast", 2, "caf", index))
    assert trace.with_target(("logit", 2, index)).attention_gradient(0).any()
    with pytest.raises(ValueError, match="the tokenizer does not know"):
        trace.with_target(("contrast", 2, "caf", "zebra"))


def test_of_models_without_a_choice():
    with pytest.raises(ValueError, match="BertModel has no head that gives logits"):
        capture(made(tf.BertModel, tf.BertConfig(**WIDE)), text(), target=("contrast", 0, 1, 2))
    model = made(tf.BertForSequenceClassification, tf.BertConfig(**WIDE, id2label=LABELS))
    with pytest.raises(ValueError, match="a position has no meaning"):
        capture(model, text(), target=("contrast", 0, "good", "bad"))
    with pytest.raises(ValueError, match=r"no class .*it names 'bad', 'fair', 'good'"):
        capture(model, text(), target=("contrast", None, "good", "awful"))
    twice = made(tf.BertForSequenceClassification, tf.BertConfig(**WIDE, id2label=TWICE))
    with pytest.raises(ValueError, match="'yes', which is the label of the classes 0, 2"):
        capture(twice, text(), target=("contrast", None, "no", "yes"))
    assert capture(twice, text(), target=("contrast", None, "no", 2)).attention_gradient(0).any()
