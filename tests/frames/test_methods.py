from importlib import import_module

import numpy as np
import pytest

import attnwidget as aw
from attnwidget.frames import Workspace, is_quick, make_frame
from attnwidget.methods import steps as steps_module
from attnwidget.methods.registry import METHODS
from attnwidget.trace import Trace
from attnwidget.views import about
from tests.frames.reference import dense, scaled, shown
from tests.frames.traces import long_trace, pair_trace, random_weights, translation_trace
from tests.methods.flow_reference import by_networkx, encoder_decoder_mixed, mixed

TOLERANCE = {"rtol": 6e-4, "atol": 1e-6}  # float16

OF_BRACKETS = [name for name in METHODS if name != "contributions"]
"""The model of brackets has a head that is not linear."""


@pytest.fixture(scope="module")
def brackets():
    return aw.demo("brackets")


@pytest.fixture(scope="module")
def dates():
    return aw.demo("dates")


def stack_of(trace, name):
    return np.stack([trace[name].attention(place) for place in range(trace[name].num_layers)])


def rows(trace, **want):
    """Return the one matrix of the frame, (n_q, n_k)."""
    workspace = trace if isinstance(trace, Workspace) else Workspace(trace)
    frame = make_frame(workspace, {"kind": "rows", **want})
    stream = workspace.trace[frame.want["stream"]]
    return dense(frame, len(stream.keys))[0]


@pytest.mark.parametrize("fusion", ["mean", "max", "min"])
def test_rollout_of_a_layer_is_of_all_below(fusion):
    trace = pair_trace(layers=4)
    product = np.eye(8)
    for layer, capacities in enumerate(mixed(stack_of(trace, "self"), fusion=fusion)):
        product = capacities @ product
        found = rows(trace, method="rollout", layer=layer, fusion=fusion)
        np.testing.assert_allclose(found, product, **TOLERANCE)


def test_rows_of_rollout_are_hidden_and_filtered_as_those_of_attention():
    trace = pair_trace()
    whole = rows(trace, method="rollout", layer=1)
    expected, _ = shown(whole[None], hidden={0, 3, 7}, queries={0, 1, 2, 3}, keys={4, 5, 6, 7})
    workspace = Workspace(trace)
    found = rows(workspace, method="rollout", layer=1, hide_special=True, pair_filter="ab")
    np.testing.assert_allclose(found, expected[0], rtol=2e-3, atol=1e-6)
    again = rows(workspace, method="rollout", layer=1)  # what is kept was not changed
    np.testing.assert_allclose(again, whole)


def test_the_discard_ratio_is_that_of_rollout():
    trace = pair_trace()
    found = rows(trace, method="rollout", layer=1, discard_ratio=0.5)
    np.testing.assert_allclose(found, aw.rollout(trace, discard_ratio=0.5), **TOLERANCE)
    assert np.abs(found - rows(trace, method="rollout", layer=1)).max() > 0.01


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 1, 2, 0), (2, 3)])
def test_a_layer_begins_from_the_highest_that_is_kept(order, monkeypatch):
    made = []

    def counted(*arguments, **keywords):
        return [
            steps_module.Step(each.stream, each.layer, each.targets, each.num_nodes, rows_of(each))
            for each in steps_module.attention_steps(*arguments, **keywords)
        ]

    def rows_of(step):
        def computed(nodes):
            made.append(step.layer)
            return step.rows(nodes)

        return computed

    monkeypatch.setattr(import_module("attnwidget.methods.rollout"), "attention_steps", counted)
    workspace = Workspace(pair_trace(layers=4))
    for layer in order:
        rows(workspace, method="rollout", layer=layer)
    assert sorted(set(made)) == list(range(4))
    assert len(made) == len(set(made)) * (made.count(0))


@pytest.mark.parametrize("layer", [0, 1])
def test_an_encoder_decoder_has_its_columns_by_streams(layer):
    trace = translation_trace()
    encoder, decoder, cross = (stack_of(trace, name) for name in trace)
    capacities = encoder_decoder_mixed(encoder, decoder[: layer + 1], cross[: layer + 1])
    product = np.linalg.multi_dot(capacities[::-1])[:5]
    for stream, columns in (("decoder", slice(0, 5)), ("cross", slice(5, 11))):
        found = rows(trace, stream=stream, method="rollout", layer=layer)
        np.testing.assert_allclose(found, product[:, columns], **TOLERANCE)
    alone = mixed(encoder)
    found = rows(trace, stream="encoder", method="rollout", layer=1)
    np.testing.assert_allclose(found, alone[1] @ alone[0], **TOLERANCE)


