"""Deletion and insertion curves as a figure."""

from functools import cache

import numpy as np
import pytest

import attnwidget as aw
from attnwidget.demos.kinds import read_list
from tests.plot.drawn import rendered, texts


@cache
def table():
    text = " ".join(aw.demo("kinds").tokens[1:])
    methods = ["rollout", "attention", "relevance"]
    return aw.faithfulness(
        aw.demo("kinds"), methods, truth=read_list(text).source + 1, progress=False
    )


def lines_of(axis):
    return {line.get_label(): line for line in axis.lines}


def test_the_lines_are_the_curves_of_the_table():
    for axis, side in zip(
        aw.plot.faithfulness(table()).axes, ("deletion", "insertion"), strict=True
    ):
        lines = lines_of(axis)
        assert set(table()) <= set(lines)
        for name, result in table().items():
            np.testing.assert_allclose(lines[name].get_xdata(), table().shares)
            np.testing.assert_allclose(lines[name].get_ydata(), getattr(result, side))


def test_the_band_is_that_of_the_random_orders():
    left, _ = aw.plot.faithfulness(table()).axes
    (band,) = left.collections
    heights = band.get_paths()[0].vertices[:, 1]
    assert heights.max() == pytest.approx(table().random_deletion.max())
    assert heights.min() == pytest.approx(table().random_deletion.min())


def test_rows_are_chosen_by_name_and_share_the_colour_of_their_method():
    names = ["attention, last layer", "attention, all layers"]
    left, _ = aw.plot.faithfulness(table(), names).axes
    lines = lines_of(left)
    assert "rollout" not in lines
    one, other = (lines[name] for name in names)
    assert one.get_color() == other.get_color()
    assert one.get_linestyle() != other.get_linestyle()
    with pytest.raises(KeyError, match="no row 'astrology'"):
        aw.plot.faithfulness(table(), ["astrology"])


def test_it_says_what_it_shows_and_nothing_sticks_out():
    figure = aw.plot.faithfulness(table())
    assert "1 text" in figure.get_suptitle()
    assert "nats" in figure.axes[0].get_ylabel()
    rendered(figure)
    width, height = figure.bbox.size
    for text, box in texts(figure):
        assert box.x0 >= -1, text
        assert box.x1 <= width + 1, text
        assert box.y0 >= -1, text
        assert box.y1 <= height + 1, text
    legend = figure.axes[1].get_legend().get_window_extent()
    assert legend.x1 <= width + 1
    assert aw.plot.faithfulness(table(), title="$mine$").get_suptitle() == "$mine$"


def test_anything_but_a_table_is_refused():
    with pytest.raises(ValueError, match=r"what attnwidget\.faithfulness returns"):
        aw.plot.faithfulness(table().to_dict())
