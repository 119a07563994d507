"""Contributions to a logit, against the modules of the model, watched by hooks."""

from __future__ import annotations

import pytest
import torch
import transformers as tf
from torch import Tensor
from transformers import PreTrainedModel

import attnwidget as aw
from attnwidget.frames import Workspace, make_frame
from attnwidget.methods.registry import refusal
from tests.capture.eager_gradients import varied
from tests.capture.small_modules import IDS, TEXT, VISION, made
from tests.frames.reference import dense
from tests.methods.models import ARCHITECTURES, inputs, model, trace

WRITERS = [
    name for name, each in ARCHITECTURES.items() if hasattr(each.model(), "lm_head") or name == "t5"
]


@pytest.mark.parametrize("name", WRITERS)
def test_the_parts_sum_to_the_logit_of_the_model(name: str) -> None:
    captured = trace(name)
    with torch.no_grad():
        logits = model(name)(**inputs(name)).logits[0].double()
    if getattr(model(name).config, "final_logit_softcapping", None) is not None:
        cap = model(name).config.final_logit_softcapping
        logits = cap * torch.atanh(logits / cap)
    for position in (-1, 2):
        found = aw.logit_contributions(captured, position, 7, versus=9)
        expected = float(logits[position, 7] - logits[position, 9])
        assert found.logit == pytest.approx(expected, abs=1e-4 * float(logits.abs().max()))
        assert found.total == pytest.approx(found.logit, abs=1e-4 * float(logits.abs().max()))


def test_each_part_is_what_the_module_writes_along_the_token() -> None:
    reference, seen = model("llama"), {}

    def keep(module: torch.nn.Module, given: tuple[Tensor, ...], result: Tensor) -> None:
        seen[module] = given[0][0].double(), result[0].double()

    layers = list(reference.model.layers)
    for module in (reference.model.norm, *(each.mlp for each in layers)):
        module.register_forward_hook(keep)
    for each in layers:
        each.self_attn.o_proj.register_forward_hook(keep)
    with torch.no_grad():
        embedded = reference.model.embed_tokens(inputs("llama")["input_ids"])[0].double()
        reference(**inputs("llama"))
    reference.requires_grad_(False)
    stream, _ = seen[reference.model.norm]
    position, token = 5, 11
    deviation = (stream[position].square().mean() + reference.config.rms_norm_eps).sqrt()
    weight = reference.model.norm.weight.double() * reference.lm_head.weight[token].double()
    direction = weight / deviation
    found = aw.logit_contributions(trace("llama"), position, token)
    assert found.embedding == pytest.approx(float(direction @ embedded[position]), abs=1e-5)
    for layer, each in enumerate(layers):
        written = float(direction @ seen[each.mlp][1][position])
        assert float(found.mlps[layer]) == pytest.approx(written, abs=1e-5)
        contexts = seen[each.self_attn.o_proj][0][position].unflatten(0, (4, -1))
        by_head = each.self_attn.o_proj.weight.double().unflatten(1, (4, -1))
        heads = torch.einsum("hd,ohd,o->h", contexts, by_head, direction)
        torch.testing.assert_close(found.heads[layer].double(), heads, atol=1e-5, rtol=0)
        edges = found.edges(layer)
        torch.testing.assert_close(edges.sum(-1).double(), heads, atol=1e-5, rtol=0)
        assert not edges[:, position + 1 :].any()


def test_cross_attention_has_heads_of_its_own() -> None:
    captured = trace("bart")
    found = aw.logit_contributions(captured)
    assert found.cross is not None
    assert found.cross.shape == (2, captured["cross"].num_heads)
    assert found.edges(-1, "cross").shape == (2, len(captured["cross"].keys))
    torch.testing.assert_close(found.edges(0, "cross").sum(-1), found.cross[0])
    with pytest.raises(ValueError, match="stream must be one of decoder, cross"):
        found.edges(0, "encoder")


