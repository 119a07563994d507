import numpy as np
import pytest

from attnwidget.frames import Workspace, make_frame
from attnwidget.trace import Trace
from tests.frames.reference import shown
from tests.frames.traces import long_trace, pair_trace, translation_trace


def thumbnails(trace, **want):
    return make_frame(Workspace(trace), {"kind": "thumbnails", **want})


def pooled(weights, size):
    """The largest weight of each cell, one weight at a time."""
    heads, queries, keys = weights.shape
    cells = np.zeros((heads, min(size, queries), min(size, keys)))
    for head, i, j in np.ndindex(*weights.shape):
        cell = head, i * cells.shape[1] // queries, j * cells.shape[2] // keys
        cells[cell] = max(cells[cell], weights[head, i, j])
    return cells


@pytest.mark.parametrize("count", [5, 8, 20, 33])
@pytest.mark.parametrize("block", [64, 1 << 20])
def test_cells_hold_the_largest_weight(count, block, monkeypatch):
    monkeypatch.setattr("attnwidget.frames.visible_rows.BLOCK_ELEMENTS", block)
    trace = long_trace(count)
    frame = thumbnails(trace, size=8)
    expected = pooled(trace.attention(0).numpy(), 8)
    assert frame.fields["top"] == pytest.approx(expected.max())
    value = (np.asarray(frame.arrays["cells"]) / 255.0) ** 2 * frame.fields["top"]
    assert frame.arrays["cells"].dtype == np.uint8
    step = (0.5 / 255) * 2 * frame.fields["top"]
    np.testing.assert_allclose(value, expected, atol=step)


def test_hidden_keys_are_left_out_and_rows_renormalised():
    trace = pair_trace()
    frame = thumbnails(trace, size=48, hide_special=True)
    expected, _ = shown(trace.attention(0), hidden={0, 3, 7})
    value = (np.asarray(frame.arrays["cells"]) / 255.0) ** 2 * frame.fields["top"]
    np.testing.assert_allclose(value, expected, atol=0.005)


def test_cells_follow_queries_and_keys_of_different_numbers():
    frame = thumbnails(translation_trace(), stream="cross", size=100)
    assert frame.arrays["cells"].shape == (2, 5, 6)


def test_nothing_left_is_all_zero():
    trace = Trace.from_attentions([np.ones((1, 1))], ["a"])
    frame = thumbnails(trace, hide_first=True)
    assert frame.fields["top"] == 0
    assert not frame.arrays["cells"].any()


def test_bytes_do_not_grow_with_the_text():
    sizes = [len(thumbnails(long_trace(count), size=32).to_bytes()) for count in (64, 512)]
    assert abs(sizes[0] - sizes[1]) < 64
