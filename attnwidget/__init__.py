"""See what a transformer attends to, and whether it matters."""

from attnwidget import bertviz, plot
from attnwidget._version import __version__
from attnwidget.analysis import (
    alignment,
    compare_with_gradients,
    critical_connections,
    discrepancy,
    faithfulness,
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
    counterfactual,
    effects,
    fuse_heads,
    gradient_flow,
    knockout,
    knockout_effects,
    logit_contributions,
    max_flow,
    relevance,
    rollout,
    rollout_by_layer,
    runs_of,
    value_norm,
)
from attnwidget.methods.knockout import Knockout
from attnwidget.trace import Cut, Predictions, Stream, Tokens, Trace
from attnwidget.widget import AttentionWidget

__all__ = [
    "AttentionWidget",
    "Contributions",
    "Cut",
    "Knockout",
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
    "counterfactual",
    "critical_connections",
    "demo",
    "discrepancy",
    "effects",
    "explore",
    "faithfulness",
    "fuse_heads",
    "gradient_flow",
    "head_diversity",
    "head_importance",
    "knockout",
    "knockout_effects",
    "locality",
    "locality_by_layer",
    "logit_contributions",
    "max_flow",
    "pattern",
    "plot",
    "relevance",
    "rollout",
    "rollout_by_layer",
    "runs_of",
    "statistics",
    "summary",
    "synthetic",
    "token_importance",
    "value_norm",
]
