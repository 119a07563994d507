"""Frames of cuts, against `knockout` and the trace of the run that was cut."""

from __future__ import annotations

import pytest
import torch

import attnwidget as aw
from attnwidget.frames import Workspace, is_quick, make_frame
from attnwidget.trace import Trace
from tests.frames.reference import dense

HEAD = {"layers": [0], "heads": [1], "mode": "zero"}
KEY = {"keys": [3]}


@pytest.fixture(scope="module")
def induction() -> Trace:
    return aw.demo("induction")


def test_the_frame_tells_what_a_knockout_finds(induction: Trace) -> None:
    frame = make_frame(Workspace(induction), {"kind": "knockout", "cuts": [HEAD, KEY]})
    found = aw.knockout(induction, [HEAD, KEY])
    assert frame.fields["value_before"] == pytest.approx(found.value_before, abs=1e-5)
    assert frame.fields["value_after"] == pytest.approx(found.value_after, abs=1e-5)
    assert frame.fields["kl"] == pytest.approx(found.kl, abs=1e-6)
    listed = {each["index"]: each for each in frame.fields["predictions"]}
    for name, run in (("before", found.before), ("after", found.after)):
        likeliest = run.entries[0]
        shown = listed[likeliest.index][name]
        assert shown["probability"] == pytest.approx(likeliest.probability, abs=1e-6)
        assert shown["logit"] == pytest.approx(likeliest.logit, abs=1e-5)
    assert frame.want["cuts"][0]["heads"] == [1]


def test_frames_after_a_cut_are_of_the_run_without_it(induction: Trace) -> None:
    workspace = Workspace(induction)
    want = {"kind": "rows", "layer": 1, "heads": [0, 2], "full": True}
    after = {**want, "after": [HEAD]}
    assert not is_quick(workspace, after)
    frame = make_frame(workspace, after)
    found = torch.from_numpy(dense(frame, len(induction.tokens))).float()
    cut = aw.knockout(induction, HEAD).trace
    torch.testing.assert_close(found, cut.attention(1, [0, 2]), atol=1e-3, rtol=1e-3)
    assert not torch.allclose(found, induction.attention(1, [0, 2]), atol=1e-2)
    assert frame.want["after"][0]["layers"] == [0]
    assert is_quick(workspace, after)
    assert "after" not in make_frame(workspace, want).want


def test_few_runs_are_kept(induction: Trace) -> None:
    workspace = Workspace(induction)
    want = {"kind": "summary", "layer": 0}
    for head in range(3):
        make_frame(workspace, {**want, "after": [{**HEAD, "heads": [head]}]})
    kept = [
        is_quick(workspace, {**want, "after": [{**HEAD, "heads": [head]}]}) for head in range(3)
    ]
    assert kept == [False, True, True]


def test_what_cannot_be_cut_is_refused(induction: Trace) -> None:
    workspace = Workspace(induction)
    with pytest.raises(IndexError, match="layer 9 is out of range"):
        make_frame(workspace, {"kind": "knockout", "cuts": [{"layers": [9], "keys": [0]}]})
    with pytest.raises(ValueError, match="cuts is empty"):
        make_frame(workspace, {"kind": "knockout", "cuts": []})
    with pytest.raises(ValueError, match="mode must be one of"):
        make_frame(workspace, {"kind": "rows", "after": [{"mode": "gone"}]})
    arrays = aw.Trace.from_attentions([torch.full((2, 3, 3), 1 / 3)], list("abc"))
    with pytest.raises(ValueError, match=r"runs the model again.*attnwidget\.capture"):
        make_frame(Workspace(arrays), {"kind": "knockout", "cuts": [KEY]})
    with pytest.raises(ValueError, match="runs the model again"):
        make_frame(Workspace(arrays), {"kind": "rows", "after": [KEY]})
