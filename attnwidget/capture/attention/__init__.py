"""Run a model and record every attention that it computes."""
