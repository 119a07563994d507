"""The Trace of one forward pass: tokens and attention layers."""

from attnwidget.trace.arrays import Array, as_tensor
from attnwidget.trace.bias import RelativeBias, compress_bias
from attnwidget.trace.compress import CompressedMask, compress_mask
from attnwidget.trace.cut import Cut
from attnwidget.trace.dense import DenseLayer
from attnwidget.trace.gradients import GradientSource
from attnwidget.trace.indexing import Indexer
from attnwidget.trace.layer import AttentionLayer
from attnwidget.trace.pieces import is_special, readable
from attnwidget.trace.predictions import Prediction, Predictions
from attnwidget.trace.projected import ProjectedLayer
from attnwidget.trace.scores import AttentionScores
from attnwidget.trace.stream import Stream
from attnwidget.trace.target import Target
from attnwidget.trace.tiled import TiledLayer
from attnwidget.trace.tokens import Tokens
from attnwidget.trace.trace import Trace
from attnwidget.trace.windowed import WindowedLayer

__all__ = [
    "Array",
    "AttentionLayer",
    "AttentionScores",
    "CompressedMask",
    "Cut",
    "DenseLayer",
    "GradientSource",
    "Indexer",
    "Prediction",
    "Predictions",
    "ProjectedLayer",
    "RelativeBias",
    "Stream",
    "Target",
    "TiledLayer",
    "Tokens",
    "Trace",
    "WindowedLayer",
    "as_tensor",
    "compress_bias",
    "compress_mask",
    "is_special",
    "readable",
]
