"""Frames that only files hold; a page without a kernel computes all other frames from them."""
