"""Pictures hold what the attention says, computed here by definition, and are well-formed."""

import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

import attnwidget as aw
from attnwidget.picture.colormap import colors_of
from attnwidget.picture.theme import theme_named
from attnwidget.views import VIEWS as ROWS
from tests.browser.hostile import HOSTILE_TOKENS
from tests.browser.models import hostile_trace, random_trace

SVG = "{http://www.w3.org/2000/svg}"
ARRAYS = random_trace(3)
VIEWS = [name for name, view in ROWS.items() if view.refusal(ARRAYS, ARRAYS["self"]) is None]
OF_SCORES = ("head", "model", "matrix", "trace")


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg.encode())


def strokes(svg: str, command: str = "C") -> list[ET.Element]:
    return [each for each in parsed(svg).iter(f"{SVG}path") if command in each.get("d", "")]


def texts(svg: str) -> list[str]:
    return [each.text or "" for each in parsed(svg).iter(f"{SVG}text")]


def fewest(row: np.ndarray, coverage: float) -> int:
    """How many of a row's largest weights hold a share of it."""
    falling = np.sort(row.astype(np.float64))[::-1]
    return int(np.searchsorted(np.cumsum(falling), coverage * falling.sum()) + 1)


@pytest.mark.parametrize("heads", [None, [1], [0, 2, 3]])
@pytest.mark.parametrize("coverage", [0.3, 0.8])
def test_lines_are_the_fewest_that_hold_the_share(heads: list[int] | None, coverage: float) -> None:
    widget = aw.AttentionWidget(random_trace(12), heads=heads, coverage=coverage)
    rows = widget.scores().numpy().reshape(-1, 12)
    lines = strokes(widget.to_svg())
    assert len(lines) == sum(fewest(row, coverage) for row in rows)


def test_widths_go_by_the_root_of_the_weight() -> None:
    widget = aw.AttentionWidget(random_trace(9), heads=[2], coverage=1.0)
    weights = np.sort(widget.scores().numpy().ravel())
    widths = sorted(float(line.get("stroke-width", 0)) for line in strokes(widget.to_svg()))
    assert len(widths) == 81
    expected = 0.5 + 3.5 * np.sqrt(weights / weights.max())
    np.testing.assert_allclose(widths, expected, atol=0.01)


def test_lines_of_pinned_tokens_alone() -> None:
    pin = {"side": "query", "index": 3}
    widget = aw.AttentionWidget(random_trace(9), coverage=1.0, tokens_selected=[pin])
    assert len(strokes(widget.to_svg())) == 9


def test_a_matrix_has_a_cell_for_each_pair_and_its_value() -> None:
    widget = aw.AttentionWidget(random_trace(7), "matrix", heads=[1])
    svg = widget.to_svg()
    cells = sum(path.get("d", "").count("z") for path in strokes(svg, "z"))
    assert cells == 49
    shown = sorted(float(text) for text in texts(svg) if text.startswith("."))
    values = np.sort(widget.scores().numpy().ravel())
    np.testing.assert_allclose(shown, values[values >= 0.005][: len(shown)], atol=0.006)
    assert len(shown) == (values >= 0.005).sum()


def test_a_causal_matrix_leaves_the_future_blank() -> None:
    widget = aw.AttentionWidget(aw.demo("induction"), "matrix", heads=[0])
    count = len(widget.scores())
    svg = widget.to_svg()
    cells = sum(path.get("d", "").count("z") for path in strokes(svg, "z"))
    assert cells == count * (count + 1) // 2


def test_bars_of_the_trace_are_the_rollout() -> None:
    trace = random_trace(8)
    svg = aw.AttentionWidget(trace, "trace").to_svg()
    heights = [float(bar.get("height", 0)) for bar in list(parsed(svg).iter(f"{SVG}rect"))[1:]]
    last = np.asarray(aw.rollout(trace))[-1]
    np.testing.assert_allclose(np.array(heights) / max(heights), last / last.max(), atol=2e-3)


def test_edges_of_the_trace_carry_the_share() -> None:
    few = aw.AttentionWidget(random_trace(8), "trace", coverage=0.3).to_svg()
    every = aw.AttentionWidget(random_trace(8), "trace", coverage=1.0).to_svg()
    layers = aw.AttentionWidget(random_trace(8)).trace.num_layers
    assert len(strokes(every)) == 8 + 64 * (layers - 1)
    assert len(strokes(few)) < len(strokes(every)) / 2


