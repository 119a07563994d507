"""What each figure shows."""

import numpy as np
import pytest

import attnwidget as aw
from attnwidget import plot
from attnwidget.methods import rollout, rollout_by_layer
from tests.analysis.matrices import causal_rows
from tests.frames.traces import pair_trace, random_weights, translation_trace
from tests.plot.drawn import images

TRACE = pair_trace(layers=3, heads=4)


def shown(figure):
    return [np.asarray(image.get_array()) for image in images(figure)]


def limits(figure):
    return {image.get_clim() for image in images(figure)}


def test_heatmap_shows_the_matrix():
    (matrix,) = shown(plot.heatmap(TRACE, layer=1, heads=2))
    np.testing.assert_allclose(matrix, TRACE.attention(1, 2)[0])
    (matrix,) = shown(plot.heatmap(TRACE, layer=0, heads=[1, 3], fusion="max"))
    np.testing.assert_allclose(matrix, TRACE.attention(0, [1, 3]).amax(0))
    (matrix,) = shown(plot.heatmap(TRACE.attention(2)))
    np.testing.assert_allclose(matrix, TRACE.attention(2).mean(0), rtol=1e-6)


@pytest.mark.parametrize(
    ("keywords", "title"),
    [
        ({"layer": 1, "heads": 2}, "layer 1 · head 2"),
        ({}, "layer 2 · mean of 4 heads"),
        ({"heads": [0, 1], "fusion": "min"}, "layer 2 · min of heads 0, 1"),
        ({"title": "mine"}, "mine"),
    ],
)
def test_heatmap_says_what_it_shows(keywords, title):
    assert plot.heatmap(TRACE, **keywords).axes[0].get_title() == title


def test_scales():
    matrix = np.array([[0.25, 0.0], [0.1, 0.2]])
    assert limits(plot.heatmap(matrix)) == {(0, 0.25)}
    assert limits(plot.heatmap(matrix, scale="unit")) == {(0, 1)}
    assert limits(plot.heatmap(-matrix)) == {(-0.25, 0.25)}
    assert limits(plot.heatmap(0 * matrix)) == {(0, 1)}
    bars = plot.heatmap(matrix).axes[0].child_axes
    assert "scale fitted, 0 to 0.25" in bars[0].get_ylabel()


def test_values_stand_in_cells_where_there_is_room():
    written = [text.get_text() for text in plot.heatmap([[0.123, 0.0], [-0.5, 1.0]]).axes[0].texts]
    assert written == ["0.12", "0", "−0.50", "1.00"]
    assert not plot.heatmap(np.eye(40)).axes[0].texts
    assert not plot.heatmap(np.eye(2), values=False).axes[0].texts
    assert len(plot.heatmap(np.eye(20), values=True).axes[0].texts) == 400


def test_small_values_are_written_with_the_digits_that_they_need():
    written = [text.get_text() for text in plot.heatmap([[0.0123, -0.004]]).axes[0].texts]
    assert written == ["0.012", "−0.004"]
    assert not plot.heatmap([[1e-5, -1e-5]]).axes[0].texts


SIGNED = np.random.default_rng(0).standard_normal((2, 3, 30, 30)).astype(np.float32)


def test_scores_with_signs_are_drawn_around_zero():
    most = np.abs(SIGNED[0]).max()
    for figure in (plot.heads(SIGNED[0]), plot.heatmap(SIGNED[0], fusion="max")):
        ((low, high),) = limits(figure)
        assert low == -high
    assert high <= most
    ((low, high),) = limits(plot.layers(SIGNED))
    assert (low, high) == pytest.approx(
        (-np.abs(SIGNED.mean(1)).max(), np.abs(SIGNED.mean(1)).max())
    )


