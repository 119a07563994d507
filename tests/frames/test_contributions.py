"""Frames of the parts of a logit: what `aw.logit_contributions` returns, summing to the logit."""

import numpy as np
import pytest

import attnwidget as aw
from attnwidget.frames import Workspace, make_frame
from attnwidget.frames.frame import Frame
from tests.frames.traces import pair_trace
from tests.methods.models import trace


@pytest.mark.parametrize(("name", "arrays"), [("llama", 1), ("bart", 2)])
def test_the_parts_sum_to_the_logit(name: str, arrays: int) -> None:
    workspace = Workspace(trace(name))
    want = {"kind": "contributions", "target": {"kind": "logit", "position": 2, "index": 7}}
    frame = Frame.from_bytes(make_frame(workspace, want).to_bytes())
    parts = aw.logit_contributions(workspace.trace, 2, 7)
    heads = [np.asarray(frame.arrays[each]) for each in ("heads", "cross")[:arrays]]
    assert len(frame.fields["streams"]) == arrays
    np.testing.assert_allclose(heads[0], parts.heads.numpy())
    total = sum(each.sum() for each in heads) + np.asarray(frame.arrays["mlps"]).sum()
    total += frame.fields["embedding"] + frame.fields["bias"]
    assert total == pytest.approx(frame.fields["logit"], abs=1e-4)
    assert frame.fields["logit_of"]["position"] == 2


def test_what_has_no_logit_is_refused() -> None:
    with pytest.raises(ValueError, match="linear function"):
        make_frame(Workspace(pair_trace()), {"kind": "contributions"})
    hidden = {"kind": "contributions", "target": {"kind": "hidden", "position": 2}}
    with pytest.raises(ValueError, match="parts of a logit"):
        make_frame(Workspace(trace("llama")), hidden)
