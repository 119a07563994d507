import json
import re

import numpy as np
import pytest
import torch

from attnwidget.bertviz import head_view
from tests.bertviz.arrays import SECOND, WORDS, attentions


class LikeJax:
    """An array of another library, which numpy can read."""

    def __init__(self, values):
        self._values = values

    def __array__(self, dtype=None, copy=None):
        return np.array(self._values, dtype=dtype)


def test_all_heads_of_the_first_layer_are_shown_as_they_were_given(displayed):
    given = attentions()
    assert head_view(given, WORDS) is None
    (widget,) = displayed
    assert (widget.view, widget.layer, widget.heads) == ("head", 0, [0, 1, 2, 3])
    assert widget.trace.tokens == ["[CLS]", "the", "cat", "[SEP]", "it", "sl", "ept", "[SEP]"]
    for layer, weights in enumerate(given):
        widget.layer = layer
        assert torch.equal(widget.scores(), weights[0])


@pytest.mark.parametrize(
    "form",
    [
        list,
        lambda given: [layer.numpy() for layer in given],
        lambda given: [layer.double().numpy() for layer in given],
        lambda given: [layer.tolist() for layer in given],
        lambda given: [layer[0] for layer in given],
        lambda given: np.stack([layer[0].numpy() for layer in given]),
        torch.stack,
        lambda given: [LikeJax(layer.numpy()) for layer in given],
        lambda given: [layer.clone().requires_grad_() for layer in given],
    ],
    ids=[
        *("list", "numpy", "float64", "lists", "without a batch", "one array", "one batch"),
        *("like JAX", "with a graph"),
    ],
)
def test_any_array_will_do(displayed, form):
    given = attentions()
    head_view(form(given), WORDS, layer=2)
    torch.testing.assert_close(displayed[0].scores(), given[2][0], atol=1e-7, rtol=0)


def test_layer_and_heads_are_where_it_opens(displayed):
    head_view(attentions(), WORDS, layer=1, heads=[3, 0])
    assert (displayed[0].layer, displayed[0].heads) == (1, [3, 0])
    head_view(attentions(), WORDS, layer=np.int64(-1), heads=torch.tensor([2, -4]))
    assert (displayed[1].layer, displayed[1].heads) == (2, [2, 0])


def test_included_layers_keep_their_order_and_say_who_they_are(displayed, capsys):
    given = attentions(layers=6)
    head_view(given, WORDS, include_layers=[4, 1], layer=1)
    widget = displayed[0]
    assert widget.trace.num_layers == 2
    assert widget.layer == 1  # the model's layer 1 is the second of those included
    assert torch.equal(widget.scores(), given[1][0])
    widget.layer = 0
    assert torch.equal(widget.scores(), given[4][0])
    said = "Layers 0, 1 here are layers 4, 1 of 6"
    assert capsys.readouterr().out == f"{said}\n"
    assert said in head_view(given, WORDS, include_layers=[4, 1], html_action="return").data
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("included", "said"),
    [
        (range(2), "Layers 0, 1 of 6"),
        ([-1], "Layer 0 here is layer 5 of 6"),
        (np.arange(2, 5), "Layers 0 to 2 here are layers 2 to 4 of 6"),
        (torch.tensor([5, 4, 3]), "Layers 0 to 2 here are layers 5, 4, 3 of 6"),
    ],
)
def test_a_line_says_what_the_numbers_mean(displayed, capsys, included, said):
    head_view(attentions(layers=6), WORDS, include_layers=included)
    assert capsys.readouterr().out == f"{said}\n"


def test_nothing_is_said_where_nothing_is_left_out(displayed, capsys):
    head_view(attentions(), WORDS)
    assert capsys.readouterr().out == ""


def test_a_pair_can_be_filtered_by_text(displayed):
    given = attentions()
    head_view(given, WORDS, SECOND)
    widget = displayed[0]
    block = {"a": slice(0, SECOND), "b": slice(SECOND, None)}
    for queries in "ab":
        for keys in "ab":
            widget.pair_filter = queries + keys
            scores = widget.scores()
            inside = scores[:, block[queries], block[keys]]
            assert torch.equal(inside, given[0][0][:, block[queries], block[keys]])
            assert scores.sum() == pytest.approx(inside.sum().item(), rel=1e-6)


def test_the_blocks_are_those_of_bertviz(displayed):
    theirs = pytest.importorskip("bertviz", reason="bertviz is not installed")
    given = attentions()
    page = theirs.head_view(given, WORDS, SECOND, html_action="return").data
    parameters = json.loads(re.search(r"params = (\{.*\}); //", page)[1])
    head_view(given, WORDS, SECOND)
    widget = displayed[0]
    names = {"All": "all"}
    for queries in "AB":
        for keys in "AB":
            names[f"Sentence {queries} -> Sentence {keys}"] = (queries + keys).lower()
    for entry in parameters["attention"]:
        widget.pair_filter = names[entry["name"]]
        expected = torch.tensor(entry["attn"])
        for layer in range(3):
            widget.layer = layer
            mass = widget.scores()
            torch.testing.assert_close(mass[mass > 0], expected[layer].flatten())


def test_the_second_text_may_begin_at_an_index_of_any_library(displayed):
    for start in (np.int64(SECOND), torch.tensor(SECOND)):
        head_view(attentions(), WORDS, start)
    assert all(widget.trace["self"].queries.segments == (0,) * 4 + (1,) * 4 for widget in displayed)


def test_tokens_can_stay_as_the_tokenizer_has_them(displayed):
    head_view(attentions(), WORDS, prettify_tokens=False)
    assert displayed[0].trace.tokens == WORDS
    head_view(attentions(queries=2), ["Ġwalk", "▁ed"], prettify_tokens=False)
    assert displayed[1].trace.tokens == ["Ġwalk", "▁ed"]


def test_one_entry_of_a_batch(displayed):
    given = attentions(batch=3)
    head_view(given, WORDS, layer=1, batch_index=2)
    assert torch.equal(displayed[0].scores(), given[1][2])
    head_view(torch.stack(given), WORDS, layer=1, batch_index=-3)
    assert torch.equal(displayed[1].scores(), given[1][0])


def test_what_was_given_may_change_afterwards(displayed):
    given = attentions()
    kept = given[0].clone()
    head_view(given, WORDS)
    given[0].zero_()
    assert torch.equal(displayed[0].scores(), kept[0])
