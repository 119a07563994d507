"""Measurements of the faithfulness of the methods."""
