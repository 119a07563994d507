"""Replaced tokens against plain runs of the model on other ids."""

import pytest
import torch
from transformers import BertConfig, BertForMaskedLM, BertForSequenceClassification

import attnwidget as aw
from attnwidget.capture import capture
from attnwidget.capture.changes.token_kinds import kind_of_piece
from attnwidget.demos import load
from attnwidget.methods.counterfactual import counterfactual_pool
from attnwidget.methods.replacements import pool_of
from attnwidget.trace.reruns import Words
from tests.capture.architectures import VOCABULARY, WIDE
from tests.capture.small_modules import made
from tests.capture.test_exact import pad
from tests.capture.test_torch_modules import Attention, Stack, ids
from tests.methods.models import inputs, model


class StopError(Exception):
    pass


def log_prob(plain, given, position=-1, index=5) -> float:
    with torch.no_grad():
        return float(plain(**given).logits[0, position].log_softmax(-1)[index])


def replaced(given, place, token, name="input_ids"):
    changed = given[name].clone()
    changed[0, place] = token
    return {**given, name: changed}


@pytest.mark.parametrize("name", ["llama", "gpt2", "t5", "bart"])
def test_equals_plain_runs(name):
    plain, given, others = model(name), inputs(name), [11, 50, 7]
    trace = capture(plain, given, target=("logit", -1, 5))
    scores = aw.counterfactual(trace, replacements=others, progress=False)
    before = log_prob(plain, given)
    for place in (0, 4, 11):
        own = int(given["input_ids"][0, place])
        falls = [
            before - log_prob(plain, replaced(given, place, token))
            for token in others
            if token != own
        ]
        assert float(scores[place]) == pytest.approx(sum(falls) / len(falls), abs=1e-4)


def test_the_text_of_a_decoder():
    plain, given = model("bart"), inputs("bart")
    trace = capture(plain, given, target=("log_prob", -1, 5))
    scores = aw.counterfactual(trace, replacements=[20], stream="decoder", progress=False)
    assert len(scores) == given["decoder_input_ids"].shape[1]
    after = log_prob(plain, replaced(given, 2, 20, "decoder_input_ids"))
    assert float(scores[2]) == pytest.approx(log_prob(plain, given) - after, abs=1e-4)


def test_positions_do_not_count_padding():
    plain, given = model("llama"), pad(inputs("llama"), "left")
    trace = capture(plain, given, target=("log_prob", -1, 5))
    scores = aw.counterfactual(trace, replacements=[20], progress=False)
    after = log_prob(plain, replaced(given, 4 + 3, 20))
    assert float(scores[3]) == pytest.approx(log_prob(plain, given) - after, abs=1e-4)


def test_a_module_of_no_library():
    torch.manual_seed(0)
    plain = Stack(Attention(is_causal=True), Attention(is_causal=True))
    trace = capture(plain, {"input_ids": ids()}, target=("hidden", -1))
    scores = aw.counterfactual(trace, replacements=[3], progress=False)
    changed = ids()
    changed[0, 2] = 3
    with torch.no_grad():
        fall = plain(ids())[0, -1].sum() - plain(changed)[0, -1].sum()
    assert float(scores[2]) == pytest.approx(float(fall), abs=1e-3)


def test_a_classifier():
    plain = made(BertForSequenceClassification, BertConfig(**WIDE, num_labels=3))
    given = inputs("bert")
    trace = capture(plain, given, target=("logit", None, 1))
    scores = aw.counterfactual(trace, replacements=[20], progress=False)
    with torch.no_grad():
        both = [plain(**each).logits[0].log_softmax(-1) for each in (given, replaced(given, 5, 20))]
    assert float(scores[5]) == pytest.approx(float(both[0][1] - both[1][1]), abs=1e-5)


def test_draws_are_repeated_by_a_seed_and_hold_no_special_token():
    trace = aw.demo("brackets")
    first = aw.counterfactual(trace, progress=False)
    assert torch.equal(first, aw.counterfactual(trace, progress=False))
    assert not torch.equal(first, aw.counterfactual(trace, seed=1, draws=3, progress=False))
    _, tokenizer = load("brackets")
    # All brackets are of one kind.
    for replacements in (None, "predictions"):
        pool = counterfactual_pool(
            trace, draws=100, replacements=replacements, seed=0, target=None, stream=None
        )
        drawn = pool.drawn(trace.reruns, lambda _: None)
        used = {token for _, token in drawn}
        assert used == set(tokenizer.get_vocab().values()) - set(tokenizer.all_special_ids)
        assert not any(pool.ids[place] == token for place, token in drawn)
        assert len(set(drawn)) == len(drawn)


def test_tokens_stand_in_for_tokens_of_the_same_kind():
    model, tokenizer = load("dates")
    text, iso = "9 May 1987", "1987-05-09"
    trace = aw.capture(model, text, tokenizer=tokenizer, decoder_text=iso)
    pool = counterfactual_pool(
        trace, draws=99, replacements=None, seed=0, target=("log_prob", 0, None), stream="cross"
    )
    by_place: dict[int, set[str]] = {}
    for place, token in pool.drawn(trace.reruns, lambda _: None):
        by_place.setdefault(place - 1, set()).add(tokenizer.convert_ids_to_tokens(token))
    for place, own in enumerate(text):
        kind = str.isdigit if own.isdigit() else str.isalpha
        signs = not own.isdigit() and not own.isalpha()
        for other in by_place[place]:
            assert other != own
            assert kind(other) != signs
    assert by_place[0] == set("0123456789") - {"9"}


