"""Names for screen readers, themes, widths."""

import pytest

import attnwidget as aw

from .conftest import Open

BACKGROUND = """(root) => {
    for (let at = root; at; at = at.parentElement) {
        const [r, g, b, a = 1] = getComputedStyle(at).backgroundColor.match(/[\\d.]+/g).map(Number);
        if (a > 0) return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    }
    return 255;
}"""
INK = """(root) => {
    const [r, g, b] = getComputedStyle(root.querySelector("[data-side]")).color
        .match(/[\\d.]+/g).map(Number);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}"""
NAMELESS = """(root) => [...root.querySelectorAll("button, input, select, [role=button]")]
    .filter((e) => e.getClientRects().length > 0)
    .filter((e) => !(e.ariaLabel || e.innerText.trim() || e.title ||
        [...(e.labels ?? [])].some((label) => label.innerText.trim())))
    .map((e) => e.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("view", ["head", "model", "neuron", "trace", "text"])
def test_every_control_has_a_name(open_widgets: Open, decoder, view: str) -> None:
    root = open_widgets(aw.AttentionWidget(decoder, view=view)).view().root
    assert root.evaluate(NAMELESS) == []


def test_tokens_say_side_place_text_and_pin(open_widgets: Open, small) -> None:
    view = open_widgets(aw.AttentionWidget(small)).view()
    view.token("query", 3).click()
    label = view.token("query", 3).get_attribute("aria-label") or ""
    assert all(part in label for part in ("query", "3", "t3", "pinned"))


def test_changes_are_announced(open_widgets: Open, small) -> None:
    view = open_widgets(aw.AttentionWidget(small)).view()
    announced = view.root.locator("[aria-live], [role=status]").all_inner_texts()
    assert any("lines" in text for text in announced)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_notebooks_theme_is_followed(open_widgets: Open, small, theme: str) -> None:
    root = open_widgets(aw.AttentionWidget(small), theme=theme).view().root
    contrast = root.evaluate(INK) - root.evaluate(BACKGROUND)
    assert contrast > 100 if theme == "dark" else contrast < -100


@pytest.mark.parametrize(("notebook", "forced"), [("light", "dark"), ("dark", "light")])
def test_a_theme_is_forced(open_widgets: Open, small, notebook: str, forced: str) -> None:
    widget = aw.AttentionWidget(small, theme=forced)
    page = open_widgets(widget, theme=notebook)
    root = page.view().root
    contrast = root.evaluate(INK) - root.evaluate(BACKGROUND)
    assert contrast > 100 if forced == "dark" else contrast < -100


def test_a_change_of_the_notebooks_theme_is_followed(open_widgets: Open, small) -> None:
    page = open_widgets(aw.AttentionWidget(small))
    page.page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    root = page.view().root
    page.wait_until(lambda: root.evaluate(INK) - root.evaluate(BACKGROUND) > 100)


@pytest.mark.parametrize("width", [500, 1000, 1600])
@pytest.mark.parametrize("view", ["head", "model", "neuron", "trace", "text"])
def test_nothing_sticks_out_at_any_width(
    open_widgets: Open, decoder, view: str, width: int
) -> None:
    pins = [{"side": "query", "index": 5}]
    widget = aw.AttentionWidget(decoder, view=view, tokens_selected=pins)
    page = open_widgets(widget, width=width)
    root = page.view().root
    assert page.page.evaluate("document.documentElement.scrollWidth") <= width
    box = root.bounding_box()
    assert box
    assert box["width"] >= width - 2 * 16 - 20  # the page's own margins and a scroll bar
    sticking_out = root.evaluate(
        """(root) => {
            const { left, right } = root.getBoundingClientRect();
            const clips = (e) => getComputedStyle(e).overflowX !== "visible";
            return [...root.querySelectorAll("*")].filter((e) => {
                const box = e.getBoundingClientRect();
                const inside = box.left >= left - 1 && box.right <= right + 1;
                if (box.width === 0 || inside) return false;
                for (let at = e.parentElement; at && at !== root; at = at.parentElement)
                    if (clips(at)) return false;
                return true;
            }).map((e) => e.className || e.tagName);
        }"""
    )
    assert sticking_out == []
