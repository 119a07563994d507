import numpy as np
import pytest
from traitlets import TraitError

import attnwidget as aw
from attnwidget import AttentionWidget
from tests.frames.traces import pair_trace, translation_trace
from tests.widget.comm import connect


@pytest.fixture(scope="module")
def brackets():
    return aw.demo("brackets")


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        (None, None),
        (("logit", 2, 5), {"kind": "logit", "position": 2, "index": 5}),
        (["log_prob", None, None], {"kind": "log_prob", "position": None, "index": None}),
        (("hidden", np.int64(-1)), {"kind": "hidden", "position": "last", "index": None}),
        ({"kind": "hidden", "position": 1}, {"kind": "hidden", "position": 1, "index": None}),
        (
            {"kind": "logit", "index": 3, "position": None},
            {"kind": "logit", "position": None, "index": 3},
        ),
    ],
)
def test_targets_are_taken_as_capture_writes_them(brackets, given, stored):
    widget = AttentionWidget(brackets, target=given)
    if stored and stored["position"] == "last":
        stored = stored | {"position": len(brackets.tokens) - 1}
    assert widget.target == stored
    widget.set_state({"target": widget.target})
    assert widget.target == stored


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("logit", "target must be None"),
        (("logit", 1), "target must be None"),
        (("hidden", 1, 2), "target must be None"),
        (("logit", True, 2), "target must be None"),
        (("logit", 1.5, 2), "target must be None"),
        (("logit", 99, 2), "position 99 is out of range"),
        ({"kind": "loss"}, "target must be None"),
        (lambda output: output.logits.sum(), r"capture\(…, target=…\)"),
    ],
)
def test_other_targets_are_refused(brackets, given, message):
    widget = AttentionWidget(brackets, target=("hidden", 1))
    with pytest.raises(TraitError, match=message):
        widget.target = given
    assert widget.target == {"kind": "hidden", "position": 1, "index": None}


def test_arrays_have_no_targets():
    with pytest.raises(TraitError, match=r"made from arrays.*capture\(model, text\)"):
        AttentionWidget(pair_trace(), target=("hidden", 0))
    with pytest.raises(TraitError, match=r"relevance needs gradients.*capture\(model, text\)"):
        AttentionWidget(pair_trace(), method="relevance")


def test_a_target_goes_out_with_what_it_changes(brackets):
    widget = AttentionWidget(brackets, method="gradient_flow")
    widget.scores()
    comm = connect(widget)
    widget.target = ("hidden", 0)
    (update,) = comm.updates()
    assert update == {"target": {"kind": "hidden", "position": 0, "index": None}, "snapshot": None}


def test_another_stream_leaves_what_it_does_not_allow():
    widget = AttentionWidget(
        translation_trace(),
        view="trace",
        trace_node={"level": 2, "index": 5},
        trace_via={"level": 0, "index": 1},
        compare_with={"layer": 2, "head": 1, "method": "rollout"},
        layer=2,
    )
    widget.stream = "decoder"
    assert widget.view == "trace"
    assert widget.trace_node == {"level": 2, "index": 5}  # targets and sources are nodes together
    assert widget.compare_with == {"layer": None, "head": 1, "method": "rollout"}
    widget.trace_node = {"level": 7, "index": 10}
    widget.stream = "encoder"
    assert widget.trace_node is None
    assert widget.trace_via == {"level": 0, "index": 1}
