"""Exported pages and the live widget in Firefox and in WebKit, outside the default run."""
