"""Pure functions from attention to scores."""

from attnwidget.methods.fusion import fuse_heads
from attnwidget.methods.rollout import rollout, rollout_by_layer

__all__ = ["fuse_heads", "rollout", "rollout_by_layer"]
