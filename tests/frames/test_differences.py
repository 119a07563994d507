"""Frames of one run minus another, against the dense scores of both runs."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

import attnwidget as aw
from attnwidget.frames import Workspace, make_frame
from attnwidget.frames.halves import from_halves
from attnwidget.frames.thumbnails import decoded
from attnwidget.trace import Trace
from tests.frames.reference import dense

HEAD = {"layers": [0], "heads": [1], "mode": "zero"}
DIFFERENCE = {"after": [HEAD], "difference": True}


@pytest.fixture(scope="module")
def induction() -> Trace:
    return aw.demo("induction")


@pytest.fixture(scope="module")
def workspace(induction: Trace) -> Workspace:
    return Workspace(induction)


@pytest.fixture(scope="module")
def change(induction: Trace) -> Tensor:
    cut = aw.knockout(induction, HEAD).trace
    return cut.attention(1) - induction.attention(1)


def test_rows_are_after_minus_before(workspace: Workspace, change: Tensor) -> None:
    want = {"kind": "rows", "layer": 1, "heads": [0, 2], "full": True, **DIFFERENCE}
    frame = make_frame(workspace, want)
    found = torch.from_numpy(dense(frame, change.shape[-1])).float()
    torch.testing.assert_close(found, change[[0, 2]], atol=1e-3, rtol=1e-3)
    assert float(found.min()) < -0.01 < 0.01 < float(found.max())
    assert frame.want["difference"] is True
    assert frame.fields["scale"] == pytest.approx(float(change[[0, 2]].abs().max()), rel=1e-3)


def test_hidden_keys_leave_the_other_changes_as_they_are(
    workspace: Workspace, change: Tensor
) -> None:
    want = {"kind": "rows", "layer": 1, "full": True, "hide_first": True, **DIFFERENCE}
    frame = make_frame(workspace, want)
    found = torch.from_numpy(dense(frame, change.shape[-1])).float()[0]
    expected = change.mean(0)
    expected[:, 0] = 0
    torch.testing.assert_close(found, expected, atol=1e-3, rtol=1e-3)


@pytest.mark.parametrize("fusion", ["mean", "max", "min"])
def test_heads_are_fused_after_they_are_subtracted(
    workspace: Workspace, change: Tensor, fusion: str
) -> None:
    frame = make_frame(workspace, {"kind": "matrix", "layer": 1, "fusion": fusion, **DIFFERENCE})
    fused = {"mean": change.mean(0), "max": change.amax(0), "min": change.amin(0)}[fusion]
    cells = torch.from_numpy(from_halves(frame, "cells")).float()
    torch.testing.assert_close(cells, fused, atol=1e-3, rtol=1e-3)
    assert frame.fields["low"] == pytest.approx(float(fused.min()), abs=1e-6)


def test_thumbnails_have_signs(workspace: Workspace, change: Tensor) -> None:
    frame = make_frame(workspace, {"kind": "thumbnails", "layer": 1, "size": 64, **DIFFERENCE})
    assert frame.fields["signed"] is True
    top = float(change.abs().max())
    assert frame.fields["top"] == pytest.approx(top, abs=1e-6)
    np.testing.assert_allclose(decoded(frame), change.numpy(), atol=top / 60)


def test_differences_of_scores_through_layers(induction: Trace, workspace: Workspace) -> None:
    want = {"kind": "matrix", "layer": 1, "method": "rollout", **DIFFERENCE}
    cells = torch.from_numpy(from_halves(make_frame(workspace, want), "cells")).float()
    cut = aw.knockout(induction, HEAD).trace
    expected = aw.rollout(cut) - aw.rollout(induction)
    torch.testing.assert_close(cells, expected, atol=1e-3, rtol=1e-3)


@pytest.mark.parametrize(
    ("want", "message"),
    [
        ({"kind": "rows", "difference": True}, "no cuts were given"),
        ({"kind": "paths", **DIFFERENCE}, "'difference'"),
        ({"kind": "rows", **DIFFERENCE, "difference": 1}, "true or false"),
    ],
)
def test_what_has_no_difference_is_refused(
    workspace: Workspace, want: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        make_frame(workspace, want)
