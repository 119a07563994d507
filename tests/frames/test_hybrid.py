"""In a hybrid, where not every layer has attention, people read the model's own numbers."""

from __future__ import annotations

from functools import cache

import pytest
import torch
import transformers as tf

import attnwidget as aw
from attnwidget.frames import Workspace, make_frame
from attnwidget.methods.part_names import below_in_words, rests_in_words
from attnwidget.trace.cut import Cut
from attnwidget.views.about import about
from tests.capture.small_modules import TEXT


@cache
def hybrid() -> aw.Trace:
    """Return the trace of a model whose layers 1 and 4 of 6 have attention."""
    sizes = {**TEXT, "num_hidden_layers": 6, "num_experts": 1, "mamba_d_state": 4}
    config = tf.JambaConfig(
        **sizes, attn_layer_period=3, attn_layer_offset=1, use_mamba_kernels=False
    )
    torch.manual_seed(0)
    model = tf.JambaForCausalLM(config).eval()
    return aw.capture(model, {"input_ids": torch.arange(5, 13)[None]})


def test_the_front_end_is_told_the_numbers() -> None:
    assert about(hybrid())["streams"][0]["layer_numbers"] == [1, 4]
    full = aw.Trace.from_attentions(torch.full((2, 1, 3, 3), 1 / 3), ["a", "b", "c"])
    assert about(full)["streams"][0]["layer_numbers"] is None


def test_levels_of_the_trace_view_have_them() -> None:
    frame = make_frame(Workspace(hybrid()), {"kind": "paths", "method": "rollout"})
    levels = frame.fields["levels"]
    assert [(level["layer"], level["number"]) for level in levels] == [(0, 1), (1, 4)]


@pytest.mark.parametrize(
    ("view", "method", "words"),
    [
        ("head", "attention", "layer 4"),
        ("matrix", "rollout", "layers 1 to 4 together"),
        ("trace", "rollout", ">layer 1<"),
        ("model", "attention", ">4<"),
        ("neuron", "attention", "layer 4"),
    ],
)
def test_pictures_have_them(view: str, method: str, words: str) -> None:
    picture = aw.AttentionWidget(hybrid(), view=view, method=method, layer=1).to_svg()
    assert words in picture


def test_parts_of_a_logit_are_named_by_all_that_they_hold() -> None:
    fields = make_frame(Workspace(hybrid()), {"kind": "contributions"}).fields
    assert fields["below"] == "embedding and layer 0"
    assert fields["rests"] == [
        "layers 1 to 3 but for heads",
        "layers 4 and above but for heads",
    ]
    figure = aw.plot.contributions(aw.logit_contributions(hybrid()))
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert names[:3] == ["embedding and layer 0", "layer 1 heads", "layers 1 to 3 but for heads"]


def test_names_of_parts_are_those_of_the_layers_between() -> None:
    assert below_in_words([0, 3]) == "embedding"
    assert below_in_words([3]) == "embedding and layers 0 to 2"
    assert rests_in_words([0, 1]) == ["layer 0 but for heads", "layers 1 and above but for heads"]


def test_the_note_of_a_cut_has_them() -> None:
    after = aw.knockout(hybrid(), Cut(layers=1, heads=2, mode="zero")).trace
    assert any("head 2 of layer 4" in note for note in after.notes)
