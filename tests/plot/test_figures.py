"""What holds for every figure."""

import sys
from inspect import Parameter, signature
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.figure import Figure

from attnwidget import plot
from attnwidget.trace import Trace
from tests.frames.traces import random_weights, translation_trace
from tests.plot.drawn import all_axes, rendered, texts, tokens_of

SENTENCE = "the animal did not cross a street because it was far too tired and unhappily wet"
WORDS = SENTENCE.split(" ")


def words(count):
    return [WORDS[place % len(WORDS)] for place in range(count)]


def trace_of(count, *, layers=2, heads=4):
    stack = [random_weights(heads, count, count, seed=place) for place in range(layers)]
    return Trace.from_attentions(stack, words(count), model_name="a-model")


FIGURES = {
    "heatmap": plot.heatmap,
    "heads": plot.heads,
    "layers": plot.layers,
    "grid": plot.grid,
    "compare": plot.compare,
    "difference": plot.difference,
    "evolution": plot.evolution,
    "token_importance": plot.token_importance,
    "discard_ratios": plot.discard_ratios,
    "fusions": plot.fusions,
}


@pytest.fixture(scope="module", params=[8, 60])
def trace(request):
    return trace_of(request.param)


@pytest.fixture(scope="module", params=FIGURES)
def figure(request, trace):
    return FIGURES[request.param](trace)


def test_is_a_figure_that_names_the_model(figure):
    assert isinstance(figure, Figure)
    headings = [axis.get_title() for axis in figure.axes] + [figure.get_suptitle()]
    assert any("a-model" in heading for heading in headings)


def test_nothing_sticks_out_or_overlaps(figure):
    width, height = figure.bbox.size
    boxes = dict(texts(figure))
    for text, box in boxes.items():
        inside = box.x0 >= -1 and box.x1 <= width + 1 and box.y0 >= -1 and box.y1 <= height + 1
        assert inside, f"{text.get_text()!r} reaches beyond the figure"
    for axis in all_axes(figure):
        keys = [boxes[label] for label in axis.get_xticklabels() if label in boxes]
        queries = [boxes[label] for label in axis.get_yticklabels() if label in boxes]
        # The boxes of slanted labels may overlap where the labels, which are parallel, do not.
        slanted = any(label.get_rotation() == 45 for label in axis.get_xticklabels())
        assert_apart([] if slanted else [(box.x0, box.x1) for box in keys])
        assert_apart([(box.y0, box.y1) for box in queries])


def assert_apart(spans):
    for (_, end), (start, _) in pairwise(sorted(spans)):
        assert start >= end - 1


def test_tokens_are_legible(figure):
    sizes = [
        label.get_fontsize()
        for axis in figure.axes
        for label in (*axis.get_xticklabels(), *axis.get_yticklabels())
    ]
    assert min(sizes) >= 6


@pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)
def test_saves_itself_as_a_notebook_does(draw, tmp_path):
    figure = draw(trace_of(8))
    figure.savefig(tmp_path / "figure.png", bbox_inches="tight", dpi=30)
    assert (tmp_path / "figure.png").stat().st_size > 1000


def test_a_notebook_gets_a_picture():
    assert plot.heatmap(np.eye(3))._repr_png_().startswith(b"\x89PNG")


@pytest.mark.parametrize("count", [8, 60])
def test_every_token_stands_at_its_place(count):
    (axis,) = plot.heatmap(trace_of(count)).axes
    everywhere = dict(enumerate(words(count)))
    assert tokens_of(axis) == [everywhere, everywhere]


@pytest.mark.parametrize("count", [8, 60])
def test_tokens_stand_at_the_outer_panels(count):
    figure = plot.heads(trace_of(count))
    queries, keys = tokens_of(figure.axes[0])
    assert queries
    assert queries.items() <= dict(enumerate(words(count))).items()
    _, keys = tokens_of(figure.axes[3])
    assert keys.items() <= dict(enumerate(words(count))).items()
    assert len(keys) == (8 if count == 8 else 30)


@pytest.mark.parametrize("token", ["$x^2$", r"$\frac{$", "100%_#", "<b>", "a" * 300, "$$"])
def test_tokens_are_no_formulas(token):
    tokens = [token, "b"]
    for figure in (
        plot.heatmap(np.eye(2), tokens, title=token),
        plot.token_importance(np.eye(2), tokens),
        plot.heads(np.stack([np.eye(2)] * 2), tokens, title=token),
    ):
        shown = [text.get_text() for text, _ in texts(figure)]
        assert any(text == token[: len(text.rstrip("…"))] + "…" or text == token for text in shown)


def test_encoder_decoders():
    trace = translation_trace()
    (axis,) = plot.cross(trace).axes
    assert tokens_of(axis) == [
        dict(enumerate(trace["cross"].query_tokens)),
        dict(enumerate(trace["cross"].key_tokens)),
    ]
    assert axis.get_xlabel() == "to source (key)"
    assert "cross · layer 1 · mean of 2 heads" in axis.get_title()
    both = trace["decoder"].query_tokens + trace["encoder"].query_tokens
    for figure in (plot.evolution(trace), plot.fusions(trace), plot.discard_ratios(trace)):
        assert tokens_of(figure.axes[0])[1].items() <= dict(enumerate(both)).items()
        assert len(figure.axes[0].lines) == 1
    assert plot.evolution(trace, stream="encoder").axes[0].images[0].get_array().shape == (6, 6)


def test_draws_into_an_axis():
    figure = Figure(figsize=(9, 4))
    one, two, three, four = figure.subplots(1, 4)
    assert plot.heatmap(np.eye(3), ax=one) is figure
    assert plot.difference(np.eye(3), np.ones((3, 3)), ax=two) is figure
    assert plot.token_importance(np.eye(3), ax=three) is figure
    assert plot.grid(trace_of(8), ax=four) is figure
    assert all(axis.images or axis.patches for axis in (one, two, three, four))
    rendered(figure)


def test_draws_into_an_axis_of_a_part():
    figure = Figure(figsize=(9, 4))
    axis = figure.subfigures(1, 2)[0].add_subplot()
    assert plot.heatmap(np.eye(3), ax=axis) is figure


def test_without_matplotlib(monkeypatch):
    monkeypatch.delitem(sys.modules, "attnwidget.plot.notebook_figure", raising=False)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ImportError, match=r"pip install 'attnwidget\[plot\]'"):
        plot.heatmap(np.eye(3))


@pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)
def test_an_unknown_keyword_is_refused(draw):
    with pytest.raises(TypeError, match="colour"):
        draw(trace_of(4), colour="red")


def test_a_refused_keyword_is_told_which_there_are():
    with pytest.raises(TypeError, match=r"heads does not know the keyword 'ax'; it takes data, "):
        plot.heads(trace_of(4), ax=None)
    with pytest.raises(TypeError, match=r"'colour'.* key_tokens, .* scale, cmap, title, columns\."):
        plot.layers(trace_of(4), colour="red")


def test_a_signature_names_the_keywords_of_the_style():
    parameters = signature(plot.heatmap).parameters
    assert {"layer", "scale", "cmap", "title", "values", "ax"} <= parameters.keys()
    assert all(each.kind != Parameter.VAR_KEYWORD for each in parameters.values())
    assert parameters["scale"].default == "fitted"
