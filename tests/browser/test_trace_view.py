"""The trace view: where a token's content came from, clicked through level by level."""

from __future__ import annotations

import re

import networkx as nx
import numpy as np
import pytest
from playwright.sync_api import Locator

import attnwidget as aw
from attnwidget.trace import Trace

from .conftest import Open
from .models import random_trace
from .pages import View

Chain = list[np.ndarray]


def layer_matrices(trace: Trace) -> Chain:
    """Heads fused by mean, the residual added, in float64, bottom to top."""
    matrices = []
    for layer in range(trace.num_layers):
        fused = trace.attention(layer).numpy().astype(np.float64).mean(0)
        matrices.append((fused + np.eye(len(fused))) / 2)
    return matrices


def product(matrices: Chain) -> np.ndarray:
    """The later layer stands on the left."""
    result = np.eye(len(matrices[0]))
    for matrix in matrices:
        result = matrix @ result
    return result


def node(view: View, level: int, index: int) -> Locator:
    return view.root.locator(f'[data-level="{level}"][data-index="{index}"]')


def listed(view: View) -> dict[int, float]:
    """Return the shares that the list beside the picture states, by token."""
    rows = view.root.locator(".aw-inspector li").all_inner_texts()
    shares = {}
    for row in rows:
        _text, index, share = row.split("\n")
        shares[int(index.split()[-1])] = float(share.rstrip(" %").lstrip("<> ")) / 100
    return shares


def pressed(view: View) -> list[tuple[int, int]]:
    nodes = view.root.locator('[data-level][aria-pressed="true"]')
    return [
        tuple(pair)
        for pair in nodes.evaluate_all(
            "(all) => all.map((n) => [Number(n.dataset.level), Number(n.dataset.index)])"
        )
    ]


def test_shares_at_the_inputs_are_that_row_of_the_rollout(open_widgets: Open, small: Trace) -> None:
    view = open_widgets(aw.AttentionWidget(small, view="trace")).view()
    expected = product(layer_matrices(small))[-1]
    shares = listed(view)
    assert len(shares) == 12
    for index, share in shares.items():
        assert share == pytest.approx(expected[index], rel=6e-3)
    assert list(shares.values()) == sorted(shares.values(), reverse=True)


def test_a_click_traces_another_token(open_widgets: Open, small: Trace) -> None:
    widget = aw.AttentionWidget(small, view="trace", method="rollout")
    page = open_widgets(widget)
    view = page.view()
    assert pressed(view) == [(4, 11)]
    node(view, 4, 3).click()
    page.wait_until(lambda: widget.trace_node == {"level": 4, "index": 3})
    view.settle()
    assert pressed(view) == [(4, 3)]
    expected = product(layer_matrices(small))[3]
    assert listed(view)[3] == pytest.approx(expected[3], rel=6e-3)
    view.page.keyboard.press("Escape")
    page.wait_until(lambda: widget.trace_node is None)


def test_a_click_below_goes_through_that_token_only(open_widgets: Open, small: Trace) -> None:
    widget = aw.AttentionWidget(small, view="trace", method="rollout")
    page = open_widgets(widget)
    view = page.view()
    canvas = view.root.locator(".aw-trace-levels canvas")
    before = canvas.screenshot()
    node(view, 2, 5).click()
    page.wait_until(lambda: widget.trace_via == {"level": 2, "index": 5})
    view.settle()
    assert canvas.screenshot() != before
    matrices = layer_matrices(small)
    through = product(matrices[2:])[-1, 5]
    assert f"{100 * through:.3g} %" in view.root.locator(".aw-trace-via").inner_text()
    # What is listed are parts of what goes through: the row of the node itself.
    expected = product(matrices[:2])[5]
    for index, share in listed(view).items():
        assert share == pytest.approx(expected[index], rel=6e-3, abs=6e-4)
    node(view, 2, 5).click()
    page.wait_until(lambda: widget.trace_via is None)


def test_escape_releases_one_thing_after_another(open_widgets: Open, small: Trace) -> None:
    widget = aw.AttentionWidget(
        small, view="trace", trace_node={"level": 4, "index": 7}, trace_via={"level": 1, "index": 0}
    )
    page = open_widgets(widget)
    node(page.view(), 4, 7).focus()
    page.page.keyboard.press("Escape")
    page.wait_until(lambda: widget.trace_via is None)
    assert widget.trace_node == {"level": 4, "index": 7}
    page.page.keyboard.press("Escape")
    page.wait_until(lambda: widget.trace_node is None)


