"""The figure of the parts of a logit."""

import pytest

import attnwidget as aw
from tests.plot.drawn import texts


def test_its_bars_are_the_parts_and_sum_to_the_logit() -> None:
    parts = aw.logit_contributions(aw.demo("dates"))
    figure = aw.plot.contributions(parts)
    (axis,) = figure.axes
    bars = [patch.get_width() for patch in axis.patches]
    assert sum(bars) == pytest.approx(parts.logit, abs=1e-4)
    names = [label.get_text() for label in axis.get_yticklabels()]
    assert names[0] == "embedding"
    assert names.count("layer 1 cross heads") == 1
    assert bars[names.index("layer 0 feed-forward")] == pytest.approx(float(parts.mlps[0]))
    assert any(f"{parts.logit:.3g}" in text.get_text() for text, _ in texts(figure))


def test_other_things_are_refused() -> None:
    with pytest.raises(ValueError, match="logit_contributions"):
        aw.plot.contributions(aw.demo("dates"))  # type: ignore[arg-type]