def test_the_grid_keeps_the_largest_magnitude_of_a_cell_with_its_sign():
    (axis,) = plot.grid(SIGNED).axes
    (image,) = axis.images
    top = np.abs(SIGNED).max()
    assert image.get_clim() == pytest.approx((-top, top))
    drawn = np.asarray(image.get_array())
    found = drawn[np.isfinite(drawn)]
    assert (found < 0).any()
    assert (found > 0).any()
    assert np.abs(found).max() == pytest.approx(top)
    assert "±" in axis.child_axes[0].get_ylabel()


def test_bars_of_importance_have_the_colours_of_signs():
    scores = SIGNED[0, 0, :5, :5]
    (axis,) = plot.token_importance(scores, list("abcde")).axes
    expected = [value for _, value in aw.token_importance(scores, list("abcde"), signed=True)]
    assert [bar.get_height() for bar in axis.patches] == pytest.approx(expected)
    colors = {bar.get_height() < 0: bar.get_facecolor() for bar in axis.patches}
    assert len(set(colors.values())) == 2
    assert "magnitudes" in axis.get_ylabel()


def test_heads_share_one_scale():
    figure = plot.heads(TRACE, layer=0, heads=[3, 1])
    for matrix, head in zip(shown(figure), (3, 1), strict=True):
        np.testing.assert_allclose(matrix, TRACE.attention(0, head)[0])
    assert [axis.get_title() for axis in figure.axes[:2]] == ["head 3", "head 1"]
    ((low, high),) = limits(figure)
    assert (low, high) == pytest.approx((0, TRACE.attention(0, [1, 3]).max().item()))


def test_layers():
    figure = plot.layers(TRACE, heads=1)
    for layer, matrix in enumerate(shown(figure)):
        np.testing.assert_allclose(matrix, TRACE.attention(layer, 1)[0])
    assert [axis.get_title() for axis in figure.axes[:3]] == ["layer 0", "layer 1", "layer 2"]
    assert len(limits(figure)) == 1


def test_many_layers_are_sampled():
    deep = [random_weights(1, 4, 4, seed=layer) for layer in range(30)]
    figure = plot.layers(deep)
    assert len(shown(figure)) == 12
    assert figure.axes[0].get_title() == "layer 0"
    assert figure.axes[11].get_title() == "layer 29"
    assert "12 of 30 layers" in figure.get_suptitle()


def test_grid_holds_every_head():
    (picture,) = shown(plot.grid(TRACE))
    assert picture.shape == (8 + 9 + 9, 8 + 9 + 9 + 9)
    for layer in range(3):
        for head in range(4):
            part = picture[9 * layer : 9 * layer + 8, 9 * head : 9 * head + 8]
            np.testing.assert_allclose(part, TRACE.attention(layer, head)[0])
    assert np.ma.getmaskarray(np.ma.masked_invalid(picture))[8].all()


