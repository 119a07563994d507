"""Figures of attention in matplotlib; needs the extra ``attnwidget[plot]``."""
