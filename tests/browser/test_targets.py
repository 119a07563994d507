"""Contrasts and spans as the target, chosen in the widget and shown in a file."""

from __future__ import annotations

import pytest

import attnwidget as aw
from attnwidget.trace import Trace

from .conftest import Open, OpenFile
from .pages import Opened, View

BUTTON = "button:has(.aw-target)"


@pytest.fixture(scope="module")
def induction() -> Trace:
    """A language model in the box: each token is predicted from those before it."""
    return aw.demo("induction")


@pytest.fixture(scope="module")
def brackets() -> Trace:
    """A model in the box that fills masks; its text has one, at position 13."""
    return aw.demo("brackets")


def opened(open_widgets: Open, widget: aw.AttentionWidget, **how: object) -> tuple[Opened, View]:
    page = open_widgets(widget, **how)
    view = page.view()
    view.root.locator(BUTTON).click()
    return page, view


def prediction(view: View, name: str, index: int) -> object:
    return view.root.locator(f'[name="{name}"][value="{index}"]')


def numbers(view: View) -> list[str]:
    """Return the numbers of the inspector's keys."""
    view.rest()
    return view.root.get_by_role("complementary").locator(".aw-number").all_inner_texts()


def keys(view: View) -> dict[str, float]:
    """Return the keys that the inspector lists, each with its mean."""
    view.rest()
    rows = view.root.locator(".aw-shares").first.locator("li").all_inner_texts()
    return {row.split()[1]: float(row.split()[2]) for row in rows}


def note(view: View) -> str:
    return view.root.get_by_role("complementary").locator("header").inner_text()


def test_a_contrast_is_chosen_and_changes_caption_and_numbers(
    open_widgets: Open, induction: Trace
) -> None:
    widget = aw.AttentionWidget(induction, layer=1, method="relevance")
    page, view = opened(open_widgets, widget)
    before = numbers(view)
    first, second, third = induction.predictions(top=3).entries
    place = len(induction.tokens) - 1
    prediction(view, "target_versus", second.index).check()
    contrast = {"kind": "contrast", "position": place, "index": first.index}
    page.wait_until(lambda: widget.target == {**contrast, "versus": second.index})
    words = f"‘{first.text}’ instead of ‘{second.text}’ at {place}"
    view.root.locator(BUTTON).get_by_text(words).wait_for()
    after = numbers(view)
    assert after != before
    assert words in note(view)
    assert view.control("target_kind").count() == 0  # a difference of logits, always

    prediction(view, "target_versus", third.index).check()
    page.wait_until(lambda: widget.target == {**contrast, "versus": third.index})
    assert numbers(view) != after

    prediction(view, "target_versus", third.index).uncheck()
    page.wait_until(
        lambda: widget.target == {"kind": "logit", "position": place, "index": first.index}
    )
    assert numbers(view) == before


def test_the_second_token_may_become_the_first(open_widgets: Open, induction: Trace) -> None:
    """Choosing what is already the other side of a contrast exchanges them."""
    first, second = (each.index for each in induction.predictions(top=2).entries)
    place = len(induction.tokens) - 1
    widget = aw.AttentionWidget(
        induction, method="relevance", target=("contrast", place, first, second)
    )
    page, view = opened(open_widgets, widget)
    before = numbers(view)
    assert prediction(view, "target_versus", first).is_disabled()
    prediction(view, "target_index", second).check()
    page.wait_until(lambda: (widget.target["index"], widget.target["versus"]) == (second, first))
    assert numbers(view) != before
    prediction(view, "target_index", first).check()
    page.wait_until(lambda: (widget.target["index"], widget.target["versus"]) == (first, second))
    assert numbers(view) == before


def test_another_token_is_found_by_its_text(open_widgets: Open, induction: Trace) -> None:
    widget = aw.AttentionWidget(induction, method="relevance")
    page, view = opened(open_widgets, widget)
    likely = induction.predictions().entries
    everything = induction.predictions(top=10_000).entries
    other = everything[-1]
    assert other not in likely
    view.control("target_text").fill("no such token")
    view.control("find_target").click()
    view.alert.get_by_text("which is").wait_for()
    assert widget.target is None
    view.control("target_text").fill(likely[0].text)
    view.control("target_text").press("Enter")
    view.alert.get_by_text("write another one").wait_for()
    view.control("target_text").fill(other.text)
    view.control("target_text").press("Enter")
    page.wait_until(lambda: widget.target is not None)
    assert (widget.target["index"], widget.target["versus"]) == (likely[0].index, other.index)
    view.rest()
    assert prediction(view, "target_versus", other.index).is_checked()
    assert view.alert.count() == 0
    assert f"instead of ‘{other.text}’" in note(view)


def test_a_contrast_keeps_its_tokens_at_another_position(
    open_widgets: Open, induction: Trace
) -> None:
    widget = aw.AttentionWidget(induction, method="relevance", target=("contrast", 9, 5, 6))
    page, view = opened(open_widgets, widget)
    view.control("target_position").select_option("4")
    expected = {"kind": "contrast", "position": 4, "index": 5, "versus": 6}
    page.wait_until(lambda: widget.target == expected)
    view.control("pick_target").click()
    view.token("query", 7).click()
    page.wait_until(lambda: widget.target == expected | {"position": 7})


