"""The neuron view: one query of one head on its way to the softmax."""

from attnwidget.views.neuron.view import NEURON

__all__ = ["NEURON"]
