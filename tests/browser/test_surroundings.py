"""The theme "as notebook": what notebooks and other pages say of theirs, and where they say it."""

from __future__ import annotations

import pytest

import attnwidget as aw
from attnwidget.trace import Trace

from .conftest import OpenFile
from .pages import View

OTHER = {"light": "dark", "dark": "light"}


@pytest.mark.parametrize(
    ("element", "attribute", "value", "scheme"),
    [
        ("body", "data-jp-theme-light", "false", "dark"),
        ("body", "data-jp-theme-light", "true", "light"),
        ("body", "data-vscode-theme-kind", "vscode-dark", "dark"),
        ("body", "data-vscode-theme-kind", "vscode-light", "light"),
        ("body", "data-vscode-theme-kind", "vscode-high-contrast", "dark"),
        ("body", "data-vscode-theme-kind", "vscode-high-contrast-light", "light"),
        ("documentElement", "theme", "dark", "dark"),
        ("documentElement", "theme", "light", "light"),
    ],
)
def test_what_a_notebook_says_counts(
    open_file: OpenFile, small: Trace, element: str, attribute: str, value: str, scheme: str
) -> None:
    """Whatever is painted behind the widget: VS Code puts a white panel there."""
    view = open_file(aw.AttentionWidget(small).to_html())
    paint(view, {"light": "black", "dark": "white"}[scheme])
    view.wait(scheme=OTHER[scheme])
    view.page.evaluate(
        "([element, name, value]) => document[element].setAttribute(name, value)",
        [element, attribute, value],
    )
    view.wait(scheme=scheme)


@pytest.mark.parametrize(
    ("color", "scheme"),
    [
        ("#111", "dark"),
        ("color(srgb 0.09 0.11 0.1)", "dark"),
        ("color(srgb 1 1 1)", "light"),
        ("oklch(0.98 0.01 250)", "light"),
        ("oklch(0.2 0.01 250 / 0.9)", "dark"),
        ("rgb(0 0 0 / 0.2)", "light"),  # the page, which prefers light here, shows through
    ],
)
def test_elsewhere_the_paper_counts(
    open_file: OpenFile, small: Trace, color: str, scheme: str
) -> None:
    view = open_file(aw.AttentionWidget(small).to_html())
    paint(view, {"light": "black", "dark": "white"}[scheme])
    view.wait(scheme=OTHER[scheme])
    paint(view, color)
    view.wait(scheme=scheme)


def test_paper_is_seen_from_within_a_shadow_tree(open_file: OpenFile, small: Trace) -> None:
    view = open_file(aw.AttentionWidget(small).to_html())
    view.page.evaluate(
        """() => {
            const drawn = document.getElementById("attnwidget").children;
            const host = document.createElement("div");
            host.style.background = "color(srgb 0.1 0.1 0.1)";
            host.attachShadow({ mode: "open" }).append(...drawn);
            document.body.append(host);
            document.body.className = "restyled";
        }"""
    )
    view.wait(scheme="dark")


def test_jupyters_variables_count_in_jupyter_only(open_file: OpenFile, small: Trace) -> None:
    """The styles of ipywidgets define them as well, for light paper, whatever the theme is."""
    view = open_file(aw.AttentionWidget(small).to_html())
    view.page.evaluate(
        """() => {
            document.documentElement.style.setProperty("--jp-layout-color0", "rgb(254, 254, 254)");
            document.body.dataset.vscodeThemeKind = "vscode-dark";
        }"""
    )
    view.wait(scheme="dark")
    assert background(view) == "rgb(21, 23, 27)"
    view.page.evaluate("() => { document.body.dataset.jpThemeLight = 'true'; }")
    view.wait(scheme="light")
    assert background(view) == "rgb(254, 254, 254)"


def background(view: View) -> str:
    return view.root.evaluate("(root) => getComputedStyle(root).backgroundColor")


def paint(view: View, color: str) -> None:
    view.page.evaluate("(color) => { document.body.style.background = color; }", color)
