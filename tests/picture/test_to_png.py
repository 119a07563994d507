"""A PNG is the SVG in pixels, and what cannot be is refused."""

import re
import struct
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import attnwidget as aw
from attnwidget.picture import png
from attnwidget.widget import exports
from attnwidget.widget.to_svg import to_svg
from tests.browser.models import random_trace

WITHOUT_FONTS = {"skip_system_fonts": True}


def size_of(picture: bytes) -> tuple[int, ...]:
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", picture[16:24])


@pytest.fixture
def widget() -> aw.AttentionWidget:
    return aw.AttentionWidget(random_trace(6))


@pytest.mark.parametrize("scale", [0.5, 1, 2, 3])
def test_it_has_the_size_of_the_svg(widget: aw.AttentionWidget, scale: float) -> None:
    svg = ET.fromstring(widget.to_svg())
    expected = [scale * float(svg.get(side, 0)) for side in ("width", "height")]
    assert size_of(widget.to_png(scale=scale)) == pytest.approx(expected, abs=1)


def test_it_is_written_in_one_go(widget: aw.AttentionWidget, tmp_path: Path) -> None:
    place = tmp_path / "head.png"
    assert widget.to_png(place) == str(place)
    assert place.read_bytes() == widget.to_png()
    assert list(tmp_path.iterdir()) == [place]
    with pytest.raises(IsADirectoryError, match=r"attention\.png"):
        widget.to_png(tmp_path)


def test_dark_paper_is_dark(widget: aw.AttentionWidget) -> None:
    assert widget.to_png(theme="dark") != widget.to_png(theme="light")
    with pytest.raises(ValueError, match="light, dark"):
        widget.to_png(theme="sepia")


@pytest.mark.parametrize("scale", [0, -1, float("nan"), float("inf"), "2", None, True])
def test_a_scale_is_a_positive_number(widget: aw.AttentionWidget, scale: Any) -> None:
    with pytest.raises(ValueError, match="scale must be a positive number"):
        widget.to_png(scale=scale)


def test_too_many_pixels_are_refused_with_what_is_possible(widget: aw.AttentionWidget) -> None:
    with pytest.raises(ValueError, match=r"64 million\. Pass scale=[\d.]+ or less") as caught:
        widget.to_png(scale=100)
    possible = float(str(caught.value).split("scale=")[1].split(" ")[0])
    width, height = size_of(widget.to_png(scale=1))
    assert 0.95 * png.MOST_PIXELS < possible**2 * width * height <= png.MOST_PIXELS
    with pytest.raises(ValueError, match="leaves no pixel"):
        widget.to_png(scale=1e-4)


def test_a_closed_widget_says_so(widget: aw.AttentionWidget) -> None:
    widget.close()
    with pytest.raises(ValueError, match="closed"):
        widget.to_png()


@pytest.fixture
def no_system_fonts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine without fonts, as a slim container is."""
    drawn = png.resvg_py.svg_to_bytes
    monkeypatch.setattr(
        png.resvg_py, "svg_to_bytes", lambda **given: drawn(**given, **WITHOUT_FONTS)
    )
    png._further_fonts.cache_clear()
    yield
    png._further_fonts.cache_clear()


@pytest.mark.usefixtures("no_system_fonts")
def test_text_without_fonts_of_the_system_is_written_in_one_of_matplotlib(
    widget: aw.AttentionWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("matplotlib")
    assert size_of(widget.to_png())
    assert png._further_fonts()
    png._further_fonts.cache_clear()
    monkeypatch.setattr(png, "find_spec", lambda _: None)
    with pytest.raises(RuntimeError, match=r"no font .* Install one"):
        widget.to_png()


def caption(widget: aw.AttentionWidget, room: float) -> str:
    svg = ET.fromstring(to_svg(widget.state, widget.workspace, None, "light", room=room))
    return svg.findtext("{http://www.w3.org/2000/svg}title") or ""


@pytest.mark.parametrize("view", ["head", "trace"])
def test_a_long_input_has_a_picture_that_says_what_it_leaves_out(
    view: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 150
    widget = aw.AttentionWidget(random_trace(count), view=view, coverage=0.2)
    monkeypatch.setattr(exports, "LONGEST_SIDE", 1500)
    width, height = size_of(widget.to_png(scale=1))
    assert 1000 < (height if view == "head" else width) <= 1500
    whole = ET.fromstring(widget.to_svg())
    assert float(whole.get("height" if view == "head" else "width", 0)) > 2000
    assert "left out" not in caption(widget, 10_000)
    said = caption(widget, 1500)
    found = re.search(r"left out: tokens (.*) of 150 · [\d,]+ (lines|edges) to them", said)
    assert found
    spans = [map(int, each.split(" to ")) for each in found[1].split(" and ")]
    hidden = {token for first, last in spans for token in range(first, last + 1)}
    drawn = ET.fromstring(to_svg(widget.state, widget.workspace, None, "light", room=1500))
    names = {each.text for each in drawn.iter("{http://www.w3.org/2000/svg}text")}
    shown = set(range(count)) - hidden
    assert {widget.trace.tokens[token] for token in shown} <= names
    assert not names & {widget.trace.tokens[token] for token in hidden}
    if view == "head":
        assert min(shown) == 0
        widget.tokens_selected = [{"side": "query", "index": 120}]
        assert "tokens 0 to " in caption(widget, 1500)
    else:
        traced = re.search(r"traced: \S+ \((\d+)\)", said)
        assert traced
        assert int(traced[1]) in shown
