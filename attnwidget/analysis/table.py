"""A summary as text."""

import math
from collections import Counter
from collections.abc import Mapping
from typing import Any

COLUMNS = {
    "layer": "layer",
    "entropy": "normalized_entropy",
    "tokens": "effective_tokens",
    "gini": "gini",
    "own": "diagonal_mean",
    "local": "locality",
    "diversity": "diversity_score",
}
"""Headings, and the statistic of a layer under each."""


def table(report: Mapping[str, Any]) -> str:
    """Return the report of `attnwidget.summary` as one table per stream with a line per layer."""
    parts = [f"Summary of {report['model'] or 'attention'}"]
    for name, stream in report["streams"].items():
        sizes = f"{stream['num_layers']} layers x {stream['num_heads']} heads"
        tokens = f"{len(stream['query_tokens'])} x {len(stream['key_tokens'])} tokens"
        parts += [
            "",
            f"{name}: {sizes}, {tokens}{', causal' if stream['causal'] else ''}",
            "  ".join(f"{heading:>9}" for heading in COLUMNS) + "  patterns of its heads",
            *map(_line, stream["layers"]),
        ]
    return "\n".join(parts)


def _line(layer: Mapping[str, Any]) -> str:
    figures = "  ".join(f"{_number(layer[field]):>9}" for field in COLUMNS.values())
    patterns = Counter(head["pattern"] for head in layer["heads"])
    return f"{figures}  " + ", ".join(f"{many} {name}" for name, many in patterns.most_common())


def _number(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    return "-" if math.isnan(value) else f"{value:.3g}"
