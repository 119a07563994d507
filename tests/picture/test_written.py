"""Pictures and figures mark the tokens that the model wrote."""

import pytest

import attnwidget as aw
from attnwidget import plot
from tests.browser.models import random_trace
from tests.picture.test_to_svg import strokes, texts
from tests.plot.drawn import texts as texts_of

TRACES = {"self": random_trace(8).with_prompt(5), "cross": aw.demo("dates")}
NOTE = "beside the rule: written by the model"


def rules(svg):
    """Straight lines down or across, as [constant place, start, end] of each."""
    found = []
    for path in strokes(svg, "M"):
        words = path.get("d", "").replace("M", " ").replace("H", " H").replace("V", " V").split()
        if path.get("stroke-width") == "1.5" and len(words) == 3:
            x, y, end = float(words[0]), float(words[1]), float(words[2][1:])
            found.append((x, y, end) if words[2][0] == "V" else (y, x, end))
    return found


def words_of(figure):
    return " ".join(text.get_text() for text, _ in texts_of(figure))


@pytest.mark.parametrize("view", ["head", "matrix", "trace", "neuron"])
@pytest.mark.parametrize("stream", ["self", "cross"])
def test_a_rule_is_as_long_as_the_written_part(view, stream):
    trace = TRACES[stream]
    if view == "neuron" and not trace[stream].has_projections:
        pytest.skip("this trace has no queries and keys")
    svg = aw.AttentionWidget(trace, view=view, stream=stream).to_svg()
    written = rules(svg)
    sides = {"head": 2, "matrix": 2, "trace": 2, "neuron": 1}[view]
    expected = sides if stream == "self" or view == "trace" else sides - 1
    assert len(written) == expected
    assert (NOTE in " ".join(texts(svg))) == (expected > 0)
    count = trace[stream].queries.num_written
    assert len({round((end - start) / count, 2) for _, start, end in written}) <= 2


@pytest.mark.parametrize("view", ["head", "model", "matrix", "trace"])
def test_nothing_is_marked_where_nothing_was_written(view):
    svg = aw.AttentionWidget(random_trace(8), view=view).to_svg()
    assert "written by the model" not in svg
    assert rules(svg) == []


@pytest.mark.parametrize("draw", [plot.heatmap, plot.evolution, plot.token_importance])
def test_figures_have_the_rule_and_say_what_it_is(draw):
    figure = draw(TRACES["self"])
    axis = figure.axes[0]
    ends = [sorted(map(float, line.get_xdata())) for line in axis.lines]
    assert [4.5, 7.5] in ends
    assert "rule: written by the model" in words_of(figure)
    assert "written by the model" not in words_of(draw(random_trace(8)))
