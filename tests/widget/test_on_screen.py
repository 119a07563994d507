import numpy as np
import pytest
from traitlets import TraitError

import attnwidget as aw
from attnwidget import AttentionWidget
from attnwidget.trace import Trace
from tests.frames.traces import pair_trace, translation_trace


@pytest.fixture(scope="module")
def brackets():
    return aw.demo("brackets")


def close(first, second):
    np.testing.assert_allclose(first, second, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("view", ["head", "model", "matrix"])
def test_every_method_is_on_screen_as_its_function_gives_it(brackets, view):
    widget = AttentionWidget(brackets, view=view, layer=1, heads=[1])
    single = (lambda scores: scores[0]) if view == "matrix" else (lambda scores: scores)
    close(widget.scores(), single(brackets.attention(1, 1)))
    widget.method = "gradient_flow"
    close(widget.scores(), single(aw.gradient_flow(brackets, 1, 1)))
    widget.target = ("logit", 1, 2)
    close(widget.scores(), single(aw.gradient_flow(brackets, 1, 1, target=("logit", 1, 2))))
    widget.method = "relevance"
    upto = slice(0, 2)
    close(widget.scores(), aw.relevance(brackets, target=("logit", 1, 2), layers=upto))
    widget.method, widget.discard_ratio, widget.fusion = "rollout", 0.5, "max"
    close(widget.scores(), aw.rollout(brackets, discard_ratio=0.5, fusion="max", layers=upto))
    widget.method = "max_flow"
    close(widget.scores(), aw.max_flow(brackets, fusion="max", layers=upto))
    assert widget.heads == [1]
    widget.method = "attention"
    close(widget.scores(), single(brackets.attention(1, 1)))


def test_a_matrix_is_of_the_chosen_heads_fused():
    trace = pair_trace()
    widget = AttentionWidget(trace, view="matrix", heads=[2, 0], fusion="max", hide_first=True)
    scores = widget.scores()
    assert scores.shape == (8, 8)
    expected = trace.attention(0, [2, 0]).amax(0)
    rows = expected[:, 1:] / expected[:, 1:].sum(1, keepdim=True) * expected.sum(1, keepdim=True)
    close(scores[:, 1:], rows)
    assert not scores[:, 0].any()


def test_a_comparison_is_with_rollout_unless_something_is_chosen():
    trace = pair_trace()
    widget = AttentionWidget(trace, view="matrix", matrix_mode="compare", layer=1, heads=[1])
    first, second = widget.scores()
    close(first, trace.attention(1, 1)[0])
    close(second, aw.rollout(trace))
    widget.method = "max_flow"
    first, second = widget.scores()
    close(first, aw.max_flow(trace))
    close(second, trace.attention(1, 1)[0])
    widget.compare_with = {"layer": 0, "head": 2}
    _, second = widget.scores()
    close(second, aw.max_flow(trace, layers=slice(0, 1)))
    widget.method = "attention"
    close(widget.scores()[1], trace.attention(0, 2)[0])
    widget.matrix_mode = "difference"
    close(widget.scores(), trace.attention(1, 1)[0] - trace.attention(0, 2)[0])


def test_the_evolution_is_the_rollout_after_each_layer():
    trace = pair_trace(layers=3)
    widget = AttentionWidget(trace, view="matrix", matrix_mode="evolution", heads=[0])
    close(widget.scores(), aw.rollout_by_layer(trace))
    widget.view = "head"
    close(widget.scores(), trace.attention(0, 0))


def test_a_stream_without_rollout_is_compared_with_its_attention():
    trace = Trace((translation_trace()["cross"],))
    widget = AttentionWidget(trace, view="matrix", matrix_mode="difference")
    assert not widget.scores().any()
    with pytest.raises(TraitError, match="goes through layers"):
        widget.method = "rollout"
    with pytest.raises(TraitError, match="5 queries and 6 keys"):
        widget.view = "trace"


def test_scores_after_a_change_of_the_shown_tensor_are_new():
    widget = AttentionWidget(pair_trace(), method="rollout", layer=1)
    before = widget.scores()
    widget.scores().zero_()
    close(widget.scores(), before)
