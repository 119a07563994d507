"""The matrix view: heatmap, crosshair, pins, zoom, comparison, difference, evolution."""

from itertools import pairwise

import numpy as np
import pytest

from .conftest import Open
from .matrices import matrix_widget, move_to, pixel, tip
from .models import random_trace

VIRIDIS_LAST = [253, 231, 37]


def test_colours_are_those_of_the_values(open_widgets: Open, small) -> None:
    widget = matrix_widget(small, layer=1, heads=[2], scale="unit")
    view = open_widgets(widget).view()
    weights = small["self"].attention(1, 2)[0].numpy()
    lightness = np.array(
        [
            [sum(pixel(view, query, key, tokens=(12, 12))[:3]) for key in range(12)]
            for query in range(12)
        ]
    )
    strongest = np.unravel_index(weights.argmax(), weights.shape)
    assert np.unravel_index(lightness.argmax(), lightness.shape) == strongest
    # Viridis grows lighter with the value: the order of colours is the order of weights.
    order = np.argsort(weights.ravel())
    assert (np.diff(lightness.ravel()[order]) >= -6).all()


def test_the_fitted_scale_ends_with_the_largest_value(open_widgets: Open, small) -> None:
    view = open_widgets(matrix_widget(small, heads=[0])).view()
    weights = small["self"].attention(0, 0)[0].numpy()
    query, key = divmod(int(weights.argmax()), 12)
    assert pixel(view, query, key, tokens=(12, 12))[:3] == VIRIDIS_LAST
    assert "fitted" in view.root.locator(".aw-colorbar").inner_text()
    view.choose("scale", "unit")
    view.settle()
    assert pixel(view, query, key, tokens=(12, 12))[:3] != VIRIDIS_LAST
    assert "0 to 1" in view.root.locator(".aw-colorbar").inner_text()


def test_hover_says_both_tokens_and_the_value_without_the_kernel(open_widgets: Open, small) -> None:
    page = open_widgets(matrix_widget(small, layer=2, heads=[3]))
    view = page.view()
    page.rest()
    asked = len(page.kernel.received)
    move_to(view, 7, 4, tokens=(12, 12))
    page.wait_until(lambda: "t7" in tip(view))
    weight = float(small["self"].attention(2, 3)[0, 7, 4])
    text = tip(view)
    assert "t4" in text
    assert "layer 2, head 3" in text.lower()
    assert float(text.split()[-1]) == pytest.approx(weight, rel=5e-3)
    assert len(page.kernel.received) == asked


def test_hover_does_not_draw_the_cells_anew(open_widgets: Open, small) -> None:
    page = open_widgets(matrix_widget(small))
    view = page.view()
    page.page.evaluate(
        """() => {
            window.drawn = 0;
            const original = CanvasRenderingContext2D.prototype.drawImage;
            CanvasRenderingContext2D.prototype.drawImage = function (...all) {
                window.drawn += 1;
                return original.apply(this, all);
            };
        }"""
    )
    for key in range(12):
        move_to(view, 3, key, tokens=(12, 12))
    page.wait_until(lambda: "t11" in tip(view))
    assert page.page.evaluate("window.drawn") == 0


def test_a_click_pins_row_and_column_of_a_cell(open_widgets: Open, small) -> None:
    widget = matrix_widget(small)
    page = open_widgets(widget)
    view = page.view()
    move_to(view, 5, 2, tokens=(12, 12))
    page.page.mouse.down()
    page.page.mouse.up()
    wanted = [{"side": "query", "index": 5}, {"side": "key", "index": 2}]
    page.wait_until(lambda: widget.tokens_selected == wanted)
    assert view.pins() == wanted or view.pins() == wanted[::-1]
    view.token("query", 5).click()
    page.wait_until(lambda: widget.tokens_selected == wanted[1:])


