"""Contrasts and spans as the target of a widget: the trait, captions, requests and files."""

import json
import re
from html import unescape

import numpy as np
import pytest
from traitlets import TraitError

import attnwidget as aw
from attnwidget import AttentionWidget
from attnwidget.frames import Workspace, make_frame
from attnwidget.views import about
from tests.export.payload import read, scores_of
from tests.frames.test_methods import TOLERANCE, rows
from tests.widget.comm import connect

CONTRAST = {"kind": "contrast", "position": 3, "index": 6, "versus": 8}
SPAN = {"kind": "span", "start": 4, "stop": 9}


@pytest.fixture(scope="module")
def brackets():
    return aw.demo("brackets")


@pytest.fixture(scope="module")
def induction():
    return aw.demo("induction")


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        (("contrast", 3, 6, 8), CONTRAST),
        (("contrast", 3, ")", "]"), CONTRAST),
        (["contrast", -13, np.int64(6), "]"], CONTRAST),
        (CONTRAST | {"index": ")"}, CONTRAST),
        (("contrast", None, None, 8), CONTRAST | {"position": None, "index": None}),
        ({"kind": "contrast", "versus": 8}, CONTRAST | {"position": None, "index": None}),
        (("logit", 3, ")"), {"kind": "logit", "position": 3, "index": 6}),
        (("span", 4, 9), SPAN),
        (("span", -12, -7), SPAN),
        ({"kind": "span", "start": 14}, SPAN | {"start": 14, "stop": 16}),
    ],
)
def test_are_taken_and_stored_as_plain_data(brackets, given, stored):
    widget = AttentionWidget(brackets, target=given)
    assert widget.target == stored
    assert json.loads(json.dumps(widget.target)) == stored
    widget.set_state({"target": widget.target})
    assert widget.target == stored


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("contrast", 3, 6, 6), r"names 6 twice.*take \('logit', 3, 6\)"),
        (("contrast", 3, ")", 6), "twice"),
        (("contrast", 99, 6, 8), "position 99 is out of range"),
        (("contrast", 3, ")", "zebra"), "names 'zebra', which"),
        ({"kind": "contrast", "index": 6}, "target must be None"),
        (CONTRAST | {"start": 4}, "target must be None"),
        (("span", 4, 99), "beyond the text, which has 16 tokens"),
        (("span", 9, 4), "has no tokens"),
        (("span", 10, 15), r"position 13 '\[MASK\]'"),
        ({"kind": "span", "stop": 4}, "target must be None"),
        (SPAN | {"position": None}, "target must be None"),
    ],
)
def test_others_are_refused_and_leave_the_target(brackets, given, message):
    widget = AttentionWidget(brackets, target=CONTRAST)
    with pytest.raises(TraitError, match=message):
        widget.target = given
    assert widget.target == CONTRAST


def test_a_span_needs_a_token_before_it(induction):
    with pytest.raises(TraitError, match=r"nothing stands before it\. Pass .* 1 <= start"):
        AttentionWidget(induction, target=("span", 0, 3))
    assert AttentionWidget(induction, target=("span", 1, 3)).target["start"] == 1


@pytest.mark.parametrize(
    "target", [("contrast", 3, 6, 8), ("span", 4, 9)], ids=["contrast", "span"]
)
@pytest.mark.parametrize("method", ["gradient_flow", "relevance"])
def test_scores_are_those_of_the_target(brackets, target, method):
    widget = AttentionWidget(brackets, method=method, layer=1, target=target)
    traced = brackets.with_target(target)
    if method == "relevance":
        expected = aw.relevance(traced, layers=slice(0, 2))
    else:
        expected = aw.gradient_flow(traced, 1).mean(0)
    np.testing.assert_allclose(widget.scores(), expected, rtol=1e-5, atol=1e-7)
    default = AttentionWidget(brackets, method=method, layer=1).scores()
    assert not np.allclose(widget.scores(), default, rtol=1e-3)
    found = rows(brackets, method=method, layer=1, target=widget.target)
    np.testing.assert_allclose(found, widget.scores(), **TOLERANCE)


def test_one_update_goes_out_with_what_it_changes(brackets):
    widget = AttentionWidget(brackets, method="relevance")
    widget.scores()
    comm = connect(widget)
    widget.target = ("span", 4, 9)
    (update,) = comm.updates()
    assert update == {"target": SPAN, "snapshot": None}


def words_of(svg: str) -> str:
    """Return the texts of a picture, whose lines may be broken anywhere."""
    return " ".join(unescape(text) for text in re.findall(r">([^<>]+)</text>", svg))


@pytest.mark.parametrize("view", ["head", "model", "matrix", "trace"])
def test_captions_name_the_tokens(brackets, view):
    widget = AttentionWidget(brackets, view, method="relevance", target=CONTRAST)
    assert "the logit of token 6 ')' minus that of token 8 ']'" in words_of(widget.to_svg())
    widget.target = ("span", 4, 9)
    assert "the log-probability of the tokens 4 " in words_of(widget.to_svg())


def test_predictions_include_what_a_target_names(brackets):
    want = {"kind": "predictions", "position": 3, "including": ["{", 1]}
    frame = make_frame(Workspace(brackets), want)
    size = len(brackets.predictions(3, top=1000).entries)
    everything = {each.index: each for each in brackets.predictions(3, top=size).entries}
    listed = frame.fields["predictions"]
    assert len({each["index"] for each in listed}) == len(listed)
    for each in listed:
        assert each["probability"] == pytest.approx(everything[each["index"]].probability, rel=1e-4)
        assert each["text"] == everything[each["index"]].text
    assert frame.fields["included"][1] == 1
    assert everything[frame.fields["included"][0]].text == "{"
    assert frame.want == want
    for wrong, error in ((["zebra"], ValueError), ([10_000], IndexError), ("x", ValueError)):
        with pytest.raises(error):
            make_frame(Workspace(brackets), want | {"including": wrong})


def test_a_description_says_which_spans_there_are(brackets, induction):
    assert about(brackets)["spans"] == {"first": 0, "stop": 16, "gaps": (13,), "answer": None}
    assert about(induction)["spans"] == {"first": 1, "stop": 17, "gaps": (), "answer": None}
    dates = aw.demo("dates")
    assert about(dates)["spans"]["answer"] == (1, len(dates["decoder"].queries))


@pytest.mark.parametrize(
    "target", [("contrast", 3, 6, 1), ("span", 4, 9)], ids=["contrast", "span"]
)
def test_a_file_holds_the_scores_and_the_names_of_its_target(brackets, target):
    widget = AttentionWidget(brackets, "matrix", method="relevance", target=target)
    page, frames = read(widget.to_html())
    assert page["selection"]["target"] == widget.target
    (held,) = (
        each
        for each in page["about"]["streams"][0]["held"]["methods"]
        if each["method"] == "relevance"
    )
    assert held["target"] == widget.target
    top = brackets.num_layers - 1
    (scores,) = (
        frame
        for frame in frames
        if frame.kind == "scores"
        if (frame.want["method"], frame.want["layer"]) == ("relevance", top)
    )
    exact = aw.relevance(brackets, target=target).numpy()
    assert scores.want["target"] == widget.target
    assert scores_of(scores)[0] == pytest.approx(exact, rel=1 / 500, abs=1e-6)
    predicted = [frame for frame in frames if frame.kind == "predictions"]
    named = {each["index"] for frame in predicted for each in frame.fields["predictions"]}
    assert {6, 1} <= named if target[0] == "contrast" else predicted
