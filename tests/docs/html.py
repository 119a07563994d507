"""What the pages of a site refer to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

LOADED = {
    ("script", "src"),
    ("link", "href"),
    ("img", "src"),
    ("img", "srcset"),
    ("source", "src"),
    ("source", "srcset"),
    ("iframe", "src"),
    ("object", "data"),
    ("embed", "src"),
    ("video", "src"),
    ("audio", "src"),
    ("form", "action"),
}
URL = re.compile(r"url\(\s*['\"]?(?P<url>[^'\")]+)|@import\s+['\"](?P<imported>[^'\"]+)")


@dataclass
class Page(HTMLParser):
    """One page: what a browser loads with it, where its links lead, what can be linked to."""

    path: Path
    loaded: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    frames: list[dict[str, str | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "iframe":
            self.frames.append(dict(attrs))
        for name, value in attrs:
            if not value:
                continue
            if (tag, name) in LOADED:
                self.loaded.append(value)
            if (tag, name) == ("a", "href"):
                self.links.append(value)
            if name == "id":
                self.anchors.add(value)
            if name == "style":
                self.loaded += urls(value)


def urls(style: str) -> list[str]:
    """Return what a style sheet loads."""
    return [match["url"] or match["imported"] for match in URL.finditer(style)]


@cache
def page(path: Path) -> Page:
    return Page(path)
