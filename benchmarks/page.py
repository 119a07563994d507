"""Measurements of a page, whichever tool made it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psutil
from playwright.sync_api import Browser, Locator, Page

# Runs before the page does: notes when the first drawing has been on the screen for a frame.
NOTE_FIRST_DRAWING = """
const look = () => {
    if (!document.querySelector(%r)) return requestAnimationFrame(look);
    requestAnimationFrame(() => requestAnimationFrame(() => {
        window.drawnAt = performance.now();
    }));
};
requestAnimationFrame(look);
"""

# Milliseconds from a change of the layer control to the second frame after the picture changed.
# With a selector `done`: after what it selects has another data-revision; without: at once.
CHANGE_LAYER = """([control, layer, done]) => new Promise((resolve, reject) => {
    const complain = () => {
        const root = document.querySelector("[data-revision]");
        const said = root ? JSON.stringify(root.dataset) + root.innerText.slice(-300) : "";
        reject(new Error(`the picture of layer ${layer} never came: ${said}`));
    };
    setTimeout(complain, 60_000);
    const frames = () => requestAnimationFrame(() =>
        requestAnimationFrame(() => resolve(performance.now() - start)));
    if (done) {
        const before = document.querySelector("[data-revision]").dataset.revision;
        const observer = new MutationObserver(() => {
            const root = document.querySelector(done);
            if (!root || root.dataset.revision === before) return;
            observer.disconnect();
            frames();
        });
        observer.observe(document.body, { subtree: true, attributes: true });
    }
    const input = document.querySelector(control);
    const { set } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(input), "value");
    const start = performance.now();
    set.call(input, layer);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
    if (!done) frames();
})"""

# Milliseconds from the pointer's next arrival on an element to the second frame after it.
NOTE_HOVER = """(element) => {
    window.hovered = new Promise((resolve) => {
        element.addEventListener("pointerover", () => {
            const start = performance.now();
            requestAnimationFrame(() =>
                requestAnimationFrame(() => resolve(performance.now() - start)));
        }, { capture: true, once: true });
    });
}"""


@dataclass
class Measured:
    """One tool at one length. Seconds and bytes; None: it never came to that.

    Attributes
    ----------
    first_bytes, all_bytes
        Sent to the browser until the first drawing, and until every layer has been seen.
    first_drawing
        From navigation to the second animation frame after the picture was there.
    cold, warm
        A layer change whose data is not, or is, in the browser already.
    memory
        Resident memory of the renderer after the layer changes.
    """

    first_bytes: int | None = None
    all_bytes: int | None = None
    first_drawing: float | None = None
    cold: float | None = None
    warm: float | None = None
    nodes: int | None = None
    memory: int | None = None


def first_drawing(page: Page, url: str, selector: str, timeout: float) -> float:
    """Open `url` and return the seconds until `selector` matched and was drawn.

    Raises
    ------
    playwright.sync_api.Error
        Nothing was drawn in `timeout` seconds, or the page crashed.
    """
    page.add_init_script(NOTE_FIRST_DRAWING % selector)
    page.goto(url, wait_until="commit", timeout=1000 * timeout)
    page.wait_for_function("() => window.drawnAt", timeout=1000 * timeout)
    drawn: float = page.evaluate("() => window.drawnAt")
    return drawn / 1000


def change_layer(page: Page, control: str, layer: int, done: str | None = None) -> float:
    """Set the layer control; return seconds to the second frame after `done` matches.

    Without `done` the picture changes while the control's event is handled.
    """
    elapsed: float = page.evaluate(CHANGE_LAYER, [control, str(layer), done])
    return elapsed / 1000


def hover(element: Locator) -> float:
    """Point at an element and return the seconds to the second frame."""
    element.scroll_into_view_if_needed()
    element.evaluate(NOTE_HOVER)
    element.hover(force=True)
    elapsed: float = element.page.evaluate("() => window.hovered")
    return elapsed / 1000


def count_nodes(page: Page) -> int:
    count: int = page.evaluate("document.querySelectorAll('*').length")
    return count


def renderer_memory(browser: Browser) -> int:
    """Return the resident bytes of the largest renderer process."""
    session = browser.new_browser_cdp_session()
    processes: list[dict[str, Any]] = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    renderers = [process["id"] for process in processes if process["type"] == "renderer"]
    largest: int = max(psutil.Process(process).memory_info().rss for process in renderers)
    return largest