def test_the_only_token_of_a_kind_has_others_in_its_place():
    words = Words((1, 2), [1, 2, 3], 4, int, "aabb".__getitem__, fills_masks=False)
    pool = pool_of(words, "self", frozenset(), 8, None, 0)
    assert pool.of_places == ([1, 2, 3], [2, 3])
    assert pool.runs == 3
    assert sorted(pool.drawn(None, lambda _: None)) == [(0, 2), (0, 3), (1, 3)]


@pytest.mark.parametrize(
    ("piece", "kind"),
    [
        ("Ġdog", ("Ġ", "letters")),
        ("dog", ("", "letters")),
        ("##ing", ("##", "letters")),
        ("▁42", ("▁", "digits")),
        ("##", ("##", "signs")),
        ("don't", ("", "signs")),
    ],
)
def test_kinds_of_pieces(piece, kind):
    assert kind_of_piece(piece) == kind


def test_the_mask_itself_stays():
    trace = aw.demo("brackets")
    mask = trace.tokens.index("[MASK]")
    scores = aw.counterfactual(trace, progress=False)
    assert scores[mask] == 0
    assert int((scores == 0).sum()) == 1


def test_predictions_at_a_mask_are_drawn_by_their_probability():
    model, tokenizer = load("brackets")
    trace = aw.capture(model, "( [ { } ] )", tokenizer=tokenizer)
    pool = counterfactual_pool(
        trace, draws=1, replacements="predictions", seed=0, target=("hidden", None), stream=None
    )
    drawn = dict(pool.drawn(trace.reruns, lambda _: None))
    given = tokenizer("( [ { } ] )", return_tensors="pt")
    for place in range(1, 7):
        masked = replaced(dict(given), place, tokenizer.mask_token_id)
        with torch.no_grad():
            likely = model(**masked).logits[0, place].softmax(-1)
        likely[pool.ids[place]] = 0
        assert likely[drawn[place]] > 0.01 * likely.max()


def test_as_many_runs_as_were_said_and_cancelling():
    trace, told = aw.demo("brackets"), []
    for replacements in (None, "predictions", ["(", ")"]):
        told.clear()
        whole = aw.counterfactual(
            trace, replacements=replacements, progress=lambda *each: told.append(each)
        )
        runs = aw.runs_of(trace, "counterfactual", replacements=replacements)
        assert told[0] == (0, runs)
        assert told[-1] == (runs, runs)

    def stop(done, _):
        if done:
            raise StopError

    with pytest.raises(StopError):
        aw.counterfactual(trace, progress=stop)
    again = aw.counterfactual(trace, replacements=["(", ")"], progress=False)
    torch.testing.assert_close(again, whole)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"draws": 0}, "draws must be 1"),
        ({"replacements": "words"}, "a list of tokens"),
        ({"replacements": [VOCABULARY]}, "no token of the vocabulary, which has 99"),
        ({"replacements": [2.5]}, "a text or an index"),
        ({"replacements": []}, "No token can be replaced"),
        ({"replacements": "predictions"}, "fills no masks"),
        ({"replacements": ["cat"]}, "no tokenizer"),
        ({"stream": "cross"}, "stream must be one of self"),
    ],
)
def test_refused(options, message):
    trace = capture(model("llama"), inputs("llama"))
    with pytest.raises(ValueError, match=message):
        aw.counterfactual(trace, **options)


@pytest.mark.parametrize("name", ["vit", "whisper"])
def test_images_and_sounds_have_no_other_tokens(name):
    trace = capture(model(name), inputs(name))
    with pytest.raises(ValueError, match=r"not read one by one.*knockout"):
        aw.counterfactual(trace)


def test_a_masked_model_without_a_tokenizer_keeps_the_predicted_position():
    plain = made(BertForMaskedLM, BertConfig(**WIDE))
    trace = capture(plain, inputs("bert"), target=("log_prob", 6, 5))
    scores = aw.counterfactual(trace, replacements=[20, 21], progress=False)
    assert scores.nonzero().flatten().tolist() == [at for at in range(12) if at != 6]


def test_the_tokens_of_a_span_stay():
    plain, given = model("llama"), inputs("llama")
    trace = capture(plain, given, target=("span", 8, 10))
    scores = aw.counterfactual(trace, replacements=[20], progress=False)
    assert scores[8:10].tolist() == [0, 0]

    def value(changed):
        with torch.no_grad():
            logits = plain(**changed).logits[0].log_softmax(-1)
        return float(logits[[7, 8], given["input_ids"][0, 8:10]].sum())

    fall = value(given) - value(replaced(given, 3, 20))
    assert float(scores[3]) == pytest.approx(fall, abs=1e-4)


def test_a_contrast_is_taken_as_it_is():
    plain, given = model("llama"), inputs("llama")
    trace = capture(plain, given, target=("contrast", -1, 5, 6))
    scores = aw.counterfactual(trace, replacements=[20], progress=False)
    contrasts = []
    with torch.no_grad():
        for each in (given, replaced(given, 3, 20)):
            logits = plain(**each).logits[0, -1]
            contrasts.append(float(logits[5] - logits[6]))
    assert float(scores[3]) == pytest.approx(contrasts[0] - contrasts[1], abs=1e-4)
