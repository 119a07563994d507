"""Deleted tokens are gone: runs by hand of transformers' own models give the same."""

from __future__ import annotations

import pytest
import torch
from transformers import BertConfig, BertForQuestionAnswering

import attnwidget as aw
from attnwidget.demos import load
from attnwidget.demos.demo import EXAMPLES
from attnwidget.trace import Trace
from tests.capture.small_modules import TEXT


def without(trace: Trace, keys: list[int], removal: str, stream: str = "self") -> float:
    (value,) = trace.reruns.values_without(stream, [keys], removal, trace.target, lambda done: None)
    return float(value)


def by_hand(model, inputs, position: int, index: int) -> float:
    with torch.no_grad():
        return float(model(**inputs).logits[0, position].log_softmax(-1)[index])


def traced(name: str):
    model, tokenizer = load(name)
    trace = aw.capture(model, EXAMPLES[name], tokenizer=tokenizer, target=("log_prob", None, None))
    best = trace.predictions(top=1)
    inputs = dict(tokenizer(EXAMPLES[name], return_tensors="pt"))
    inputs.pop("token_type_ids", None)
    return model, tokenizer, trace, inputs, best.position, best.entries[0].index


@pytest.mark.parametrize("name", ["brackets", "induction", "kinds"])
def test_cut_tokens_are_masked_as_keys(name) -> None:
    model, _, trace, inputs, position, index = traced(name)
    inputs["attention_mask"][0, [2, 5]] = 0
    expected = by_hand(model, inputs, position, index)
    assert without(trace, [2, 5], "cut") == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("name", ["brackets", "induction", "kinds"])
def test_removed_tokens_are_left_out_and_the_position_moves(name) -> None:
    model, _, trace, inputs, position, index = traced(name)
    kept = [place for place in range(inputs["input_ids"].shape[1]) if place not in (2, 5)]
    shorter = {key: each[:, kept] for key, each in inputs.items()}
    expected = by_hand(model, shorter, kept.index(position), index)
    assert without(trace, [2, 5], "remove") == pytest.approx(expected, abs=1e-5)


def test_masked_tokens_are_replaced() -> None:
    model, tokenizer, trace, inputs, position, index = traced("brackets")
    inputs["input_ids"][0, [2, 5]] = tokenizer.mask_token_id
    expected = by_hand(model, inputs, position, index)
    assert without(trace, [2, 5], "mask") == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("end", [0, 1])
def test_both_ends_of_an_answer(end) -> None:
    torch.manual_seed(0)
    model = BertForQuestionAnswering(BertConfig(**TEXT)).eval()
    inputs = {"input_ids": torch.tensor([[1, 5, 9, 4, 7, 2]])}
    trace = aw.capture(model, inputs, target=("log_prob", end, 4))
    with torch.no_grad():
        output = model(**inputs, attention_mask=torch.tensor([[1, 0, 1, 0, 1, 1]]))
    expected = (output.end_logits if end else output.start_logits)[0].log_softmax(-1)[4]
    assert without(trace, [1, 3], "cut") == pytest.approx(float(expected), abs=1e-5)
    with pytest.raises(ValueError, match=r'one number for each token.*removal="cut"'):
        without(trace, [1, 3], "remove")


@pytest.mark.parametrize("removal", ["cut", "remove"])
def test_source_tokens_of_an_encoder_decoder(removal) -> None:
    model, tokenizer = load("dates")
    text, iso = "March 3, 2021", "2021-03-03"
    trace = aw.capture(
        model, text, tokenizer=tokenizer, decoder_text=iso, target=("log_prob", 2, None)
    )
    index = trace.predictions(2, top=1).entries[0].index
    ids = tokenizer(text, return_tensors="pt")["input_ids"]
    written = tokenizer(iso, return_tensors="pt")["input_ids"][:, :-1]
    deleted = [11, 12]
    mask = torch.ones_like(ids)
    mask[0, deleted] = 0
    if removal == "remove":
        ids, mask = ids[:, mask[0].bool()], mask[:, mask[0].bool()]
    inputs = {"input_ids": ids, "attention_mask": mask, "decoder_input_ids": written}
    expected = by_hand(model, inputs, 2, index)
    assert without(trace, deleted, removal, "cross") == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("removal", ["cut", "remove"])
