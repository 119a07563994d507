"""The log-probability of a span of tokens as a target, against autograd."""

import pytest
import torch
import transformers as tf

import attnwidget as aw
from attnwidget.capture import capture
from tests.capture.architectures import GROUPED, SEQ2SEQ, WIDE, text, text_to_text
from tests.capture.eager_gradients import assert_equal
from tests.capture.eager_targets import assert_equals_autograd, made
from tests.capture.small_tokenizers import word_piece
from tests.capture.test_exact import pad

T5 = {"vocab_size": 99, "d_model": 32, "num_heads": 4, "d_kv": 8, "d_ff": 48, "num_layers": 2}


def llama():
    return made(tf.LlamaForCausalLM, tf.LlamaConfig(**GROUPED))


def summed(ids, start, stop, shift=1):
    """Return the sum of log p(token t) over start <= t < stop, term by term."""

    def value(logits):
        terms = [logits[t - shift].log_softmax(-1)[ids[t]] for t in range(start, stop)]
        return torch.stack(terms).sum()

    return value


@pytest.mark.parametrize(
    ("span", "start", "stop"),
    [((1, 12), 1, 12), ((5, 8), 5, 8), ((4, 5), 4, 5), ((-3, None), 9, 12), ((6, -2), 6, 10)],
)
def test_of_tokens_that_a_llama_wrote(span, start, stop):
    inputs = text()
    value = summed(inputs["input_ids"][0].tolist(), start, stop)
    trace = assert_equals_autograd(llama(), inputs, ("span", *span), value)
    assert trace.gradients.resolved(("span", *span)) == ("span", start, stop)


@pytest.mark.parametrize("side", ["left", "right"])
def test_positions_do_not_count_padding(side):
    plain = capture(llama(), text(), target=("span", 3, 9))
    cut = capture(llama(), pad(text(), side), target=("span", 3, 9))
    assert_equal(cut.attention_gradient(1), plain.attention_gradient(1), 1e-4)


def test_of_one_entry_of_a_batch():
    ids = torch.randint(3, 99, (3, 9), generator=torch.Generator().manual_seed(1))
    alone = capture(llama(), {"input_ids": ids[1:2]}, target=("span", 4, None))
    chosen = capture(llama(), {"input_ids": ids}, batch_index=1, target=("span", 4, None))
    assert_equal(chosen.attention_gradient(0), alone.attention_gradient(0))


def test_a_span_is_the_sum_of_its_tokens():
    trace = capture(llama(), text())
    ids = text()["input_ids"][0].tolist()
    single = [trace.with_target(("log_prob", t - 1, ids[t])) for t in range(4, 8)]
    assert_equal(
        trace.with_target(("span", 4, 8)).attention_gradient(1),
        sum(each.attention_gradient(1) for each in single),
    )


def test_of_the_text_that_fills_no_mask():
    inputs = text()
    value = summed(inputs["input_ids"][0].tolist(), 0, 5, shift=0)
    model = made(tf.BertForMaskedLM, tf.BertConfig(**WIDE))
    trace = assert_equals_autograd(model, inputs, ("span", 0, 5), value)
    assert "the log-probability of the tokens 0" in repr(trace)
    assert "each at its own position" in repr(trace)


@pytest.mark.parametrize(
    "model",
    [
        (tf.BartForConditionalGeneration, tf.BartConfig(**SEQ2SEQ)),
        (tf.T5ForConditionalGeneration, tf.T5Config(**T5)),
    ],
    ids=["bart", "t5"],
)
def test_of_the_decoders_own_tokens(model):
    inputs = text_to_text()
    value = summed(inputs["decoder_input_ids"][0].tolist(), 2, 6)
    trace = assert_equals_autograd(made(*model), inputs, ("span", 2, 6), value)
    assert trace.gradients.span_range.answer == (1, 7)


def test_of_what_a_model_writes_after_a_prompt():
    trace = capture(llama(), text(), max_new_tokens=3, target=("span", 12, None))
    given = trace.gradients.span_range
    assert (given.first, given.stop, given.answer) == (1, 15, (12, 15))
    ids = [trace.predictions(11).entries[0].index]  # greedy: the most probable ones
    ids += [trace.predictions(place).entries[0].index for place in (12, 13)]
    single = [trace.with_target(("log_prob", 11 + at, index)) for at, index in enumerate(ids)]
    assert_equal(trace.attention_gradient(1), sum(each.attention_gradient(1) for each in single))


def test_the_second_of_two_texts_is_the_answer():
    model = made(tf.BertForMaskedLM, tf.BertConfig(**WIDE))
    trace = capture(model, "the café", "walked .", tokenizer=word_piece())
    start, stop = trace.gradients.span_range.answer
    assert trace.tokens[start:stop] == ["walk", "ed", "."]
    assert trace.tokens[stop:] == ["[SEP]"]


def test_words():
    trace = capture(llama(), text(), target=("span", -1, None))
    assert "the log-probability of the token 11 '52', after those before it" in repr(trace)
    assert "the tokens 5 '78' to 7 '" in repr(trace.with_target(("span", 5, 8)))


def test_what_cuts_and_other_tokens_change_of_a_span_and_a_contrast():
    """The exact reruns of cuts and counterfactuals take the same targets."""
    trace = capture(llama(), text())
    cut = aw.Cut(keys=[2])
    for target in (("span", 5, 8), ("contrast", None, 7, 9)):
        found = aw.knockout(trace, [cut], target=target)
        value = trace.with_target(target).gradients.target_from(
            "self", trace.gradients.embeddings("self")
        )
        assert found.value_before == pytest.approx(float(value.detach()), abs=1e-4)
        assert found.value_after != pytest.approx(found.value_before, abs=1e-4)
    single = [aw.knockout(trace, [cut], target=("log_prob", t - 1, each)) for t, each in SPAN]
    span = aw.knockout(trace, [cut], target=("span", 5, 8))
    assert span.value_after == pytest.approx(sum(each.value_after for each in single), abs=1e-4)
    assert span.kl == pytest.approx(sum(each.kl for each in single), abs=1e-4)


SPAN = list(enumerate(text()["input_ids"][0].tolist()))[5:8]