@pytest.mark.parametrize(("theme", "width"), [("light", 1000), ("dark", 480)])
def test_a_span_is_chosen_and_changes_caption_and_numbers(
    open_widgets: Open, induction: Trace, theme: str, width: int
) -> None:
    widget = aw.AttentionWidget(induction, layer=1, method="relevance")
    page, view = opened(open_widgets, widget, theme=theme, width=width)
    tokens = induction.tokens
    before = numbers(view)
    view.choose("target_of", "span")
    page.wait_until(lambda: widget.target == {"kind": "span", "start": 1, "stop": len(tokens)})
    whole = numbers(view)
    assert whole != before
    view.control("span_start").select_option("9")
    page.wait_until(lambda: widget.target == {"kind": "span", "start": 9, "stop": len(tokens)})
    view.control("span_last").select_option("12")
    page.wait_until(lambda: widget.target == {"kind": "span", "start": 9, "stop": 13})
    words = f"log-probability of 9 ‘{tokens[9]}’ to 12 ‘{tokens[12]}’"
    view.root.locator(BUTTON).get_by_text(words).wait_for()
    assert numbers(view) not in (whole, before)
    assert words in note(view)
    box = view.root.locator(".aw-popover").bounding_box()
    assert 0 <= box["x"] <= box["x"] + box["width"] <= width

    view.choose("target_of", "prediction")
    page.wait_until(lambda: widget.target is None)
    assert numbers(view) == before


def test_the_ends_of_a_span_come_in_any_order(open_widgets: Open, induction: Trace) -> None:
    widget = aw.AttentionWidget(induction, method="relevance", target=("span", 5, 8))
    page, view = opened(open_widgets, widget)
    view.control("span_start").select_option("11")  # behind the last one, 7
    page.wait_until(lambda: widget.target == {"kind": "span", "start": 7, "stop": 12})
    view.control("span_last").select_option("3")  # before the first one
    page.wait_until(lambda: widget.target == {"kind": "span", "start": 3, "stop": 8})
    assert "0" not in view.control("span_start").locator("option").evaluate_all(
        "(all) => all.map((each) => each.value)"
    )


def test_pinned_tokens_make_a_span(open_widgets: Open, induction: Trace) -> None:
    widget = aw.AttentionWidget(induction, method="relevance", target=("span", 5, 8))
    page, view = opened(open_widgets, widget)
    view.control("span_pinned").evaluate("(button) => button.click()")
    view.alert.get_by_text("Pin the first and the last token").wait_for()
    view.root.locator(BUTTON).click()  # it lies over the tokens
    for place in (10, 6):  # the last one first
        view.token("query", place).click()
    page.wait_until(lambda: len(widget.tokens_selected) == 2)
    view.root.locator(BUTTON).click()
    view.control("span_pinned").click()
    page.wait_until(lambda: widget.target == {"kind": "span", "start": 6, "stop": 11})
    view.root.locator(BUTTON).click()
    view.token("query", 0).click()
    page.wait_until(lambda: len(widget.tokens_selected) == 3)
    view.root.locator(BUTTON).click()
    view.control("span_pinned").click()
    view.alert.get_by_text("Nothing stands before").wait_for()
    assert widget.target == {"kind": "span", "start": 6, "stop": 11}


def test_a_mask_is_in_no_span(open_widgets: Open, brackets: Trace) -> None:
    widget = aw.AttentionWidget(brackets, method="relevance")
    page, view = opened(open_widgets, widget)
    view.choose("target_of", "span")
    page.wait_until(lambda: widget.target == {"kind": "span", "start": 0, "stop": 13})
    assert view.control("span_last").locator('option[value="13"]').is_disabled()
    view.control("span_last").select_option("14")
    view.alert.get_by_text("gives 13 ‘[MASK]’ no probability").wait_for()
    assert widget.target == {"kind": "span", "start": 0, "stop": 13}


def test_the_answer_of_an_encoder_decoder(open_widgets: Open) -> None:
    trace = aw.demo("dates")
    widget = aw.AttentionWidget(trace, method="relevance", stream="cross")
    page, view = opened(open_widgets, widget)
    view.choose("target_of", "span")
    answer = {"kind": "span", "start": 1, "stop": len(trace["decoder"].queries)}
    page.wait_until(lambda: widget.target == answer)
    view.control("span_last").select_option("4")
    page.wait_until(lambda: widget.target["stop"] == 5)
    view.control("span_answer").click()
    page.wait_until(lambda: widget.target == answer)


@pytest.mark.parametrize(
    "target", [("contrast", 9, 5, 6), ("span", 4, 9)], ids=["contrast", "span"]
)
def test_a_file_says_its_target_and_shows_its_numbers(
    open_widgets: Open, open_file: OpenFile, induction: Trace, target: tuple[object, ...]
) -> None:
    widget = aw.AttentionWidget(induction, "matrix", layer=1, method="relevance", target=target)
    live = open_widgets(widget).view()
    saved = open_file(widget.to_html())
    words = "instead of ‘" if target[0] == "contrast" else "log-probability of 4 ‘"
    for view in (live, saved):
        assert words in note(view)
        assert words in view.root.locator(".aw-target").inner_text()
    assert keys(saved) == pytest.approx(keys(live), rel=1 / 300, abs=1e-4)
    assert saved.control("target_of").count() == 0
