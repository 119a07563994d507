"""Statistics, patterns and importance of scores, and metrics of models over batches."""

from attnwidget.analysis.alignment import alignment
from attnwidget.analysis.attribution import compare_with_gradients
from attnwidget.analysis.connections import critical_connections
from attnwidget.analysis.discrepancy import discrepancy
from attnwidget.analysis.diversity import head_diversity
from attnwidget.analysis.faithfulness import faithfulness
from attnwidget.analysis.findings import Finding, Findings, findings
from attnwidget.analysis.head_table import HeadRow, head_table
from attnwidget.analysis.locality import locality, locality_by_layer
from attnwidget.analysis.pattern import pattern
from attnwidget.analysis.statistics import statistics
from attnwidget.analysis.summary import summary
from attnwidget.analysis.synthetic import synthetic
from attnwidget.analysis.token_importance import token_importance

__all__ = [
    "Finding",
    "Findings",
    "HeadRow",
    "alignment",
    "compare_with_gradients",
    "critical_connections",
    "discrepancy",
    "faithfulness",
    "findings",
    "head_diversity",
    "head_table",
    "locality",
    "locality_by_layer",
    "pattern",
    "statistics",
    "summary",
    "synthetic",
    "token_importance",
]