def test_axes_are_walked_and_pinned_by_keyboard(open_widgets: Open, small) -> None:
    widget = matrix_widget(small)
    page = open_widgets(widget)
    view = page.view()
    view.token("query", 0).focus()
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        page.page.keyboard.press(key)
    page.wait_until(lambda: widget.tokens_selected == [{"side": "query", "index": 2}])
    page.page.keyboard.press("ArrowRight")
    page.page.keyboard.press("End")
    page.page.keyboard.press("Enter")
    page.wait_until(lambda: {"side": "key", "index": 11} in widget.tokens_selected)
    page.page.keyboard.press("Escape")
    page.wait_until(lambda: widget.tokens_selected == [])


def test_two_matrices_share_a_scale_and_the_crosshair(open_widgets: Open, small) -> None:
    chosen = {"layer": 3, "head": 1, "method": "attention"}
    widget = matrix_widget(small, heads=[0], matrix_mode="compare", compare_with=chosen)
    page = open_widgets(widget)
    view = page.view()
    first = small["self"].attention(0, 0)[0].numpy()
    second = small["self"].attention(3, 1)[0].numpy()
    top = max(first.max(), second.max())
    for plot, weights in enumerate((first, second)):
        query, key = divmod(int(weights.argmax()), 12)
        colour = pixel(view, query, key, tokens=(12, 12), plot=plot)[:3]
        assert (colour == VIRIDIS_LAST) == (weights.max() == top)
    move_to(view, 6, 1, tokens=(12, 12), plot=1)
    page.wait_until(lambda: "t6" in tip(view))
    numbers = view.root.locator('[role="tooltip"] .aw-number').all_inner_texts()
    assert [float(number) for number in numbers] == pytest.approx(
        [first[6, 1], second[6, 1]], rel=5e-3
    )


def test_the_second_matrix_is_chosen_by_controls(open_widgets: Open, small) -> None:
    widget = matrix_widget(small, layer=1)
    page = open_widgets(widget)
    view = page.view()
    view.choose("matrix_mode", "compare")
    page.wait_until(lambda: widget.matrix_mode == "compare")
    view.settle()
    assert "rollout" in view.root.locator(".aw-plot").nth(1).inner_text()
    view.choose("compare_method", "attention")
    view.choose("compare_head", "2")
    wanted = {"layer": None, "head": 2, "method": "attention"}
    page.wait_until(lambda: widget.compare_with == wanted)
    view.settle()
    assert "head 2" in view.root.locator(".aw-plot").nth(1).inner_text()


def test_a_difference_is_blue_where_the_first_is_larger(open_widgets: Open, small) -> None:
    chosen = {"layer": 2, "head": 0, "method": "attention"}
    widget = matrix_widget(small, heads=[0], matrix_mode="difference", compare_with=chosen)
    page = open_widgets(widget)
    view = page.view()
    stream = small["self"]
    difference = (stream.attention(0, 0) - stream.attention(2, 0))[0].numpy()
    for at, is_blue in ((difference.argmax(), True), (difference.argmin(), False)):
        query, key = divmod(int(at), 12)
        red, _green, blue, _opacity = pixel(view, query, key, tokens=(12, 12))
        assert (blue > red) is is_blue
    query, key = divmod(int(difference.argmin()), 12)
    move_to(view, query, key, tokens=(12, 12))
    page.wait_until(lambda: f"t{query}" in tip(view))
    number = tip(view).split()[-1].replace("\N{MINUS SIGN}", "-")
    assert float(number) == pytest.approx(difference.min(), rel=5e-3)


def test_evolution_opens_the_rollout_after_a_layer(open_widgets: Open, small) -> None:
    widget = matrix_widget(small, matrix_mode="evolution")
    page = open_widgets(widget)
    view = page.view()
    pictures = view.root.locator(".aw-layer-picture")
    assert pictures.count() == 4
    pictures.nth(2).click()
    page.wait_until(
        lambda: (widget.matrix_mode, widget.method, widget.layer) == ("single", "rollout", 2)
    )
    view.wait(method="rollout", layer=2)
    assert "no picture per head" in view.root.inner_text()
    assert "all heads" in view.root.locator(".aw-plot").inner_text()


