"""Late, lost and failed answers are said in the widget, and it goes on working."""

import re

import pytest

import attnwidget as aw
from attnwidget.widget import server

from .conftest import Open
from .pages import PAUSE


def test_an_exception_in_python_is_shown_and_passes(
    open_widgets: Open, small, monkeypatch: pytest.MonkeyPatch
) -> None:
    widget = aw.AttentionWidget(small)
    page = open_widgets(widget)
    view = page.view()

    def broken(*_arguments: object) -> None:
        raise RuntimeError("out of <b>order</b>")

    monkeypatch.setattr(server, "make_frame", broken)
    view.choose("fusion", "max")
    view.alert.wait_for()
    with page.kernel.hold():  # nothing fetched ahead mends it meanwhile
        monkeypatch.undo()
        assert "RuntimeError" in view.alert.inner_text()
        assert "out of <b>order</b>" in view.alert.inner_text()
        assert view.data("state") == "error"
    view.choose("fusion", "min")
    view.wait(layer=0)
    assert view.alert.count() == 0
    view.token("query", 1).click()
    page.wait_until(lambda: len(widget.tokens_selected) == 1)


def test_a_failed_request_is_tried_again_by_a_button(
    open_widgets: Open, small, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("This is a message of many words. " * 12)

    page = open_widgets(aw.AttentionWidget(small))
    view = page.view()
    monkeypatch.setattr(server, "make_frame", fail)
    view.choose("fusion", "max")
    view.alert.wait_for()
    retry = view.root.get_by_role("button", name=re.compile("try again|retry", re.I))
    assert retry.evaluate("(button) => button.scrollHeight <= button.clientHeight")
    with page.kernel.hold():  # nothing fetched ahead mends it meanwhile
        monkeypatch.undo()
        retry.click()
    view.wait(layer=0)
    assert view.alert.count() == 0


def test_a_lost_answer_times_out_and_is_asked_for_again(open_widgets: Open, small) -> None:
    page = open_widgets(aw.AttentionWidget(small), clock=True)
    view = page.view()
    page.rest()
    page.kernel.drop_requests(1000)
    view.choose("fusion", "max")
    page.page.clock.fast_forward(12_000)
    view.alert.wait_for()
    assert re.search("answer", view.alert.inner_text())
    page.kernel.drop_requests(0)
    view.root.get_by_role("button", name=re.compile("try again|retry", re.I)).click()
    page.wait_until(lambda: view.data("state") == "ready")
    assert view.alert.count() == 0


@pytest.mark.parametrize(
    ("selection", "own"),
    [
        ({"view": "head"}, "rows"),
        ({"view": "model"}, "thumbnails"),
        ({"view": "matrix"}, "matrix"),
        ({"view": "matrix", "matrix_mode": "evolution"}, "thumbnails"),
        ({"view": "neuron"}, "neuron"),
        ({"view": "trace"}, "paths"),
    ],
    ids=lambda given: given if isinstance(given, str) else "-".join(given.values()),
)
def test_a_first_answer_after_its_time_out_ends_the_alarm(
    open_widgets: Open,
    decoder,
    monkeypatch: pytest.MonkeyPatch,
    selection: dict[str, str],
    own: str,
) -> None:
    monkeypatch.setattr(aw.AttentionWidget, "make_snapshot", lambda _: None)
    page = open_widgets(aw.AttentionWidget(decoder, **selection), views=[], clock=True)
    view = page.view()
    with page.kernel.hold():
        page.page.evaluate("bridge.show(0).then(() => undefined)")
        page.wait_until(lambda: own in [each["kind"] for each in page.kernel.requests()])
        page.page.clock.fast_forward(32_000)
        view.alert.wait_for()
        assert view.data("state") == "error"
    page.wait_until(lambda: view.data("state") == "ready")
    assert view.alert.count() == 0


def test_a_busy_kernel_leaves_the_old_picture_and_says_so(open_widgets: Open, small) -> None:
    widget = aw.AttentionWidget(small)
    page = open_widgets(widget)
    view = page.view()
    page.rest()
    with page.kernel.hold():
        view.choose("fusion", "max")
        page.wait_until(lambda: view.data("state") == "busy")
        page.page.evaluate(PAUSE)
        assert view.token("query", 0).is_visible()
        assert view.control("layer").is_enabled()
        view.token("query", 2).click()
        assert view.pins() == [{"side": "query", "index": 2}]
    view.wait(layer=0)
    page.wait_until(lambda: (widget.fusion, len(widget.tokens_selected)) == ("max", 1))


def test_fast_clicks_end_at_the_last_one(open_widgets: Open, small) -> None:
    widget = aw.AttentionWidget(small)
    page = open_widgets(widget)
    view = page.view()
    page.kernel.delay = 0.03
    for layer in (1, 2, 3, 0, 2, 1, 3):
        view.choose("layer", str(layer))
    view.wait(layer=3)
    page.wait_until(lambda: widget.layer == 3)
    page.rest()
    assert view.data("layer") == "3"
    assert widget.layer == 3
