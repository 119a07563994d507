"""See what a transformer attends to, and whether it matters."""

from attnwidget import bertviz, plot
from attnwidget._version import __version__
from attnwidget.analysis import (
    alignment,
    compare_with_gradients,
    critical_connections,
    discrepancy,
    head_diversity,
    locality,
    locality_by_layer,
    pattern,
    statistics,
    summary,
    synthetic,
    token_importance,
)
from attnwidget.analysis.models import attribution_metrics, head_importance
from attnwidget.capture import capture
from attnwidget.demos import demo
from attnwidget.explore import explore
from attnwidget.methods import (
    Contributions,
    alti,
    alti_by_layer,
    fuse_heads,
    gradient_flow,
    logit_contributions,
    max_flow,
    relevance,
    rollout,
    rollout_by_layer,
    value_norm,
)
from attnwidget.trace import Predictions, Stream, Tokens, Trace
from attnwidget.widget import AttentionWidget

__all__ = [
    "AttentionWidget",
    "Contributions",
    "Predictions",
    "Stream",
    "Tokens",
    "Trace",
    "__version__",
    "alignment",
    "alti",
    "alti_by_layer",
    "attribution_metrics",
    "bertviz",
    "capture",
    "compare_with_gradients",
    "critical_connections",
    "demo",
    "discrepancy",
    "explore",
    "fuse_heads",
    "gradient_flow",
    "head_diversity",
    "head_importance",
    "locality",
    "locality_by_layer",
    "logit_contributions",
    "max_flow",
    "pattern",
    "plot",
    "relevance",
    "rollout",
    "rollout_by_layer",
    "statistics",
    "summary",
    "synthetic",
    "token_importance",
    "value_norm",
]
