import numpy as np
import pytest
from traitlets import TraitError

from attnwidget import AttentionWidget
from attnwidget.frames import Frame, Workspace, make_frame
from tests.frames.traces import long_trace, pair_trace, translation_trace
from tests.widget.comm import connect


def same(frame, trace):
    """Whether a frame is the one that its own request asks for."""
    return frame.to_bytes() == make_frame(Workspace(trace), frame.want).to_bytes()


def test_the_first_state_holds_the_first_picture():
    trace = pair_trace()
    widget = AttentionWidget(trace, layer=-1, heads=[2])
    state = widget.get_state()
    frame = Frame.from_bytes(state["snapshot"])
    assert (frame.want["layer"], frame.want["heads"]) == (1, [2])
    assert same(frame, trace)
    assert state["about"]["streams"][0]["heads"] == 3
    assert state["layer"] == 1


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("layer", -1, {"layer": 1}),
        ("heads", [2], {"heads": [2]}),
        ("fusion", "max", {"fusion": "max"}),
        ("hide_special", True, {"hide_special": True}),
        ("hide_first", True, {"hide_first": True}),
        ("pair_filter", "ba", {"pair_filter": "ba"}),
    ],
)
def test_a_selection_made_in_python_goes_out_with_its_frame(name, value, part):
    trace = pair_trace()
    widget = AttentionWidget(trace)
    comm = connect(widget)
    setattr(widget, name, value)
    (update,) = comm.updates()
    frame = update.pop("snapshot")
    assert update == part
    assert part.items() <= dict(frame.want).items()
    assert same(frame, trace)


@pytest.mark.parametrize(
    ("name", "value"), [("theme", "dark"), ("view", "model"), ("thumbnails", "matrix")]
)
def test_what_the_rows_do_not_depend_on_goes_out_alone(name, value):
    widget = AttentionWidget(pair_trace())
    comm = connect(widget)
    setattr(widget, name, value)
    assert comm.updates() == [{name: value}]


def test_another_stream_goes_out_in_one_update():
    widget = AttentionWidget(translation_trace(), layer=2, heads=[3, 0])
    comm = connect(widget)
    widget.stream = "cross"
    (update,) = comm.updates()
    frame = update.pop("snapshot")
    assert update == {"stream": "cross", "layer": 1, "heads": [0]}
    assert (frame.want["stream"], frame.want["layer"]) == ("cross", 1)


def test_held_assignments_go_out_in_one_update():
    widget = AttentionWidget(pair_trace())
    comm = connect(widget)
    with widget.hold_trait_notifications():
        widget.layer, widget.heads = 1, [0, 1]
    (update,) = comm.updates()
    assert set(update) == {"layer", "heads", "snapshot"}


def test_what_the_browser_sends_is_not_sent_back():
    widget = AttentionWidget(translation_trace())
    comm, seen = connect(widget), []
    sent = {"stream": "decoder", "layer": 1, "heads": [1], "hide_first": True}
    widget.observe(seen.append, list(sent))
    comm.deliver({"method": "update", "state": sent, "buffer_paths": []})
    assert comm.updates() == []
    assert {change["name"]: change["new"] for change in seen} == sent
    assert (widget.stream, widget.layer) == ("decoder", 1)
    assert Frame.from_bytes(widget.snapshot).want["stream"] == "decoder"


def test_what_python_adds_to_a_message_of_the_browser_is_sent():
    widget = AttentionWidget(translation_trace(), layer=2)
    comm = connect(widget)
    widget.set_state({"stream": "decoder"})
    (update,) = comm.updates()
    assert update.pop("snapshot").want["layer"] == 1
    assert update == {"layer": 1}


def test_an_observer_that_answers_the_browser_is_followed():
    widget = AttentionWidget(pair_trace())
    comm = connect(widget)
    widget.observe(lambda change: setattr(widget, "layer", 1), "fusion")
    widget.set_state({"fusion": "max"})
    (update,) = comm.updates()
    assert update.pop("snapshot").want["layer"] == 1
    assert update == {"layer": 1}


def test_a_refused_message_changes_nothing_and_the_browser_is_told():
    widget = AttentionWidget(pair_trace(), theme="light")
    comm = connect(widget)
    with pytest.raises(TraitError, match="3 heads"):
        widget.set_state({"theme": "dark", "heads": [7], "layer": 1})
    assert (widget.theme, widget.heads, widget.layer) == ("light", None, 0)
    (update,) = comm.updates()
    update.pop("snapshot")
    assert update == {"theme": "light", "heads": None, "layer": 0}
    widget.set_state({"layer": 1})
    assert widget.layer == 1


def test_the_browser_cannot_change_what_follows_from_the_trace():
    widget = AttentionWidget(pair_trace())
    connect(widget)
    about, snapshot = widget.about, widget.snapshot
    widget.set_state({"about": {"version": 9}, "snapshot": memoryview(b"junk")})
    assert widget.about == about
    assert widget.snapshot == snapshot


def test_a_picture_that_the_browser_saves_is_not_echoed():
    widget = AttentionWidget(pair_trace())
    comm = connect(widget)
    widget.set_state({"layer": 1, "snapshot": memoryview(bytes(10_000))})
    assert comm.take("echo_update") == [({"layer": 1}, [])]


def test_full_rows_are_sent_where_every_line_is_drawn():
    widget = AttentionWidget(long_trace(300), "head", coverage=1)
    assert Frame.from_bytes(widget.snapshot).want["full"] is True
    widget.coverage = 0.9
    assert Frame.from_bytes(widget.snapshot).want["full"] is False
    assert (
        Frame.from_bytes(AttentionWidget(pair_trace(), coverage=1).snapshot).want["full"] is False
    )


def test_a_snapshot_that_would_be_large_is_left_to_a_request():
    widget = AttentionWidget(long_trace(600, heads=8), "head", heads=range(8))
    assert widget.snapshot is None
    widget.heads = None
    assert len(widget.snapshot) < 1_000_000


def test_a_snapshot_of_whole_rows_lists_every_key_up_to_as_many_weights_as_the_browser_asks_for():
    widget = AttentionWidget(long_trace(2049), "head", coverage=1)
    frame = Frame.from_bytes(widget.snapshot)
    assert frame.want["full"] is False
    assert frame.arrays["weights"].shape == (1, 2049, 64)
    # At 2048 tokens the browser asks for all 4 M weights, which is too large a snapshot.
    assert AttentionWidget(long_trace(2048), "head", coverage=1).snapshot is None


def test_scores_are_what_the_frame_lists():
    widget = AttentionWidget(pair_trace(), heads=[2, 0], hide_special=True, pair_filter="ab")
    frame = Frame.from_bytes(widget.snapshot)
    scores = widget.scores().numpy()
    listed = np.take_along_axis(scores, frame.arrays["indices"].astype(int), -1)
    np.testing.assert_allclose(listed, frame.arrays["weights"], atol=5e-4)
    assert scores.shape == (2, 8, 8)
    assert scores[:, :4, 4:7].any()
    assert not scores[:, 4:].any()
    assert not scores[..., [0, 1, 2, 3, 7]].any()


def test_scores_of_fused_heads_are_one_matrix():
    trace = pair_trace()
    widget = AttentionWidget(trace, layer=1, fusion="max")
    np.testing.assert_array_equal(widget.scores(), trace.attention(1).amax(0))
