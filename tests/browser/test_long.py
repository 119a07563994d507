"""512 tokens: drawn, bounded in height, changed without waiting for the kernel."""

import pytest

import attnwidget as aw

from .conftest import Open


@pytest.mark.parametrize("view", ["head", "model"])
def test_a_long_text_is_drawn_in_a_bounded_cell(open_widgets: Open, long, view: str) -> None:
    page = open_widgets(aw.AttentionWidget(long, view=view))
    box = page.view().root.bounding_box()
    assert box
    assert box["height"] <= 1000


# Gathers how long the page could not react, each time that it was long.
WATCH = """() => {
    window.longTasks = [];
    const add = (list) => window.longTasks.push(...list.getEntries().map((task) => task.duration));
    new PerformanceObserver(add).observe({ type: "longtask" });
}"""
LONGEST = """() => new Promise((done) => setTimeout(() => requestIdleCallback(() => {
    done(Math.max(0, ...window.longTasks.splice(0)));
}), 100))"""
# As many numbers as a layer has weights: a measure of how fast this machine is now.
SORT = """() => {
    const numbers = Float32Array.from({ length: 4 * 512 * 512 }, () => Math.random());
    const begun = performance.now();
    numbers.sort();
    return performance.now() - begun;
}"""


def test_the_next_layer_is_there_before_it_is_asked_for(open_widgets: Open, long) -> None:
    page = open_widgets(aw.AttentionWidget(long, view="head"))
    view = page.view()
    page.rest()
    page.page.evaluate(WATCH)
    longest, sorting = [], []
    with page.kernel.hold():
        for layer in (1, 0, 1, 0, 1):
            view.choose("layer", str(layer))
            view.wait(layer=layer)
            longest.append(page.page.evaluate(LONGEST))
            sorting.append(page.page.evaluate(SORT))
            page.page.evaluate(LONGEST)  # that was the sorting
    # What other processes take from one change they do not take from all.
    assert min(longest) < 2 * min(sorting)


def test_the_last_token_is_reached_and_pinned(open_widgets: Open, long) -> None:
    widget = aw.AttentionWidget(long, view="head")
    page = open_widgets(widget)
    token = page.view().token("query", 511)
    token.scroll_into_view_if_needed()
    token.click()
    page.wait_until(lambda: widget.tokens_selected == [{"side": "query", "index": 511}])


def test_bytes_grow_with_what_is_drawn(open_widgets: Open, long) -> None:
    page = open_widgets(aw.AttentionWidget(long, view="head"))
    page.rest()
    before = page.kernel.sent_bytes
    page.view().choose("fusion", "max")
    page.view().wait(layer=0)
    sent = page.kernel.sent_bytes - before
    assert 0 < sent < 512 * 512 * 2  # less than one head's matrix as float16
