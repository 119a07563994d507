"""A captured layer and its place in the model."""

from typing import NamedTuple

from attnwidget.capture.attention.recorder import Layer
from attnwidget.capture.attention.roles import Role


class LocatedLayer(NamedTuple):
    """A captured layer, and its place in the model.

    Attributes
    ----------
    role
        The role of its attention.
    layer
        The attention.
    part
        Index among the parts of one input that its module attends within.
    path
        Name of its module, empty where only the model's outputs are known.
    """

    role: Role
    layer: Layer
    part: int
    path: str
