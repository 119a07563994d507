"""A signed method in every view, live and in a file: two colours, signs, words, true numbers."""

from __future__ import annotations

import numpy as np
import pytest

import attnwidget as aw
from attnwidget.methods.registry import METHODS
from attnwidget.trace import Trace
from tests.frames.signed import NAME, show_scores, signed_scores

from .conftest import Open, OpenFile
from .matrices import move_to
from .pages import View
from .test_export import assert_alike

COLORS = """picture => {
    let [blue, orange] = [0, 0];
    for (const canvas of picture.querySelectorAll("canvas")) {
        if (canvas.width === 0 || canvas.height === 0) continue;
        const context = canvas.getContext("2d");
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
        for (let at = 0; at < data.length; at += 4) {
            if (data[at + 3] < 40) continue;
            if (data[at + 2] - data[at] > 60) blue += 1;
            if (data[at] - data[at + 2] > 60) orange += 1;
        }
    }
    return [blue, orange];
}"""


@pytest.fixture
def scores(monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
    made = signed_scores(4, 12, 12)
    show_scores(monkeypatch, made)
    return made


def colors(view: View) -> list[int]:
    """Return how many pixels of the picture are blue, and how many orange."""
    return view.root.locator(".aw-picture").evaluate(COLORS)


@pytest.mark.usefixtures("scores")
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "state",
    [
        {"view": "head", "heads": [1]},
        {"view": "head", "heads": [0, 2]},
        {"view": "model"},
        {"view": "model", "thumbnails": "matrix"},
        {"view": "matrix", "heads": [1]},
    ],
    ids=str,
)
def test_colours_tell_signs(open_widgets: Open, small: Trace, state: dict, theme: str) -> None:
    view = open_widgets(aw.AttentionWidget(small, method=NAME, **state), theme=theme).view()
    view.rest()
    assert view.alert.count() == 0
    blue, orange = colors(view)
    assert min(blue, orange) > 100
    said = view.root.locator(".aw-picture").inner_text()
    assert "raises the target" in said
    assert "lowers the target" in said
    assert "−" in said


def test_a_head_view_without_signs_has_no_orange(open_widgets: Open, small: Trace) -> None:
    view = open_widgets(aw.AttentionWidget(small)).view()
    view.rest()
    blue, orange = colors(view)
    assert blue > 100
    assert orange == 0


def test_the_inspector_writes_signs(open_widgets: Open, small: Trace, scores: np.ndarray) -> None:
    pins = [{"side": "query", "index": 5}]
    widget = aw.AttentionWidget(small, method=NAME, heads=[1], tokens_selected=pins)
    view = open_widgets(widget).view()
    view.rest()
    rows = view.root.locator(".aw-shares li")
    written = rows.locator(".aw-number:last-child").all_inner_texts()
    found = [text.replace("−", "-") for text in written]
    row = scores[1, 5]
    expected = sorted(row[row != 0], key=lambda value: -abs(value))[:10]
    assert [float(text) for text in found] == pytest.approx(expected, rel=6e-3)
    assert all((text[0] == "+") == (value > 0) for text, value in zip(found, expected, strict=True))
    verb = "raises" if expected[0] > 0 else "lowers"
    assert f"{verb} the target by" in (rows.first.get_attribute("title") or "")


def test_a_tooltip_says_what_a_connection_does(
    open_widgets: Open, small: Trace, scores: np.ndarray
) -> None:
    widget = aw.AttentionWidget(small, "matrix", method=NAME, heads=[2])
    view = open_widgets(widget).view()
    view.rest()
    query, key = (int(each) for each in np.argwhere(scores[2] < 0)[0])
    move_to(view, query, key, tokens=[12, 12])
    assert "lowers the target by" in view.root.get_by_role("tooltip").inner_text()


@pytest.mark.usefixtures("scores")
@pytest.mark.parametrize(
    "state",
    [
        {"heads": [1]},
        {"heads": [0, 3], "tokens_selected": [{"side": "query", "index": 5}]},
        {"fusion": "mean"},
        {"fusion": "max", "hide_first": True},
        {"fusion": "min", "tokens_selected": [{"side": "key", "index": 2}]},
        {"view": "matrix", "heads": [2]},
    ],
    ids=str,
)
def test_a_file_says_what_the_kernel_says(
    open_file: OpenFile, open_widgets: Open, small: Trace, state: dict
) -> None:
    widget = aw.AttentionWidget(small, method=NAME, **state)
    view, live = open_file(widget.to_html()), open_widgets(widget).view()
    assert view.alert.count() == 0
    assert_alike(view, live)
    assert colors(view) == pytest.approx(colors(live), rel=0.05, abs=50)


def test_each_method_says_its_question(
    open_file: OpenFile, open_widgets: Open, small: Trace
) -> None:
    for view in (
        open_widgets(aw.AttentionWidget(small)).view(),
        open_file(aw.AttentionWidget(small).to_html(methods=["rollout", "max_flow"])),
    ):
        for name in ("attention", "rollout", "max_flow"):
            view.choose("method", name)
            view.wait(method=name)
            view.root.get_by_text(METHODS[name].question, exact=True).wait_for()
