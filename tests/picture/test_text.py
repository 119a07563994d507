"""The picture of the text view."""

import re
from xml.etree import ElementTree

import attnwidget as aw
from tests.frames.traces import long_trace, pair_trace, translation_trace

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return [each.text or "" for each in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_it_has_every_token_and_says_whose_row_it_is_and_why() -> None:
    trace = pair_trace()
    svg = aw.AttentionWidget(trace, "text").to_svg()
    shown = texts(svg)
    for token in trace["self"].queries.text:
        assert token in shown
    assert "from ‘the’ (query 1), the first token of the text" in shown


def test_strong_tokens_are_coloured_and_hidden_ones_are_not() -> None:
    trace = pair_trace()
    pin = [{"side": "query", "index": 5}]
    widget = aw.AttentionWidget(trace, "text", tokens_selected=pin)
    widget.hide_special = True
    svg = widget.to_svg()
    assert "from ‘sat’ (query 5)" in texts(svg)
    boxes = re.findall(r'<rect fill="#[0-9a-f]{6}" x="[^"]*" y="2"', svg)
    assert 0 < len(boxes) <= 2  # "the" and "cat": the special tokens of the line are hidden


def test_both_texts_of_cross_attention_are_drawn() -> None:
    shown = texts(aw.AttentionWidget(translation_trace(), "text", stream="cross").to_svg())
    assert shown.index("to (key)") < shown.index("Haus") < shown.index("from (query)")
    assert "lake" in shown


def test_a_long_text_is_cut_round_its_token_in_a_png_and_says_so() -> None:
    from attnwidget.frames import Workspace
    from attnwidget.picture.theme import THEMES
    from attnwidget.views.text import TEXT
    from attnwidget.views.view import DrawRequest

    widget = aw.AttentionWidget(long_trace(3000), "text", heads=[0])
    request = DrawRequest(
        widget.state, Workspace(widget.trace), None, THEMES["light"], None, False, room=700
    )
    _, drawing = TEXT.draw(request)
    assert drawing.height < 700
    assert any(re.match(r"left out: [\d,]+ of 3,000 tokens", note) for note in drawing.notes)
