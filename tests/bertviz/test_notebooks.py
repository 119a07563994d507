"""Cells written for BertViz run with nothing but their import lines changed, and show the same."""

import re

import pytest
import torch
from IPython.display import HTML

from attnwidget import AttentionWidget
from tests.bertviz import cells
from tests.bertviz.models import save_models
from tests.capture.test_real_models import minilm

__all__ = ["minilm"]  # a fixture

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Recommended. pip install sacremoses"),
]


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    save_models(folder)
    return folder


@pytest.fixture
def run(saved, monkeypatch, tmp_path):
    """Return a function that runs a cell in a folder where the models are, with other imports."""
    for model in saved.iterdir():
        (tmp_path / model.name).symlink_to(model)
    monkeypatch.chdir(tmp_path)

    def run_cell(cell: str) -> dict[str, object]:
        changed = re.sub(r"^from bertviz", "from attnwidget.bertviz", cell, flags=re.MULTILINE)
        assert changed != cell
        names: dict[str, object] = {}
        exec(compile(changed, "cell", "exec"), names)
        return names

    return run_cell


@pytest.fixture(params=["small", "minilm"])
def bert(request, run, tmp_path):
    """Make the name "bert" lead to a small random model, or to a trained one."""
    if request.param == "minilm":
        (tmp_path / "bert").unlink()
        (tmp_path / "bert").symlink_to(request.getfixturevalue("minilm"))


def assert_shows(widget: AttentionWidget, stream: str, attention) -> None:
    """Check all that a view draws against what the model returned."""
    widget.stream = stream
    widget.heads = list(range(attention[0].shape[1]))
    assert widget.trace[stream].num_layers == len(attention)
    for layer, weights in enumerate(attention):
        widget.layer = layer
        torch.testing.assert_close(widget.scores(), weights[0].detach(), atol=2e-5, rtol=0)


def own_attention(names, **inputs):
    """Return what the model itself says, on eager attention."""
    model = names["model"]
    model.set_attn_implementation("eager")
    with torch.no_grad():
        return model(**inputs, output_attentions=True).attentions


DISTILBERT_TOKENS = ["[CLS]", "the", "fox", "wait", "ed", "by", "the", "door", "[SEP]"]


def test_head_view_of_distilbert(displayed, run):
    names = run(cells.HEAD_DISTILBERT)
    (widget,) = displayed
    assert (widget.view, widget.layer, widget.heads) == ("head", 0, [0, 1, 2, 3])
    assert widget.theme == "auto"
    assert widget.trace.tokens == DISTILBERT_TOKENS
    assert not widget.trace["self"].queries.has_pair
    assert_shows(widget, "self", names["attention"])


def test_head_view_opened_at_a_layer_that_is_included(displayed, run, capsys):
    names = run(cells.HEAD_OPENED)
    widget = displayed[1]
    assert widget.heads == [3, 1]
    expected = names["attention"][2][0, [3, 1]].detach()
    torch.testing.assert_close(widget.scores(), expected)
    assert capsys.readouterr().out == "Layers 0, 1 here are layers 0, 2 of 3\n"


def test_model_view_of_distilbert(displayed, run):
    names = run(cells.MODEL_DISTILBERT)
    (widget,) = displayed
    assert (widget.view, widget.theme, widget.heads) == ("model", "dark", None)
    assert widget.trace.tokens == DISTILBERT_TOKENS
    assert_shows(widget, "self", names["attention"])


@pytest.mark.parametrize("cell", [cells.MODEL_BERT_PAIR, cells.HEAD_BERT_PAIR])
def test_a_pair_for_bert(displayed, run, bert, cell):
    names = run(cell)
    (widget,) = displayed
    model_view = cell is cells.MODEL_BERT_PAIR
    assert widget.view == ("model" if model_view else "head")
    assert widget.theme == ("dark" if model_view else "auto")
    assert widget.pair_filter == "all"
    assert list(widget.trace["self"].queries.segments) == names["types"][0].tolist()
    second = names["sentence_b_start"]
    first_layer = names["attention"][0][0].detach()
    widget.heads, widget.pair_filter = list(range(len(first_layer))), "ba"
    scores = widget.scores()
    torch.testing.assert_close(scores[:, second:, :second], first_layer[:, second:, :second])
    assert (scores[:, :second] == 0).all()
    assert (scores[:, second:, second:] == 0).all()
    widget.pair_filter = "all"
    assert_shows(widget, "self", names["attention"])


