"""An open page with a widget, in whichever browser, by the hooks that pages promise."""

from __future__ import annotations

import time
from collections.abc import Callable

from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement

from tests.wait import wait_until

READY = '.attnwidget[data-state="ready"]'

# A number for the pixels of every canvas of the widget, and how many colours there are in all.
PIXELS = """
const colours = new Set();
let sum = 0;
for (const canvas of document.querySelectorAll(".attnwidget canvas")) {
    if (canvas.width === 0 || canvas.height === 0) continue;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    for (const pixel of new Uint32Array(data.buffer)) {
        colours.add(pixel);
        sum = (31 * sum + pixel) | 0;
    }
}
return [sum, colours.size];
"""
# Shapes of the widget's drawings that are not on a canvas.
SHAPES = """
return [...document.querySelectorAll(".attnwidget .aw-picture svg *")]
    .map((shape) => shape.outerHTML).join("");
"""
REQUESTS = """
return performance.getEntriesByType("resource").map((entry) => entry.name)
    .filter((name) => !name.startsWith("data:") && !name.startsWith("blob:"));
"""
CHOOSE = """
const [name, value] = arguments;
const control = document.querySelector(`.attnwidget [name="${name}"]`);
if (control.type === "radio") {
    document.querySelector(`.attnwidget [name="${name}"][value="${value}"]`).click();
} else {
    control.value = value;
    control.dispatchEvent(new Event("input", { bubbles: true }));
    control.dispatchEvent(new Event("change", { bubbles: true }));
}
"""


def wait_in(browser_has: Callable[[], object]) -> None:
    """Wait until a browser answers a question with yes.

    WebKit gets to nothing else while it is asked without a pause.
    """
    wait_until(browser_has, pause=lambda: time.sleep(0.5))


class WidgetPage:
    """The first widget of the page that a driver shows."""

    def __init__(self, driver: WebDriver) -> None:
        self.driver = driver

    def wait(self, **data: object) -> None:
        """Wait until the widget is ready and its data attributes are these."""
        selector = READY + "".join(f'[data-{name}="{value}"]' for name, value in data.items())
        wait_in(lambda: self.all(selector))

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def tokens(self) -> list[WebElement]:
        """Return the tokens that can be clicked, of a side or of a level."""
        found = self.all(".attnwidget [data-side][data-index]")
        return found or self.all(".attnwidget [data-level][data-index]")

    def click(self, selector: str) -> None:
        element = self.all(f".attnwidget {selector}")[0]
        self.driver.execute_script("arguments[0].scrollIntoView({ block: 'center' });", element)
        element.click()

    def choose(self, name: str, value: str) -> None:
        """Set a control, as a click or a choice in a list does."""
        self.driver.execute_script(CHOOSE, name, value)

    def is_pressed(self, selector: str) -> bool:
        return bool(self.all(f'.attnwidget {selector}[aria-pressed="true"]'))

    def drawing(self) -> tuple[int, int, str]:
        """Return what is drawn: pixels of canvases, how many colours, and shapes."""
        pixels, colours = self.driver.execute_script(PIXELS)
        return pixels, colours, self.driver.execute_script(SHAPES)

    def is_drawn(self) -> bool:
        """Whether there is more than one colour on a canvas, or a shape."""
        _, colours, shapes = self.drawing()
        return colours > 1 or "<path" in shapes or "<rect" in shapes

    def requests(self) -> list[str]:
        """Return what the page has loaded beside itself."""
        loaded: list[str] = self.driver.execute_script(REQUESTS)
        return loaded
