import pytest
import torch

from attnwidget.bertviz import model_view
from tests.bertviz.arrays import SECOND, WORDS, attentions


def test_it_opens_as_a_grid_in_the_dark(displayed):
    given = attentions()
    assert model_view(given, WORDS) is None
    (widget,) = displayed
    assert (widget.view, widget.theme, widget.thumbnails) == ("model", "dark", "lines")
    widget.view, widget.heads = "head", [2]
    assert torch.equal(widget.scores(), given[0][0][2:3])


def test_in_the_light(displayed):
    model_view(attentions(), WORDS, display_mode="light")
    assert displayed[0].theme == "light"


def test_included_layers_and_heads(displayed):
    given = attentions(layers=5, heads=4)
    model_view(given, WORDS, include_layers=[0, 3], include_heads=[2, 1])
    trace = displayed[0].trace
    assert (trace.num_layers, trace.num_heads) == (2, 2)
    assert torch.equal(trace.attention(1), given[3][0][[2, 1]])
    assert trace.model_name == (
        "Layers 0, 1 here are layers 0, 3 of 5; heads 0, 1 here are heads 2, 1 of 4"
    )


def test_a_pair_and_raw_tokens(displayed):
    model_view(attentions(), WORDS, SECOND, False)
    displayed[0].pair_filter = "ba"
    assert displayed[0].trace.tokens == WORDS


def test_one_entry_of_a_batch(displayed):
    given = attentions(batch=2)
    model_view(given, WORDS, batch_index=1)
    assert torch.equal(displayed[0].trace.attention(2), given[2][1])


@pytest.mark.parametrize(
    ("keywords", "error", "message"),
    [
        ({"display_mode": "sepia"}, ValueError, "'dark' or 'light', but 'sepia'"),
        ({"include_heads": []}, ValueError, "include_heads is empty"),
        ({"include_heads": [1, 1]}, ValueError, "names a head twice"),
        (
            {"include_heads": 2},
            ValueError,
            "include_heads must be a list of heads.*but 2 was given",
        ),
        ({"include_heads": [4]}, IndexError, "head 4 is out of range"),
    ],
)
def test_wrong_input(displayed, keywords, error, message):
    with pytest.raises(error, match=message):
        model_view(attentions(), WORDS, **keywords)
    assert displayed == []
