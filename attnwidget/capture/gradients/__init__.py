"""Run a captured model again for gradients and predictions."""
