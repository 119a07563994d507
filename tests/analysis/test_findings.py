"""Findings against attention whose pattern is known, the models in the box, and autograd."""

import copy
import json
import pickle

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import attnwidget as aw
from attnwidget.analysis.findings.finding import KINDS
from tests.methods.memory import Memory
from tests.methods.models import long_trace
from tests.methods.models import trace as small_trace

WORDS = ["honey", "river", "bridge", "marble", "candle", "velvet", "clock", "tiger"]
TWICE = WORDS + WORDS
ENCODED = ["[CLS]", *WORDS, ".", *WORDS, ",", *WORDS, "[SEP]"]


def attending(targets, count, share=0.9, *, causal=True):
    """Rows with a share on the target of each query, if it has one, the rest evenly."""
    rows = torch.ones(count, count)
    rows = rows.tril() if causal else rows
    rows = rows / rows.sum(-1, keepdim=True)
    for query, key in enumerate(targets):
        if key is not None:
            rows[query] *= 1 - share
            rows[query, key] += share
    return rows


def previous(count):
    return [None, *range(count - 1)]


def induction(tokens):
    latest, found = {}, []
    for place, token in enumerate(tokens):
        found.append(latest[token] + 1 if token in latest else 0)
        latest[token] = place
    return found


def same(tokens):
    latest, found = {}, []
    for place, token in enumerate(tokens):
        found.append(latest.get(token, 0))
        latest[token] = place
    return found


def of(*heads, tokens=TWICE):
    return aw.findings(aw.Trace.from_attentions([torch.stack(heads)], tokens))


def kinds(found):
    return {(each.layer, each.head): each.kind for each in found}


def test_heads_made_by_hand_are_told_apart():
    count = len(TWICE)
    heads = [
        attending(previous(count), count),
        attending(induction(TWICE), count),
        attending(same(TWICE), count),
        attending([0] * count, count),
        attending([None] * count, count),
    ]
    found = of(*heads)
    assert kinds(found) == {
        (0, 0): "previous token",
        (0, 1): "induction",
        (0, 2): "same token",
        (0, 3): "first token",
    }
    assert [each.kind for each in found][-1] == "first token"
    by_kind = {each.kind: each for each in found}
    assert by_kind["induction"].key == by_kind["induction"].query - len(WORDS) + 1
    assert by_kind["same token"].key == by_kind["same token"].query - len(WORDS)
    assert by_kind["previous token"].key == by_kind["previous token"].query - 1
    assert by_kind["induction"].query_token == TWICE[by_kind["induction"].query]


def test_the_gain_is_that_of_the_definition():
    """Nine tenths on the target and the rest even: the gain over even rows is nine tenths."""
    count = len(TWICE)
    found = of(attending(previous(count), count), attending(induction(TWICE), count))
    assert [each.score for each in found] == pytest.approx([0.9, 0.9], abs=1e-6)


def test_an_encoder_has_neighbours_and_delimiters():
    count = len(ENCODED)
    marks = [place for place in range(1, count) if ENCODED[place] in (".", ",", "[SEP]")]
    after = [*range(1, count), None]
    rows = torch.full((count, count), 0.1 / count)
    rows[:, marks] += 0.3
    heads = [attending(after, count, causal=False), rows]
    found = of(*heads, tokens=ENCODED)
    assert kinds(found) == {(0, 0): "next token", (0, 1): "delimiter"}


def test_cross_attention_has_alignments():
    aligned = attending([2, 0, 1, 4, 3], 5, causal=False)
    constant = attending([3] * 5, 5, causal=False)
    trace = aw.Trace.from_attentions(
        cross=[torch.stack([aligned, constant, torch.full((5, 5), 0.2)])],
        encoder_tokens=["ein", "Haus", "am", "See", "dort"],
        decoder_tokens=["a", "house", "by", "the", "lake"],
    )
    found = aw.findings(trace)
    assert kinds(found) == {(0, 0): "alignment"}
    sharp = aw.findings(
        aw.Trace.from_attentions(
            cross=[torch.eye(5)[[2, 0, 1, 4, 3]]],
            encoder_tokens=["ein", "Haus", "am", "See", "dort"],
            decoder_tokens=["a", "house", "by", "the", "lake"],
        )
    )
    assert sharp[0].score == pytest.approx(1)


@given(
    repeats=st.integers(2, 6),
    words=st.integers(4, 40),
    share=st.sampled_from([0.3, 0.5, 0.9]),
)
def test_the_rule_is_the_same_for_every_length(repeats, words, share):
    tokens = [f"w{place}" for place in range(words)] * repeats
    count = len(tokens)
    found = of(
        attending(previous(count), count, share),
        attending(induction(tokens), count, share),
        attending([0] * count, count, share),
        tokens=tokens,
    )
    expected = ["induction", "previous token", "first token"] if share > 0.4 else []
    assert sorted(each.kind for each in found) == sorted(expected)


