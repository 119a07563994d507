"""A captured layer and its place in the model."""

from typing import NamedTuple

from attnwidget.capture.attention.recorder import Layer
from attnwidget.capture.attention.roles import Role
from attnwidget.trace.sublayer_output import SublayerOutput

NO_FUNCTION = "only its weights are known"
"""Why nothing is known of a layer whose weights were computed elsewhere."""


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
    output
        What it adds to the residual stream, or why that is not known.
    below
        Index of the captured layer whose residual stream that is; None at the bottom.
    """

    role: Role
    layer: Layer
    part: int
    path: str
    output: SublayerOutput | str = NO_FUNCTION
    below: int | None = None
