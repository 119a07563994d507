"""An open page of widgets, in the words of the tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page

from tests.wait import wait_until

from .chromium import Complaints, settle
from .kernel import Kernel

PAUSE = "new Promise((done) => setTimeout(() => requestIdleCallback(done, { timeout: 5000 }), 700))"
"""Longer than anything that the front end does by itself when it is left alone."""


class View:
    """One drawn view of a widget, found by the hooks that the page promises."""

    def __init__(self, root: Locator, rest: Callable[[], None] | None = None) -> None:
        self.root = root
        self.page = root.page
        self._rest = rest

    def data(self, name: str) -> str | None:
        """Return `data-<name>` of the root."""
        return self.root.get_attribute(f"data-{name}")

    def wait(self, **expected: object) -> None:
        """Wait until the root is ready and its data attributes are these."""
        selector = "".join(f'[data-{name}="{value}"]' for name, value in expected.items())
        wanted = self.page.locator(f'.attnwidget[data-state="ready"]{selector}')
        # Front ends may draw a widget anew: what is awaited is found again each time.
        self.root.and_(wanted).wait_for(state="attached")

    def control(self, name: str) -> Locator:
        return self.root.locator(f'[name="{name}"]')

    def choose(self, name: str, value: str) -> None:
        """Set a control of whatever kind: radio buttons, a list, or a field."""
        control = self.control(name)
        if control.count() == 0:
            self.root.get_by_role("button", name="Display").click()
        kind = control.first.evaluate("(e) => e.type")
        if kind == "radio":
            option = self.root.locator(f'[name="{name}"][value="{value}"]')
            option.evaluate("(e) => e.click()")
        elif kind == "select-one":
            control.select_option(value)
        else:
            control.fill(value)
            control.press("Enter")

    def token(self, side: str, index: int) -> Locator:
        return self.root.locator(f'[data-side="{side}"][data-index="{index}"]').first

    def chip(self, head: int) -> Locator:
        return self.root.locator(f'[data-head="{head}"]:not([data-layer])').first

    def chosen_heads(self) -> list[int]:
        """Return the heads whose chips are pressed."""
        chips = self.root.locator('[data-head][aria-pressed="true"]:not([data-layer])')
        return sorted(chips.evaluate_all("(chips) => chips.map((c) => Number(c.dataset.head))"))

    def pins(self) -> list[dict[str, Any]]:
        """Return the pinned tokens, each side in order."""
        tokens = self.root.locator('[data-side][data-index][aria-pressed="true"]')
        return tokens.evaluate_all(
            "(all) => all.map((t) => ({ side: t.dataset.side, index: Number(t.dataset.index) }))"
        )

    @property
    def alert(self) -> Locator:
        return self.root.locator('[role="alert"]')

    def settle(self) -> None:
        settle(self.page)

    def rest(self) -> None:
        """Wait until the view is ready and changes no more by itself."""
        if self._rest is not None:
            self._rest()
        self.wait()
        _wait_until_same(self.page, self.root.inner_html)


class Opened:
    """An open page and the kernel behind it."""

    def __init__(self, page: Page, kernel: Kernel, complaints: Complaints) -> None:
        self.page = page
        self.kernel = kernel
        self.complaints = complaints

    def view(self, index: int = 0) -> View:
        return View(self.page.locator(".attnwidget").nth(index), self.rest)

    def rest(self) -> None:
        """Wait until nothing more comes of what the page asks for and tells by itself."""
        _wait_until_same(self.page, self._messages)

    def stop_clock(self) -> None:
        """Let no timer of the page end, nor any frame be drawn, until the test says so."""
        now: float = self.page.evaluate("Date.now()")
        self.page.clock.pause_at(now / 1000 + 1)

    def _messages(self) -> tuple[int, int]:
        """Return how many messages have gone each way, once all have arrived."""
        self.wait_until(
            lambda: (
                self.page.evaluate("bridge.delivered()") == self.kernel.queued
                and self.kernel.is_idle
            )
        )
        return len(self.kernel.received), self.kernel.queued

    def wait_until(self, condition: Any) -> None:
        """Wait until `condition()` holds in Python, letting the page work meanwhile."""
        wait_until(condition, pause=lambda: self.page.wait_for_timeout(20))


def _wait_until_same(page: Page, read: Callable[[], object]) -> None:
    """Wait until what is read is the same before and after a pause of the page."""
    seen: list[object] = [read()]

    def pause() -> None:
        page.evaluate(PAUSE)
        seen.append(read())

    wait_until(lambda: len(seen) > 1 and seen[-1] == seen[-2], pause=pause)