def test_a_double_click_starts_at_a_token_below(open_widgets: Open, small: Trace) -> None:
    widget = aw.AttentionWidget(small, view="trace")
    page = open_widgets(widget)
    view = page.view()
    node(view, 2, 5).dblclick()
    page.wait_until(lambda: widget.trace_node == {"level": 2, "index": 5})
    page.wait_until(lambda: widget.trace_via is None)
    view.settle()
    expected = product(layer_matrices(small)[:2])[5]
    for index, share in listed(view).items():
        assert share == pytest.approx(expected[index], rel=6e-3, abs=6e-4)


def test_an_edge_tells_its_numbers(open_widgets: Open, small: Trace) -> None:
    view = open_widgets(aw.AttentionWidget(small, view="trace")).view()
    box = node(view, 3, 11).bounding_box()
    below = node(view, 2, 11).bounding_box()
    assert box
    assert below
    x = box["x"] + box["width"] / 2
    view.page.mouse.move(x, (box["y"] + below["y"] + below["height"]) / 2)
    tip = view.root.locator('[role="tooltip"]')
    text = tip.inner_text()
    matrices = layer_matrices(small)
    share = matrices[3][-1, -1] * matrices[2][-1, -1]
    assert "layer 1 → layer 2" in text
    assert re.search(r"t11 11\s*→\s*t11 11", text)
    assert f"share {share:.3g}" in text
    assert f"{100 * share:.3g} %" in text


def test_the_slider_draws_more_or_less(open_widgets: Open, small: Trace) -> None:
    widget = aw.AttentionWidget(small, view="trace")
    page = open_widgets(widget)
    view = page.view()

    def drawn() -> int:
        match = re.search(r"; ([\d,]+) of", view.root.locator(".aw-note").inner_text())
        assert match
        return int(match[1].replace(",", ""))

    at_first = drawn()
    view.control("trace_coverage").fill("0.4")
    page.wait_until(lambda: widget.coverage == 0.4)
    page.wait_until(lambda: drawn() < at_first)
    view.control("trace_coverage").fill("1")
    edges = (small.num_layers - 1) * 12 * 12 + 12
    page.wait_until(lambda: drawn() == edges)


def test_an_encoder_decoder_is_traced_as_a_whole(open_widgets: Open, translation: Trace) -> None:
    widget = aw.AttentionWidget(translation, view="trace", stream="cross")
    page = open_widgets(widget)
    view = page.view()
    assert view.root.locator('[data-level="0"][data-side="query"]').count() == 7
    assert view.root.locator('[data-level="0"][data-side="key"]').count() == 9
    names = view.root.locator(".aw-trace-gutter > div").all_inner_texts()
    encoder = ["inputs", "encoder 0", "encoder 1", "encoder 2"]
    assert names == [*encoder, "decoder 0", "cross 0", "decoder 1", "cross 1"]
    target = node(view, 7, 6).bounding_box()
    source = node(view, 7, 7).bounding_box()
    before = node(view, 7, 5).bounding_box()
    assert target
    assert source
    assert before
    assert source["x"] - target["x"] > target["x"] - before["x"] + 15
    assert pressed(view) == [(7, 6)]
    node(view, 0, 9).click()
    page.wait_until(lambda: widget.trace_via == {"level": 0, "index": 9})
    assert "source 2" in view.root.locator(".aw-trace-via").inner_text()


def maximum_flow(matrices: Chain, node: int, sink: int) -> float:
    """Return the maximum flow from a node of the top to an input, by networkx."""
    graph = nx.DiGraph()
    for level, matrix in enumerate(matrices):
        for upper, row in enumerate(matrix):
            for lower, capacity in enumerate(row):
                graph.add_edge((level + 1, upper), (level, lower), capacity=float(capacity))
    return float(nx.maximum_flow_value(graph, (len(matrices), node), (0, sink)))


