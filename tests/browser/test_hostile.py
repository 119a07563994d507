"""Tokens are text, whatever they hold: nothing of them is run or parsed, in any view."""

import pytest

import attnwidget as aw
from attnwidget.trace import Trace

from .conftest import Open
from .hostile import HOSTILE_TOKENS

DANGEROUS = "script, img, iframe, style, svg[onload], [onerror], [onmouseover], [onfocus]"


@pytest.mark.parametrize("view", ["head", "model", "neuron", "trace"])
def test_no_token_runs_or_becomes_markup(open_widgets: Open, hostile: Trace, view: str) -> None:
    pins = [{"side": "query", "index": index} for index in range(0, len(HOSTILE_TOKENS), 5)]
    widget = aw.AttentionWidget(hostile, view=view, heads=[0], tokens_selected=pins)
    page = open_widgets(widget)
    opened = page.view()
    if view == "model":
        opened.root.locator('[data-layer="0"][data-head="1"]').click()
        opened.settle()
    for index in range(len(HOSTILE_TOKENS)):
        if opened.token("query", index).count():
            opened.token("query", index).hover()
    assert page.page.evaluate("window.ran") is None
    assert opened.root.locator(DANGEROUS).count() == 0
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 1000


def test_tokens_are_shown_as_they_are(open_widgets: Open, hostile: Trace) -> None:
    view = open_widgets(aw.AttentionWidget(hostile)).view()
    for index, token in enumerate(hostile.tokens):
        if token.strip() and token.isascii() and token.isprintable():
            shown = view.token("query", index).text_content() or ""
            assert shown.strip() in token or token in shown


def test_every_token_stays_a_target(open_widgets: Open, hostile: Trace) -> None:
    widget = aw.AttentionWidget(hostile)
    page = open_widgets(widget)
    for index in range(len(HOSTILE_TOKENS)):
        box = page.view().token("key", index).bounding_box()
        assert box
        assert box["width"] > 4
        assert 8 < box["height"] < 60


def test_a_mark_of_direction_does_not_turn_its_neighbours(open_widgets: Open, hostile) -> None:
    view = open_widgets(aw.AttentionWidget(hostile)).view()
    turned = HOSTILE_TOKENS.index("\u202egnihsif\u202c")
    bidi = view.token("query", turned).evaluate(
        "(e) => [e, ...e.querySelectorAll('*')].map((x) => getComputedStyle(x).unicodeBidi)"
    )
    assert set(bidi) & {"isolate", "plaintext", "isolate-override"}
