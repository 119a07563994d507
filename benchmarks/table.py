"""Markdown tables of what was measured."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from pathlib import Path

from .exported_file import BERTVIZ, FilePage
from .flow import FlowTimes
from .forward import Pass
from .kept import Kept
from .page import Measured
from .rollout import Rolled

NOTHING = "–"


def markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table whose first column is text and whose others are numbers."""
    lines = [header, ["---", *("---:" for _ in header[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def views(measured: dict[int, dict[str, Measured]]) -> str:
    """Return the comparison of head views, by number of tokens and tool."""
    header = [
        *("tokens", "head view of MiniLM", "bytes to first drawing", "bytes, all layers seen"),
        *("first drawing", "layer change, cold", "at hand", "DOM nodes", "renderer memory"),
    ]
    rows = [
        [
            *(str(tokens), tool, _bytes(one.first_bytes), _bytes(one.all_bytes)),
            *(_seconds(one.first_drawing), _seconds(one.cold), _seconds(one.warm)),
            *(f"{one.nodes:,.0f}" if one.nodes else NOTHING, _bytes(one.memory)),
        ]
        for tokens, tools in measured.items()
        for tool, one in tools.items()
    ]
    return markdown(header, rows)


def ratios(measured: dict[int, dict[str, Measured]], reference: str) -> str:
    """Return by how much each tool is better than `reference`."""
    header = [
        *("tokens", "against BertViz", "fewer bytes to first drawing", "fewer bytes, all layers"),
        *("first drawing faster", "layer change faster, cold", "at hand", "fewer nodes"),
    ]
    fields = ("first_bytes", "all_bytes", "first_drawing", "cold", "warm", "nodes")
    rows = [
        [
            str(tokens),
            tool,
            *(_ratio(getattr(tools[reference], name), getattr(one, name)) for name in fields),
        ]
        for tokens, tools in measured.items()
        for tool, one in tools.items()
        if tool != reference
    ]
    return markdown(header, rows)


def files(measured: dict[int, dict[str, FilePage]]) -> str:
    """Return the comparison of files, by number of tokens and tool."""
    header = [
        *("tokens", "one file of MiniLM", "bytes", "written", "first drawing", "layer change"),
        *("slowest layer", "hover", "DOM nodes", "renderer memory"),
    ]
    rows = [
        [
            *(str(tokens), tool, _bytes(one.nbytes), _seconds(one.written)),
            *(_seconds(one.first_drawing), _seconds(one.change), _seconds(one.slowest)),
            *(_seconds(one.hover), f"{one.nodes:,.0f}", _bytes(one.memory)),
        ]
        for tokens, tools in measured.items()
        for tool, one in tools.items()
    ]
    return markdown(header, rows)


def file_ratios(measured: dict[int, dict[str, FilePage]]) -> str:
    """Return by how much each file is better than BertViz's, where there is one."""
    header = [
        *("tokens", "against BertViz", "smaller", "first drawing faster", "layer change faster"),
        *("slowest layer faster", "hover faster", "fewer nodes", "less memory"),
    ]
    names = ("nbytes", "first_drawing", "change", "slowest", "hover", "nodes", "memory")
    rows = [
        [
            *(str(tokens), tool),
            *(_ratio(getattr(tools[BERTVIZ], name), getattr(one, name)) for name in names),
        ]
        for tokens, tools in measured.items()
        for tool, one in tools.items()
        if BERTVIZ in tools and tool != BERTVIZ
    ]
    return markdown(header, rows)


def passes(measured: dict[int, dict[str, Pass]]) -> str:
    """Return the comparison of ways to run a model, as ratios to the plain pass."""
    header = ["tokens", "pass", "time", "of plain", "extra memory", "of eager's extra memory"]
    rows = []
    for tokens, ways in measured.items():
        plain, eager = ways["plain"], ways["eager"]
        for way, one in ways.items():
            extra = one.peak - plain.peak
            rows.append(
                [
                    *(str(tokens), way, _seconds(one.seconds)),
                    f"{one.seconds / plain.seconds:.2f}x",
                    _bytes(round(extra)) if way != "plain" else NOTHING,
                    f"1/{(eager.peak - plain.peak) / extra:.1f}" if way != "plain" else NOTHING,
                ]
            )
    return markdown(header, rows)


def flows(measured: dict[str, FlowTimes]) -> str:
    """Return the comparison of max-flow with networkx."""
    header = ["tokens", "max-flow", "with", "time", "faster than networkx", "largest difference"]
    rows = []
    for what, one in measured.items():
        rows.append([str(one.tokens), what, "networkx", _seconds(one.networkx), "1x", NOTHING])
        for engine, seconds in one.seconds.items():
            ratio = f"{one.networkx / seconds:,.0f}x"
            difference = f"{one.differences[engine]:.0e}"
            rows.append([str(one.tokens), what, engine, _seconds(seconds), ratio, difference])
    return markdown(header, rows)


def rollouts(measured: dict[int, dict[str, Rolled]]) -> str:
    """Return the comparison of ways to roll out, as parts of the dense one's memory."""
    rows = [
        [
            *(str(tokens), way, _seconds(one.seconds), _bytes(one.peak)),
            f"1/{ways['dense'].peak / one.peak:.1f}",
        ]
        for tokens, ways in measured.items()
        for way, one in ways.items()
    ]
    return markdown(["tokens", "rollout", "time", "memory", "of the dense one's"], rows)


def kept(measured: dict[int, Kept]) -> str:
    """Return what traces keep, with what heads write as a ratio to the attention alone."""
    rows = [
        [
            *(str(tokens), _bytes(one.attention), _bytes(one.outputs)),
            f"{one.outputs / one.attention:.2f}x",
        ]
        for tokens, one in measured.items()
    ]
    header = ["tokens", "attention", "with what heads write", "of attention alone"]
    return markdown(header, rows)


def machine(versions: dict[str, str]) -> str:
    """Return one line about where this was measured."""
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    listed = ", ".join(f"{name} {version}" for name, version in versions.items())
    cores = len(os.sched_getaffinity(0))
    return f"{cpu}, {cores} cores, Python {platform.python_version()}, {listed}"


def _bytes(count: float | None) -> str:
    if count is None:
        return NOTHING
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count:.0f} B"


def _seconds(value: float | None) -> str:
    if value is None:
        return NOTHING
    return f"{value:.2f} s" if value >= 1 else f"{1000 * value:.0f} ms"


def _ratio(reference: float | None, value: float | None) -> str:
    return f"{reference / value:.0f}x" if reference and value else NOTHING
