"""Pictures and the page have the same colours; the front end's tests read colors.json too."""

import json
import re
from pathlib import Path

import pytest

from attnwidget.assets import asset
from attnwidget.picture.colormap import colors_of
from attnwidget.picture.palette import head_color, head_dash
from attnwidget.picture.theme import THEMES

DRAWN = json.loads(Path(__file__).with_name("colors.json").read_text())


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["ink", "signed", "blues", "viridis"])
def test_a_colormap_is_the_same_table_as_in_the_browser(name: str, scheme: str) -> None:
    table = "".join(color.removeprefix("#") for color in colors_of(name, THEMES[scheme]))
    assert table == DRAWN["colormaps"][name][scheme]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_heads_have_the_colours_of_the_browser(scheme: str) -> None:
    colors = [head_color(head, THEMES[scheme]) for head in (None, *range(20))]
    assert colors == DRAWN["heads"][scheme]


def test_heads_of_one_colour_have_the_line_patterns_of_the_browser() -> None:
    dashes = [head_dash(head) for head in (0, 16, 32, 48)]
    assert [[float(each) for each in (dash or "").split()] for dash in dashes] == DRAWN["dashes"]


def custom_properties(scheme: str) -> dict[str, str]:
    """Return the custom properties of the widget's own rule, as the stylesheet has them."""
    selector = {"light": r"\.attnwidget", "dark": r"\.attnwidget\[data-scheme=dark\]"}[scheme]
    rules = re.findall(rf"(?:^|\}}){selector}\{{([^}}]*)\}}", asset("styles.css").read_text())
    return dict(re.findall(r"(--aw-[\w-]+): ?([^;]+)", ";".join(rules)))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_theme_has_the_colours_of_the_stylesheet(scheme: str) -> None:
    theme, properties = THEMES[scheme], custom_properties(scheme)
    assert theme.paper == properties["--aw-own-bg"]
    assert theme.ink == properties["--aw-text"]
    assert theme.muted == properties["--aw-muted"]
    assert theme.rule == properties["--aw-rule"]
    assert head_color(None, theme) == properties["--aw-accent"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_exported_page_has_the_paper_and_ink_of_the_theme(scheme: str) -> None:
    body = rf"body:has\(\.attnwidget\[data-scheme={scheme}\]\)"
    css = asset("page.css").read_text()
    ink = re.search(rf"{body}\{{color:(#\w+)\}}", css)
    paper = re.search(rf"{body}:before\{{background:(#\w+)\}}", css)
    assert ink is not None
    assert paper is not None
    assert full(ink[1]) == THEMES[scheme].ink
    assert full(paper[1]) == THEMES[scheme].paper


def full(color: str) -> str:
    """Return ``#rrggbb`` of a colour that may be shortened to ``#rgb``."""
    return color if len(color) == 7 else "#" + "".join(2 * digit for digit in color[1:])
