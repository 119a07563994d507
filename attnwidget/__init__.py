"""See what a transformer attends to, and whether it matters."""

from attnwidget._version import __version__
from attnwidget.analysis import (
    critical_connections,
    pattern,
    statistics,
    synthetic,
    token_importance,
)
from attnwidget.capture import capture
from attnwidget.demos import demo
from attnwidget.explore import explore
from attnwidget.methods import fuse_heads, rollout, rollout_by_layer
from attnwidget.trace import Stream, Tokens, Trace
from attnwidget.widget import AttentionWidget

__all__ = [
    "AttentionWidget",
    "Stream",
    "Tokens",
    "Trace",
    "__version__",
    "capture",
    "critical_connections",
    "demo",
    "explore",
    "fuse_heads",
    "pattern",
    "rollout",
    "rollout_by_layer",
    "statistics",
    "synthetic",
    "token_importance",
]