def test_connections_are_the_strongest_off_the_diagonal(open_widgets: Open, small) -> None:
    widget = matrix_widget(small, layer=1, heads=[1])
    page = open_widgets(widget)
    view = page.view()
    weights = small["self"].attention(1, 1)[0].numpy().copy()
    np.fill_diagonal(weights, -1)
    strongest = [divmod(int(at), 12) for at in np.argsort(-weights, axis=None)[:20]]
    listed = view.root.locator("[data-connection]")
    found = listed.evaluate_all("(all) => all.map((b) => b.dataset.connection)")
    assert found == [f"{query} {key}" for query, key in strongest]
    listed.nth(3).click()
    query, key = strongest[3]
    wanted = [{"side": "query", "index": query}, {"side": "key", "index": key}]
    page.wait_until(lambda: widget.tokens_selected == wanted)


def test_a_causal_mask_leaves_paper(open_widgets: Open, decoder) -> None:
    view = open_widgets(matrix_widget(decoder, scale="unit")).view()
    assert pixel(view, 2, 7, tokens=(10, 10))[3] == 0
    assert pixel(view, 7, 2, tokens=(10, 10))[3] == 255


def test_a_long_input_is_pooled_and_a_dragged_part_comes_in_full(open_widgets: Open) -> None:
    trace = random_trace(1200, layers=1, heads=1)
    page = open_widgets(matrix_widget(trace, heads=[0]))
    view = page.view()
    assert "largest value of the tokens it covers" in view.root.inner_text()
    box = view.root.locator(".aw-matrix").bounding_box()
    assert box
    assert box["height"] < 1100
    assert view.root.locator("[data-side]").count() < 120
    move_to(view, 300, 300, tokens=(1200, 1200))
    page.page.mouse.down()
    move_to(view, 399, 399, tokens=(1200, 1200))
    page.page.mouse.up()
    view.settle()
    page.wait_until(lambda: any(want["queries"] for want in page.kernel.requests("matrix")))
    page.wait_until(lambda: "largest value of the tokens it covers" not in view.root.inner_text())
    move_to(view, 50, 50, tokens=(101, 101))
    page.wait_until(lambda: "→" in tip(view))
    words = tip(view).split()
    query, key = int(words[1]), int(words[4])
    weight = float(trace["self"].attention(0, 0)[0, query, key])
    assert float(words[-1]) == pytest.approx(weight, rel=5e-3, abs=1e-7)
    view.root.get_by_role("button", name="Whole").click()
    view.settle()
    assert "1,200 queries × 1,200 keys" in view.root.inner_text()


def test_tokens_at_the_axes_never_overlap(open_widgets: Open) -> None:
    pins = [{"side": "query", "index": index} for index in (40, 41, 43, 90)]
    widget = matrix_widget(random_trace(150, layers=1), tokens_selected=pins)
    view = open_widgets(widget, width=500).view()
    for side, edges in (("query", ("top", "bottom")), ("key", ("left", "right"))):
        boxes = view.root.locator(f'[data-side="{side}"]').evaluate_all(
            "(all) => all.map((token) => token.getBoundingClientRect().toJSON())"
        )
        boxes.sort(key=lambda box: box[edges[0]])
        assert len(boxes) > 5
        for one, next_ in pairwise(boxes):
            assert next_[edges[0]] >= one[edges[1]] - 0.6


def test_queries_and_keys_of_different_texts(open_widgets: Open, translation) -> None:
    page = open_widgets(matrix_widget(translation, stream="cross"))
    view = page.view()
    move_to(view, 6, 8, tokens=(7, 9))
    page.wait_until(lambda: "target6" in tip(view))
    assert "source8" in tip(view)


def test_a_failing_request_is_said_and_can_be_tried_again(open_widgets: Open, small) -> None:
    page = open_widgets(matrix_widget(small), clock=True)
    view = page.view()
    page.kernel.drop_requests(100)
    view.choose("layer", "3")
    page.wait_until(lambda: page.kernel.requests("matrix")[-1]["layer"] == 3)
    page.wait_until(lambda: page.kernel.is_idle)
    page.page.clock.run_for(11_000)
    view.alert.wait_for()
    page.kernel.drop_requests(0)
    view.alert.get_by_role("button").click()
    page.page.clock.run_for(1_000)
    view.wait(layer=3)
    assert "Layer 3" in view.root.locator(".aw-plot").inner_text()
