"""``html_action="return"`` gives a page for a file, which a notebook can show too."""

from html.parser import HTMLParser

import pytest
from playwright.sync_api import Page

from attnwidget import AttentionWidget
from attnwidget.bertviz import head_view, model_view, neuron_view
from attnwidget.bertviz.output import HtmlPage
from tests.bertviz.arrays import SECOND, WORDS, attentions
from tests.bertviz.test_neuron_view import bert
from tests.browser.chromium import Complaints
from tests.browser.pages import View
from tests.capture.small_tokenizers import word_piece
from tests.wait import MILLISECONDS

PRETTY = [word.removeprefix("##") for word in WORDS]


def shown_tokens(view: View, side: str) -> list[str]:
    tokens = view.root.locator(f'[data-side="{side}"][data-index]').all_inner_texts()
    return [text.strip().splitlines()[0] for text in tokens]


@pytest.fixture
def opened(browser, tmp_path):
    """Return a function that opens a page from a file, without a network."""
    pages: list[tuple[Page, Complaints]] = []

    def open_(html: HtmlPage) -> View:
        path = tmp_path / "page.html"
        path.write_text(html.data, encoding="utf-8")
        page = browser.new_page()
        page.set_default_timeout(MILLISECONDS)
        page.context.set_offline(True)
        pages.append((page, Complaints(page)))
        page.goto(path.as_uri())
        return View(page.locator(".attnwidget"))

    yield open_
    for page, complaints in pages:
        assert complaints.list == []
        page.close()


@pytest.mark.browser
def test_heads_of_a_pair(opened, displayed):
    given = attentions(layers=4)
    html = head_view(given, WORDS, SECOND, True, 2, [3, 1], html_action="return")
    view = opened(html)
    view.wait(view="head", stream="self", layer=2, method="attention")
    assert view.chosen_heads() == [1, 3]
    assert shown_tokens(view, "query") == PRETTY
    view.choose("pair_filter", "ab")
    view.choose("layer", "3")
    view.wait(layer=3)
    view.token("query", 1).click()
    rows = view.root.locator(".aw-inspector li").all_inner_texts()
    shown = {int(place): float(value) for _token, place, value in map(str.split, rows)}
    expected = given[3][0, [1, 3], 1].mean(0)
    assert sorted(shown) == list(range(SECOND, len(WORDS)))
    assert [shown[key] for key in sorted(shown)] == pytest.approx(
        expected[SECOND:].tolist(), abs=1e-3
    )
    assert displayed == []


@pytest.mark.browser
def test_some_layers_and_heads_of_the_model(opened):
    html = model_view(
        attentions(layers=5),
        WORDS,
        None,
        False,
        "light",
        include_layers=[4, 1],
        include_heads=[2],
        html_action="return",
    )
    view = opened(html)
    view.wait(view="model")
    cells = view.root.locator("[data-layer][data-head]")
    assert cells.count() == 2
    said = "Layers 0, 1 here are layers 4, 1 of 5; head 0 here is head 2 of 4"
    assert view.page.get_by_role("heading", level=1).inner_text() == said
    cells.nth(1).click()
    view.wait(view="model", layer=1)
    assert shown_tokens(view, "query") == WORDS


@pytest.mark.browser
def test_all_stacks_of_an_encoder_decoder(opened):
    html = model_view(
        encoder_attention=attentions(layers=3),
        decoder_attention=attentions(layers=2, heads=2, queries=5),
        cross_attention=attentions(layers=2, heads=2, queries=5, keys=len(WORDS)),
        encoder_tokens=WORDS,
        decoder_tokens=list("abcde"),
        html_action="return",
    )
    view = opened(html)
    for stream, cells in {"encoder": 12, "decoder": 4, "cross": 4}.items():
        view.choose("stream", stream)
        view.wait(view="model", stream=stream)
        assert view.root.locator("[data-layer][data-head]").count() == cells
    view.choose("view", "head")
    view.wait(view="head", stream="cross")
    assert shown_tokens(view, "query") == list("abcde")
    assert shown_tokens(view, "key") == PRETTY


def test_a_page_may_be_written_in_any_encoding():
    words = ["→", "é", "猫", "\U0001f989", *WORDS[4:]]
    page = head_view(attentions(), words, include_layers=[1], html_action="return")
    assert page.data.isascii()
    page = neuron_view.show(bert(), "bert", word_piece(), "the café", html_action="return")
    assert page.data.isascii()


@pytest.mark.browser
def test_neurons(opened, displayed):
    html = neuron_view.show(
        bert(), "bert", word_piece(), "the café", layer=2, head=3, html_action="return"
    )
    view = opened(html)
    view.wait(view="neuron", layer=2)
    assert view.chosen_heads() == [3]
    assert shown_tokens(view, "key") == ["[CLS]", "the", "caf", "é", "[SEP]"]
    assert displayed == []


@pytest.mark.browser
def test_a_notebook_shows_it_in_a_frame_of_its_own(browser, tmp_path):
    words = ["<b>", '"&quot;', "</iframe>", "c"]
    page_of_view = head_view(attentions(queries=4), words, html_action="return")
    output = tmp_path / "output.html"
    output.write_text(f"<!doctype html><meta charset=utf-8>{page_of_view._repr_html_()}", "utf-8")
    page = browser.new_page()
    page.set_default_timeout(MILLISECONDS)
    complaints = Complaints(page)
    page.goto(output.as_uri())
    inside = page.frame_locator("iframe")
    inside.locator('.attnwidget[data-state="ready"]').wait_for()
    shown = inside.locator('[data-side="query"][data-index]').all_inner_texts()
    assert [text.strip() for text in shown] == words
    assert complaints.list == []
    page.close()


def test_the_frame_holds_the_page_and_nothing_else():
    class Frames(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.tags: list[tuple[str, dict[str, str | None]]] = []

        def handle_starttag(self, tag, attrs):
            self.tags.append((tag, dict(attrs)))

    page = head_view(attentions(), WORDS, html_action="return")
    frames = Frames()
    frames.feed(page._repr_html_())
    ((tag, attributes),) = frames.tags
    assert tag == "iframe"
    assert attributes["sandbox"] == "allow-scripts"
    assert attributes["srcdoc"] == page.data


def test_the_widget_is_closed_whether_a_page_came_of_it_or_not(monkeypatch):
    closed: list[AttentionWidget] = []
    monkeypatch.setattr(AttentionWidget, "close", lambda widget: closed.append(widget))
    assert head_view(attentions(), WORDS, html_action="return").data
    assert len(closed) == 1

    def no_page(_widget, title):
        raise OSError("no room")

    monkeypatch.setattr(AttentionWidget, "to_html", no_page)
    with pytest.raises(OSError, match="no room"):
        head_view(attentions(), WORDS, html_action="return")
    assert len(closed) == 2
