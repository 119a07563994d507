"""Trains the models in the box: ``python -m scripts.train_demos brackets``."""
