"""What a display publishes and leaves in the notebook."""

import base64
import re
import zlib
from html.parser import HTMLParser
from importlib import import_module
from types import SimpleNamespace

import pytest
from traitlets import TraitError

from attnwidget import AttentionWidget
from attnwidget.export import page_shell
from attnwidget.views import VIEWS
from attnwidget.widget import display as display_module
from attnwidget.widget.debounce import Debounced
from tests.browser.models import hostile_trace, random_decoder, random_trace
from tests.export.payload import unpack

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def published(monkeypatch):
    """What is displayed, as (data, options) in order; there is a kernel."""
    found = []
    monkeypatch.setattr(
        display_module, "display", lambda data, **options: found.append((data, options))
    )
    monkeypatch.setattr(display_module, "get_ipython", lambda: SimpleNamespace(kernel=object()))
    return found


def html_of(widget, published):
    widget._ipython_display_()
    return published[-1][0]["text/html"]


def payload_of(html):
    checksum, text = re.search(r'data-checksum="(\d+)">([^<]*)</script>', html).groups()
    return unpack(text, int(checksum))


def test_a_display_is_the_widget_and_then_what_is_saved(published):
    widget = AttentionWidget(random_trace(12))
    widget._ipython_display_()
    (live, _), (saved, options) = published
    assert WIDGET_VIEW in live
    assert set(saved) == {"text/html"}
    assert options["display_id"] == widget.identity
    assert f'data-widget="{widget.identity}"' in saved["text/html"]
    assert f'data-model="{widget.model_id}"' in saved["text/html"]


@pytest.mark.parametrize(("saved", "has_page"), [("page", True), ("picture", False)])
def test_how_much_is_saved_is_chosen(published, saved, has_page):
    html = html_of(AttentionWidget(random_trace(12), saved=saved), published)
    assert "<img" in html
    assert ('class="attnwidget-data"' in html) is has_page


def test_nothing_is_saved_where_that_is_asked_for_or_there_is_no_kernel(published, monkeypatch):
    AttentionWidget(random_trace(12), saved="nothing")._ipython_display_()
    monkeypatch.setattr(display_module, "get_ipython", lambda: None)
    AttentionWidget(random_trace(12))._ipython_display_()
    assert [list(data) for data, _ in published] == [["text/plain", WIDGET_VIEW]] * 2
    with pytest.raises(TraitError, match="saved"):
        AttentionWidget(random_trace(12), saved="everything")


def test_a_closed_widget_is_words(published):
    widget = AttentionWidget(random_trace(12))
    widget.close()
    widget._ipython_display_()
    assert published == [({"text/plain": "AttentionWidget(closed)"}, {"raw": True})]


@pytest.mark.parametrize("view", VIEWS)
def test_the_page_opens_where_the_widget_stands(published, view):
    widget = AttentionWidget(random_decoder(), view=view, layer=1, heads=[2])
    page, frames = payload_of(html_of(widget, published))
    assert (page["selection"]["view"], page["selection"]["layer"]) == (view, 1)
    assert page["selection"]["heads"] == [2]
    assert view in page["about"]["views"]
    assert frames


@pytest.mark.parametrize("view", ["head", "model", "matrix", "trace"])
@pytest.mark.parametrize("tokens", [12, 128, 400])
def test_its_size_is_bounded(published, view, tokens):
    html = html_of(AttentionWidget(random_trace(tokens, layers=6, heads=8), view=view), published)
    assert len(html) < 900_000
    assert "<img" in html


def test_less_and_less_is_held_of_longer_inputs(published):
    def held(tokens):
        trace = random_trace(tokens, layers=6, heads=8)
        page, _ = payload_of(html_of(AttentionWidget(trace, layer=2), published))
        kept = page["about"]["streams"][0]["held"]
        return len(kept["layers"]), len(kept["heads"])

    assert [held(tokens) for tokens in (12, 128, 400)] == [(6, 8), (6, 0), (1, 0)]


def test_nothing_that_takes_long_is_computed(published, monkeypatch):
    def refuse(*_given, **_options):
        raise AssertionError("a maximum flow was asked for")

    monkeypatch.setattr(import_module("attnwidget.methods.max_flow"), "max_flow", refuse)
    widget = AttentionWidget(random_trace(12), method="max_flow")
    page, _ = payload_of(html_of(widget, published))
    assert page["selection"]["method"] == "attention"


class Elements(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, sorted(name for name, _ in attributes)))


def test_hostile_text_makes_no_elements(published):
    hostile = html_of(AttentionWidget(hostile_trace()), published)
    tame = html_of(AttentionWidget(random_trace(12)), published)
    assert Elements(hostile).found == Elements(tame).found
    hostile.encode()


def test_the_shell_is_a_page_that_takes_a_payload():
    page = zlib.decompress(base64.b64decode(page_shell()), -15).decode()
    assert page.count('data-checksum="0"></script>') == 1
    assert page.startswith("<!doctype html>\n<html ")


def test_what_is_saved_follows_the_selection(published):
    widget = AttentionWidget(random_trace(12))
    widget._ipython_display_()
    widget._follow()
    assert len(published) == 2, "nothing has changed"
    widget.layer = 2
    widget._follow()
    data, options = published[-1]
    assert options["update"]
    assert options["display_id"] == widget.identity
    assert "layer 2 of 0 to 3" in data["text/html"]


def test_rest_is_waited_for_and_used_once():
    from threading import Event

    calls, done = [], Event()
    debounced = Debounced(lambda: (calls.append(1), done.set()), 0.05)
    for _ in range(20):
        debounced.call()
    assert done.wait(5)
    assert calls == [1]
    done.clear()
    debounced.call()
    assert done.wait(5)
    assert calls == [1, 1]
