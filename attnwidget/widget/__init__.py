"""The widget: the selection as traits, and answers to the front end."""

from attnwidget.widget.attention_widget import AttentionWidget

__all__ = ["AttentionWidget"]
