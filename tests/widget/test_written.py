"""The widget and its files know which tokens the model wrote."""

import attnwidget as aw
from attnwidget.views.about import about
from tests.browser.models import random_trace
from tests.export.payload import read


def test_the_description_names_them_stream_by_stream():
    described = {stream["name"]: stream for stream in about(aw.demo("dates"))["streams"]}
    decoder = described["decoder"]["queries"]
    assert decoder["written"] == list(range(1, len(decoder["text"])))
    assert described["cross"]["queries"]["written"] == decoder["written"]
    assert described["cross"]["keys"]["written"] == []
    assert described["encoder"]["queries"]["written"] == []


def test_files_hold_them():
    trace = random_trace(6).with_prompt(4)
    page, _ = read(aw.AttentionWidget(trace).to_html())
    (stream,) = page["about"]["streams"]
    assert stream["queries"]["written"] == [4, 5]


def test_a_comparison_has_those_of_either_trace():
    before, after = random_trace(6).with_prompt(4), random_trace(6)
    described = aw.compare(before, after).about
    assert described["streams"][0]["queries"]["written"] == [4, 5]
    assert described["runs"]["after"]["streams"][0]["queries"]["written"] == []
