"""What cannot be measured is refused, and what the error advises works."""

from __future__ import annotations

import pytest
import torch
from transformers import ViTConfig, ViTForImageClassification

import attnwidget as aw
from attnwidget.demos import load
from attnwidget.demos.demo import EXAMPLES
from tests.analysis.faithfulness.mean_model import Mean, mean_trace, target, worth

IDS = [0, 1, 2, 3, 4]


def test_arrays_hold_no_model_and_a_capture_does() -> None:
    trace = aw.Trace.from_attentions(torch.eye(3).expand(2, 2, 3, 3), ["a", "b", "c"])
    with pytest.raises(ValueError, match=r"made from arrays.*attnwidget\.capture\(model, text\)"):
        aw.faithfulness(trace)
    model, tokenizer = load("kinds")
    trace = aw.capture(model, EXAMPLES["kinds"], tokenizer=tokenizer)
    assert aw.faithfulness(trace, ["rollout"], progress=False).num_texts == 1


@pytest.mark.parametrize("given", [[], "a text", [aw.Trace]])
def test_what_is_no_trace(given) -> None:
    with pytest.raises(ValueError, match=r"attnwidget\.capture"):
        aw.faithfulness(given)


def test_images_have_no_tokens_to_delete() -> None:
    config = ViTConfig(
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        image_size=8,
        patch_size=4,
    )
    trace = aw.capture(ViTForImageClassification(config).eval(), torch.zeros(1, 3, 8, 8))
    with pytest.raises(ValueError, match=r"input_ids.*knockout_effects\(trace, exact=True\)"):
        aw.faithfulness(trace)
    assert aw.knockout_effects(trace, exact=True).shape == (5,)


def test_tokens_that_go_past_the_attention_cannot_be_cut_but_removed() -> None:
    trace = mean_trace(IDS, leak=0.5)
    with pytest.raises(ValueError, match=r'other ways than attention.*removal="remove"'):
        aw.faithfulness(trace, {"worth": worth}, removal="cut")
    for removal in ("remove", None):
        found = aw.faithfulness(trace, {"worth": worth}, removal=removal, progress=False)
        assert found.removal == "remove"


def test_a_mean_over_tokens_reads_cut_tokens_so_they_are_removed() -> None:
    model, tokenizer = load("kinds")

    def mean(output):
        return output.logits[0, :, 3].mean()

    trace = aw.capture(model, EXAMPLES["kinds"], tokenizer=tokenizer, target=mean)
    with pytest.raises(ValueError, match="their own outputs"):
        aw.faithfulness(trace, ["rollout"], removal="cut")
    assert aw.faithfulness(trace, ["rollout"], progress=False).removal == "remove"


def test_without_a_mask_token_another_way_is_named() -> None:
    with pytest.raises(ValueError, match=r'no mask token.*removal="cut"'):
        aw.faithfulness(aw.demo("kinds"), ["rollout"], removal="mask")
    assert aw.faithfulness(aw.demo("brackets"), ["rollout"], removal="mask").removal == "mask"


@pytest.mark.parametrize("as_mapping", [True, False])
def test_an_entry_of_a_batch_is_measured_alone(as_mapping) -> None:
    ids = torch.tensor([[0, 1, 2, 3], [0, 3, 2, 1]])
    batch = {"input_ids": ids} if as_mapping else ids
    trace = aw.capture(Mean(), batch, batch_index=1, target=target)
    options = {"removal": "remove", "shares": (0.3,), "progress": False}
    found = aw.faithfulness(trace, {"worth": worth}, **options)["worth"]
    assert found.deletion[0] == pytest.approx(14 / 4 - 6 / 3)


@pytest.mark.parametrize(
    ("keywords", "said"),
    [
        ({"shares": ()}, "shares must be numbers above 0"),
        ({"shares": (0.0, 0.5)}, "above 0 and below 1"),
        ({"shares": (0.5, 0.2)}, "must rise"),
        ({"random_orders": 1}, "random_orders must be 2"),
        ({"confidence": 1}, "confidence"),
        ({"removal": "erase"}, "cut, remove, mask, but 'erase'"),
        ({"stream": "cross"}, "stream must be one of self"),
        ({"methods": "worth"}, r"Pass \['worth'\]"),
        ({"methods": ["astrology"]}, "no method 'astrology'; the methods are 'attention, last"),
        ({"methods": [worth, worth]}, "worth was given more than once"),
        ({"methods": []}, "nothing was given"),
        ({"methods": {"all": lambda trace: torch.eye(5)}}, r"one score for each of the 5 keys"),
        ({"methods": {"none": lambda trace: worth(trace) / 0}}, "none gave (inf|nan) for token"),
        ({"truth": 0}, "A true source must be a token that can be deleted.*Given: 0"),
        ({"truth": ()}, "A true source must be"),
    ],
)
def test_wrong_arguments(keywords, said) -> None:
    options = {"methods": {"worth": worth}, **keywords}
    with pytest.raises(ValueError, match=said):
        aw.faithfulness(mean_trace(IDS), progress=False, **options)


def test_a_truth_outside_of_the_text_and_truths_that_are_too_few() -> None:
    with pytest.raises(IndexError, match="true source"):
        aw.faithfulness(mean_trace(IDS), {"worth": worth}, truth=9)
    with pytest.raises(ValueError, match="one entry for each of the 2 traces, but 1 entries"):
        aw.faithfulness([mean_trace(IDS)] * 2, {"worth": worth}, truth=[1])


def test_a_text_of_one_token_has_no_order() -> None:
    with pytest.raises(ValueError, match=r"has 1 tokens that can be deleted.*Leave it out"):
        aw.faithfulness(mean_trace([0, 1]), {"worth": worth})


def test_a_method_that_a_trace_does_not_allow_is_left_out_unless_it_was_named() -> None:
    # The embeddings of a token are looked up in no stack that a library describes.
    trace = mean_trace(IDS)
    found = aw.faithfulness(trace, progress=False)
    assert "gradient" not in found
    assert any(note.startswith("Left out: gradient; gradient x input.") for note in found.notes)
    assert "Left out: gradient;" in repr(found)
    both = aw.faithfulness(trace, ["all", worth], progress=False)
    assert set(both) - set(found) == {"worth"}
    with pytest.raises(ValueError, match="embedding"):
        aw.faithfulness(trace, ["gradient"], progress=False)
