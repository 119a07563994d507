"""Shares compared with the share that is expected anyway."""


def gain(observed: float, expected: float) -> float:
    """Return ``(observed - expected) / (1 - expected)``: 0 at the expected share, 1 at the whole.

    It is negative below the expected share, and 0 if that share is 1. Unlike the share itself it
    means the same for matrices of every size.
    """
    room = 1.0 - expected
    return (observed - expected) / room if room > 1e-9 else 0.0