def test_keys_count_without_padding(removal) -> None:
    model, _, trace, inputs, *_ = traced("induction")
    padded = {
        "input_ids": torch.nn.functional.pad(inputs["input_ids"], (3, 0), value=0),
        "attention_mask": torch.nn.functional.pad(inputs["attention_mask"], (3, 0)),
        "position_ids": torch.nn.functional.pad(torch.arange(17)[None], (3, 0)),
    }
    other = aw.capture(model, padded, target=("log_prob", None, None))
    if removal == "remove":  # positions of what is left stay those that were passed
        shorter = dict(inputs) | {"position_ids": torch.arange(17)[None]}
        trace = aw.capture(model, shorter, target=("log_prob", None, None))
    assert len(other.tokens) == len(trace.tokens)
    assert without(other, [2, 5], removal) == pytest.approx(
        without(trace, [2, 5], removal), abs=1e-4
    )


def test_as_many_sets_as_there_are_tokens_are_not_taken_for_them() -> None:
    model, tokenizer = load("kinds")
    trace = aw.capture(model, EXAMPLES["kinds"], tokenizer=tokenizer, target=("hidden", 4))
    sets = [[1 + number % 3] for number in range(len(trace.tokens))]
    values = trace.reruns.values_without("self", sets, "remove", trace.target, lambda done: None)
    singles = [without(trace, keys, "remove") for keys in sets]
    assert values.tolist() == pytest.approx(singles, abs=1e-4)


def test_many_sets_are_run_in_batches_and_reported() -> None:
    _, _, trace, *_ = traced("kinds")
    sets = [[], [1], [2, 3], [1], [4, 5, 6]]
    for removal in ("cut", "remove"):
        seen: list[int] = []
        values = trace.reruns.values_without("self", sets, removal, trace.target, seen.append)
        assert seen[-1] == len(sets)
        singles = [without(trace, keys, removal) for keys in sets]
        assert values.tolist() == pytest.approx(singles, abs=1e-5)


def test_a_position_in_the_middle_and_a_hidden_state() -> None:
    model, tokenizer = load("kinds")
    for target in (("logit", 4, 7), ("hidden", 4)):
        trace = aw.capture(model, EXAMPLES["kinds"], tokenizer=tokenizer, target=target)
        inputs = dict(tokenizer(EXAMPLES["kinds"], return_tensors="pt"))
        shorter = {key: torch.cat([each[:, :2], each[:, 3:]], 1) for key, each in inputs.items()}
        with torch.no_grad():
            output = model(**shorter, output_hidden_states=True)
        hidden = output.hidden_states[-1][0, 3].sum()
        expected = float(output.logits[0, 3, 7] if target[0] == "logit" else hidden)
        assert without(trace, [2], "remove") == pytest.approx(expected, abs=1e-4)


def test_contrasts_and_spans_keep_their_positions() -> None:
    model, tokenizer = load("induction")
    text = EXAMPLES["induction"]
    ids = tokenizer(text, return_tensors="pt")["input_ids"]
    kept = [place for place in range(ids.shape[1]) if place != 3]
    with torch.no_grad():
        logits = model(ids[:, kept]).logits[0].log_softmax(-1)
    trace = aw.capture(model, text, tokenizer=tokenizer)
    contrast = trace.with_target(("contrast", -1, 5, 9))
    assert without(contrast, [3], "remove") == pytest.approx(
        float(logits[-1, 5] - logits[-1, 9]), abs=1e-4
    )
    span = trace.with_target(("span", 12, 14))
    expected = sum(float(logits[place - 2, ids[0, place]]) for place in (12, 13))
    assert without(span, [3], "remove") == pytest.approx(expected, abs=1e-4)
    found = aw.faithfulness(span, ["rollout"], progress=False)
    assert found.unit == "nats"
    assert found.num_tokens == (10,)  # words 1 to 10; 11 and 12 are read to predict 12 and 13
    assert aw.faithfulness(contrast, ["rollout"], progress=False).unit == "logits"


def test_the_model_comes_back_as_it_was() -> None:
    model, tokenizer = load("kinds")
    model.train()
    trace = aw.capture(model, EXAMPLES["kinds"], tokenizer=tokenizer)

    def stop(done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        aw.faithfulness(trace, ["rollout"], progress=stop)
    assert model.training
    assert not model._forward_hooks
    assert all(each.grad is None for each in model.parameters())
