"""A damaged file says so, or shows what it should: never anything else."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

import attnwidget as aw
from attnwidget.trace import Trace
from tests.wait import MILLISECONDS

Outcome = Callable[[bytes], str]

# The line goes once all of the file has been read. What to look at first comes after the picture.
OPENED = """() => {
    const line = document.querySelector("#attnwidget-unopened");
    const root = document.querySelector('.attnwidget[data-state="ready"]');
    const isSeen = (element) => element.checkVisibility({ visibilityProperty: true });
    const shown = () => [...root.querySelectorAll(".aw-bar, .aw-shown")].map((e) => e.innerText);
    return line ? isSeen(line) && line.textContent : root && shown().join("\\n");
}"""


@pytest.fixture(scope="module")
def page_bytes(small: Trace) -> bytes:
    widget = aw.AttentionWidget(small, layer=1, heads=[0, 2], theme="light")
    return widget.to_html(title="A title").encode()


@pytest.fixture(scope="module")
def outcome(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    """Open a file with the network cut and return all that it shows once it shows something."""
    context = browser.new_context(viewport={"width": 1000, "height": 900}, offline=True)
    context.set_default_timeout(MILLISECONDS)
    path: Path = tmp_path_factory.mktemp("damage") / "page.html"

    def open_(data: bytes) -> str:
        path.write_bytes(data)
        page = context.new_page()
        page.goto(path.as_uri())
        handle = page.wait_for_function(OPENED)
        shown: str = handle.json_value()
        page.close()
        return shown

    yield open_
    context.close()


def says_so(shown: str) -> bool:
    return "damaged" in shown


@pytest.mark.parametrize("percent", range(5, 100, 10))
def test_a_file_that_is_cut_short(outcome: Outcome, page_bytes: bytes, percent: int) -> None:
    cut = page_bytes[: len(page_bytes) * percent // 100]
    if b"attnwidget-unopened" in cut.partition(b"</style>")[2]:
        assert says_so(outcome(cut))


def test_a_file_that_lacks_its_last_lines_only(outcome: Outcome, page_bytes: bytes) -> None:
    whole = outcome(page_bytes)
    for count in (2, 10, 20):
        shown = outcome(page_bytes[:-count])
        assert says_so(shown) or shown == whole


def parts_of(page: bytes) -> dict[str, list[int]]:
    """Return, by the name of a part, the places of bytes to be changed, 26 in all."""
    style, style_end = page.index(b"<style>") + 7, page.index(b"</style>")
    data = page.index(b'">', page.index(b"attnwidget-data", style_end)) + 2
    data_end = page.index(b"</script>", data)
    script = page.index(b"<script>") + 8
    script_end = page.index(b"</script>", script)
    rest = page.index(b'">', page.index(b"attnwidget-rest", script_end)) + 2
    rest_end = page.rindex(b"</script>")
    title = page.index(b"</title>")
    spread = random.Random(0)
    return {
        "head": spread.sample(range(style), 6),
        "ends of title and style": [title, title + 4, style_end, style_end + 7],
        "style": spread.sample(range(style, style_end), 3),
        "script": spread.sample(range(script, script_end), 5),
        "data": spread.sample(range(data, data_end), 3),
        "rest": spread.sample(range(rest, rest_end), 3),
        "end": spread.sample(range(rest_end, len(page)), 2),
    }


@pytest.mark.parametrize(
    "name", ["head", "ends of title and style", "style", "script", "data", "rest", "end"]
)
def test_single_bits_that_are_flipped(outcome: Outcome, page_bytes: bytes, name: str) -> None:
    whole = outcome(page_bytes)
    wrong = []
    for place in parts_of(page_bytes)[name]:
        changed = bytearray(page_bytes)
        changed[place] ^= 1 << (place % 7)
        shown = outcome(bytes(changed))
        if not says_so(shown) and shown != whole:
            wrong.append((place, page_bytes[place - 9 : place + 9], shown[:200]))
    assert wrong == []
