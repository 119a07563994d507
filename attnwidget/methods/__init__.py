"""Pure functions from attention to scores."""

from attnwidget.methods.fusion import fuse_heads

__all__ = ["fuse_heads"]
