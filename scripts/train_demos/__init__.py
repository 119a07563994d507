"""Trains the three models in the box: ``python -m scripts.train_demos brackets``."""
