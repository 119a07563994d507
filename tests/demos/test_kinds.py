"""The lists with a question, and the proof that one head answers each kind of question."""

import json
import math
from random import Random

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from attnwidget.demos.kinds import (
    HEADS,
    KINDS,
    MAX_OTHERS,
    MIN_OTHERS,
    OTHERS,
    random_list,
    read_list,
)
from attnwidget.demos.load import folder, load

SEEDS = st.integers(0, 2**32)
LAYERS, NUM_HEADS, SIZE = 2, 4, 16
PER_KIND = 60


@given(SEEDS, st.booleans())
def test_a_list_holds_one_word_of_each_kind_and_asks_for_one(seed, held_out):
    asked = random_list(Random(seed), held_out=held_out)
    *words, last = asked.text.split()
    assert last == f"{asked.kind}?"
    assert asked.answer in KINDS[asked.kind]
    for each in KINDS.values():
        assert len(set(words) & set(each)) == 1
    others = [word for word in words if word in OTHERS]
    assert MIN_OTHERS <= len(others) <= MAX_OTHERS
    assert len(words) == len(set(words)) == len(others) + len(KINDS)
    assert words[asked.source] == asked.answer


def test_words_have_one_kind_or_none():
    words = [*OTHERS, *(word for each in KINDS.values() for word in each)]
    assert len(words) == len(set(words))


def test_a_known_list_is_read():
    asked = read_list("river plum red tiger saw fruit?")
    assert (asked.kind, asked.source, asked.answer) == ("fruit", 1, "plum")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("red plum", "must be one of 'colour\\?'.* but it is 'plum'"),
        ("", "must be one of"),
        ("river plum colour?", "exactly one colour, but it holds 0"),
        ("red blue colour?", "exactly one colour, but it holds 2"),
    ],
)
def test_what_is_no_such_list(text, complaint):
    with pytest.raises(ValueError, match=complaint):
        read_list(text)


def examples(kind):
    rng = Random(77)
    found = []
    while len(found) < PER_KIND:
        asked = random_list(rng, held_out=True)
        if asked.kind == kind:
            found.append(asked)
    return found


def answered(model, tokenizer, lists, cut=None):
    """Return log-probability of the answers, and whether they are predicted, without a head."""

    def take_away(_, arguments):
        contexts = arguments[0].clone()
        contexts[..., cut[1] * SIZE : (cut[1] + 1) * SIZE] = 0
        return (contexts,)

    hooks = []
    if cut is not None:
        projection = model.transformer.h[cut[0]].attn.c_proj
        hooks = [projection.register_forward_pre_hook(take_away)]
    inputs = tokenizer([each.text for each in lists], padding=True, return_tensors="pt")
    ends = inputs["attention_mask"].sum(1) - 1
    with torch.no_grad():
        logits = model(**inputs).logits[range(len(lists)), ends]
    for hook in hooks:
        hook.remove()
    right = torch.tensor(tokenizer.convert_tokens_to_ids([each.answer for each in lists]))
    return logits.log_softmax(-1).gather(1, right[:, None])[:, 0], logits.argmax(-1) == right


@pytest.mark.parametrize("kind", KINDS)
def test_without_its_head_the_answer_is_a_guess_and_without_any_other_it_stays(kind):
    model, tokenizer = load("kinds")
    lists = examples(kind)
    before, right = answered(model, tokenizer, lists)
    assert right.all()
    for layer in range(LAYERS):
        for head in range(NUM_HEADS):
            after, still = answered(model, tokenizer, lists, (layer, head))
            if (layer, head) == HEADS[kind]:
                # Eight words of the kind, each as likely: ln 8 = 2.08.
                assert (before - after).mean() == pytest.approx(math.log(8), abs=0.15)
                assert still.float().mean() < 0.5
            else:
                assert still.all()
                assert (before - after).abs().max() < 0.01


def test_the_published_table_says_the_same():
    metrics = json.loads((folder("kinds") / "metrics.json").read_text())
    assert {kind: tuple(head) for kind, head in metrics["heads"].items()} == HEADS
    for kind, table in metrics["log_prob_lost_without_head"].items():
        for layer, row in enumerate(table):
            for head, fall in enumerate(row):
                own = (layer, head) == HEADS[kind]
                assert (fall > 1.9) if own else (abs(fall) < 0.01)
                accuracy = metrics["accuracy_without_head"][kind][layer][head]
                assert (accuracy < 0.4) if own else (accuracy > 0.999)


def test_its_head_looks_at_the_answer():
    from attnwidget.capture import capture

    model, tokenizer = load("kinds")
    for kind, (layer, head) in HEADS.items():
        for asked in examples(kind)[:5]:
            weights = capture(model, asked.text, tokenizer=tokenizer).attention(
                layer, head, queries=-1
            )
            assert weights[0, 0].argmax() == asked.source + 1
