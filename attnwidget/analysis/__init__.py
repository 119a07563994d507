"""What scores and models say: statistics, patterns, importance, metrics over batches."""

from attnwidget.analysis.connections import critical_connections
from attnwidget.analysis.pattern import pattern
from attnwidget.analysis.statistics import statistics
from attnwidget.analysis.synthetic import synthetic
from attnwidget.analysis.token_importance import token_importance

__all__ = [
    "critical_connections",
    "pattern",
    "statistics",
    "synthetic",
    "token_importance",
]