def test_max_flow_of_a_layer_is_of_all_below():
    trace = pair_trace(layers=3)
    capacities = mixed(stack_of(trace, "self"))
    found = rows(trace, method="max_flow", layer=2)
    np.testing.assert_allclose(found, by_networkx(capacities).reshape(8, 8), **TOLERANCE)
    found = rows(trace, method="max_flow", layer=0)
    np.testing.assert_allclose(found, capacities[0], **TOLERANCE)


def test_max_flow_of_an_encoder_decoder_has_its_columns_by_streams():
    trace = translation_trace()
    capacities = encoder_decoder_mixed(*(stack_of(trace, name) for name in trace))
    pairs = [(i, j) for i in range(5) for j in range(11)]
    expected = by_networkx(capacities, pairs).reshape(5, 11)
    found = rows(trace, stream="cross", method="max_flow", layer=1)
    np.testing.assert_allclose(found, expected[:, 5:], **TOLERANCE)


def test_what_would_take_too_long_says_so(monkeypatch):
    monkeypatch.setattr(import_module("attnwidget.methods.max_flow"), "MAX_SECONDS", 1e-6)
    with pytest.raises(ValueError, match=r"all 64 pairs through 3 levels.*trace view"):
        rows(pair_trace(layers=3), method="max_flow", layer=2)


@pytest.mark.parametrize("fusion", ["mean", "max", "min"])
def test_gradient_flow_is_attention_times_its_gradient(brackets, fusion):
    weights = brackets.attention(1).double().numpy()
    flow = weights * np.abs(brackets.attention_gradient(1).double().numpy())
    sums = flow.sum(-1, keepdims=True)
    flow = np.divide(flow, sums, out=np.zeros_like(flow), where=sums > 0)
    found = rows(brackets, method="gradient_flow", layer=1, fusion=fusion)
    np.testing.assert_allclose(found, getattr(np, fusion)(flow, axis=0), **TOLERANCE)
    one = rows(brackets, method="gradient_flow", layer=1, heads=[1])
    np.testing.assert_allclose(one, flow[1], **TOLERANCE)


@pytest.mark.parametrize("target", [("logit", 2, 1), ("log_prob", -1, None)])
def test_gradients_are_of_the_target(brackets, target):
    written = {"kind": target[0], "position": target[1], "index": target[2]}
    expected = aw.gradient_flow(brackets, 0, 0, target=target)[0]
    found = rows(brackets, method="gradient_flow", heads=[0], target=written)
    np.testing.assert_allclose(found, expected, **TOLERANCE)
    expected = aw.relevance(brackets, target=target, layers=slice(0, 1))
    found = rows(brackets, method="relevance", target=written)
    np.testing.assert_allclose(found, expected, **TOLERANCE)


def test_relevance_of_a_layer_is_of_all_below(brackets):
    product = np.eye(len(brackets.tokens))
    for layer in range(brackets.num_layers):
        signed = brackets.attention(layer) * brackets.attention_gradient(layer)
        product = product + signed.clamp(min=0).double().mean(0).numpy() @ product
        found = rows(brackets, method="relevance", layer=layer)
        np.testing.assert_allclose(found, product, **TOLERANCE)


def test_relevance_of_an_encoder_decoder_has_its_columns_by_streams(dates):
    expected = aw.relevance(dates).numpy()
    targets = len(dates["decoder"].queries)
    last = dates["decoder"].num_layers - 1
    for stream, columns in (("decoder", slice(0, targets)), ("cross", slice(targets, None))):
        found = rows(dates, stream=stream, method="relevance", layer=last)
        np.testing.assert_allclose(found, expected[:, columns], **TOLERANCE)


@pytest.mark.parametrize("method", OF_BRACKETS)
def test_full_strength_is_one_or_the_largest_value(brackets, method):
    frame = make_frame(Workspace(brackets), {"kind": "rows", "method": method, "layer": 1})
    largest = np.abs(scaled(frame, "weights")).max()
    expected = 1.0 if method in ("attention", "rollout", "alti", "mean_alti") else largest
    assert frame.fields["scale"] == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("method", ["rollout", "relevance", "max_flow"])
def test_fused_methods_have_one_thumbnail_and_take_no_heads(brackets, method):
    workspace = Workspace(brackets)
    frame = make_frame(workspace, {"kind": "thumbnails", "method": method})
    assert frame.arrays["cells"].shape[0] == 1
    assert make_frame(workspace, {"kind": "thumbnails"}).arrays["cells"].shape[0] > 1
    with pytest.raises(ValueError, match=r"no picture of single heads.*\[0\] was given"):
        make_frame(workspace, {"kind": "rows", "method": method, "heads": [0]})


