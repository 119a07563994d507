"""The trace view follows ALTI where it is known what heads write, else rollout."""

import numpy as np

import attnwidget as aw
from attnwidget.frames import Workspace, make_frame
from attnwidget.frames.score_rows import steps_of
from attnwidget.methods.registry import followed, followed_names
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.views import about
from tests.frames.traces import pair_trace, translation_trace
from tests.methods.models import long_trace, trace

ATTENTION = ScoresOf("self", 0, None, "attention", "mean")


def test_paths_of_attention_are_those_of_alti() -> None:
    captured = trace("gpt2")
    frame = make_frame(Workspace(captured), {"kind": "paths", "method": "attention"})
    assert frame.fields["method"] == "alti"
    expected = aw.alti(captured)[-1]
    np.testing.assert_allclose(np.asarray(frame.arrays["arriving"]), expected, atol=1e-5)
    assert len(steps_of(captured, ATTENTION)) == captured.num_layers


def test_arrays_are_followed_by_rollout_still() -> None:
    for given in (pair_trace(), translation_trace()):
        for stream in given.stacks:
            assert followed_names(given, stream) == {}
    assert followed(pair_trace(), ATTENTION).method == "rollout"


def test_the_front_end_is_told_for_each_stream() -> None:
    (stream,) = about(trace("gpt2"))["streams"]
    assert stream["followed"] == {"attention": "alti", "value_norm": "alti"}
    (stream,) = about(pair_trace())["streams"]
    assert stream["followed"] == {}


def test_nothing_slow_is_followed_where_nothing_slow_may_be_computed() -> None:

    long = long_trace(200)
    assert followed(long, ATTENTION).method == "alti"
    assert followed(long, ATTENTION, at_hand=True).method == "rollout"
    assert followed_names(long, long.stacks[0], at_hand=True) == {}
