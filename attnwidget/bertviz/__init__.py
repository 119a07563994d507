"""BertViz's functions, shown by this widget: a notebook needs only other import lines."""

from attnwidget.bertviz import neuron_view, transformers_neuron_view
from attnwidget.bertviz.head_view import head_view
from attnwidget.bertviz.model_view import model_view

__all__ = ["head_view", "model_view", "neuron_view", "transformers_neuron_view"]