def test_grid_keeps_the_largest_weight_of_a_cell():
    matrix = random_weights(1, 101, 130)
    queries, keys = ([str(place) for place in range(count)] for count in (101, 130))
    trace = aw.Trace.from_attentions([matrix], queries, key_tokens=keys)
    (picture,) = shown(plot.grid(trace))
    for row, column in np.ndindex(48, 48):
        rows = [i for i in range(101) if i * 48 // 101 == row]
        columns = [j for j in range(130) if j * 48 // 130 == column]
        assert picture[row, column] == matrix[0][np.ix_(rows, columns)].max()


def test_compare_shows_attention_beside_rollout():
    left, right = shown(plot.compare(TRACE, layer=1))
    np.testing.assert_allclose(left, TRACE.attention(1).mean(0), rtol=1e-6)
    np.testing.assert_allclose(right, rollout(TRACE, layers=slice(0, 2)))
    assert len(limits(plot.compare(TRACE))) == 1


def test_compare_two_matrices():
    figure = plot.compare(np.eye(3), np.ones((3, 3)), list("abc"), titles=("one", "two"))
    assert [axis.get_title() for axis in figure.axes[:2]] == ["one", "two"]


def test_difference_is_second_less_first_around_zero():
    first, second = TRACE.attention(0, 0)[0], TRACE.attention(0, 1)[0]
    figure = plot.difference(first, second)
    (matrix,) = shown(figure)
    np.testing.assert_allclose(matrix, second - first, atol=1e-7)
    ((low, high),) = limits(figure)
    assert -low == high == pytest.approx((second - first).abs().max().item())
    assert limits(plot.difference(np.eye(2), 2 * np.eye(2))) == {(-1, 1)}


def test_evolution_is_the_rollout_by_layer():
    expected = rollout_by_layer(TRACE, fusion="max", discard_ratio=0.5)
    for matrix, layer in zip(
        shown(plot.evolution(TRACE, fusion="max", discard_ratio=0.5)), expected, strict=True
    ):
        np.testing.assert_allclose(matrix, layer)
    assert len(shown(plot.evolution(TRACE, layers=[0, 2]))) == 2


def test_rollouts_by_ratio_and_by_fusion():
    figure = plot.discard_ratios(TRACE, ratios=[0.1, 0.8])
    for matrix, ratio in zip(shown(figure), (0.1, 0.8), strict=True):
        np.testing.assert_allclose(matrix, rollout(TRACE, discard_ratio=ratio))
    assert figure.axes[1].get_title() == "discard ratio 0.8"
    figure = plot.fusions(TRACE)
    for matrix, fusion in zip(shown(figure), ("mean", "max", "min"), strict=True):
        np.testing.assert_allclose(matrix, rollout(TRACE, fusion=fusion))


@pytest.mark.parametrize("direction", ["incoming", "outgoing"])
def test_bars_are_importances(direction):
    scores = causal_rows(np.random.default_rng(0).random((5, 5)))
    expected = aw.token_importance(scores, list("abcde"), direction)
    for figure in (
        plot.token_importance(scores, list("abcde"), direction),
        plot.token_importance(expected, direction=direction),
    ):
        (axis,) = figure.axes
        assert [bar.get_height() for bar in axis.patches] == pytest.approx([v for _, v in expected])
        assert [label.get_text() for label in axis.get_xticklabels()] == list("abcde")


def test_importance_of_cross_attention_is_of_the_source():
    figure = plot.token_importance(translation_trace(), stream="cross")
    assert len(figure.axes[0].patches) == 6
    assert len(plot.token_importance(np.ones((2, 3)), list("ab"), "outgoing").axes[0].patches) == 2


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: plot.heatmap(np.eye(3), ["a"]), ValueError, "3 query positions, but 1"),
        (lambda: plot.heatmap(np.eye(3)[0]), ValueError, "shape is"),
        (lambda: plot.heatmap([[float("nan")]]), ValueError, "query 0, key 0"),
        (lambda: plot.heatmap(TRACE, layer=3), IndexError, "layer 3 is out of range"),
        (lambda: plot.heatmap(TRACE, heads=9), IndexError, "head 9 is out of range"),
        (lambda: plot.heatmap(TRACE, fusion="sum"), ValueError, "mean, max, min, but 'sum'"),
        (lambda: plot.heatmap(TRACE, scale="log"), ValueError, "fitted, unit, but 'log'"),
        (lambda: plot.heatmap(TRACE, stream="cross"), KeyError, "no stream 'cross'"),
        (lambda: plot.cross(np.ones((2, 3)), ["a", "b"]), ValueError, "both sides"),
        (lambda: plot.heads(TRACE, heads=[]), ValueError, "no heads to draw"),
        (lambda: plot.layers(TRACE, layers=[]), ValueError, "no layers to draw"),
        (lambda: plot.discard_ratios(TRACE, ratios=[]), ValueError, "no ratios to draw"),
        (lambda: plot.compare(np.eye(3)), ValueError, "second matrix is missing"),
        (lambda: plot.compare(np.eye(3), np.eye(2)), ValueError, r"\(3, 3\) and \(2, 2\)"),
        (lambda: plot.compare(translation_trace(), stream="cross"), ValueError, "no rollout"),
    ],
)
def test_wrong_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call()
