"""Analyses that run a model over many inputs: metrics of batches, importance of heads."""

from attnwidget.analysis.models.importance import head_importance
from attnwidget.analysis.models.metrics import attribution_metrics

__all__ = ["attribution_metrics", "head_importance"]
