"""Text from models is text, whatever it holds: it never runs and is never parsed."""

from collections.abc import Callable

import pytest

import attnwidget as aw
from attnwidget.trace import Stream, Trace

from .conftest import Open, OpenFile
from .hostile import HOSTILE, HOSTILE_TOKENS
from .models import hostile_classifier, random_decoder
from .pages import View

Show = Callable[..., View]

VIEWS = [
    *({"view": "head", "heads": heads} for heads in (None, [0, 2])),
    {"view": "model"},
    {"view": "neuron", "heads": [0]},
    *(
        {"view": "matrix", "matrix_mode": mode}
        for mode in ("single", "compare", "difference", "evolution")
    ),
    {"view": "trace"},
]
PINS = [{"side": "query", "index": index} for index in range(0, len(HOSTILE_TOKENS), 5)]

# Elements that run, load or hide something, and attributes that run: none belongs in a widget.
DANGEROUS = """(root) => {
    const names = "script img iframe object embed link meta base style template textarea a "
        + "marquee video audio foreignObject";
    const elements = [...root.querySelectorAll("*")];
    const running = elements.flatMap((each) => each.getAttributeNames())
        .filter((name) => name.startsWith("on") || name.startsWith("src") || name === "href");
    const found = elements.filter((each) => names.split(" ").includes(each.localName)
        || each.matches(":is(form, details):not([class^=aw-])"));
    return [...running, ...found.map((each) => each.outerHTML.slice(0, 200))];
}"""

# Every token in turn has the pointer and the focus for a frame.
VISIT_TOKENS = """async (root) => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    for (const token of root.querySelectorAll("[data-index]")) {
        for (const name of ["pointerover", "pointerenter", "pointermove"]) {
            token.dispatchEvent(new PointerEvent(name, { bubbles: true }));
        }
        token.focus();
        await frame();
    }
}"""

# What the tokens say that stand in the page, by index.
SAID = """(root) => [...root.querySelectorAll("[data-side][data-index]")]
    .map((token) => [Number(token.dataset.index), token.querySelector("span")?.textContent])"""


@pytest.fixture(params=["live", "file"])
def show(request: pytest.FixtureRequest, open_widgets: Open, open_file: OpenFile) -> Show:
    """Open a widget in a page, or its file with the network cut."""

    def show_(widget: aw.AttentionWidget, *, title: str | None = None) -> View:
        if request.param == "live":
            return open_widgets(widget).view()
        return open_file(widget.to_html(title=title))

    return show_


def sweep(view: View) -> None:
    """Move the pointer all over the picture, for its tooltips."""
    box = view.root.locator(".aw-picture").bounding_box()
    assert box
    for row in range(1, 8):
        for column in range(1, 8):
            x, y = box["x"] + column / 8 * box["width"], box["y"] + row / 8 * box["height"]
            view.page.mouse.move(x, min(y, 880))


def assert_harmless(view: View) -> None:
    assert view.page.evaluate("() => window.ran") is None
    assert view.root.evaluate(DANGEROUS) == []
    assert view.page.evaluate("() => document.documentElement.scrollWidth") <= 1000
    assert view.alert.count() == 0


@pytest.mark.parametrize("traits", VIEWS, ids=lambda traits: "-".join(map(str, traits.values())))
def test_no_token_runs_or_becomes_markup(show: Show, hostile: Trace, traits: dict) -> None:
    widget = aw.AttentionWidget(hostile, tokens_selected=PINS, **traits)
    view = show(widget, title="".join(HOSTILE_TOKENS))
    if traits["view"] == "model":
        view.root.locator('[data-layer="0"][data-head="1"]').click()
        view.settle()
    view.root.evaluate(VISIT_TOKENS)
    sweep(view)
    assert_harmless(view)


