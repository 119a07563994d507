"""A captured layer and its place in the model."""

from typing import NamedTuple

from attnwidget.capture.attention.layout import Grid
from attnwidget.capture.attention.recorder import Layer
from attnwidget.capture.attention.roles import Role
from attnwidget.trace.sublayer_output import SublayerOutput
from attnwidget.trace.tiled import TiledLayer

NO_FUNCTION = "only its weights are known"
"""Why nothing is known of a layer whose weights were computed elsewhere."""

WITHIN_WINDOWS = "the model attends within windows"
"""Why the output of a layer is not followed, nor the stream of a model that has such layers."""


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
    is_tiled
        True if the heads of `layer` are tiles of a map, whose place is to be found.
    is_partial
        True if rows sum to less than 1, because another call has the rest.
    calls
        The numbers of the calls that the layer is put together from; empty if it is one call's.
    grids
        Rows and columns of the image that the queries and the keys are patches of, where known.
    more_keys
        Names of the keys that its module has after those of the tokens.
    """

    role: Role
    layer: Layer | TiledLayer
    part: int
    path: str
    output: SublayerOutput | str = NO_FUNCTION
    below: int | None = None
    is_tiled: bool = False
    is_partial: bool = False
    calls: tuple[int, ...] = ()
    grids: tuple[Grid | None, Grid | None] = (None, None)
    more_keys: tuple[str, ...] = ()
