import json

import pytest

from attnwidget.frames import Workspace, make_frame
from attnwidget.trace import Trace
from attnwidget.views import about
from tests.frames.traces import pair_trace, translation_trace
from tests.trace.layers import layer, stream

REFUSED = [
    (None, ValueError, "mapping with a kind, but None"),
    ([], ValueError, "mapping"),
    (
        {},
        ValueError,
        "kind must be one of rows, token, summary, thumbnails, matrix, .*neuron, but None",
    ),
    ({"kind": ["rows"]}, ValueError, "kind must be one of"),
    ({"kind": "rows", "stream": "cross"}, ValueError, "one of self, but 'cross'"),
    ({"kind": "rows", "stream": 3}, ValueError, "one of self, but 3"),
    ({"kind": "rows", "layer": 2}, IndexError, "there are 2 layers"),
    ({"kind": "rows", "layer": "0"}, ValueError, "layer must be a whole number"),
    ({"kind": "rows", "heads": [3]}, IndexError, "there are 3 heads"),
    ({"kind": "rows", "heads": []}, ValueError, "at least one head"),
    ({"kind": "rows", "heads": [0, -3]}, ValueError, "twice"),
    ({"kind": "rows", "heads": "01"}, ValueError, "list of numbers"),
    ({"kind": "rows", "heads": 1}, ValueError, "list of numbers"),
    ({"kind": "rows", "fusion": "sum"}, ValueError, "mean, max, min, but 'sum'"),
    ({"kind": "rows", "method": "magic"}, ValueError, "one of attention, .*but 'magic'"),
    ({"kind": "rows", "pair_filter": "ac"}, ValueError, "all, aa, ab, ba, bb"),
    ({"kind": "rows", "hide_first": 1}, ValueError, "true or false, but 1"),
    ({"kind": "rows", "discard_ratio": 1}, ValueError, "from 0 to below 1, but 1"),
    ({"kind": "rows", "discard_ratio": "half"}, ValueError, "from 0 to below 1, but 'half'"),
    ({"kind": "rows", "target": "cat"}, ValueError, "target must be None, .*but 'cat'"),
    ({"kind": "rows", "target": {"kind": "logit", "position": 7}}, ValueError, "from arrays"),
    ({"kind": "matrix", "queries": [0, 9]}, ValueError, r"stop <= 8, .*but \[0, 9\]"),
    ({"kind": "matrix", "keys": [3, 3]}, ValueError, "start < stop"),
    ({"kind": "matrix", "keys": [1.0, 2]}, ValueError, "keys must be"),
    ({"kind": "matrix", "size": 4096}, ValueError, "from 1 to 2048"),
    ({"kind": "matrix", "full": True}, ValueError, "does not know: 'full'"),
    ({"kind": "matrix", "minus": 3}, ValueError, "mapping of layer, heads, method, fusion"),
    ({"kind": "matrix", "minus": {"stream": "self"}}, ValueError, "mapping of layer"),
    ({"kind": "matrix", "minus": {"layer": 2}}, IndexError, "there are 2 layers"),
    ({"kind": "rows", "colour": 1}, ValueError, "does not know: 'colour'"),
    ({"kind": "summary", "layer": -3}, IndexError, "there are 2 layers"),
    ({"kind": "thumbnails", "size": 0}, ValueError, "from 1 to 512, but 0"),
    ({"kind": "thumbnails", "size": 1e9}, ValueError, "from 1 to 512"),
    ({"kind": "neuron", "head": 9}, IndexError, "there are 3 heads"),
    ({"kind": "neuron", "query": 8}, IndexError, "there are 8 queries"),
]


@pytest.mark.parametrize(("want", "error", "message"), REFUSED)
def test_bad_requests_are_refused_with_what_there_is(want, error, message):
    with pytest.raises(error, match=message):
        make_frame(Workspace(pair_trace()), want)


def test_about_names_tokens_once():
    (found,) = about(pair_trace())["streams"]
    assert (found["layers"], found["heads"], found["causal"]) == (2, 3, False)
    assert found["projections"] is False
    assert found["queries"]["special"] == [0, 3, 7]
    assert found["queries"]["segments"] == [0, 0, 0, 0, 1, 1, 1, 1]
    assert found["keys"] is None


def test_about_of_an_encoder_decoder():
    encoder, decoder, cross = about(translation_trace())["streams"]
    assert (encoder["layers"], decoder["layers"], cross["layers"]) == (3, 2, 2)
    assert decoder["causal"]
    assert decoder["keys"] is None
    assert cross["queries"] == decoder["queries"]
    assert cross["keys"] == encoder["queries"]
    assert cross["queries"]["segments"] == []


def test_about_is_json():
    described = about(Trace((stream(layer(causal=True)),), "tiny"))
    assert json.loads(json.dumps(described)) == described
    assert described["model"] == "tiny"
    assert described["streams"][0]["projections"] is True
