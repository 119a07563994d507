"""Writes pictures of every view to screenshots/, so that somebody looks at them.

    python -m scripts.screenshots                     # a sensible subset
    python -m scripts.screenshots --models minilm --tokens 5 30 128 500 --widths 500 1000 1600
    python -m scripts.screenshots --readme            # docs/images/: the pictures of the README

Names say what is seen: model-tokens-view-width-theme.png. Models that are not installed are
skipped, and said so.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any, get_args

from playwright.sync_api import Browser, FloatRect

import attnwidget as aw
from attnwidget.methods.registry import MethodName
from attnwidget.trace import Trace
from attnwidget.views import ViewName
from tests.browser.bridge import Bridge
from tests.browser.chromium import chromium, open_page, settle
from tests.browser.models import trace_of, trace_of_length

ROOT = Path(__file__).parents[1]
VIEWS: tuple[ViewName, ...] = get_args(ViewName)
METHODS: tuple[MethodName, ...] = get_args(MethodName)[1:]
OF_ONE_MATRIX: tuple[ViewName, ...] = ("head", "matrix", "trace")
THEMES = ("light", "dark")
IN_README = (("head", "dark"), *((view, "light") for view in VIEWS))
README_TEXT = "The animal didn't cross the street because it was too tired."


@dataclass(frozen=True)
class Shot:
    """One picture; `tokens=None` is the model's own example, as the demo models have one."""

    model: str
    tokens: int | None
    view: ViewName
    width: int = 1000
    theme: str = "light"
    traits: dict[str, Any] = field(default_factory=dict, hash=False)
    note: str = ""

    @property
    def name(self) -> str:
        length = "example" if self.tokens is None else str(self.tokens)
        note = f"-{self.note}" if self.note else ""
        model = self.model.replace(":", "-").replace("/", "-")
        return f"{model}-{length}-{self.view}{note}-{self.width}-{self.theme}.png"


def sensible() -> Iterator[Shot]:
    """Yield every view in both themes, and each width and length once."""
    for view, theme in product(VIEWS, THEMES):
        yield Shot("minilm", 30, view, theme=theme)
    for view, width in product(VIEWS, (500, 1600)):
        yield Shot("minilm", 30, view, width=width)
    for view, tokens in product(VIEWS, (5, 128, 500)):
        yield Shot("minilm", tokens, view)
    every_head = {"heads": list(range(12)), "coverage": 1.0}
    pins = [{"side": "query", "index": 3}, {"side": "query", "index": 8}]
    yield Shot("minilm", 30, "head", traits=every_head, note="every-line")
    for theme in THEMES:
        traits = {"heads": [1, 4], "tokens_selected": pins}
        yield Shot("minilm", 30, "head", theme=theme, traits=traits, note="pinned")
    yield Shot("minilm", 30, "head", traits={"hide_special": True}, note="hidden")
    yield Shot("pair", None, "head", traits={"pair_filter": "ab"}, note="filtered")
    for view, theme in product(VIEWS, THEMES):
        yield Shot("smollm2", 30, view, theme=theme)
    for demo, view in product(("brackets", "induction", "dates"), VIEWS):
        yield Shot(f"demo:{demo}", None, view)
    for view in OF_ONE_MATRIX:
        yield Shot("demo:dates", None, view, traits={"stream": "cross"}, note="cross")
    for method, view in product(METHODS, OF_ONE_MATRIX):
        yield Shot("minilm", 30, view, traits={"method": method, "layer": 3}, note=method)
    for mode, theme in product(("compare", "difference", "evolution"), THEMES):
        yield Shot("minilm", 30, "matrix", theme=theme, traits={"matrix_mode": mode}, note=mode)
    yield Shot("hostile", None, "head")


def chosen(options: argparse.Namespace) -> Iterator[Shot]:
    """Yield the product of what was asked for."""
    lists = (options.models, options.tokens, options.views, options.widths, options.themes)
    for model, tokens, view, width, theme in product(*lists):
        yield Shot(model, tokens if model in ("minilm", "smollm2") else None, view, width, theme)


def write(browser: Browser, trace: Trace, shot: Shot, folder: Path, *, scale: float = 1) -> None:
    """Draw one shot and write it."""
    widget = aw.AttentionWidget(trace, view=shot.view, **shot.traits)
    with Bridge([widget]) as bridge:
        page = open_page(
            browser, bridge.url(theme=shot.theme), width=shot.width, height=900, scale=scale
        )
        settle(page)
        box = page.locator(".attnwidget").bounding_box()
        assert box
        clip: FloatRect = {
            "x": 0,
            "y": 0,
            "width": shot.width,
            "height": box["y"] * 2 + box["height"],
        }
        page.screenshot(path=folder / shot.name, full_page=True, clip=clip)
        page.close()
    widget.close()


def take(shots: list[Shot], folder: Path) -> None:
    """Write all shots, each model and length loaded once."""
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        traces: dict[tuple[str, int | None], Trace | None] = {}
        for shot in shots:
            key = (shot.model, shot.tokens)
            if key not in traces:
                traces[key] = _trace(shot)
            trace = traces[key]
            if trace is None:
                continue
            write(browser, trace, shot, folder)
            print(folder / shot.name)


def _trace(shot: Shot) -> Trace | None:
    try:
        if shot.tokens is None:
            return trace_of(shot.model)
        return trace_of_length(shot.model, shot.tokens)
    except ModuleNotFoundError as error:
        print(f"{shot.model} is skipped: {error}", file=sys.stderr)
        return None


def readme(folder: Path) -> None:
    """Write the pictures of the README, at one and a half times the resolution."""
    folder.mkdir(parents=True, exist_ok=True)
    trace = trace_of("minilm", README_TEXT)
    pin = [{"side": "query", "index": trace.tokens.index("it")}]
    traits: dict[str, dict[str, Any]] = {
        "head": {"layer": 3, "heads": [1, 8], "tokens_selected": pin},
        "model": {},
        "neuron": {"layer": 3, "heads": [1], "tokens_selected": pin},
        "matrix": {"layer": 3, "heads": [1], "matrix_mode": "compare"},
        "trace": {"method": "relevance", "target": ("hidden", pin[0]["index"])}
        | {"trace_node": {"level": trace.num_layers, "index": pin[0]["index"]}},
        "text": {"layer": 3, "heads": [1], "tokens_selected": pin},
    }
    with chromium() as browser:
        for view, theme in IN_README:
            shot = Shot("minilm", None, view, theme=theme, traits=traits[view])
            write(browser, trace, shot, folder, scale=1.5)
            (folder / shot.name).rename(folder / f"{view}-{theme}.png")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--models", nargs="+", help="as bridge.py names them")
    parser.add_argument("--tokens", nargs="+", type=int, default=[30])
    parser.add_argument("--views", nargs="+", default=list(VIEWS), choices=VIEWS)
    parser.add_argument("--widths", nargs="+", type=int, default=[1000])
    parser.add_argument("--themes", nargs="+", default=list(THEMES), choices=THEMES)
    parser.add_argument("--out", type=Path, default=ROOT / "screenshots")
    parser.add_argument("--readme", action="store_true")
    options = parser.parse_args()
    if options.readme:
        readme(ROOT / "docs" / "images")
    else:
        take(list(chosen(options) if options.models else sensible()), options.out)


if __name__ == "__main__":
    main()
