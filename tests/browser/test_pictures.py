"""The view is saved as a picture from its button."""

import struct
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import attnwidget as aw
from attnwidget.trace import Trace

from .conftest import Open
from .pages import Opened


@pytest.fixture
def saved(open_widgets: Open, small: Trace, tmp_path: Path):
    def save(view: str, format: str) -> tuple[Opened, Path]:
        opened = open_widgets(aw.AttentionWidget(small, view))
        opened.view().wait(view=view)
        opened.view().root.get_by_role("button", name="Save").click()
        with opened.page.expect_download() as download:
            opened.view().root.get_by_role("button", name=format, exact=True).click()
        assert download.value.suggested_filename == f"attention-{view}.{format.lower()}"
        place = tmp_path / "picture"
        download.value.save_as(place)
        return opened, place

    return save


def test_an_svg_is_what_python_draws(saved, small: Trace) -> None:
    _, place = saved("matrix", "SVG")
    assert place.read_text(encoding="utf-8") == aw.AttentionWidget(small, "matrix").to_svg()


def test_a_png_is_three_times_as_large(saved, small: Trace) -> None:
    _, place = saved("head", "PNG")
    svg = ET.fromstring(aw.AttentionWidget(small).to_svg())
    data = place.read_bytes()
    assert data.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", data[16:24])
    assert width == pytest.approx(3 * float(svg.get("width", 0)), abs=3)
    assert height == pytest.approx(3 * float(svg.get("height", 0)), abs=3)


def test_a_view_without_a_picture_says_so(open_widgets: Open, decoder: Trace) -> None:
    opened = open_widgets(aw.AttentionWidget(decoder, "neuron"))
    view = opened.view()
    view.wait(view="neuron")
    view.root.get_by_role("button", name="Save").click()
    view.root.get_by_role("button", name="SVG", exact=True).click()
    note = view.root.locator(".aw-popover [role=status]")
    opened.wait_until(lambda: "has no picture" in (note.text_content() or ""))
