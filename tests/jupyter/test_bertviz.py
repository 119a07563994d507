"""BertViz's calls in a notebook: each displays a live widget of its own, and returns None."""

import pytest

from tests.browser.pages import View

from .conftest import Write

SETUP = """
from attnwidget.bertviz import head_view, model_view
from attnwidget.bertviz.neuron_view import show
from tests.bertviz.arrays import SECOND, WORDS, attentions
from tests.bertviz.test_neuron_view import bert, word_piece
"""
HEADS = "head_view(attentions(), WORDS, SECOND, layer=1, heads=[3])"
MODEL = "print(model_view(attentions(layers=5), WORDS, include_layers=[4, 2]))"
NEURONS = "show(bert(), 'bert', word_piece(), 'the café', layer=2, head=1)"


@pytest.mark.parametrize("front_end", ["lab"])
def test_the_three_views(write_notebook: Write) -> None:
    notebook = write_notebook(SETUP, HEADS, MODEL, NEURONS)
    notebook.run_all()
    heads, model, neurons = (View(notebook.widgets.nth(place)) for place in range(3))
    heads.wait(view="head", layer=1)
    assert heads.chosen_heads() == [3]
    model.wait(view="model", theme="dark")
    assert notebook.text(2) == "Layers 0, 1 here are layers 4, 2 of 5\nNone\n"
    neurons.wait(view="neuron", layer=2, theme="dark")
    assert neurons.chosen_heads() == [1]

    heads.choose("pair_filter", "ba")
    heads.choose("layer", "2")
    heads.wait(layer=2)
    model.root.locator('[data-layer="1"][data-head="2"]').click()
    model.wait(view="model", layer=1)
    assert model.chosen_heads() == [2]
    assert neurons.data("layer") == "2"
