"""Figures take every setting of what they draw."""

from inspect import signature

import numpy as np
import pytest

import attnwidget as aw
from attnwidget import plot
from tests.plot.test_figures import trace_of

NO_SETTINGS = {"trace", "scores", "layers", "rows", "progress", "signed"}
"""Parameters of a method that say what is computed, of which figures decide."""

DRAWN = {
    "evolution": (aw.rollout_by_layer, set()),
    "discard_ratios": (aw.rollout, {"discard_ratio"}),
    "fusions": (aw.rollout, {"fusion"}),
    "compare": (aw.rollout, set()),
    "difference": (aw.rollout, set()),
    "token_importance": (aw.token_importance, set()),
}
"""For each figure of a method, the method and the settings that it varies."""

SETTINGS = {
    "discard_ratio": (0.5, "discard ratio 0.5"),
    "residual": (False, "without the residual"),
    "receptive_field": (True, "by receptive field"),
    "skip_first": (True, "without the first token"),
}
OF_ROLLOUT = [name for name, (method, _) in DRAWN.items() if method is not aw.token_importance]


def words_of(figure):
    said = [words for axis in figure.axes for words in (axis.get_title(), axis.get_ylabel())]
    return " ".join([figure.get_suptitle(), *said]).replace("\n", " ")


@pytest.mark.parametrize("name", DRAWN)
def test_every_setting_can_be_passed(name):
    method, varied = DRAWN[name]
    settings = set(signature(method).parameters) - NO_SETTINGS - varied
    assert settings <= set(signature(getattr(plot, name)).parameters)


@pytest.mark.parametrize("name", OF_ROLLOUT)
@pytest.mark.parametrize("setting", SETTINGS)
def test_a_setting_changes_the_picture_and_its_title(name, setting):
    if setting in DRAWN[name][1]:
        pytest.skip("this figure varies it")
    value, words = SETTINGS[setting]
    trace, draw = trace_of(6, layers=3), getattr(plot, name)
    before, after = draw(trace), draw(trace, **{setting: value})
    last = [figure.axes[1 if name == "compare" else 0].images[0] for figure in (before, after)]
    assert not np.allclose(*(image.get_array() for image in last))
    assert words in words_of(after)
    assert words not in words_of(before)


def test_the_picture_is_the_rollout_with_the_settings():
    trace = trace_of(6, layers=3)
    settings = {"receptive_field": True, "skip_first": True, "residual": False}
    figure = plot.evolution(trace, layers=[2], **settings)
    expected = aw.rollout_by_layer(trace, **settings)[2]
    np.testing.assert_allclose(figure.axes[0].images[0].get_array(), expected, rtol=1e-6)
    compared = plot.compare(trace, layer=1, **settings)
    expected = aw.rollout(trace, layers=[0, 1], **settings)
    np.testing.assert_allclose(compared.axes[1].images[0].get_array(), expected, rtol=1e-6)


def test_settings_of_a_rollout_that_is_not_drawn_are_refused():
    trace = trace_of(4)
    for draw in (plot.compare, plot.difference):
        with pytest.raises(ValueError, match="by receptive field, are of the rollout"):
            draw(trace, trace, receptive_field=True)


def test_importance_that_is_no_share_says_so():
    trace = trace_of(4)
    shares, sums = plot.token_importance(trace), plot.token_importance(trace, normalize=False)
    assert sum(bar.get_height() for bar in shares.axes[0].patches) == pytest.approx(1, abs=1e-5)
    assert sum(bar.get_height() for bar in sums.axes[0].patches) == pytest.approx(4, abs=1e-4)
    assert "share of all scores" in words_of(shares)
    assert "sum of scores" in words_of(sums)
