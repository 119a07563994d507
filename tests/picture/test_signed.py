"""Pictures of a signed method: colours tell signs, magnitudes tell strength."""

import numpy as np
import pytest

import attnwidget as aw
from attnwidget.picture.colormap import colors_of
from attnwidget.picture.theme import THEMES
from attnwidget.shared import COLORS
from tests.browser.models import random_trace
from tests.frames.signed import NAME, show_scores, signed_scores
from tests.picture.test_to_svg import fewest, parsed, strokes, texts

POSITIVE, NEGATIVE = COLORS["signs"]["light"].values()
COUNT = 9


@pytest.fixture
def scores(monkeypatch):
    made = signed_scores(4, COUNT, COUNT)
    show_scores(monkeypatch, made)
    return made


def widget(count=COUNT, **state):
    return aw.AttentionWidget(random_trace(count), method=NAME, **state)


def curves_by_color(svg):
    """Return the number of curves of each colour, their own or their group's."""
    counts = {}
    parents = {child: parent for parent in parsed(svg).iter() for child in parent}
    for path in parents:
        if "C" in path.get("d", ""):
            color = path.get("stroke") or parents[path].get("stroke")
            counts[color] = counts.get(color, 0) + 1
    return counts


@pytest.mark.parametrize("heads", [[1], [0, 2]])
@pytest.mark.parametrize("coverage", [0.5, 1.0])
def test_lines_have_the_colours_of_their_signs(scores, heads, coverage):
    svg = widget(heads=heads, coverage=coverage).to_svg()
    expected = {POSITIVE: 0, NEGATIVE: 0}
    for row in scores[heads].reshape(-1, COUNT):
        places = np.argsort(-np.abs(row), kind="stable")
        count = np.count_nonzero(row) if coverage == 1 else fewest(np.abs(row), coverage)
        for value in row[places[:count]]:
            expected[NEGATIVE if value < 0 else POSITIVE] += 1
    assert curves_by_color(svg) == expected


def test_widths_go_by_the_root_of_the_magnitude(scores):
    svg = widget(heads=[2], coverage=1.0).to_svg()
    sizes = np.sort(np.abs(scores[2][scores[2] != 0]))
    widths = sorted(float(line.get("stroke-width", 0)) for line in strokes(svg))
    widths = [width for width in widths if width]
    np.testing.assert_allclose(widths, 0.5 + 3.5 * np.sqrt(sizes / sizes.max()), atol=0.01)


@pytest.mark.usefixtures("scores")
@pytest.mark.parametrize("view", ["head", "model", "matrix"])
@pytest.mark.parametrize("theme", THEMES)
def test_legends_name_both_signs(view, theme):
    state = {"thumbnails": "matrix"} if view == "model" else {}
    said = " ".join(texts(widget(view=view, **state).to_svg(theme=theme)))
    assert "raises the target" in said
    assert "lowers the target" in said
    assert "+" in said
    assert "−" in said


def test_thumbnails_of_lines_have_both_colours(scores):
    assert set(curves_by_color(widget(view="model").to_svg())) == {POSITIVE, NEGATIVE}
    assert (scores < 0).any()


@pytest.mark.parametrize("view", ["model", "matrix"])
def test_cells_have_the_diverging_colours(scores, view):
    svg = widget(view=view, thumbnails="matrix", heads=None if view == "model" else [0]).to_svg()
    colors = colors_of("signed", THEMES["light"])
    fills = {path.get("fill") for path in strokes(svg, "h")} - {None, "none"}
    assert fills <= set(colors)
    assert {colors[0], colors[-1]} & fills  # the largest magnitude has the last colour
    steps = sorted(colors.index(fill) for fill in fills)
    assert steps[0] < 127 < steps[-1]
    assert (scores > 0).any()


def test_importance_gives_way_to_the_colours_of_signs(scores):
    shown = widget(view="model")
    shown.head_importance = {"self": np.ones((shown.trace["self"].num_layers, 4)).tolist()}
    svg = shown.to_svg()
    assert "importance is not shown, because colour tells the sign" in " ".join(texts(svg))
    assert set(curves_by_color(svg)) == {POSITIVE, NEGATIVE}
    assert len(scores) == 4


@pytest.mark.parametrize("view", ["model", "matrix"])
def test_pooled_cells_are_said_to_be_of_the_largest_magnitude(monkeypatch, view):
    count = 200 if view == "matrix" else 30
    show_scores(monkeypatch, signed_scores(4, count, count))
    said = " ".join(texts(widget(count, view=view).to_svg()))
    assert "of largest magnitude that it covers" in said
    said = " ".join(texts(aw.AttentionWidget(random_trace(count), view=view).to_svg()))
    assert "the largest" in said
    assert "magnitude" not in said