@pytest.mark.parametrize("count", [8, 50, 300])
@pytest.mark.parametrize(
    ("shape", "kind"), [("bos", "first token"), ("uniform", None), ("block", None)]
)
def test_synthetic_attention(count, shape, kind):
    matrix = aw.synthetic(count, shape, noise=0.05, seed=1)
    found = aw.findings([matrix])
    assert [each.kind for each in found] == ([kind] if kind else [])


def test_a_head_that_can_attend_nowhere_else_is_no_finding():
    tokens = ["a", "b"]
    assert of(torch.tensor([[1.0, 0], [1, 0]]), tokens=tokens) == ()


def test_the_induction_demo_has_induction_and_previous_token_heads():
    found = aw.findings(aw.demo("induction"))
    by_kind = {kind: [each for each in found if each.kind == kind] for kind in KINDS}
    assert {each.layer for each in by_kind["induction"]} == {1}
    assert {each.layer for each in by_kind["previous token"]} == {0}
    assert by_kind["contribution"][0].key_token == "honey"
    assert found.target is not None


def test_the_dates_demo_aligns():
    found = aw.findings(aw.demo("dates"))
    aligned = [each for each in found if each.kind == "alignment"]
    assert aligned
    assert {each.stream for each in aligned} == {"cross"}


def test_effects_are_those_of_the_gradients():
    trace = small_trace("gpt2", ("logit", -1, 5))
    found = [each for each in aw.findings(trace, top=99) if each.kind == "effect"]
    every = {}
    for layer in range(trace.num_layers):
        product = trace.attention(layer) * trace.attention_gradient(layer)
        for head, one in enumerate(product):
            every[layer, head] = float(one.double().sum()), one
    for each in found:
        total, one = every[each.layer, each.head]
        assert each.score == pytest.approx(total, rel=1e-5)
        signed = one * (1 if total > 0 else -1)
        assert float(signed[each.query, each.key]) == pytest.approx(float(signed.max()))
    assert [abs(each.score) for each in found] == sorted(
        (abs(each.score) for each in found), reverse=True
    )


def test_contributions_are_those_of_the_logit():
    trace = small_trace("gpt2", ("logit", -1, 5))
    parts = aw.logit_contributions(trace, -1, 5)
    for each in aw.findings(trace, top=99):
        if each.kind == "contribution":
            assert each.score == pytest.approx(float(parts.heads[each.layer, each.head]))


def test_another_target_has_other_effects():
    trace = small_trace("gpt2")
    first, second = (aw.findings(trace, target=("logit", -1, index)).to_json() for index in (3, 7))
    assert first != second
    assert "token 3" in first["target"]


def test_heads_at_rest_are_not_said_to_matter():
    found = aw.findings(aw.demo("brackets"), top=99)
    resting = {(each.layer, each.head) for each in found if each.kind == "first token"}
    for each in found:
        if each.kind in ("effect", "contribution") and each.key == 0:
            assert (each.layer, each.head) not in resting


def test_a_target_that_does_not_fit_is_refused():
    with pytest.raises(IndexError):
        aw.findings(small_trace("gpt2"), target=("logit", 10_000, 3))
    with pytest.raises(ValueError, match="made from arrays"):
        aw.findings([torch.eye(4)], target=("logit", -1, 3))
    with pytest.raises(ValueError, match="top must be 1"):
        aw.findings(small_trace("gpt2"), top=0)


def test_a_target_without_gradients_leaves_the_patterns():
    trace = small_trace("gpt2").with_target(lambda output: output.logits.detach().sum())
    found = aw.findings(trace)
    assert any("Effects are left out" in note for note in found.notes)


def test_a_sample_of_a_long_text_is_said():
    count = 1500
    trace = long_trace(count)
    with Memory() as memory:
        found = aw.findings(trace)
    assert any("512 of 1,500 queries" in note for note in found.notes)
    assert memory.peak < 100e6 < 4 * count * count * 4 * 4
    assert aw.findings(trace) == found


def test_the_table_says_where_and_why():
    found = of(attending(previous(16), 16))
    assert str(found).splitlines()[0].split() == [
        *("stream", "layer", "head", "kind", "score", "from", "to", "reason"),
    ]
    assert "on the token before" in repr(found)
    assert "No head stands out" in repr(of(attending([None] * 16, 16)))


def test_findings_are_plain_data_and_can_be_copied():
    found = aw.findings(aw.demo("induction"))
    assert json.loads(json.dumps(found.to_json()))["findings"][0]["kind"] == found[0].kind
    for again in (copy.deepcopy(found), pickle.loads(pickle.dumps(found))):
        assert again == found
        assert again.notes == found.notes
        assert again.target == found.target


@pytest.mark.parametrize("name", ["bert", "bart", "t5", "vit", "llama", "gpt_oss"])
def test_every_architecture(name):
    found = aw.findings(small_trace(name))
    json.dumps(found.to_json())
    assert any(each.kind == "effect" for each in found)
