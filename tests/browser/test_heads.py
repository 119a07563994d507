"""Head chips: click toggles, double-click shows alone, hover previews."""

import attnwidget as aw

from .conftest import Open


def test_a_click_adds_and_removes_a_head(open_widgets: Open, small) -> None:
    widget = aw.AttentionWidget(small, heads=[0])
    page = open_widgets(widget)
    view = page.view()
    view.chip(2).click()
    page.wait_until(lambda: widget.heads == [0, 2])
    assert view.chosen_heads() == [0, 2]
    page.page.wait_for_timeout(600)  # longer than a double-click takes
    view.chip(0).click()
    page.wait_until(lambda: widget.heads == [2])
    assert view.chosen_heads() == [2]


def test_a_double_click_shows_a_head_alone_and_again_all(open_widgets: Open, small) -> None:
    widget = aw.AttentionWidget(small, heads=[0, 1, 3])
    page = open_widgets(widget)
    view = page.view()
    view.chip(3).dblclick()
    page.wait_until(lambda: widget.heads == [3])
    page.page.wait_for_timeout(600)
    view.chip(3).dblclick()
    page.wait_until(lambda: widget.heads == [0, 1, 2, 3])
    assert view.chosen_heads() == [0, 1, 2, 3]


def test_removing_the_last_head_fuses_all(open_widgets: Open, small) -> None:
    widget = aw.AttentionWidget(small, heads=[1])
    page = open_widgets(widget)
    page.view().chip(1).click()
    page.wait_until(lambda: widget.heads is None)


def test_hovering_a_chip_previews_and_changes_nothing(open_widgets: Open, small) -> None:
    widget = aw.AttentionWidget(small)
    page = open_widgets(widget)
    view = page.view()
    canvas = view.root.locator("canvas").first
    page.rest()
    before = canvas.screenshot()
    view.chip(2).hover()
    page.wait_until(lambda: canvas.screenshot() != before)
    page.page.mouse.move(1, 1)
    page.wait_until(lambda: canvas.screenshot() == before)
    assert widget.heads is None
    assert view.chosen_heads() == []


def test_sixteen_heads_have_sixteen_colours(open_widgets: Open) -> None:
    from .models import random_trace

    trace = random_trace(6, layers=1, heads=16)
    widget = aw.AttentionWidget(trace, heads=list(range(16)))
    view = open_widgets(widget).view()
    colours = view.root.evaluate(
        """(root) => [...root.querySelectorAll("[data-head]:not([data-layer])")].map((chip) =>
            getComputedStyle(chip.querySelector("svg path")).stroke)"""
    )
    assert len(colours) == 16
    assert len(set(colours)) == 16
