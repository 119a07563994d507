"""Frames that only files hold, from which a page without a kernel makes all others."""
