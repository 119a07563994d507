"""A file begins with what it shows when it is opened, and holds nothing twice."""

import pytest

import attnwidget as aw
from attnwidget.trace import Trace
from tests.browser.models import random_decoder, random_trace

from .payload import read_apart, scores_of


@pytest.fixture(scope="module")
def small() -> Trace:
    return random_trace(12)


def shown(widget: aw.AttentionWidget) -> list[tuple[str, int, list[int] | None]]:
    """Return kind, layer and heads of what a file begins with; nothing of it comes again."""
    _, first, rest = read_apart(widget.to_html())
    assert all(frame.want not in [other.want for other in rest] for frame in first)
    return [(frame.kind, frame.want["layer"], frame.want.get("heads")) for frame in first]


@pytest.mark.parametrize("view", ["head", "matrix"])
def test_heads_that_are_shown_as_one_come_as_one(small: Trace, view: str) -> None:
    widget = aw.AttentionWidget(small, view=view, layer=1, fusion="max")
    assert shown(widget) == [("scores", 1, None), ("statistics", 1, None), ("summary", 1, None)]
    _, first, _ = read_apart(widget.to_html())
    exact = small.attention(1).amax(0, keepdim=True).numpy()
    assert scores_of(first[0]) == pytest.approx(exact, rel=1 / 590, abs=1e-8)


def test_heads_that_are_shown_one_by_one_come_with_all_of_the_layer(small: Trace) -> None:
    widget = aw.AttentionWidget(small, layer=2, heads=[3, 1])
    every = list(range(4))
    assert shown(widget) == [("scores", 2, every), ("statistics", 2, [3]), ("summary", 2, None)]


def test_a_method_through_layers_comes_fused(small: Trace) -> None:
    widget = aw.AttentionWidget(small, layer=2, heads=[1], method="rollout")
    assert shown(widget) == [("scores", 2, None), ("statistics", 2, None), ("summary", 2, None)]


def test_the_neuron_view_begins_with_its_head() -> None:
    _, (first,), rest = read_apart(
        aw.AttentionWidget(random_decoder(), view="neuron", layer=1, heads=[2]).to_html()
    )
    assert first.want == {"kind": "neurons", "stream": "self", "layer": 1, "head": 2}
    assert first.want not in [frame.want for frame in rest]


@pytest.mark.parametrize("view", ["model", "trace"])
def test_views_of_every_layer_need_everything(small: Trace, view: str) -> None:
    assert shown(aw.AttentionWidget(small, view=view)) == []


def test_where_heads_are_missing_those_that_are_held_come(small: Trace) -> None:
    widget = aw.AttentionWidget(small, layer=2, heads=[1])
    page, first, rest = read_apart(widget.to_html(heads=[1, 2], layers=[0, 3]))
    assert page["selection"]["layer"] == first[0].want["layer"] == 3
    assert first[0].want["heads"] == [1, 2]
    assert {frame.want["layer"] for frame in rest if frame.kind == "scores"} == {0, 3}
