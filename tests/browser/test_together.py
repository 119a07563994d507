"""Several widgets on a page, several views of one, and what closing them leaves behind."""

import attnwidget as aw

from .conftest import Open
from .models import random_trace


def test_two_widgets_do_not_disturb_each_other(open_widgets: Open, small, translation) -> None:
    first, second = aw.AttentionWidget(small), aw.AttentionWidget(translation, view="model")
    page = open_widgets(first, second)
    one, other = page.view(0), page.view(1)
    other.rest()
    before = other.root.inner_html()
    one.token("query", 2).click()
    one.chip(1).click()
    one.choose("layer", "3")
    one.wait(layer=3)
    page.page.mouse.move(1, 1)
    one.rest()
    assert other.root.inner_html() == before
    assert (second.view, second.layer, second.heads, second.tokens_selected) == (
        "model",
        0,
        None,
        [],
    )
    other.choose("stream", "cross")
    other.wait(stream="cross")
    assert (one.data("stream"), one.data("layer")) == ("self", "3")


def test_controls_of_two_widgets_are_not_one_group(open_widgets: Open, small) -> None:
    widgets = [aw.AttentionWidget(small), aw.AttentionWidget(small, view="model")]
    page = open_widgets(*widgets)
    page.view(0).choose("view", "model")
    page.view(0).wait(view="model")
    page.view(1).choose("view", "head")
    page.view(1).wait(view="head")
    assert page.view(0).data("view") == "model"


def test_two_views_of_one_widget_stay_together(open_widgets: Open, small) -> None:
    widget = aw.AttentionWidget(small)
    page = open_widgets(widget, views=[0, 0])
    one, other = page.view(0), page.view(1)
    one.token("query", 4).click()
    one.choose("layer", "2")
    other.wait(layer=2)
    assert other.pins() == [{"side": "query", "index": 4}]
    other.chip(3).click()
    page.wait_until(lambda: one.chosen_heads() == [3])
    other.choose("view", "model")
    one.wait(view="model")


def test_two_views_share_their_frames(open_widgets: Open, small) -> None:
    page = open_widgets(aw.AttentionWidget(small), views=[0, 0])
    page.rest()
    wants = [str(want) for want in page.kernel.requests()]
    assert len(wants) == len(set(wants))


def test_a_closed_view_leaves_no_listeners_and_no_memory(open_widgets: Open) -> None:
    widget = aw.AttentionWidget(random_trace(256, layers=2))
    page = open_widgets(widget, views=[])
    session = page.page.context.new_cdp_session(page.page)

    def open_and_close() -> None:
        page.page.evaluate("bridge.show(0)")
        page.view().settle()
        page.page.evaluate("bridge.views.pop().close()")

    def heap() -> tuple[int, int]:
        page.rest()  # timers of a closed view still hold it for a moment
        session.send("HeapProfiler.collectGarbage")
        counters = session.send("Memory.getDOMCounters")
        used = page.page.evaluate("performance.memory.usedJSHeapSize")
        return counters["nodes"], used

    open_and_close()
    listeners = page.page.evaluate("bridge.listeners(0)")
    nodes, used = heap()
    for _ in range(8):
        open_and_close()
    nodes_after, used_after = heap()
    assert page.page.evaluate("bridge.listeners(0)") == listeners
    assert nodes_after - nodes < 100
    assert used_after - used < 2_000_000


def test_closing_the_widget_in_python_removes_its_views(open_widgets: Open, small) -> None:
    first, second = aw.AttentionWidget(small), aw.AttentionWidget(small)
    page = open_widgets(first, second, views=[0, 1, 0])
    first.close()
    page.wait_until(lambda: page.page.locator(".attnwidget").count() == 1)
    page.view().choose("layer", "1")
    page.view().wait(layer=1)
    page.wait_until(lambda: second.layer == 1)