def test_a_click_on_an_input_draws_its_maximum_flow(open_widgets: Open) -> None:
    trace = random_trace(6, layers=3)
    widget = aw.AttentionWidget(trace, view="trace", method="max_flow")
    page = open_widgets(widget)
    view = page.view()
    matrices = layer_matrices(trace)
    rows = view.root.locator(".aw-inspector li").all_inner_texts()
    flows = {int(index): float(flow) for _text, index, flow in (row.split("\n") for row in rows)}
    assert flows == {
        sink: pytest.approx(maximum_flow(matrices, 5, sink), abs=6e-4) for sink in range(6)
    }
    node(view, 0, 2).click()
    page.wait_until(lambda: widget.trace_via == {"level": 0, "index": 2})
    view.settle()
    line = view.root.locator(".aw-trace-via").inner_text()
    assert f"t2 2 at the input, {flows[2]:.3f}" in line
    assert pressed(view) == [(3, 5), (0, 2)]


@pytest.mark.parametrize("method", ["gradient_flow", "relevance"])
def test_gradients_are_followed_too(open_widgets: Open, decoder: Trace, method: str) -> None:
    view = open_widgets(aw.AttentionWidget(decoder, view="trace", method=method)).view()
    shares = listed(view)
    assert sum(shares.values()) == pytest.approx(1, abs=0.01)
    node(view, 3, 4).click()
    view.root.locator('[data-level="3"][data-index="4"][aria-pressed="true"]').wait_for()
    view.settle()
    # Nothing comes from tokens after the traced one: attention is causal.
    assert max(listed(view)) == 4


def test_python_chooses_the_node(open_widgets: Open, small: Trace) -> None:
    widget = aw.AttentionWidget(small, view="trace")
    page = open_widgets(widget)
    view = page.view()
    widget.trace_node = {"level": 3, "index": 2}
    node(view, 3, 2).and_(view.root.locator('[aria-pressed="true"]')).wait_for()
    view.settle()
    assert "t2 2 after layer 2" in view.root.inner_text()


def test_the_keyboard_goes_everywhere(open_widgets: Open, small: Trace) -> None:
    widget = aw.AttentionWidget(small, view="trace")
    page = open_widgets(widget)
    view = page.view()
    node(view, 4, 11).focus()
    for key in ("ArrowDown", "ArrowDown", "Home", "ArrowRight"):
        page.page.keyboard.press(key)
    focused = page.page.evaluate(
        "[document.activeElement.dataset.level, document.activeElement.dataset.index]"
    )
    assert focused == ["2", "1"]
    page.page.keyboard.press("Enter")
    page.wait_until(lambda: widget.trace_via == {"level": 2, "index": 1})
    page.page.keyboard.press("Shift+Enter")
    page.wait_until(lambda: widget.trace_node == {"level": 2, "index": 1})


@pytest.mark.parametrize(("tokens", "layers"), [(500, 3), (12, 60)])
def test_long_inputs_and_deep_models_scroll_inside(
    open_widgets: Open, tokens: int, layers: int
) -> None:
    widget = aw.AttentionWidget(random_trace(tokens, layers=layers), view="trace")
    page = open_widgets(widget)
    view = page.view()
    box = view.root.locator(".aw-trace-viewport").bounding_box()
    assert box
    assert box["height"] <= 600
    assert view.root.locator("[data-level]").count() < 1200
    node(view, layers, tokens - 1).focus()
    for key in ("Home", *["ArrowDown"] * layers):
        page.page.keyboard.press(key)
    focused = node(view, 0, 0)
    focused.and_(view.root.locator(":focus")).wait_for()
    inside = focused.bounding_box()
    assert inside
    assert box["x"] <= inside["x"] <= box["x"] + box["width"]
    assert box["y"] <= inside["y"] <= box["y"] + box["height"]
    page.page.keyboard.press("Enter")
    page.wait_until(lambda: widget.trace_via == {"level": 0, "index": 0})


def test_every_token_has_a_name_for_screen_readers(open_widgets: Open, pair: Trace) -> None:
    view = open_widgets(aw.AttentionWidget(pair, view="trace")).view()
    label = node(view, 0, 5).get_attribute("aria-label") or ""
    assert re.fullmatch(r"sleep, 5, at the input, [\d.]+ %", label)
    assert view.root.locator('[data-level][tabindex="0"]').count() == 1


def test_attention_is_followed_by_alti_where_what_heads_write_is_known(
    open_widgets: Open, decoder: Trace, small: Trace
) -> None:
    page = open_widgets(
        aw.AttentionWidget(decoder, view="trace"), aw.AttentionWidget(small, view="trace")
    )
    assert "By ALTI" in page.view(0).root.locator(".aw-trace-words").inner_text()
    assert "By rollout" in page.view(1).root.locator(".aw-trace-words").inner_text()
