"""The neuron view: the steps from one query of one head to its attention weights."""

from attnwidget.views.neuron.view import NEURON

__all__ = ["NEURON"]
