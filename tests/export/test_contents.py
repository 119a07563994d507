"""What a file holds: what a reader expects, or what was asked for, as precisely as promised."""

import numpy as np
import pytest

import attnwidget as aw
from attnwidget.trace import Trace
from attnwidget.views import VIEWS
from tests.browser.models import random_attention, random_decoder, random_trace, random_translation

from .payload import read, scores_of

FROM_SCORES = [name for name, view in VIEWS.items() if view.drawn_from_scores]


@pytest.fixture(scope="module")
def small() -> Trace:
    return random_trace(12)


def methods_of(page: dict, stream: int = 0) -> list[tuple[str, str]]:
    held = page["about"]["streams"][stream]["held"]
    return [(each["method"], each["fusion"]) for each in held["methods"]]


def test_by_default_every_layer_and_head_of_attention_is_held(small: Trace) -> None:
    page, frames = read(aw.AttentionWidget(small, layer=2, heads=[1, 3], theme="dark").to_html())
    assert page["about"]["views"] == FROM_SCORES
    assert page["about"]["streams"][0]["held"]["layers"] == [0, 1, 2, 3]
    assert page["about"]["streams"][0]["methods"] == ["attention"]
    assert (page["selection"]["layer"], page["selection"]["heads"]) == (2, [1, 3])
    assert page["selection"]["theme"] == "dark"
    scores = {frame.want["layer"]: frame for frame in frames if frame.kind == "scores"}
    assert sorted(scores) == [0, 1, 2, 3]
    for layer, frame in scores.items():
        exact = small.attention(layer).numpy()
        assert scores_of(frame) == pytest.approx(exact, rel=1 / 590, abs=1e-8)


def test_what_a_token_leaves_to_the_others_is_as_precise() -> None:
    """Beside a first token that takes all but 1/1000, values are good to 1/500 of the rest."""
    small = random_attention(1, 2, 9, 9, 0)[0]
    attention = 1e-3 * small
    attention[:, :, 0] += 1 - 1e-3
    trace = Trace.from_attentions([attention], [str(place) for place in range(9)])
    _, frames = read(aw.AttentionWidget(trace, heads=[0]).to_html())
    shown = scores_of(frames[0])[:, :, 1:] / scores_of(frames[0])[:, :, 1:].sum(-1, keepdims=True)
    exact = attention[:, :, 1:] / attention[:, :, 1:].sum(-1, keepdims=True)
    assert shown == pytest.approx(exact, abs=1 / 500)


def test_zeros_stay_zeros() -> None:
    trace = random_decoder(10)
    _, frames = read(aw.AttentionWidget(trace).to_html())
    first = next(frame for frame in frames if frame.kind == "scores")
    assert not scores_of(first)[:, np.triu(np.ones((10, 10), bool), 1)].any()


def test_a_method_that_was_computed_is_held_in_the_fusions_it_was_computed_with(
    small: Trace,
) -> None:
    widget = aw.AttentionWidget(small, layer=3)
    assert methods_of(read(widget.to_html())[0]) == [("attention", "mean")]
    widget.method, widget.fusion = "rollout", "max"
    widget.scores()
    widget.method, widget.fusion = "attention", "mean"
    page, frames = read(widget.to_html())
    assert methods_of(page) == [("attention", "mean"), ("rollout", "max")]
    last = [f for f in frames if f.kind == "scores" and f.want["method"] == "rollout"][-1]
    exact = aw.rollout(small, fusion="max").numpy()
    assert scores_of(last)[0] == pytest.approx(exact, rel=1 / 590, abs=1e-8)


def test_methods_that_are_named_are_computed(small: Trace) -> None:
    page, _ = read(aw.AttentionWidget(small).to_html(methods=["rollout", "max_flow"]))
    assert methods_of(page) == [("attention", "mean"), ("rollout", "mean"), ("max_flow", "mean")]


def test_what_is_compared_is_held(small: Trace) -> None:
    widget = aw.AttentionWidget(small, view="matrix", matrix_mode="difference")
    assert ("rollout", "mean") in methods_of(read(widget.to_html())[0])


def test_some_layers_and_heads_are_held_with_all_heads_fused(small: Trace) -> None:
    page, frames = read(aw.AttentionWidget(small).to_html(layers=[1, -1], heads=[0, 2]))
    assert page["about"]["streams"][0]["held"]["layers"] == [1, 3]
    fused = {
        frame.want["fusion"]: scores_of(frame)[0]
        for frame in frames
        if frame.kind == "scores" and frame.want["layer"] == 1 and frame.want["heads"] is None
    }
    exact = small.attention(1).numpy()
    for fusion in ("mean", "max", "min"):
        assert fused[fusion] == pytest.approx(getattr(exact, fusion)(0), rel=1 / 590)


def test_all_streams_are_held_unless_layers_are_chosen() -> None:
    widget = aw.AttentionWidget(random_translation(), stream="cross")
    page, _ = read(widget.to_html())
    assert [stream["held"] is not None for stream in page["about"]["streams"]] == [True] * 3
    page, _ = read(widget.to_html(layers=[0]))
    assert [stream["held"] is not None for stream in page["about"]["streams"]] == [
        stream["name"] == "cross" for stream in page["about"]["streams"]
    ]


def test_the_neuron_view_brings_every_query_and_the_trace_view_every_step() -> None:
    trace = random_decoder(10)
    page, frames = read(aw.AttentionWidget(trace).to_html(views=["neuron", "trace"]))
    assert page["about"]["views"] == ["neuron", "trace"]
    neurons = [frame for frame in frames if frame.kind == "neurons"]
    assert [(f.want["layer"], f.want["head"]) for f in neurons] == [
        (layer, head) for layer in range(3) for head in range(4)
    ]
    exact = trace["self"].scores(2, 3, 7)
    assert neurons[-1].arrays["weights"][7] == pytest.approx(exact.weights.numpy(), abs=1e-3)
    steps = [frame.arrays["rows"] for frame in frames if frame.kind == "steps"]
    product = steps[2] @ steps[1] @ steps[0]
    assert product == pytest.approx(aw.alti(trace).numpy(), abs=1e-6)


def test_it_opens_with_what_is_held(small: Trace) -> None:
    widget = aw.AttentionWidget(small, view="trace", layer=3, heads=[1, 2])
    page, _ = read(widget.to_html(views="matrix", layers=[0, 1], heads=[2], methods=[]))
    selection = page["selection"]
    assert (selection["view"], selection["layer"], selection["heads"]) == ("matrix", 1, [2])
    assert page["about"]["streams"][0]["methods"] == ["attention"]


def test_every_stream_can_be_traced() -> None:
    widget = aw.AttentionWidget(random_translation(), stream="encoder", view="trace")
    page, frames = read(widget.to_html())
    traced = {frame.want["stream"] for frame in frames if frame.kind == "steps"}
    assert traced == {"encoder", "decoder", "cross"}
    assert page["about"]["views"] == [name for name in VIEWS if name in (*FROM_SCORES, "trace")]
