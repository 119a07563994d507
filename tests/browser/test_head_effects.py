"""Heads coloured by what the target loses without them: estimates, runs, and a file of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import attnwidget as aw
from attnwidget.trace import Trace

from .conftest import Open, OpenFile

if TYPE_CHECKING:
    from .pages import View


@pytest.fixture(scope="module")
def induction() -> Trace:
    return aw.demo("induction")


def legend(view: View) -> str:
    return view.root.locator(".aw-model-bar .aw-legend").inner_text()


def named(view: View, layer: int, head: int) -> str:
    thumbnail = view.root.locator(f'[data-layer="{layer}"][data-head="{head}"]')
    return thumbnail.get_attribute("aria-label") or ""


def strongest(trace: Trace, *, exact: bool) -> str:
    effects = aw.knockout_effects(trace, "head", exact=exact, progress=False)
    return f"{float(effects.abs().max()):.3g}"


def test_estimates_come_first_and_runs_when_they_are_asked_for(
    open_widgets: Open, induction: Trace
) -> None:
    widget = aw.AttentionWidget(induction, "model")
    page = open_widgets(widget)
    view = page.view()
    assert view.root.locator('[name="exact_effect"]').count() == 0
    view.root.get_by_role("button", name="Effect of each head").click()
    page.wait_until(lambda: widget.head_colors == "effect")
    page.wait_until(lambda: "(estimate)" in named(view, 1, 3))
    assert f"falls by {strongest(induction, exact=False)}" in legend(view)
    button = view.root.locator('[name="exact_effect"]')
    assert button.inner_text() == f"Compute exactly: {aw.runs_of(induction, 'head')} runs"
    button.click()
    page.wait_until(lambda: widget.head_colors == "exact_effect")
    page.wait_until(lambda: "(exact)" in named(view, 1, 3))
    assert f"falls by {strongest(induction, exact=True)}" in legend(view)
    view.settle()
    widget.method = "effects"
    page.wait_until(lambda: "effects of heads are not shown" in legend(view))


def test_another_target_has_other_effects(open_widgets: Open, induction: Trace) -> None:
    widget = aw.AttentionWidget(induction, "model", head_colors="effect")
    page = open_widgets(widget)
    view = page.view()
    page.wait_until(lambda: strongest(induction, exact=False) in legend(view))
    widget.target = ("log_prob", 5, 3)
    expected = strongest(induction.with_target(("log_prob", 5, 3)), exact=False)
    page.wait_until(lambda: expected in legend(view))
    assert view.root.locator('button[title="The output that gradients are taken of"]').count() == 1
    widget.head_colors = "weight"
    view.root.locator('button[title="The output that gradients are taken of"]').wait_for(
        state="detached"
    )


def test_a_file_shows_both(open_file: OpenFile, induction: Trace) -> None:
    widget = aw.AttentionWidget(induction, "model", head_colors="exact_effect")
    view = open_file(widget.to_html())
    assert strongest(induction, exact=True) in legend(view)
    view.root.locator('[name="estimated_effect"]').click()
    view.root.locator('[name="exact_effect"]', has_text="Show exact effects").wait_for()
    assert strongest(induction, exact=False) in legend(view)
