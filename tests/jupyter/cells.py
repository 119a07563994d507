"""Cells that the tests' notebooks begin with."""

SETUP = """
import attnwidget as aw
from tests.browser.models import random_trace
w = aw.AttentionWidget(random_trace(12))
"""
SHOW = "w"
SELECTION = "print(w.view, w.layer, w.heads, w.tokens_selected)"