def test_the_default_is_the_predicted_token() -> None:
    captured = aw.demo("induction")
    predicted = captured.predictions().entries[0]
    found = aw.logit_contributions(captured)
    assert found.target.index == predicted.index
    assert found.logit == pytest.approx(predicted.logit, abs=1e-4)
    by_text = aw.logit_contributions(captured, -1, predicted.text)
    assert by_text.target == found.target


def test_the_views_have_the_same_numbers() -> None:
    captured = trace("llama", ("logit", 4, 7))
    want = {"kind": "rows", "method": "contributions", "layer": 1, "heads": [2, 0], "full": True}
    frame = make_frame(Workspace(captured), want)
    found = torch.from_numpy(dense(frame, len(captured.tokens))).float()
    expected = aw.logit_contributions(captured, 4, 7).edges(1)[[2, 0]]
    scale = float(found.abs().max())
    torch.testing.assert_close(found[:, 4], expected, atol=2e-3 * scale, rtol=0)


def test_what_it_needs_is_said() -> None:
    brackets = aw.demo("brackets")
    with pytest.raises(ValueError, match=r"no linear function .* aw\.effects"):
        aw.logit_contributions(brackets)
    assert "linear function" in (refusal(brackets, brackets["self"], "contributions") or "")
    bart = trace("bart")
    assert "Choose 'cross'" in (refusal(bart, bart["encoder"], "contributions") or "")
    captured = trace("llama")
    with pytest.raises(ValueError, match="A logit minus itself is 0"):
        aw.logit_contributions(captured, -1, 7, versus=7)
    with pytest.raises(IndexError, match="token 500 is out of range"):
        aw.logit_contributions(captured, -1, 500)
    with pytest.raises(IndexError, match="position 99"):
        aw.logit_contributions(captured, 99, 7)
    hidden = captured.with_target(("hidden", 2))
    want = {"kind": "rows", "method": "contributions", "layer": 1}
    with pytest.raises(ValueError, match=r"parts of a logit, but the target is \('hidden', 2\)"):
        make_frame(Workspace(hidden), want)


def classifiers() -> list[tuple[PreTrainedModel, dict[str, Tensor]]]:
    labels = {"num_labels": 3, "pad_token_id": 0}
    llama = made(tf.LlamaForSequenceClassification, tf.LlamaConfig(**TEXT, **labels))
    gpt2 = tf.GPT2Config(vocab_size=120, n_embd=32, n_layer=2, n_head=4, **labels)
    vit = made(tf.ViTForImageClassification, tf.ViTConfig(**VISION, num_labels=3))
    pixels = torch.randn(1, 3, 8, 8, generator=torch.Generator().manual_seed(3))
    return [
        (llama, {"input_ids": IDS}),
        (made(tf.GPT2ForSequenceClassification, gpt2), {"input_ids": IDS}),
        (vit, {"pixel_values": pixels}),
    ]


@pytest.mark.parametrize("place", range(3))
def test_the_logit_of_a_class_has_the_one_position_it_is_read_at(place: int) -> None:
    classifier, given = classifiers()[place]
    captured = aw.capture(varied(classifier), given)
    with torch.no_grad():
        logits = classifier(**given).logits[0]
    found = aw.logit_contributions(captured)
    position = 0 if "pixel_values" in given else IDS.shape[1] - 1
    assert found.target.position == position
    assert found.target.index == int(logits.argmax())
    assert found.logit == pytest.approx(float(logits.max()), abs=1e-4)
    assert found.total == pytest.approx(found.logit, abs=1e-4)
    label = classifier.config.id2label[1]
    assert aw.logit_contributions(captured, token=label).target.index == 1
    with pytest.raises(ValueError, match=f"by the token at position {position} alone"):
        aw.logit_contributions(captured, 2)
    want = {"kind": "rows", "method": "contributions", "layer": 1, "heads": None, "full": True}
    assert make_frame(Workspace(captured), want).arrays["weights"].shape[1] > 2