@pytest.mark.parametrize("name", ["head", "neuron", "matrix", "trace"])
def test_tokens_are_shown_as_they_are(show: Show, hostile: Trace, name: str) -> None:
    view = show(aw.AttentionWidget(hostile, view=name, heads=[0]))
    said = [(index, text) for index, text in view.root.evaluate(SAID) if text is not None]
    assert len({index for index, _ in said}) > 10
    for index, text in said:
        token = hostile.tokens[index]
        if token.strip() and token.isprintable():
            assert text == token or (len(text) > 20 and token.startswith(text.rstrip("…")))
        else:
            assert text or not token.strip() or not token.isprintable()


def test_names_are_text_too(show: Show, hostile: Trace) -> None:
    kept = hostile["self"]
    code = [HOSTILE[kind] for kind in ("image with a handler", "end of a script, then a script")]
    streams = [Stream(name, kept.layers, kept.queries, kept.keys) for name in code]
    trace = Trace(tuple(streams), "".join(HOSTILE_TOKENS))
    view = show(aw.AttentionWidget(trace, stream=code[1]))
    view.choose("stream", code[0])
    view.wait(view="head")
    assert view.data("stream") == code[0]
    assert_harmless(view)


@pytest.mark.parametrize("view", ["head", "trace"])
def test_what_a_model_predicts_is_text(show: Show, view: str) -> None:
    method = "gradient_flow" if view == "head" else "relevance"
    widget = aw.AttentionWidget(hostile_classifier(), view=view, method=method)
    shown = show(widget)
    target = shown.root.locator(".aw-target")
    assert any(label[:20] in (target.inner_text() or "") for label in HOSTILE_TOKENS if label)
    target.click()
    offered, the_only_one = shown.control("target_index"), shown.root.locator(".aw-target[title]")
    offered.or_(the_only_one).first.wait_for()
    shown.settle()
    assert_harmless(shown)


def test_the_target_is_picked_among_hostile_tokens(open_widgets: Open, hostile: Trace) -> None:
    target = {"kind": "hidden", "position": 1, "index": None}
    widget = aw.AttentionWidget(hostile, method="gradient_flow", heads=[0], target=target)
    view = open_widgets(widget).view()
    view.root.locator(".aw-target").click()
    options = view.control("target_position").locator("option")
    assert options.count() >= len(HOSTILE_TOKENS)
    view.choose("target_position", "3")
    view.wait(method="gradient_flow")
    assert_harmless(view)


def test_every_token_stays_a_target(show: Show, hostile: Trace) -> None:
    view = show(aw.AttentionWidget(hostile))
    for index in range(len(HOSTILE_TOKENS)):
        box = view.token("key", index).bounding_box()
        assert box
        assert box["width"] > 4
        assert 8 < box["height"] < 60


def test_a_mark_of_direction_does_not_turn_its_neighbours(show: Show, hostile: Trace) -> None:
    view = show(aw.AttentionWidget(hostile))
    turned = HOSTILE_TOKENS.index(HOSTILE["turned"])
    bidi = view.token("query", turned).evaluate(
        "(e) => [e, ...e.querySelectorAll('*')].map((x) => getComputedStyle(x).unicodeBidi)"
    )
    assert set(bidi) & {"isolate", "plaintext", "isolate-override"}


def test_a_picture_of_hostile_tokens_is_a_picture(open_widgets: Open, hostile: Trace) -> None:
    """The browser draws the SVG, which loads nothing and runs nothing."""
    page = open_widgets(aw.AttentionWidget(random_decoder(4))).page
    for view in ("head", "model", "matrix", "trace"):
        svg = aw.AttentionWidget(hostile, view=view).to_svg()
        found = page.evaluate(
            """async (svg) => {
                const picture = document.importNode(
                    new DOMParser().parseFromString(svg, "image/svg+xml").documentElement, true);
                document.body.append(picture);
                await new Promise((done) => setTimeout(() => requestIdleCallback(done), 100));
                const names = new Set([...picture.querySelectorAll("*")].map((e) => e.localName));
                picture.remove();
                return [...names, window.ran];
            }""",
            svg,
        )
        assert set(found) <= {"title", "rect", "g", "text", "path", "circle", None}
