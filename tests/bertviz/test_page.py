"""``html_action="return"`` gives a page for a file, which a notebook can show too."""

from html.parser import HTMLParser

import pytest

from attnwidget import AttentionWidget
from attnwidget.bertviz import head_view, model_view, neuron_view
from tests.bertviz.arrays import WORDS, attentions
from tests.bertviz.test_neuron_view import bert
from tests.browser.chromium import Complaints
from tests.capture.small_tokenizers import word_piece


@pytest.mark.parametrize(
    ("view", "make"),
    [
        ("head", lambda: head_view(attentions(), WORDS, html_action="return")),
        ("model", lambda: model_view(attentions(), WORDS, html_action="return")),
        (
            "neuron",
            lambda: neuron_view.show(bert(), "bert", word_piece(), "the", html_action="return"),
        ),
    ],
)
@pytest.mark.browser
def test_the_file_opens_where_the_view_would(browser, displayed, tmp_path, view, make):
    path = tmp_path / "page.html"
    path.write_text(make().data, encoding="utf-8")
    page = browser.new_page()
    complaints = Complaints(page)
    page.goto(path.as_uri())
    page.locator(f'.attnwidget[data-view="{view}"][data-state="ready"]').wait_for()
    assert complaints.list == []
    assert displayed == []
    page.close()


@pytest.mark.browser
def test_a_notebook_shows_it_in_a_frame_of_its_own(browser, tmp_path):
    words = ["<b>", '"&quot;', "</iframe>", "c"]
    page_of_view = head_view(attentions(queries=4), words, html_action="return")
    output = tmp_path / "output.html"
    output.write_text(f"<!doctype html><meta charset=utf-8>{page_of_view._repr_html_()}", "utf-8")
    page = browser.new_page()
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

    def no_page(_widget):
        raise OSError("no room")

    monkeypatch.setattr(AttentionWidget, "to_html", no_page)
    with pytest.raises(OSError, match="no room"):
        head_view(attentions(), WORDS, html_action="return")
    assert len(closed) == 2