@pytest.mark.parametrize("method", OF_BRACKETS)
def test_what_was_computed_is_quick(brackets, method):
    # A target of its own: gradients of one target serve all methods.
    workspace = Workspace(brackets.with_target(("hidden", list(METHODS).index(method))))
    want = {"kind": "rows", "method": method, "layer": 1}
    assert is_quick(workspace, want) is (method in ("attention", "value_norm", "written"))
    make_frame(workspace, want)
    assert is_quick(workspace, want)
    assert is_quick(workspace, want | {"kind": "matrix", "size": 5})


def test_only_possible_methods_are_named_and_taken(brackets):
    def named(trace):
        return [stream["methods"] for stream in about(trace)["streams"]]

    assert named(brackets) == [OF_BRACKETS]
    assert named(pair_trace()) == [["attention", "rollout", "max_flow"]]
    cross = Trace((translation_trace()["cross"],))
    assert named(cross) == [["attention"]]
    with pytest.raises(ValueError, match=r"relevance needs gradients.*capture\(model, text\)"):
        make_frame(Workspace(pair_trace()), {"kind": "rows", "method": "relevance"})
    with pytest.raises(ValueError, match=r"rollout goes through layers. .*5 queries and 6 keys"):
        make_frame(Workspace(cross), {"kind": "rows", "method": "rollout"})
    with pytest.raises(ValueError, match="Predictions need the model"):
        make_frame(Workspace(cross), {"kind": "predictions"})


def test_progress_counts_the_steps_of_all_layers(monkeypatch):
    told = []
    workspace = Workspace(pair_trace(layers=4))
    want = {"kind": "rows", "method": "rollout", "layer": 3}
    make_frame(workspace, want, lambda *news: told.append(news))
    assert told == sorted(told)
    assert told[-1] == (4, 4)
    assert {total for _, total in told} == {4}


@pytest.mark.parametrize("method", ["relevance", "effects"])
@pytest.mark.parametrize("factor", [1e9, 1e-9])
def test_scores_that_float16_cannot_hold_are_in_a_unit_of_their_own(brackets, factor, method):
    trace = brackets.with_target(lambda output: factor * output.logits[0, 3].sum())
    workspace, want = Workspace(trace), {"method": method}
    expected = {
        "relevance": lambda: aw.relevance(trace, layers=slice(0, 1)),
        "effects": lambda: aw.effects(trace, 0).mean(0),
    }[method]().numpy()
    most = np.abs(expected).max()
    frame = make_frame(workspace, {"kind": "rows", **want})
    assert frame.fields["scale"] == pytest.approx(most)
    close = {"rtol": 1e-3, "atol": 1e-7 * most}
    np.testing.assert_allclose(dense(frame, expected.shape[1])[0], expected, **close)
    matrix = make_frame(workspace, {"kind": "matrix", **want})
    np.testing.assert_allclose(scaled(matrix, "cells"), expected, **close)


def test_long_rollout_is_listed_in_part():
    trace = long_trace(300, causal=True)
    frame = make_frame(Workspace(trace), {"kind": "rows", "method": "rollout"})
    assert np.asarray(frame.arrays["indices"]).shape == (1, 300, 64)
    expected = aw.rollout(trace).double().numpy()
    np.testing.assert_allclose(frame.arrays["received"][0], expected.mean(0), atol=1e-6)


def test_statistics_are_those_of_the_analysis():
    trace = pair_trace()
    found = make_frame(Workspace(trace), {"kind": "statistics", "heads": [1], "layer": 1})
    matrix = trace.attention(1, 1)[0]
    assert found.fields["statistics"] == pytest.approx(aw.statistics(matrix))
    assert found.fields["pattern"] == aw.pattern(matrix)
    fused = make_frame(Workspace(trace), {"kind": "statistics", "method": "rollout", "layer": 1})
    assert fused.fields["statistics"] == pytest.approx(aw.statistics(aw.rollout(trace)))
    assert fused.want["heads"] is None


def test_undefined_statistics_are_null():
    cross = [random_weights(1, 3, 4)]
    trace = Trace.from_attentions(cross, list("abc"), key_tokens=list("wxyz"))
    found = make_frame(Workspace(trace), {"kind": "statistics"})
    assert found.fields["statistics"]["diagonal_mean"] is None
    assert found.fields["statistics"]["mean"] == pytest.approx(0.25)
    found.to_bytes()


def test_predictions_are_those_of_the_trace(brackets):
    found = make_frame(Workspace(brackets), {"kind": "predictions", "position": -2})
    expected = brackets.predictions(len(brackets.tokens) - 2)
    assert found.want == {"kind": "predictions", "position": len(brackets.tokens) - 2}
    assert (found.fields["unit"], found.fields["position"]) == ("token", expected.position)
    assert [each["index"] for each in found.fields["predictions"]] == [
        each.index for each in expected.entries
    ]
    found.to_bytes()
    with pytest.raises(IndexError, match="position 99 is out of range"):
        make_frame(Workspace(brackets), {"kind": "predictions", "position": 99})
