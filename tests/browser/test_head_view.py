"""The head view says what is true: lines, shares, values on hover, hidden tokens, pair filters."""

import re

import pytest
from torch import Tensor

import attnwidget as aw

from .conftest import Open
from .models import random_attention
from .pages import View

ROUNDING = 2e-3  # three significant digits, and float16 on the way


def covering_lines(rows: Tensor, share: float) -> int:
    """Count the fewest weights that hold this share of each row."""
    running = rows.double().sort(-1, descending=True).values.cumsum(-1)
    reached = running >= share * rows.double().sum(-1, keepdim=True)
    return int((reached.int().argmax(-1) + 1).sum())


def hover_line_of(view: View, query: int, key: int) -> None:
    """Move the pointer to where a pinned query's line reaches its key."""
    token = view.token("key", key).bounding_box()
    column = view.root.locator(".aw-column-key").bounding_box()
    assert token
    assert column
    view.page.mouse.move(column["x"] - 6, token["y"] + token["height"] / 2 - 20)
    view.page.mouse.move(column["x"] - 4, token["y"] + token["height"] / 2, steps=4)


@pytest.mark.parametrize("coverage", [0.5, 0.8, 1.0])
def test_the_status_counts_the_lines_it_shows(open_widgets: Open, small, coverage) -> None:
    widget = aw.AttentionWidget(small, coverage=coverage)
    view = open_widgets(widget).view()
    found = re.search(r"([\d,]+) of ([\d,]+) lines", view.root.inner_text())
    assert found
    shown, every = (int(count.replace(",", "")) for count in found.groups())
    assert every == 144
    expected = covering_lines(widget.scores(), coverage) if coverage < 1 else 144
    assert abs(shown - expected) <= 1  # a share may be met within float16's rounding


@pytest.mark.parametrize(("heads", "query", "key"), [(None, 3, 0), ([2], 7, 7), ([1], 5, 0)])
def test_a_line_tells_its_layer_head_tokens_and_weight(
    open_widgets: Open, small, heads, query: int, key: int
) -> None:
    pins = [{"side": "query", "index": query}]
    widget = aw.AttentionWidget(small, layer=1, heads=heads, tokens_selected=pins, coverage=1.0)
    view = open_widgets(widget).view()
    hover_line_of(view, query, key)
    tip = view.root.get_by_role("tooltip")
    tip.wait_for()
    text = tip.inner_text()
    assert f"t{query}" in text
    assert f"t{key}" in text
    assert "layer 1" in text
    assert ("head" if heads is None else f"head {heads[0]}") in text
    truth = float(widget.scores().reshape(-1, 12, 12)[0, query, key])
    assert float(tip.locator(".aw-number").inner_text()) == pytest.approx(truth, abs=ROUNDING)


def test_hovering_a_token_needs_no_kernel(open_widgets: Open, small) -> None:
    page = open_widgets(aw.AttentionWidget(small))
    view = page.view()
    page.rest()
    canvas = view.root.locator("canvas").first
    asked, before = len(page.kernel.received), canvas.screenshot()
    view.token("query", 3).hover()
    page.wait_until(lambda: canvas.screenshot() != before)
    of_query = canvas.screenshot()
    view.token("key", 3).hover()
    page.wait_until(lambda: canvas.screenshot() not in (before, of_query))
    assert len(page.kernel.received) == asked


def test_the_inspector_lists_the_keys_of_a_pinned_query(open_widgets: Open, small) -> None:
    pins = [{"side": "query", "index": 7}]
    widget = aw.AttentionWidget(small, layer=2, heads=[3], tokens_selected=pins)
    view = open_widgets(widget).view()
    text = view.root.inner_text()
    row = widget.scores()[0, 7]
    strongest = int(row.argmax())
    value = f"{float(row[strongest]):.3f}"
    assert re.search(r"from\s*t7", text)
    assert value[:-1] in text or f"{100 * float(row[strongest]):.1f}" in text


def test_hidden_special_tokens_are_renormalised_and_said(open_widgets: Open, pair) -> None:
    widget = aw.AttentionWidget(pair)
    page = open_widgets(widget)
    widget.hide_special = True
    page.view().settle()
    page.wait_until(lambda: re.search("renormali[sz]ed", page.view().root.inner_text()))
    rows = widget.scores()
    assert rows[:, [0, 3, 7]].sum() == 0
    assert rows.sum(-1).tolist() == pytest.approx([1.0] * 8, abs=1e-5)


@pytest.mark.parametrize(
    ("value", "sources", "targets"),
    [("aa", range(4), range(4)), ("ab", range(4), range(4, 8)), ("ba", range(4, 8), range(4))],
)
def test_the_pair_filter_keeps_the_lines_between_two_texts(
    open_widgets: Open, pair, value: str, sources: range, targets: range
) -> None:
    widget = aw.AttentionWidget(pair, coverage=1.0)
    page = open_widgets(widget)
    page.view().choose("pair_filter", value)
    page.wait_until(lambda: widget.pair_filter == value)
    page.view().settle()
    rows = widget.scores()
    inside = rows[list(sources)][:, list(targets)]
    assert float(rows.sum()) == pytest.approx(float(inside.sum()))
    page.wait_until(lambda: re.search(r"\b16 of ", page.view().root.inner_text()))


def test_the_toolbar_of_a_pair_chooses_its_texts_by_key(open_widgets: Open, pair, small) -> None:
    widget = aw.AttentionWidget(pair)
    page = open_widgets(widget, aw.AttentionWidget(small))
    toolbar = page.view().root.locator(".aw-toolbar")
    texts = toolbar.get_by_label("Sentences")
    texts.focus()
    texts.press("ArrowDown")
    texts.press("ArrowDown")
    page.wait_until(lambda: widget.pair_filter == "ab")
    texts.press("Escape")
    page.wait_until(lambda: widget.pair_filter == "all")
    page.view().choose("view", "trace")
    assert texts.is_disabled()
    alone = page.view(1)
    alone.root.get_by_role("button", name="Display").click()
    assert alone.control("pair_filter").count() == 0


@pytest.mark.parametrize("longest", [1, 24])
def test_the_scale_of_the_lines_stays_clear_of_the_column_names(
    open_widgets: Open, longest: int
) -> None:
    weights = random_attention(1, 2, 6, 6, 0)
    trace = aw.Trace.from_attentions(weights, ["a" * longest, *"bcdef"])
    page = open_widgets(aw.AttentionWidget(trace))
    header = page.view().root.locator(".aw-head-header")
    lines = set()
    for width in (340, 430, 462, 500, 520, 600, 700, 1100):
        page.page.set_viewport_size({"width": width, "height": 900})
        origin, target, scale = header.evaluate(
            "(header) => [...header.children].map((each) => each.getBoundingClientRect().toJSON())"
        )
        is_below = scale["top"] >= origin["bottom"] - 0.5
        is_between = origin["right"] <= scale["left"] and scale["right"] <= target["left"]
        assert is_below or is_between, width
        lines.add(2 if is_below else 1)
    assert lines == {1, 2}
