"""The view is saved as a picture from its button, and Python's PNG is what a browser draws."""

import base64
import struct
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from playwright.sync_api import Browser

import attnwidget as aw
from attnwidget.trace import Trace
from attnwidget.views import VIEWS
from tests.wait import MILLISECONDS

from .conftest import Open
from .pages import Opened

COMPARE = """async (pictures) => {
    const pixels = [];
    for (const source of pictures) {
        const image = new Image();
        image.src = source;
        await image.decode();
        const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
        const context = canvas.getContext("2d");
        context.drawImage(image, 0, 0);
        pixels.push(context.getImageData(0, 0, canvas.width, canvas.height));
    }
    const [one, other] = pixels;
    let sum = 0;
    let apart = 0;
    for (let at = 0; at < one.data.length; at++) {
        const difference = Math.abs(one.data[at] - other.data[at]);
        sum += difference;
        if (difference > 96) apart++;
    }
    const count = one.data.length;
    return [one.width, one.height, other.width, other.height, sum / count, apart / count];
}"""
"""Sizes of two pictures, mean difference of their bytes, share of bytes that are far apart."""


@pytest.fixture
def saved(open_widgets: Open, decoder: Trace, tmp_path: Path):
    def save(view: str, format: str, paper: str = "light") -> tuple[Opened, Path]:
        opened = open_widgets(aw.AttentionWidget(decoder, view))
        root = opened.view().root
        opened.view().wait(view=view)
        root.get_by_role("button", name="Save").click()
        box = root.locator(".aw-popover").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        root.locator(f'[name="paper"][value="{paper}"]').check()
        with opened.page.expect_download() as download:
            root.get_by_role("button", name=format, exact=True).click()
        assert download.value.suggested_filename == f"attention-{view}.{format.lower()}"
        place = tmp_path / "picture"
        download.value.save_as(place)
        return opened, place

    return save


@pytest.mark.parametrize(("view", "paper"), [("matrix", "light"), ("neuron", "dark")])
def test_an_svg_is_what_python_draws(saved, decoder: Trace, view: str, paper: str) -> None:
    _, place = saved(view, "SVG", paper)
    drawn = aw.AttentionWidget(decoder, view).to_svg(theme=paper)
    assert place.read_text(encoding="utf-8") == drawn


def test_a_png_is_three_times_as_large(saved, decoder: Trace) -> None:
    _, place = saved("head", "PNG")
    svg = ET.fromstring(aw.AttentionWidget(decoder).to_svg())
    data = place.read_bytes()
    assert data.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", data[16:24])
    assert width == 3 * float(svg.get("width", 0))
    assert height == 3 * float(svg.get("height", 0))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_a_png_of_python_looks_as_a_browser_draws_it(
    browser: Browser, decoder: Trace, view: str, theme: str
) -> None:
    widget = aw.AttentionWidget(decoder, view)
    svg = widget.to_svg(theme=theme).encode()
    pictures = [
        f"data:{kind};base64,{base64.b64encode(data).decode()}"
        for kind, data in (
            ("image/svg+xml", svg),
            ("image/png", widget.to_png(theme=theme, scale=1)),
        )
    ]
    page = browser.new_page()
    page.set_default_timeout(MILLISECONDS)
    try:
        width, height, *size, mean, apart = page.evaluate(COMPARE, pictures)
    finally:
        page.close()
    assert size == [width, height]
    # Measured: 0.4 to 1.5 and at most 0.004; without its text, 1.7 to 3.4 and at least 0.008.
    assert mean < 2
    assert apart < 0.006
