"""Frames of a signed method: magnitudes decide, signs stay."""

import numpy as np
import pytest

import attnwidget as aw
from attnwidget.frames import Workspace, make_frame
from attnwidget.frames.files.scores import FLOOR, scores_frame
from attnwidget.methods.scores_of import ScoresOf
from tests.frames.reference import dense, scaled
from tests.frames.signed import NAME, show_scores, signed_scores
from tests.frames.traces import long_trace, pair_trace

SPECIAL = [0, 3, 7]


@pytest.fixture
def shown(monkeypatch):
    """Return a function that makes a frame of known scores."""

    def frame(trace, scores, **want):
        show_scores(monkeypatch, scores)
        return make_frame(Workspace(trace), {"method": NAME, **want})

    return frame


@pytest.mark.parametrize("scale", [1.0, 1e-7, 1e7])
def test_rows_list_keys_by_falling_magnitude(shown, scale):
    scores = signed_scores(3, 8, 8, scale=scale)
    frame = shown(pair_trace(), scores, kind="rows", heads=[0, 1, 2])
    listed = scaled(frame, "weights")
    assert (np.diff(np.abs(listed), axis=-1) <= 0).all()
    np.testing.assert_allclose(dense(frame, 8), scores, rtol=1e-3, atol=1e-7 * scale)
    assert frame.fields["scale"] == pytest.approx(np.abs(scores).max())
    np.testing.assert_allclose(frame.arrays["received"], scores.mean(1), rtol=1e-4, atol=1e-9)


def test_the_rest_of_a_long_row_is_the_sum_of_magnitudes(shown):
    scores = signed_scores(2, 300, 300)
    frame = shown(long_trace(300), scores, kind="rows", heads=[0, 1])
    listed = scaled(frame, "weights")
    assert listed.shape == (2, 300, 64)
    strongest = np.sort(np.abs(scores), axis=-1)[..., ::-1][..., :64]
    np.testing.assert_allclose(np.abs(listed), strongest, rtol=1e-3, atol=1e-7)
    mass = np.abs(listed).sum(-1) + scaled(frame, "rest")
    np.testing.assert_allclose(mass, np.abs(scores).sum(-1), rtol=2e-3)


def test_hidden_keys_are_left_out_and_the_rest_is_not_scaled(shown):
    scores = signed_scores(3, 8, 8)
    frame = shown(pair_trace(), scores, kind="rows", heads=[0, 1, 2], hide_special=True)
    expected = scores.copy()
    expected[..., SPECIAL] = 0
    np.testing.assert_allclose(dense(frame, 8), expected, rtol=1e-3, atol=1e-7)
    shares = np.abs(scores[..., SPECIAL]).sum(-1) / np.abs(scores).sum(-1)
    np.testing.assert_allclose(frame.fields["hidden_mass"], shares.mean(-1), rtol=1e-5)


@pytest.mark.parametrize("fusion", ["mean", "max", "min"])
def test_the_mean_keeps_signs_and_max_and_min_are_the_largest_and_the_smallest(shown, fusion):
    scores = signed_scores(3, 8, 8)
    frame = shown(pair_trace(), scores, kind="rows", fusion=fusion)
    expected = getattr(np, fusion)(scores, axis=0)
    np.testing.assert_allclose(dense(frame, 8)[0], expected, rtol=1e-3, atol=1e-7)


def of_largest_magnitude(scores, size):
    """Return the cells by definition: (H, n, n) to (H, size, size)."""
    heads, count, _ = scores.shape
    cells = np.zeros((heads, size, size))
    for head, i, j in np.ndindex(*scores.shape):
        cell = head, i * size // count, j * size // count
        if abs(scores[head, i, j]) > abs(cells[cell]):
            cells[cell] = scores[head, i, j]
    return cells


@pytest.mark.parametrize("block", [64, 1 << 20])
def test_thumbnails_pool_to_the_largest_magnitude_with_its_sign(shown, block, monkeypatch):
    monkeypatch.setattr("attnwidget.frames.visible_rows.BLOCK_ELEMENTS", block)
    scores = signed_scores(2, 33, 33)
    frame = shown(long_trace(33), scores, kind="thumbnails", size=8)
    expected = of_largest_magnitude(scores, 8)
    top = np.abs(expected).max()
    assert frame.fields["signed"] is True
    assert frame.fields["top"] == pytest.approx(top)
    roots = (np.asarray(frame.arrays["cells"], float) - 128) / 127
    np.testing.assert_allclose(np.sign(roots) * roots**2 * top, expected, atol=top / 127)
    assert ((roots == 0) | (np.sign(roots) == np.sign(expected))).all()


def test_cells_of_a_matrix_pool_to_the_largest_magnitude_with_its_sign(shown):
    scores = signed_scores(1, 33, 33)
    frame = shown(long_trace(33, heads=1), scores, kind="matrix", heads=[0], size=8)
    np.testing.assert_allclose(
        scaled(frame, "cells"), of_largest_magnitude(scores, 8)[0], rtol=1e-3, atol=1e-7
    )
    assert (frame.fields["low"], frame.fields["high"]) == (scores.min(), scores.max())
    np.testing.assert_allclose(frame.arrays["outgoing"], scores[0].mean(1), rtol=1e-4)


@pytest.mark.parametrize("scale", [1.0, 3e-6])
def test_a_file_holds_either_sign_to_a_590th_and_zeros_exactly(monkeypatch, scale):
    scores = signed_scores(3, 8, 8, scale=scale)
    show_scores(monkeypatch, scores)
    frame = scores_frame(Workspace(pair_trace()), ScoresOf("self", 0, (0, 1, 2), NAME, "mean"))
    high = frame.fields["high"]
    assert frame.fields["low"] == -high
    codes = 32 * np.asarray(frame.arrays["coarse"], int) + np.asarray(frame.arrays["fine"]) - 4096
    found = np.sign(codes) * high * FLOOR * np.sinh(np.arcsinh(1 / FLOOR) * np.abs(codes) / 4095)
    np.testing.assert_allclose(found, scores, rtol=1 / 590, atol=FLOOR * high / 590)
    assert (found[scores == 0] == 0).all()


def test_statistics_are_of_magnitudes_where_signs_would_cancel(shown):
    scores = signed_scores(1, 8, 8)
    frame = shown(pair_trace(), scores, kind="statistics", heads=[0])
    figures, magnitudes = frame.fields["statistics"], aw.statistics(np.abs(scores[0]))
    for name in ("mean_entropy", "effective_tokens", "gini", "locality"):
        assert figures[name] == pytest.approx(magnitudes[name])
    assert figures["min"] == pytest.approx(scores.min())
    assert figures["total"] == pytest.approx(scores.sum(), rel=1e-5)
    negative = -scores[scores < 0].sum() / np.abs(scores).sum()
    assert figures["negative"] == pytest.approx(negative, rel=1e-5)
    assert frame.fields["pattern"] == aw.pattern(np.abs(scores[0]))