@pytest.mark.parametrize("style", ["lines", "matrix"])
def test_the_model_has_every_head(style: str) -> None:
    trace = random_trace(8)
    svg = aw.AttentionWidget(trace, "model", thumbnails=style).to_svg()
    stream = trace[trace.streams[0]]
    frames = list(parsed(svg).iter(f"{SVG}rect"))[1:]
    assert len(frames) == stream.num_layers * stream.num_heads


@pytest.mark.parametrize("style", ["lines", "matrix"])
def test_heads_stand_on_the_colour_of_their_importance(style: str) -> None:
    importance = np.linspace(-0.1, 0.5, 16).reshape(4, 4)
    themselves = [np.broadcast_to(np.eye(8, dtype=np.float32), (4, 8, 8))] * 4
    widget = aw.AttentionWidget(
        themselves, "model", tokens=[*"abcdefgh"], thumbnails=style, head_importance=importance
    )
    svg = widget.to_svg()
    colors = colors_of("ink", theme_named("light"))
    expected = [colors[round(255 * max(0.0, value) / 0.5)] for value in importance.ravel()]
    shape = f"{SVG}{'rect' if style == 'lines' else 'path'}"
    heads = [group for group in parsed(svg).iter(f"{SVG}g") if group.find(f"{SVG}rect") is not None]
    first = [head.find(shape) for head in heads if head.get("transform")]
    assert [None if each is None else each.get("fill") for each in first][-16:] == expected
    assert "0.500" in texts(svg)


@pytest.mark.parametrize("mode", ["compare", "difference", "evolution"])
def test_every_mode_of_the_matrix_has_its_cells(mode: str) -> None:
    widget = aw.AttentionWidget(random_trace(6), "matrix", matrix_mode=mode)
    svg = widget.to_svg()
    cells = sum(path.get("d", "").count("z") for path in strokes(svg, "z"))
    assert cells == widget.scores().numel()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_hostile_tokens_are_text(view: str, theme: str) -> None:
    svg = aw.AttentionWidget(hostile_trace(), view).to_svg(theme=theme)
    names = {each.tag.removeprefix(SVG) for each in parsed(svg).iter()}
    assert names <= {"svg", "title", "rect", "g", "text", "path", "circle"}
    assert not any(name.startswith("on") for each in parsed(svg).iter() for name in each.attrib)
    assert len(svg) < 400_000


@pytest.mark.parametrize("view", VIEWS)
def test_raw_characters_that_xml_forbids_are_replaced(view: str) -> None:
    tokens = ["\x00", "\u2028", "\ud800", "\ufffe", "\u202egnihsif", "]]>", "שלום", *HOSTILE_TOKENS]
    weights = np.full((1, 1, len(tokens), len(tokens)), 1 / len(tokens), np.float32)
    svg = aw.AttentionWidget([weights], view, tokens=tokens).to_svg()
    parsed(svg)
    assert not set(svg) & set("\x00\u2028\ud800\ufffe\u202e")


@pytest.mark.parametrize("view", OF_SCORES)
def test_the_caption_says_what_is_shown(view: str) -> None:
    widget = aw.AttentionWidget(aw.demo("dates"), view, stream="cross", layer=1)
    title = parsed(widget.to_svg()).findtext(f"{SVG}title") or ""
    assert "dates" in title
    assert f"{view} view" in title
    assert "cross" in title
    layers = {"model": "every layer", "trace": "all layers"}.get(view, "layer 1")
    assert layers in title
    assert ("ALTI" if view == "trace" else "attention") in title


def test_it_is_written_in_one_go(tmp_path: Path) -> None:
    widget = aw.AttentionWidget(random_trace(5))
    place = tmp_path / "head.svg"
    assert widget.to_svg(place) == str(place)
    assert place.read_text(encoding="utf-8") == widget.to_svg()
    assert list(tmp_path.iterdir()) == [place]
    with pytest.raises(IsADirectoryError, match="name a file in it"):
        widget.to_svg(tmp_path)


def test_what_cannot_be_drawn_is_refused() -> None:
    widget = aw.AttentionWidget(aw.demo("brackets"))
    with pytest.raises(ValueError, match="light, dark"):
        widget.to_svg(theme="sepia")
    widget.close()
    with pytest.raises(ValueError, match="closed"):
        widget.to_svg()
