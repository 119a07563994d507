import numpy as np
import pytest
from traitlets import TraitError

from attnwidget import AttentionWidget
from tests.frames.traces import pair_trace, translation_trace
from tests.widget.comm import connect


def test_importance_is_kept_by_stream_and_sent():
    widget = AttentionWidget(pair_trace(), head_importance=np.arange(6.0).reshape(2, 3))
    assert widget.head_importance == {"self": [[0, 1, 2], [3, 4, 5]]}
    assert widget.get_state()["head_importance"] == widget.head_importance
    comm = connect(widget)
    widget.head_importance = None
    assert comm.updates() == [{"head_importance": None}]


def test_streams_have_importances_of_their_own():
    widget = AttentionWidget(translation_trace())
    widget.head_importance = {"cross": [[1, 2], [3, 4]], "encoder": np.ones((3, 4))}
    assert set(widget.head_importance) == {"cross", "encoder"}
    widget.head_importance = np.zeros((3, 4))
    assert set(widget.head_importance) == {"encoder"}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (np.ones((3, 2)), r"\(layers, heads\) = \(2, 3\), but its shape is \(3, 2\)"),
        (np.full((2, 3), np.nan), "finite"),
        ({"cross": np.ones((2, 3))}, "one of self, but 'cross'"),
        ("high", "real numbers"),
        ([[1, 2], [3]], "array of numbers"),
    ],
)
def test_other_shapes_are_refused(value, message):
    widget = AttentionWidget(pair_trace(), head_importance=np.ones((2, 3)))
    before = widget.head_importance
    with pytest.raises(TraitError, match=message):
        widget.head_importance = value
    assert widget.head_importance == before
    with pytest.raises(TraitError, match=message):
        AttentionWidget(pair_trace(), head_importance=value)
