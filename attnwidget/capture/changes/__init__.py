"""Run a captured model again with cuts or with other tokens."""