BART_TOKENS = {
    "encoder": ["<s>", "the", "owl", "slept", "in", "the", "barn", "</s>"],
    "decoder": ["<s>", "the", "old", "owl", "slept", "</s>"],
}
MARIAN_TOKENS = {
    "encoder": ["He", "reads", "the", "old", "book", ".", "</s>"],
    "decoder": ["Er", "lie", "st", "das", "al", "te", "Buch", ".", "</s>"],
}


@pytest.mark.parametrize(
    ("cell", "view", "theme", "tokens"),
    [
        (cells.MODEL_BART, "model", "dark", BART_TOKENS),
        (cells.MODEL_MARIAN, "model", "dark", MARIAN_TOKENS),
        (cells.HEAD_MARIAN, "head", "auto", MARIAN_TOKENS),
    ],
    ids=["bart", "marian", "marian's heads"],
)
def test_an_encoder_decoder(displayed, run, cell, view, theme, tokens):
    names = run(cell)
    (widget,) = displayed
    assert (widget.view, widget.theme, widget.stream) == (view, theme, "encoder")
    assert widget.trace.streams == ("encoder", "decoder", "cross")
    for stream, (queries, keys) in {
        "encoder": ("encoder", "encoder"),
        "decoder": ("decoder", "decoder"),
        "cross": ("decoder", "encoder"),
    }.items():
        assert widget.trace[stream].query_tokens == tokens[queries]
        assert widget.trace[stream].key_tokens == tokens[keys]
        assert_shows(widget, stream, names["outputs"][f"{stream}_attentions"])


def test_neurons_of_a_pair_for_bert(displayed, run, bert):
    names = run(cells.NEURON_BERT)
    (widget,) = displayed
    assert (widget.view, widget.layer, widget.heads, widget.theme) == ("neuron", 2, [1], "dark")
    pair = names["tokenizer"](names["first"], names["second"], return_tensors="pt")
    shown = widget.trace["self"].queries
    assert list(shown.raw) == names["tokenizer"].convert_ids_to_tokens(pair["input_ids"][0])
    assert list(shown.segments) == pair["token_type_ids"][0].tolist()
    assert_shows(widget, "self", own_attention(names, **pair))


def test_neurons_of_gpt2(displayed, run):
    names = run(cells.NEURON_GPT2)
    (widget,) = displayed
    assert (widget.view, widget.layer, widget.heads, widget.theme) == ("neuron", 0, [0], "dark")
    assert widget.trace["self"].causal
    assert widget.trace.tokens == ["the", "owl", "slept", "in", "the", "barn"]
    text = names["tokenizer"]("the owl slept in the barn", return_tensors="pt")
    assert_shows(widget, "self", own_attention(names, **text))


def test_neurons_of_a_pair_for_roberta(displayed, run):
    names = run(cells.NEURON_ROBERTA)
    (widget,) = displayed
    assert (widget.view, widget.layer, widget.heads, widget.theme) == ("neuron", 0, [0], "dark")
    shown = widget.trace["self"].queries
    first, second = ["<s>", "the", "owl", "slept", "</s>", "</s>"], ["A", "fox", "waited", "</s>"]
    assert list(shown.text) == first + second
    assert shown.segments == (0,) * len(first) + (1,) * len(second)
    pair = names["tokenizer"](names["first"], names["second"], return_tensors="pt")
    assert_shows(widget, "self", own_attention(names, **pair))


def test_a_page(displayed, run, tmp_path):
    names = run(cells.PAGE)
    assert isinstance(names["html_head_view"], HTML)
    assert (tmp_path / "head_view.html").read_text().lower().startswith("<!doctype html>")
    assert len(displayed) == 1  # by the call before
