import numpy as np
import pytest

import attnwidget as aw
from attnwidget.frames import Workspace, make_frame
from tests.frames.traces import pair_trace, translation_trace


@pytest.fixture(scope="module")
def brackets():
    return aw.demo("brackets")


def paths(trace, **want):
    frame = make_frame(Workspace(trace), {"kind": "paths", **want})
    return frame, {name: np.asarray(array) for name, array in frame.arrays.items()}


def test_attention_is_followed_by_rollout():
    trace = pair_trace(layers=3)
    frame, arrays = paths(trace)
    assert frame.fields["method"] == "rollout"
    assert frame.fields["levels"] == [
        {"stream": "self", "layer": place, "number": place} for place in range(3)
    ]
    assert frame.fields["total"] == pytest.approx(1)
    np.testing.assert_allclose(arrays["arriving"], aw.rollout(trace)[-1], atol=1e-6)
    np.testing.assert_allclose(arrays["shares"][0], arrays["arriving"])
    np.testing.assert_allclose(arrays["shares"].sum(1), 1, atol=1e-6)
    assert {name: array.dtype.name for name, array in arrays.items()} == {
        "shares": "float32",
        "steps": "uint16",
        "uppers": "uint32",
        "lowers": "uint32",
        "edges": "float32",
        "arriving": "float32",
    }


def test_edges_are_the_strongest_and_carry_the_shares():
    trace = pair_trace(layers=3)
    _, arrays = paths(trace, method="rollout", index=2, level=2)
    assert (np.diff(arrays["edges"]) <= 0).all()
    carried = np.zeros((4, 8))
    np.add.at(carried, (arrays["steps"], arrays["lowers"]), arrays["edges"])
    np.testing.assert_allclose(carried[:2], arrays["shares"][:2], atol=1e-6)
    _, some = paths(trace, method="rollout", index=2, level=2, most=5)
    np.testing.assert_array_equal(some["edges"], arrays["edges"][:5])


def test_discarding_is_for_rollout_only():
    trace = pair_trace(layers=2)
    _, arrays = paths(trace, method="rollout", discard_ratio=0.5, index=3)
    np.testing.assert_allclose(
        arrays["arriving"], aw.rollout(trace, discard_ratio=0.5)[3], atol=1e-6
    )
    _, arrays = paths(trace, method="attention", discard_ratio=0.5, index=3)
    np.testing.assert_allclose(arrays["arriving"], aw.rollout(trace)[3], atol=1e-6)


@pytest.mark.parametrize("stream", ["decoder", "cross"])
def test_an_encoder_decoder_is_followed_as_a_whole(stream):
    trace = translation_trace()
    frame, arrays = paths(trace, stream=stream)
    assert [(level["stream"], level["layer"]) for level in frame.fields["levels"]] == [
        *(("encoder", place) for place in range(3)),
        *(("decoder", 0), ("cross", 0), ("decoder", 1), ("cross", 1)),
    ]
    np.testing.assert_allclose(arrays["arriving"], aw.rollout(trace)[4], atol=1e-6)
    frame, arrays = paths(trace, stream="encoder", index=1)
    np.testing.assert_allclose(
        arrays["arriving"], aw.rollout(trace, stream="encoder")[1], atol=1e-6
    )


def test_relevance_and_gradient_flow_are_followed(brackets):
    frame, arrays = paths(brackets, method="relevance", index=3)
    np.testing.assert_allclose(arrays["arriving"], aw.relevance(brackets)[3], rtol=1e-5, atol=1e-6)
    assert frame.fields["method"] == "relevance"
    frame, arrays = paths(brackets, method="gradient_flow", index=3)
    assert frame.fields["method"] == "gradient_flow"
    assert arrays["arriving"].sum() == pytest.approx(1)
    aimed = {"kind": "logit", "position": 1, "index": 2}
    _, other = paths(brackets, method="relevance", index=3, target=aimed)
    expected = aw.relevance(brackets, target=("logit", 1, 2))[3]
    np.testing.assert_allclose(other["arriving"], expected, rtol=1e-5, atol=1e-6)


def test_max_flow_lists_one_flow_and_all_their_values():
    trace = pair_trace(layers=3)
    flows = aw.max_flow(trace, sources=5)[0].numpy()
    frame, arrays = paths(trace, method="max_flow", index=5)
    np.testing.assert_allclose(arrays["arriving"], flows, atol=1e-6)
    assert flows[frame.fields["sink"]] == pytest.approx(flows.max())
    frame, arrays = paths(trace, method="max_flow", index=5, via=[0, 2])
    assert frame.fields["sink"] == 2
    assert frame.fields["total"] == pytest.approx(flows[2], abs=1e-6)
    assert arrays["shares"][3, 5] == pytest.approx(flows[2], abs=1e-6)
    np.testing.assert_array_equal(np.flatnonzero(arrays["shares"][0]), [2])
    other, _ = paths(trace, method="max_flow", index=5, via=[1, 2])
    assert other.fields["sink"] == int(flows.argmax())


def test_max_flow_from_a_lower_level():
    trace = pair_trace(layers=3)
    expected = aw.max_flow(trace, sources=1, layers=slice(0, 2))[0]
    frame, arrays = paths(trace, method="max_flow", index=1, level=2)
    np.testing.assert_allclose(arrays["arriving"], expected, atol=1e-6)
    frame, arrays = paths(trace, method="max_flow", index=1, level=0)
    np.testing.assert_array_equal(arrays["arriving"], np.eye(8)[1])
    assert frame.fields["total"] == 1


def test_what_goes_through_a_node():
    trace = pair_trace(layers=2)
    _, all_of_it = paths(trace, method="rollout", index=6)
    _, arrays = paths(trace, method="rollout", index=6, via=[1, 3])
    assert arrays["arriving"].sum() == pytest.approx(all_of_it["shares"][1, 3], abs=1e-6)


def test_the_frame_repeats_its_request():
    want = {
        **{"kind": "paths", "stream": "self", "method": "rollout", "fusion": "max"},
        **{"discard_ratio": 0.25, "target": None, "level": 1, "index": 3, "via": [0, 2]},
        **{"most": 7, "receptive_field": False, "skip_first": True},
    }
    frame, _ = paths(pair_trace(), **{name: want[name] for name in want if name != "kind"})
    assert frame.want == want
    frame, _ = paths(pair_trace(), level=-1, index=-1, via=[-2, -1])
    assert (frame.want["level"], frame.want["index"], frame.want["via"]) == (2, 7, [1, 7])
    frame, _ = paths(pair_trace())
    assert (frame.want["level"], frame.want["index"], frame.want["via"]) == (None, None, None)


@pytest.mark.parametrize(
    ("want", "error", "message"),
    [
        ({"level": 3}, IndexError, "there are 3 levels"),
        ({"index": 8}, IndexError, "index 8 is out of range"),
        ({"via": [3, 0]}, IndexError, "there are 3 levels"),
        ({"via": 3}, ValueError, r"\[level, index\] or null"),
        ({"via": [2, 0], "level": 1}, ValueError, "above level 1"),
        ({"most": 0}, ValueError, "from 1 to 100000"),
        ({"layer": 1}, ValueError, "does not know: 'layer'"),
        ({"heads": None}, ValueError, "does not know: 'heads'"),
    ],
)
def test_nodes_that_are_not_there_are_refused(want, error, message):
    with pytest.raises(error, match=message):
        paths(pair_trace(), **want)
