"""What gradients may be taken of, and what a model predicts."""

import pytest
import torch
import transformers as tf

from attnwidget.capture import capture
from attnwidget.trace import Trace
from tests.capture.architectures import GPT, SEQ2SEQ, WIDE, spread, text, text_to_text
from tests.capture.eager_gradients import varied
from tests.capture.small_modules import same_gradients
from tests.capture.small_tokenizers import word_piece


def model_of(name, **options):
    torch.manual_seed(0)
    config = tf.GPT2Config(**GPT) if name.startswith("GPT2") else tf.BertConfig(**WIDE, **options)
    return varied(spread(getattr(tf, name)(config).eval()))


def test_a_model_that_writes_predicts_at_the_last_token():
    model = model_of("GPT2LMHeadModel")
    best = int(model(**text()).logits[0, -1].argmax())
    trace = capture(model, text())
    assert same_gradients(trace, trace.with_target(("logit", 11, best)))
    assert same_gradients(trace, trace.with_target(("logit", None, None)))
    assert not same_gradients(trace, trace.with_target(("log_prob", -1, best)))
    assert trace.predictions().position == 11
    assert trace.predictions().entries[0].index == best


def test_a_model_that_fills_masks_predicts_at_the_first():
    model = model_of("BertForMaskedLM")
    trace = capture(model, "the [MASK] walked [MASK]", tokenizer=word_piece())
    place = trace.tokens.index("[MASK]")
    said = trace.predictions(top=3)
    assert (said.unit, said.position, len(said.entries)) == ("token", place, 3)
    assert same_gradients(trace, trace.with_target(("logit", place, said.entries[0].index)))


def test_without_a_mask_nothing_is_predicted_unless_a_position_is_named():
    model = model_of("BertForMaskedLM")
    trace = capture(model, "the café walked", tokenizer=word_piece())
    assert trace.predictions().unit == "hidden"
    assert same_gradients(trace, trace.with_target(("hidden", None)))
    assert trace.predictions(1).unit == "token"
    with pytest.raises(ValueError, match="fills masks, and no mask is known"):
        trace.with_target(("logit", None, 3)).attention_gradient(0)


def test_a_classifier_predicts_a_class():
    labels = {0: "bad", 1: "fair", 2: "good"}
    model = model_of("BertForSequenceClassification", id2label=labels)
    logits = model(**text()).logits[0]
    trace = capture(model, text())
    said = trace.predictions()
    assert (said.unit, said.position) == ("class", None)
    assert [each.text for each in said.entries] == [
        labels[each] for each in logits.argsort(descending=True).tolist()
    ]
    assert [each.probability for each in said.entries] == pytest.approx(
        logits.softmax(-1).sort(descending=True).values.tolist(), rel=1e-4
    )
    assert same_gradients(trace, trace.with_target(("logit", None, int(logits.argmax()))))


def test_a_classifier_of_tokens_predicts_at_the_last_that_is_not_special():
    model = model_of("BertForTokenClassification", id2label={0: "O", 1: "NAME"})
    trace = capture(model, "the café walked", tokenizer=word_piece())
    said = trace.predictions()
    assert (said.unit, said.position) == ("class", len(trace.tokens) - 2)
    assert {each.text for each in said.entries} == {"O", "NAME"}


def test_positions_do_not_count_padding():
    model, ids = model_of("GPT2LMHeadModel"), text()["input_ids"]
    padded = {
        "input_ids": torch.nn.functional.pad(ids, (3, 0)),
        "attention_mask": torch.nn.functional.pad(torch.ones_like(ids), (3, 0)),
        "position_ids": torch.nn.functional.pad(torch.arange(12)[None], (3, 0)),
    }
    target = ("log_prob", 4, 9)
    plain, cut = capture(model, {"input_ids": ids}), capture(model, padded)
    assert same_gradients(plain.with_target(target), cut.with_target(target))
    assert cut.predictions(4).entries[0].index == plain.predictions(4).entries[0].index


def test_tokens_and_probabilities_of_any_position():
    model, tokenizer = model_of("BertForMaskedLM"), word_piece()
    trace = capture(model, "the café walked", tokenizer=tokenizer)
    inputs = tokenizer("the café walked", return_tensors="pt")
    chances = model(**inputs).logits[0, 2].softmax(-1)
    said = trace.predictions(2, top=30)
    assert len(said.entries) == 30
    assert [each.index for each in said.entries] == chances.topk(30).indices.tolist()
    known = {each.index: each.text for each in said.entries}
    for index, text_of in known.items():
        raw = tokenizer.convert_ids_to_tokens(index) or f"<{index}>"
        assert text_of == raw.removeprefix("##")


def test_a_function_of_the_output():
    model = model_of("GPT2LMHeadModel")
    trace = capture(model, text(), target=lambda output: output.logits[0, 3, 4])
    assert same_gradients(trace, trace.with_target(("logit", 3, 4)))


@pytest.mark.parametrize(
    ("target", "error", "message"),
    [
        (("logit", 12, 3), IndexError, "position 12 is out of range"),
        (("logit", 0, 99), IndexError, "token 99 is out of range"),
        (("hidden", -13), IndexError, "position -13 is out of range"),
        (("logit", 0), ValueError, "target must be None"),
        (("logits", 0, 1), ValueError, "target must be None"),
        (("hidden", "last"), ValueError, "target must be None"),
        ("logit", ValueError, "target must be None"),
        (7, ValueError, "target must be None"),
        (lambda output: output.logits, ValueError, r"a tensor of shape \(1, 12, 99\)"),
        (lambda output: 3.0, ValueError, "an object of type float"),
        (lambda output: output.logits.argmax(), ValueError, "type torch.int64"),
        (lambda output: output.logits.detach().sum(), ValueError, "does not depend on"),
    ],
)
def test_bad_targets_are_refused_when_capturing(target, error, message):
    with pytest.raises(error, match=message):
        capture(model_of("GPT2LMHeadModel"), text(), target=target)


def test_targets_that_do_not_fit_the_model():
    with pytest.raises(ValueError, match="BertModel has no head that gives logits"):
        capture(model_of("BertModel"), text(), target=("logit", 0, 1))
    classifier = model_of("BertForSequenceClassification")
    with pytest.raises(ValueError, match="a position has no meaning, but 0 was given"):
        capture(classifier, text(), target=("logit", 0, 1))
    with pytest.raises(IndexError, match="class 2 is out of range"):
        capture(classifier, text(), target=("logit", None, 2))
    trace = capture(classifier, text())
    with pytest.raises(ValueError, match="top must be 1"):
        trace.predictions(top=0)
    with pytest.raises(IndexError, match="position 40"):
        capture(model_of("GPT2LMHeadModel"), text()).predictions(40)


def test_arrays_have_no_gradients():
    trace = Trace.from_attentions([torch.eye(3)], ["a", "b", "c"])
    assert (trace.has_gradients, trace.target) == (False, None)
    for ask in (
        lambda: trace.attention_gradient(0),
        lambda: trace.predictions(),
        lambda: trace.with_target(("hidden", 0)),
    ):
        with pytest.raises(ValueError, match="this trace was made from arrays"):
            ask()


def test_an_encoder_decoder_without_a_head_sums_the_decoders_hidden_state():
    torch.manual_seed(0)
    model = varied(spread(tf.BartModel(tf.BartConfig(**SEQ2SEQ)).eval()))
    trace = capture(model, text_to_text())
    expected = capture(model, text_to_text(), target=lambda out: out.last_hidden_state.sum())
    for name in trace:
        torch.testing.assert_close(
            trace[name].attention_gradient(0), expected[name].attention_gradient(0)
        )
