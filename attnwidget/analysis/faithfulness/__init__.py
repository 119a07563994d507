"""Measures of whether scores of tokens say what a prediction depends on."""

from attnwidget.analysis.faithfulness.estimate import Estimate
from attnwidget.analysis.faithfulness.measure import faithfulness
from attnwidget.analysis.faithfulness.table import FaithfulnessTable, MethodResult

__all__ = ["Estimate", "FaithfulnessTable", "MethodResult", "faithfulness"]
