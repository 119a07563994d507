"""Links between files of the repository, as GitHub follows them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.cells import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)|(?:src|srcset)=\"(?P<source>[^\"]+)\"")
CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6} (?P<text>.+)$", re.MULTILINE)


def slugs(page: Path) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a page."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    kept = (re.sub(r"[^\w\- ]", "", found["text"].lower()) for found in HEADING.finditer(text))
    return {each.strip().replace(" ", "-") for each in kept}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_to_a_file_and_a_heading(page):
    for found in LINK.finditer(CODE.sub("", page.read_text(encoding="utf-8"))):
        target = found["target"] or found["source"]
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        assert file.is_relative_to(ROOT), target
        if anchor:
            assert anchor in slugs(file), target


def test_the_first_page_names_every_notebook():
    text = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    for notebook in ROOT.glob("notebooks/*.ipynb"):
        assert f"(../notebooks/{notebook.name})" in text


def test_there_are_links():
    assert len(LINK.findall((ROOT / "README.md").read_text(encoding="utf-8"))) > 20
