"""The page is one file that runs its own script and nothing else, written in one go."""

import base64
import hashlib
from html.parser import HTMLParser
from pathlib import Path

import pytest

import attnwidget as aw
from attnwidget.export import write
from tests.browser.models import hostile_trace, random_trace


class Page(HTMLParser):
    """Its scripts, styles, addresses and Content-Security-Policy."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: dict[str, list[str]] = {}
        self.addresses: list[str] = []
        self.policy: dict[str, str] = {}
        self._within = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = dict(attributes)
        self._within = f"{tag} {named.get('type', '')}".strip()
        self.addresses += [value for name, value in attributes if name in ("src", "href") and value]
        if named.get("http-equiv") == "Content-Security-Policy":
            for rule in (named["content"] or "").split(";"):
                name, _, value = rule.strip().partition(" ")
                self.policy[name] = value

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        self.texts.setdefault(self._within, []).append(data)


@pytest.fixture(scope="module")
def html() -> str:
    return aw.AttentionWidget(random_trace(8)).to_html(title="A title")


def digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_policy_names_the_one_script_and_the_one_stylesheet(html: str) -> None:
    page = Page(html)
    (script,), (style,) = page.texts["script"], page.texts["style"]
    assert page.policy["script-src"] == digest(script)
    assert page.policy["style-src"] == digest(style)
    assert page.policy["default-src"] == "'none'"
    assert page.policy["base-uri"] == page.policy["form-action"] == "'none'"
    assert "connect-src" not in page.policy  # default-src speaks for it
    assert page.addresses == []
    assert set(page.texts) >= {"script application/octet-stream", "title"}
    assert page.texts["title"] == ["A title"]


def test_hostile_tokens_leave_the_markup_as_it_is(html: str) -> None:
    hostile = aw.AttentionWidget(hostile_trace()).to_html()
    assert {name: len(texts) for name, texts in Page(hostile).texts.items() if name} == {
        name: len(texts) for name, texts in Page(html).texts.items() if name
    }
    assert not set(hostile) & set("\x00\u2028\u2029\u202e")


def test_it_is_written_where_it_is_asked_for(tmp_path: Path) -> None:
    target = tmp_path / "attention.html"
    assert aw.AttentionWidget(random_trace(8)).to_html(target) == str(target)
    assert target.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert [path.name for path in tmp_path.iterdir()] == ["attention.html"]


def test_an_interrupted_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "attention.html"
    target.write_text("the old one")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(write.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        aw.AttentionWidget(random_trace(8)).to_html(target)
    assert target.read_text() == "the old one"
    assert [path.name for path in tmp_path.iterdir()] == ["attention.html"]


def test_an_interrupted_computation_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    widget = aw.AttentionWidget(random_trace(8))

    def interrupted(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("attnwidget.frames.files.parts.scores_frame", interrupted)
    with pytest.raises(KeyboardInterrupt):
        widget.to_html(tmp_path / "attention.html")
    assert list(tmp_path.iterdir()) == []
