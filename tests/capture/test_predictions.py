"""What a model predicts, and the default target, whatever head it has."""

import pytest
import torch
import transformers as tf
from torch import nn

from attnwidget.capture import capture
from tests.capture import small_tokenizers as small
from tests.capture.architectures import spread
from tests.capture.small_modules import IDS, SEQ2SEQ, TEXT, bert, detr, made, same_gradients

INPUTS = {"input_ids": IDS}


@torch.no_grad()
def logits(model):
    return model(**INPUTS).logits[0]


def test_several_labels_have_a_probability_each():
    model = bert(num_labels=3, problem_type="multi_label_classification")
    found = capture(model, INPUTS).predictions()
    expected = logits(model).sigmoid()
    for entry in found.entries:
        assert entry.probability == pytest.approx(float(expected[entry.index]), abs=1e-6)


@pytest.mark.parametrize("options", [{"num_labels": 1}, {"problem_type": "regression"}])
def test_a_score_has_no_probability(options):
    model = bert(**options)
    trace = capture(model, INPUTS)
    best = trace.predictions().entries[0]
    assert best.probability is None
    assert best.logit == pytest.approx(float(logits(model).max()), abs=1e-6)
    assert "the logit of the score" in repr(trace)
    with pytest.raises(ValueError, match=r'gives a score.*Take the "logit"'):
        capture(model, INPUTS, target=("log_prob", None, 0))


def test_the_log_probability_of_one_of_several_labels():
    model = bert(num_labels=3, problem_type="multi_label_classification")
    trace = capture(model, INPUTS, target=("log_prob", None, 1))

    def own(output):
        return nn.functional.logsigmoid(output.logits[0, 1])

    assert same_gradients(trace, capture(model, INPUTS, target=own))


def test_a_class_by_its_label_and_a_token_by_its_text():
    model = bert(id2label={0: "bad", 1: "good"}, label2id={"bad": 0, "good": 1})
    named = capture(model, INPUTS, target=("logit", None, "good"))
    assert named.target == ("logit", None, 1)
    assert named.with_target(("logit", None, "bad")).target == ("logit", None, 0)
    with pytest.raises(ValueError, match=r"'fair', which is no class.*'bad', 'good'"):
        capture(model, INPUTS, target=("logit", None, "fair"))
    tokenizer = small.word_piece()
    masked = bert(tf.BertForMaskedLM)
    trace = capture(masked, "the walk", tokenizer=tokenizer, target=("logit", 1, "walk"))
    assert trace.target == ("logit", 1, tokenizer.get_vocab()["walk"])
    with pytest.raises(ValueError, match="is 2 tokens: 'walk', '##ed'"):
        trace.with_target(("logit", 1, "walked"))


def test_an_encoder_without_a_head_says_what_is_taken():
    trace = capture(bert(tf.BertModel), INPUTS)
    assert trace.predictions().unit == "hidden"
    assert "the last hidden state at all tokens, as no logits are known" in repr(trace)
    filler = capture(bert(tf.BertForMaskedLM), INPUTS)
    assert "as no mask is known" in repr(filler)


@pytest.mark.parametrize("kind", [tf.BertForQuestionAnswering, tf.BartForQuestionAnswering])
def test_an_answer_begins_and_ends_at_tokens_of_the_text(kind):
    config = tf.BertConfig(**TEXT) if kind is tf.BertForQuestionAnswering else None
    model = spread(made(kind, config or tf.BartConfig(**SEQ2SEQ)))
    tokenizer = small.word_piece()
    encoded = tokenizer("the walk", "walked the", return_tensors="pt")
    inputs = {name: encoded[name] for name in ("input_ids", "attention_mask")}
    with torch.no_grad():
        output = model(**inputs)
    trace = capture(model, inputs, tokenizer=tokenizer)
    for row, name in enumerate(("start_logits", "end_logits")):
        expected = output[name][0]
        found = trace.predictions(row, top=3)
        best = found.entries[0]
        assert (found.unit, found.position) == ("class", None)
        assert best.index == int(expected.argmax())
        assert best.text == trace[trace.streams[0]].query_tokens[best.index]
        assert best.probability == pytest.approx(float(expected.softmax(-1).max()), abs=1e-6)
        by_name = trace.with_target(("log_prob", row, 2))
        own = trace.with_target(lambda out, name=name: out[name][0].log_softmax(-1)[2])
        assert same_gradients(by_name, own)
    assert trace.predictions() == trace.predictions(0)
    assert "the predicted beginning of the answer" in repr(trace)
    assert "the log-probability of end 2" in repr(trace.with_target(("log_prob", 1, 2)))
    with pytest.raises(IndexError, match=r"end 2 is out of range.*pass 0 to 1"):
        trace.predictions(2)


@pytest.mark.parametrize("kind", [tf.BartForSequenceClassification, tf.T5ForSequenceClassification])
def test_an_encoder_decoder_that_classifies_runs_once(kind):
    sizes = {
        "vocab_size": 120,
        "d_model": 32,
        "d_kv": 8,
        "d_ff": 48,
        "num_layers": 2,
        "num_heads": 4,
    }
    config = (
        tf.BartConfig(**SEQ2SEQ, eos_token_id=11, decoder_start_token_id=11)
        if kind is tf.BartForSequenceClassification
        else tf.T5Config(**sizes, eos_token_id=11, decoder_start_token_id=0)
    )
    config.num_labels = 3
    model = made(kind, config)
    trace = capture(model, INPUTS)
    assert trace.streams == ("encoder", "decoder", "cross")
    assert trace.predictions().unit == "class"
    expected = logits(model).softmax(-1)
    assert trace.predictions().entries[0].probability == pytest.approx(float(expected.max()), 1e-5)
    assert len(trace["decoder"].queries) == 7


def test_a_detector_names_what_is_no_object():
    model = detr()
    inputs = {"pixel_values": torch.randn(1, 3, 32, 32)}
    found = capture(model, inputs).predictions(position=2).entries
    with torch.no_grad():
        expected = model(**inputs).logits[0, 2].softmax(-1)
    names = {entry.text: entry.probability for entry in found}
    assert names["no object"] == pytest.approx(float(expected[-1]), abs=1e-6)


def test_letters_of_every_frame():
    config = tf.Wav2Vec2Config(
        **{**TEXT, "vocab_size": 12},
        conv_dim=(8, 8),
        conv_stride=(5, 64),
        conv_kernel=(10, 64),
        num_feat_extract_layers=2,
        num_conv_pos_embeddings=16,
        num_conv_pos_embedding_groups=2,
    )
    model = made(tf.Wav2Vec2ForCTC, config)
    inputs = {"input_values": torch.randn(1, 6000)}
    with torch.no_grad():
        logits = model(**inputs).logits[0]
        # The blank is likeliest before the third frame with another letter.
        rest = logits[:, 1:].max(-1).values - logits[:, 0]
        model.lm_head.bias[0] += float(rest.sort(descending=True).values[2]) - 1e-4
        logits = model(**inputs).logits[0]
    first = int((logits.argmax(-1) != 0).nonzero()[0])
    trace = capture(model, inputs)
    found = trace.predictions()
    assert (found.unit, found.position) == ("token", first)
    assert found.entries[0].index == int(logits[first].argmax())
    assert f"the predicted token at {first} '{trace.tokens[first]}'" in repr(trace)
    silent = trace.predictions(position=4).entries[0]
    assert silent.probability == pytest.approx(float(logits[4].softmax(-1).max()), abs=1e-5)
