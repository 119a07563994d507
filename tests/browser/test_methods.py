"""Methods are chosen in the page, say what they show, tell their progress and can be stopped."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest

import attnwidget as aw
from attnwidget.methods.registry import METHODS
from attnwidget.trace import Trace

from .conftest import Open
from .pages import View

FUSED = ["rollout", "relevance", "max_flow"]


@pytest.fixture(scope="module")
def induction() -> Trace:
    """A language model in the box: it predicts tokens, so gradients have targets."""
    return aw.demo("induction")


@contextmanager
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Let max-flow report three of twelve steps and then wait for the event, or for its end."""
    go_on = threading.Event()
    original = METHODS["max_flow"]

    def matrix(trace, scores, progress):
        while not go_on.wait(0.02):
            if callable(progress):
                progress(3, 12)
        return original.matrix(trace, scores, progress)

    with monkeypatch.context() as patch:
        patch.setitem(METHODS, "max_flow", replace(original, matrix=matrix))
        try:
            yield go_on
        finally:
            go_on.set()


def inspector(view: View) -> str:
    return view.root.get_by_role("complementary", name="Inspector").inner_text()


def options(view: View) -> dict[str, bool]:
    """Return the methods on offer and whether each can be chosen."""
    listed = (
        view.control("method")
        .locator("option")
        .evaluate_all("(all) => all.map((option) => [option.value, !option.disabled])")
    )
    return dict(listed)


def test_every_method_of_a_captured_model_can_be_chosen(open_widgets: Open, induction) -> None:
    widget = aw.AttentionWidget(induction)
    page = open_widgets(widget)
    view = page.view()
    assert options(view) == dict.fromkeys(METHODS, True)
    for method in METHODS:
        view.choose("method", method)
        view.wait(method=method)
        page.wait_until(lambda method=method: widget.method == method)
        assert view.alert.count() == 0


def test_arrays_have_no_gradients_and_values_and_the_list_says_so(
    open_widgets: Open, small
) -> None:
    view = open_widgets(aw.AttentionWidget(small)).view()
    closed = [method for method, is_open in options(view).items() if not is_open]
    assert closed == [
        *("gradient_flow", "relevance", "value_norm", "written"),
        *("alti", "mean_alti", "effects", "contributions", "knockout"),
    ]
    listed = view.control("method").inner_text()
    assert "relevance (needs the model)" in listed
    assert "effects (needs the model)" in listed
    assert "value norm (needs value vectors)" in listed


@pytest.mark.parametrize("method", FUSED)
def test_what_has_no_picture_per_head_says_so(open_widgets: Open, induction, method: str) -> None:
    widget = aw.AttentionWidget(induction, layer=1, heads=[1], method=method)
    page = open_widgets(widget)
    view = page.view()
    assert "has no picture per head: all heads fused" in view.root.inner_text()
    assert view.chip(0).is_disabled()
    assert view.chosen_heads() == []
    assert "layers 0 to 1 together, all 4 heads" in inspector(view)
    assert widget.heads == [1]
    view.choose("method", "attention")
    view.wait(method="attention")
    assert view.chosen_heads() == [1]


def test_the_model_view_has_one_thumbnail_for_each_layer(open_widgets: Open, small) -> None:
    widget = aw.AttentionWidget(small, view="model", method="rollout")
    page = open_widgets(widget)
    view = page.view()
    thumbnails = view.root.locator("[data-layer][data-head]")
    assert thumbnails.count() == 4
    label = thumbnails.nth(2).get_attribute("aria-label")
    assert label == "layers 0 to 2 together, all heads fused"
    thumbnails.nth(2).click()
    view.wait(layer=2)
    view.token("query", 3).wait_for()
    page.wait_until(lambda: (widget.layer, widget.heads) == (2, None))


def test_the_inspector_lists_the_rollout(open_widgets: Open, small) -> None:
    widget = aw.AttentionWidget(small, layer=3, method="rollout", discard_ratio=0.5)
    page = open_widgets(widget)
    view = page.view()
    view.token("query", 5).click()
    row = aw.rollout(small, discard_ratio=0.5)[5]
    strongest = int(row.argmax())
    first = view.root.locator(".aw-shares li").first
    first.filter(has_text=f"t{strongest}").wait_for()
    assert float(first.locator(".aw-number").last.inner_text()) == pytest.approx(
        float(row[strongest]), abs=1e-3
    )


def test_the_discard_ratio_is_a_slider_where_rollout_is_shown(open_widgets: Open, small) -> None:
    widget = aw.AttentionWidget(small)
    page = open_widgets(widget)
    view = page.view()
    assert view.control("discard_ratio").count() == 0
    view.choose("method", "rollout")
    view.control("discard_ratio").fill("0.9")
    page.wait_until(lambda: widget.discard_ratio == 0.9)
    view.wait(method="rollout")
    assert "90 %" in view.root.inner_text()


def test_the_target_is_chosen_from_the_predictions(open_widgets: Open, induction) -> None:
    widget = aw.AttentionWidget(induction, layer=1, method="gradient_flow")
    page = open_widgets(widget)
    view = page.view()
    predicted = induction.predictions(top=3)
    view.root.get_by_role("button", name=f"Target ‘{predicted.entries[0].text}’").click()
    second = predicted.entries[1].index
    view.root.locator(f'[name="target_index"][value="{second}"]').click()
    page.wait_until(
        lambda: widget.target == {"kind": "logit", "position": predicted.position, "index": second}
    )
    view.choose("target_kind", "log_prob")
    page.wait_until(lambda: widget.target["kind"] == "log_prob")
    view.wait(method="gradient_flow")
    view.control("default_target").click()
    page.wait_until(lambda: widget.target is None)
    view.page.keyboard.press("Escape")
    assert view.control("target_index").count() == 0


