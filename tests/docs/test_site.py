"""The built site: complete, whole, and sufficient unto itself."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import attnwidget as aw
from attnwidget.widget.selection import Selection
from scripts.docs.widgets import WIDGETS
from tests.docs.html import page, urls


def own(kind: type) -> list[str]:
    """Return the public methods and properties of a dataclass."""
    fields = {field.name for field in dataclasses.fields(kind)}
    return [name for name in vars(kind) if not name.startswith("_") and name not in fields]


PUBLIC = [
    *(
        f"attnwidget.{name}"
        for name in aw.__all__
        if name not in ("__version__", "bertviz", "plot")
    ),
    *(f"attnwidget.plot.{name}" for name in aw.plot.__all__),
    *(f"attnwidget.bertviz.{name}" for name in ("head_view", "model_view", "neuron_view.show")),
    *(f"attnwidget.Trace.{name}" for name in own(aw.Trace)),
    *(f"attnwidget.Stream.{name}" for name in own(aw.Stream) if name != "tensors"),
    *(f"attnwidget.AttentionWidget.{name}" for name in ("scores", "to_html", "to_svg", "to_png")),
]


def written(site: Path, suffix: str) -> list[Path]:
    """Return the files of the site that are its own, without the widgets' pages."""
    return [path for path in site.rglob(f"*{suffix}") if "_live" not in path.parts]


def is_outside(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme not in ("", "data") or bool(parts.netloc)


def test_nothing_is_loaded_from_elsewhere(site):
    pages = written(site, ".html")
    assert len(pages) > 40
    for path in pages:
        assert [url for url in page(path).loaded if is_outside(url)] == [], path
    sheets = written(site, ".css")
    assert sheets
    for path in sheets:
        assert [url for url in urls(path.read_text(encoding="utf-8")) if is_outside(url)] == []


def test_every_link_leads_somewhere(site):
    lost = []
    for path in written(site, ".html"):
        for url in [*page(path).links, *page(path).loaded]:
            parts = urlsplit(url)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.is_file():
                lost.append(f"{path.relative_to(site)}: {url}")
            elif target.suffix == ".html" and parts.fragment:
                anchor = unquote(parts.fragment)
                if anchor != "top" and anchor not in page(target).anchors:
                    lost.append(f"{path.relative_to(site)}: {url}")
    assert lost == []


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_in_the_reference(name, site):
    found = [
        path.stem for path in (site / "reference").glob("*.html") if name in page(path).anchors
    ]
    assert len(found) == 1


def test_every_trait_is_in_the_reference(site):
    text = (site / "reference/widget.html").read_text(encoding="utf-8")
    for name in Selection.class_trait_names(sync=True):
        assert f'<span class="pre">{name}</span>' in text


@pytest.mark.parametrize("name", WIDGETS)
def test_every_widget_is_embedded(name, site):
    frames = [
        frame
        for path in written(site, ".html")
        for frame in page(path).frames
        if Path(frame["src"] or "").stem == name
    ]
    assert frames
    for frame in frames:
        assert frame["title"]
        assert frame["sandbox"] == "allow-scripts"
        assert frame["loading"] == "lazy"
    assert 50_000 < (site / "_live" / f"{name}.html").stat().st_size < 1_000_000


def test_formulas_are_drawn_without_a_script(site):
    text = (site / "reference/analysis.html").read_text(encoding="utf-8")
    assert text.count("<math") >= 8
    assert "MathJax" not in text
