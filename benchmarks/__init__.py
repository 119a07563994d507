"""attnwidget measured beside BertViz in one browser, and capture beside eager attention."""
