"""Exported pages of every view, opened from the disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from selenium.webdriver.remote.webdriver import WebDriver

import attnwidget as aw
from tests.browser.models import random_decoder

from .page import WidgetPage, wait_in


@pytest.mark.parametrize("view", ["head", "model", "neuron", "matrix", "trace"])
def test_a_page_draws_and_reacts(engine: WebDriver, tmp_path: Path, view: str) -> None:
    path = tmp_path / f"{view}.html"
    path.write_text(aw.AttentionWidget(random_decoder(), view=view).to_html(), encoding="utf-8")
    engine.get(path.as_uri())
    page = WidgetPage(engine)
    page.wait(view=view, layer=0)
    wait_in(page.is_drawn)
    assert page.all(".attnwidget [role=alert]") == []

    if view == "model":
        page.click('[data-layer="0"][data-head="1"]')
    wait_in(page.tokens)
    token = '[data-level="2"][data-index="3"]' if view == "trace" else '[data-index="3"]'
    wait_in(lambda: page.all(f".attnwidget {token}"))
    page.click(token)
    wait_in(lambda: page.is_pressed(token))

    if view != "trace":  # which goes through all layers
        before = page.drawing()
        page.choose("layer", "1")
        page.wait(view=view, layer=1)
        wait_in(lambda: page.drawing() != before)
    assert page.requests() == []
    assert page.all(".attnwidget [role=alert]") == []
