"""A loaded model answers every question about its kind."""

import re
from pathlib import Path

import pytest
import torch
from torch import nn

from attnwidget.capture.model import pretrained
from attnwidget.capture.model.loaded_model import LoadedModel
from attnwidget.capture.model.loading import load
from tests.capture import small_tokenizers as small
from tests.capture.architectures import CLIP, FALLBACK, INTERFACE

ARCHITECTURES = {each.name: each for each in [*INTERFACE, CLIP, *FALLBACK]}


class Attention(nn.Module):
    """A module that is no model of transformers."""

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return ids


def loaded(name: str) -> LoadedModel:
    return load(ARCHITECTURES[name].model())


def test_only_one_place_asks_whether_a_module_belongs_to_transformers():
    package = Path(pretrained.__file__).parents[1]
    asking = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if re.search(
            r"isinstance\([^()]*(?:\(\))?[^()]*PreTrained(Model|Config)", path.read_text("utf-8")
        )
    }
    assert asking == {"model/pretrained.py"}


def test_a_module_is_no_model_of_transformers():
    model = load(Attention())
    assert (model.name, model.class_name, model.location) == ("Attention", "Attention", None)
    assert model.pretrained is None
    assert not model.is_pretrained
    assert not model.is_encoder_decoder
    assert not model.can_generate
    assert not model.returns_attentions
    assert model.main_input == "input_ids"
    assert model.encoder is None
    assert model.config_of("encoder") is None
    assert model.limits().positions is None
    assert model.limits().vocabulary is None
    assert model.accepts("ids")
    assert not model.accepts("input_ids")
    assert model.class_label(2) == "2"


@pytest.mark.parametrize(
    ("name", "writes", "is_encoder_decoder", "reads"),
    [
        ("bert", False, False, "input_ids"),
        ("gpt2", True, False, "input_ids"),
        ("bart", True, True, "input_ids"),
        ("whisper", True, True, "input_features"),
        ("vit", False, False, "pixel_values"),
    ],
)
def test_the_kind_of_a_model_of_transformers(name, writes, is_encoder_decoder, reads):
    model = loaded(name)
    assert model.pretrained is model.module
    assert model.is_pretrained
    assert model.can_generate == writes
    assert model.is_encoder_decoder == is_encoder_decoder
    assert model.main_input == reads
    if is_encoder_decoder:
        assert model.encoder is model.module.get_encoder()


def test_a_compiled_model_is_the_model_itself():
    model = ARCHITECTURES["bert"].model()
    assert load(torch.compile(model)).module is model


def test_the_config_of_the_part_that_reads_text():
    model = loaded("clip")
    assert model.config_of("encoder") is model.module.config.text_config
    assert loaded("bert").config_of("decoder") is not None


def test_limits_come_from_the_config_and_the_tokenizer():
    model = loaded("bert")
    assert model.limits().positions == 64
    assert model.limits(tokenizer=small.word_piece()).positions == 32
    assert model.limits().vocabulary == 99
    model.limits().check_length(64, "It")
    model.limits().check_ids(torch.tensor([[0, 98]]), "It")
    with pytest.raises(ValueError, match=r"It is 65 tokens long, but Bert.* takes at most 64"):
        model.limits().check_length(65, "It")
    with pytest.raises(ValueError, match=r"It has ids from 0 to 99, but Bert.* tokens 0 to 98"):
        model.limits().check_ids(torch.tensor([[0, 99]]), "It")


def test_logits_are_found_in_every_form_of_output():
    model, logits = loaded("bert"), torch.zeros(1, 5, 7)
    assert model.logits_of({"logits": logits}) is logits
    assert model.logits_of({"logits_per_image": logits[0]}).shape == (5, 7)
    assert model.logits_of({"last_hidden_state": logits}) is None
    assert model.logits_of({"logits": logits[0, 0]}) is None
    assert model.logits_of((logits,)) is None


def test_classes_have_the_labels_of_the_config():
    model = loaded("bert")
    model.module.config.id2label = {0: "no", 1: "yes"}
    assert [model.class_label(index) for index in (0, 1, 2)] == ["no", "yes", "2"]
