"""Cells written for BertViz run with nothing but their import lines changed."""

import re

import pytest
import torch
import transformers as tf
from IPython.display import HTML

from tests.bertviz import cells
from tests.bertviz.test_neuron_view import bert
from tests.capture.architectures import SEQ2SEQ
from tests.capture.small_tokenizers import byte_level, word_piece
from tests.capture.test_real_models import minilm

__all__ = ["minilm"]  # a fixture

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bert")
    bert().save_pretrained(folder)
    word_piece().save_pretrained(folder)
    return folder


def run(cell: str, **names: object) -> dict[str, object]:
    changed = re.sub(r"^from bertviz", "from attnwidget.bertviz", cell, flags=re.MULTILINE)
    assert changed != cell
    exec(compile(changed, "cell", "exec"), names)
    return names


def assert_shown(widgets, attention):
    for widget in widgets:
        for layer, weights in enumerate(attention[: widget.trace.num_layers]):
            torch.testing.assert_close(
                widget.trace.attention(layer), weights[0].detach(), atol=2e-5, rtol=0
            )


@pytest.mark.parametrize("model", ["small", "minilm"])
def test_one_text(displayed, model, saved, request):
    folder = saved if model == "small" else request.getfixturevalue("minilm")
    names = run(cells.SELF_ATTENTION, model_name=folder)
    assert [widget.view for widget in displayed] == ["head", "head", "model", "model"]
    assert [widget.theme for widget in displayed] == ["auto", "auto", "dark", "light"]
    assert (displayed[1].layer, displayed[1].heads) == (1, [1, 2])
    assert_shown(displayed, names["attention"])


@pytest.mark.parametrize("model", ["small", "minilm"])
def test_a_pair(displayed, model, saved, request):
    folder = saved if model == "small" else request.getfixturevalue("minilm")
    names = run(cells.PAIR, model_name=folder, AutoTokenizer=tf.AutoTokenizer)
    segments = names["token_type_ids"][0].tolist()
    assert all(list(each.trace["self"].queries.segments) == segments for each in displayed)
    assert_shown(displayed, names["attention"])


def test_an_encoder_decoder(displayed):
    torch.manual_seed(0)
    model = tf.BartModel(tf.BartConfig(**SEQ2SEQ, attn_implementation="eager")).eval()
    names = run(
        cells.ENCODER_DECODER,
        model=model,
        encoder_input_ids=torch.tensor([[5, 6, 7, 2]]),
        decoder_input_ids=torch.tensor([[1, 8, 9]]),
        encoder_text=["▁a", "▁b", "▁c", "</s>"],
        decoder_text=["<s>", "▁d", "▁e"],
    )
    for widget in displayed:
        assert widget.trace.streams == ("encoder", "decoder", "cross")
        for name in widget.trace.streams:
            weights = names["outputs"][f"{name}_attentions"]
            torch.testing.assert_close(widget.trace[name].attention(1), weights[1][0].detach())
    assert len(displayed) == 2


@pytest.mark.parametrize("model", ["small", "minilm"])
def test_neurons(displayed, model, saved, request):
    folder = saved if model == "small" else request.getfixturevalue("minilm")
    run(cells.NEURON, model_name=folder)
    (widget,) = displayed
    assert (widget.view, widget.layer, widget.heads, widget.theme) == ("neuron", 1, [3], "dark")
    queries = widget.trace["self"].queries
    assert [queries.text[place] for place in (0, 1, -2, -1)] == ["[CLS]", "the", "walk", "[SEP]"]
    assert queries.has_pair


SMALL = {"vocab_size": 200, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2}


def test_neurons_of_gpt2(displayed, tmp_path):
    config = tf.GPT2Config(**SMALL, n_embd=32, n_layer=2, n_head=4, n_positions=32)
    tf.GPT2Model(config).save_pretrained(tmp_path)
    byte_level().save_pretrained(tmp_path)
    run(cells.NEURON_GPT2, model_name=tmp_path)
    (widget,) = displayed
    assert (widget.view, widget.heads, widget.theme) == ("neuron", [2], "light")
    assert widget.trace["self"].causal
    assert widget.trace.tokens == ["The", "caf", "é"]


def test_neurons_of_roberta(displayed, tmp_path):
    sizes = {"hidden_size": 32, "num_attention_heads": 4, "intermediate_size": 32}
    config = tf.RobertaConfig(**SMALL, **sizes, num_hidden_layers=2, max_position_embeddings=32)
    tf.RobertaModel(config).save_pretrained(tmp_path)
    byte_level(roberta=True).save_pretrained(tmp_path)
    run(cells.NEURON_ROBERTA, model_name=tmp_path)
    queries = displayed[0].trace["self"].queries
    assert queries.text == (
        "<s>",
        "The",
        "caf",
        "é",
        "</s>",
        "</s>",
        "w",
        "a",
        "l",
        "k",
        "ed",
        "</s>",
    )
    assert queries.segments[6:] == (1,) * 6


def test_a_page(displayed, saved, tmp_path):
    names = run(cells.SELF_ATTENTION, model_name=saved)
    displayed.clear()
    path = tmp_path / "head_view.html"
    page = run(cells.PAGE, path=path, **{name: names[name] for name in ("attention", "tokens")})
    assert isinstance(page["html_head_view"], HTML)
    assert path.read_text().lower().startswith("<!doctype html>")
    assert displayed == []