def test_the_position_is_chosen_by_a_click_in_the_picture(open_widgets: Open, induction) -> None:
    widget = aw.AttentionWidget(induction, layer=1, method="relevance")
    page = open_widgets(widget)
    view = page.view()
    view.root.get_by_role("button", name="Target ‘").click()
    view.control("pick_target").click()
    view.token("query", 5).click()
    page.wait_until(lambda: widget.target == {"kind": "logit", "position": 5, "index": None})
    assert widget.tokens_selected == []
    view.token("query", 5).click()  # the next click pins again
    page.wait_until(lambda: widget.tokens_selected == [{"side": "query", "index": 5}])


def test_a_model_without_a_head_has_hidden_states_for_targets(open_widgets: Open, decoder) -> None:
    widget = aw.AttentionWidget(decoder, method="gradient_flow")
    page = open_widgets(widget)
    view = page.view()
    view.root.get_by_role("button", name="hidden states of all tokens").click()
    assert view.control("target_index").count() == 0
    view.control("target_position").select_option("4")
    page.wait_until(lambda: widget.target == {"kind": "hidden", "position": 4, "index": None})


def test_progress_is_shown_and_holds_up_nothing_else(
    open_widgets: Open, small, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_widgets(aw.AttentionWidget(small))
    view = page.view()
    with held(monkeypatch) as go_on:
        view.choose("method", "max_flow")
        bar = view.root.get_by_role("progressbar", name="max-flow")
        bar.wait_for()
        page.wait_until(lambda: bar.get_attribute("value") == "3")
        assert bar.get_attribute("max") == "12"
        view.choose("method", "attention")
        view.wait(method="attention")
        view.choose("method", "max_flow")
        page.wait_until(lambda: view.data("state") == "busy")
        go_on.set()
        view.wait(method="max_flow")
    assert view.root.get_by_role("progressbar").count() == 0


def test_what_takes_long_can_be_stopped_and_asked_for_again(
    open_widgets: Open, small, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_widgets(aw.AttentionWidget(small))
    view = page.view()
    with held(monkeypatch) as go_on:
        view.choose("method", "max_flow")
        view.control("cancel").click()
        view.root.get_by_text("was cancelled").wait_for()
        assert view.alert.count() == 0
        assert view.control("cancel").count() == 0
        # The page shows it at once; the message is on its way then.
        page.wait_until(
            lambda: any(
                message.get("content", {}).get("type") == "cancel"
                for message in list(page.kernel.received)
            )
        )
        go_on.set()
        view.root.get_by_role("button", name="Retry").click()
        view.wait(method="max_flow")
    view.root.get_by_text(re.compile("showing 80 % of each row")).wait_for()
    assert "cancelled" not in view.root.inner_text()


def test_the_matrix_is_described_in_figures(open_widgets: Open, small) -> None:
    page = open_widgets(aw.AttentionWidget(small, layer=2, heads=[1]))
    view = page.view()

    def figures(name: str) -> str:
        return view.root.locator("dl > div").filter(has_text=name).locator("dd").inner_text()

    known = aw.statistics(small.attention(2, [1])[0])
    page.wait_until(lambda: figures("pattern") != "…")
    assert figures("pattern") == "first token (bos)"
    assert aw.pattern(small.attention(2, [1])[0]) == "bos"
    assert float(figures("Gini")) == pytest.approx(known["gini"], abs=1e-3)
    assert float(figures("largest value")) == pytest.approx(known["max"], abs=1e-3)
    view.chip(3).hover()
    other = aw.statistics(small.attention(2, [3])[0])["gini"]

    def gini() -> float | None:
        said = figures("Gini")
        return None if said == "…" else float(said)

    page.wait_until(lambda: gini() == pytest.approx(other, abs=1e-3))


def test_thumbnails_are_coloured_by_importance(open_widgets: Open, small) -> None:
    importance = np.linspace(0, 1.5, 16).reshape(4, 4)
    page = open_widgets(aw.AttentionWidget(small, view="model", head_importance=importance))
    view = page.view()
    legend = view.root.get_by_text("importance 0")
    legend.wait_for()
    assert "1.50" in legend.inner_text()
    label = view.root.locator('[data-layer="3"][data-head="3"]').get_attribute("aria-label")
    assert "importance 1.50" in label
    coloured = view.root.locator(".aw-layer canvas").nth(3).screenshot()
    view.root.get_by_role("button", name="Weight").click()
    view.settle()
    assert legend.count() == 0
    assert view.root.locator(".aw-layer canvas").nth(3).screenshot() != coloured


def test_the_first_token_is_skipped_where_it_says_so(open_widgets: Open, induction: Trace) -> None:
    widget = aw.AttentionWidget(induction, "matrix", method="rollout", layer=1)
    page = open_widgets(widget)
    view = page.view()
    view.control("skip_first").check()
    page.wait_until(lambda: widget.skip_first)
    view.settle()
    expected = aw.rollout(induction, skip_first=True)
    assert bool((widget.scores() - expected).abs().max() < 1e-5)
    assert float(expected[1:, 0].max()) == 0
    view.control("receptive_field").check()
    page.wait_until(lambda: widget.receptive_field)
    view.settle()
    assert view.alert.count() == 0
