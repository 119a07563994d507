"""An open page of widgets, in the words of the tests."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page

from .chromium import Complaints, settle
from .kernel import Kernel


class View:
    """One drawn view of a widget, found by the hooks that the page promises."""

    def __init__(self, root: Locator) -> None:
        self.root = root
        self.page = root.page

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


class Opened:
    """An open page and the kernel behind it."""

    def __init__(self, page: Page, kernel: Kernel, complaints: Complaints) -> None:
        self.page = page
        self.kernel = kernel
        self.complaints = complaints

    def view(self, index: int = 0) -> View:
        return View(self.page.locator(".attnwidget").nth(index))

    def rest(self) -> None:
        """Wait until nothing more comes of what the page asks for and tells by itself."""
        pause = "new Promise((done) => setTimeout(() => requestIdleCallback(done), 700))"
        for _ in range(30):
            before = len(self.kernel.received), self.kernel.sent_bytes
            self.page.evaluate(pause)
            if (len(self.kernel.received), self.kernel.sent_bytes) == before:
                return
        raise AssertionError("the page does not stop asking")

    def wait_until(self, condition: Any, *, timeout: float = 5.0) -> None:
        """Wait until `condition()` holds in Python, letting the page work meanwhile."""
        for _ in range(int(timeout / 0.02)):
            if condition():
                return
            self.page.wait_for_timeout(20)
        raise AssertionError(f"not so after {timeout} s")
